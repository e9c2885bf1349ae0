//! The languages spoken; no web framework, no clock, no store.

pub mod saml;
