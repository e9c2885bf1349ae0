//! One shape for a person, whichever door they used.
//!
//! This room reads what an upstream has vouched for, never what somebody merely sent. It keeps the mapped fields
//! and drops everything else, decides which of them is the account, and gives no assurance the upstream did not.

pub mod account_key;
mod admission;
pub mod authentication;
pub(in crate::identity) mod names;
pub mod normalise;
pub mod person;
pub mod role;
pub mod role_refusal;
pub mod settings;
mod stated;
pub mod undecided;
pub mod upstream_session;
pub mod values;
