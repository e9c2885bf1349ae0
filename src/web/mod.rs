//! The URL table, and what stands behind it: addresses, pages, cookies and headers.
//!
//! This room turns HTTP into calls of the other rooms and their answers back into HTTP. It decides nothing
//! about trust. The pages follow the NHS service manual, work without script and ask no other host for anything.

mod answer;
mod arrival;
pub mod assets;
mod cookies;
mod error;
mod farewell;
mod forms;
pub mod forward_auth;
mod hand_over;
pub mod headers;
mod health;
pub mod management;
mod oauth2;
mod openid;
pub mod pages;
mod places;
mod proxies;
mod role;
pub mod routes;
mod saml;
mod session;
pub mod settings;
mod sign_in;
mod sign_out;
mod single_logout;
pub mod state;
mod told;
