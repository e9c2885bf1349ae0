//! Our service provider, facing NHSmail.
//!
//! A message is judged by the visible list in [`rules`], on [`terms`], and only if every rule holds does it
//! become a `VerifiedIdentity`.

pub mod addresses;
pub(crate) mod case;
pub mod doctor;
pub mod entity_id;
pub mod explanation;
pub(crate) mod finding;
pub mod finish;
pub mod judge;
pub mod logout;
pub mod own_keys;
pub(crate) mod rules;
pub mod service_provider;
pub mod settings;
pub mod start;
pub mod terms;
pub mod trust;
