//! Our dialect of SAML 2.0, for both roles: words, bounds, XML, signatures.

pub mod limits;
pub mod names;
pub(crate) mod signature;
pub(crate) mod xml;
