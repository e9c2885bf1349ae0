//! `LogoutRequest` and `LogoutResponse` (SAML Core 3.7): written and read by both sides of single logout.

mod received;
mod write;

pub(crate) use received::{LogoutKind, ReceivedLogout};
pub(crate) use write::{LogoutHead, LogoutRequest, LogoutResponse};

#[cfg(test)]
mod tests;
