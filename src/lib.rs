//! Log in with NHSmail: a strict sign-in bridge.

pub mod platform;
pub mod protocol;
pub mod upstream;
