//! What administrators may ask, on the management listener only.

pub(crate) mod logouts;
pub(crate) mod sessions;
pub mod token;
