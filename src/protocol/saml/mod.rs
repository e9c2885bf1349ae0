//! Our dialect of SAML 2.0, for both roles: words, bounds, XML, signatures.

pub(crate) mod authn_request;
pub mod binding;
pub(crate) mod encryption;
pub(crate) mod instant;
pub mod limits;
pub(crate) mod logout;
pub mod metadata;
pub mod names;
pub(crate) mod response;
pub(crate) mod second_judge;
pub(crate) mod signature;
pub(crate) mod xml;
