//! Stand-ins for the outside world: a fake NHSmail, a sample application, a browser's part.
//!
//! They run as real HTTP servers on loopback, for tests, for `demo` and for `fakes`. They share the words of
//! `protocol` with the product and never its judgement. Everyone in them is invented, every key carries a mark
//! that a live configuration refuses, and none of them signs anything for a live NHS address.

pub mod browser;
pub mod cast;
pub mod cis2;
mod fence;
pub mod mischief;
mod page;
pub mod replay;
mod running;
pub mod saml_idp;
pub mod sample_application;

pub use running::CannotListen;
