//! Sessions: begin, find, extend, end.
//!
//! A session begins only with a [`Person`](crate::identity::person::Person), which only a vouched-for identity
//! becomes. The browser holds a ticket that means nothing; the record is here, so it can end here.

pub mod ended;
#[cfg(test)]
pub(crate) mod examples;
pub mod lifetime;
mod octets;
pub mod public_name;
pub mod record;
mod sessions;
pub mod settings;
pub mod sid;
pub mod ticket;
mod upstream_end;

pub use octets::RecordFlaw;
pub use sessions::{Replaced, SessionError, Sessions, Terms};
pub use upstream_end::{SamlName, UpstreamEnd};
