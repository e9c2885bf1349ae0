//! Our relying party, facing NHS CIS2 and NHSmail over OpenID Connect.

pub mod addresses;
pub mod settings;
