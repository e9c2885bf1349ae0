//! The addresses of our OpenID provider, for applications and for people on their way to one.

pub(crate) mod authorize;
pub(crate) mod bearer;
pub(crate) mod client;
pub(crate) mod cors;
pub(crate) mod discovery;
pub(crate) mod dpop;
pub(crate) mod introspect;
pub(crate) mod logout;
pub(crate) mod par;
pub(crate) mod parameters;
pub(crate) mod posted;
pub(crate) mod refusal;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;
