//! Our relying party, facing NHS CIS2 and NHSmail over OpenID Connect.
//!
//! A token is judged by the visible lists in [`rules`], on [`terms`]. Only if every rule holds does it become one of
//! the types of [`accepted`], which nothing else can make.

pub mod accepted;
pub mod addresses;
pub mod answer;
pub mod cached;
mod care_identity;
pub(crate) mod case;
pub mod client_authentication;
mod conditions;
pub mod discovery;
pub mod doctor;
pub mod explanation;
pub(crate) mod finding;
pub mod finish;
pub mod judge;
pub mod logout;
pub mod relying_party;
pub(crate) mod rules;
mod second_judge;
pub mod settings;
pub mod start;
pub(crate) mod stated;
pub mod terms;
