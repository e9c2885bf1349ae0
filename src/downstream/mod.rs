//! We are the authority: applications ask who is signed in.
//!
//! A session leaves this room as one signed token, and as headers that say the same to whoever reads no tokens.
//! An application is told what it is registered for and nothing beside.

pub mod active;
pub mod application;
pub mod authorization;
pub mod client_authentication;
pub mod dpop;
pub mod grants;
pub mod hand_over;
pub mod identity_headers;
pub mod logout;
pub mod pkce;
pub mod session_token;
pub mod settings;
pub mod signing_keys;
pub mod site_ticket;
pub mod subject;
pub mod token_endpoint;
