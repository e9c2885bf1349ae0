//! The languages spoken; no web framework, no clock, no store.

pub mod jose;
pub mod saml;
