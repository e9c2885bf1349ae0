//! Single logout with an identity provider, in both directions (SAML Core 3.7, Profiles 4.4).
//!
//! A message is judged by a visible list in [`rules`], as an answer at sign-in is. It must be signed, whichever way it
//! came, and whatever is read from it is read from octets that were signed.

pub mod arrival;
pub(crate) mod case;
pub mod depart;
pub mod hear;
pub mod judge;
pub(crate) mod rules;
pub mod terms;
