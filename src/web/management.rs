//! What administrators may ask, on the management listener only.

pub(crate) mod sessions;
pub mod token;
