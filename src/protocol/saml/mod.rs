//! Our dialect of SAML 2.0, for both roles.
