//! We are the client: someone else vouches for the person.
//!
//! Everything that arrives from outside is judged in this room and nowhere else. What leaves it is a
//! [`verified::VerifiedIdentity`], which only this room can make.

pub mod checkup;
pub mod exception;
pub mod judgement;
mod label;
pub mod oidc_rp;
pub mod pending;
pub mod refused;
pub mod replay;
pub mod saml_sp;
pub mod verified;
pub mod wish;
