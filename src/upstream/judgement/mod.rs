//! What every judge of this room has in common: a visible list of rules, each with one finding on one message.
//!
//! A sign-in stops at the first rule that refuses; `explain` asks them all, and both ask the same list.

pub mod explanation;
mod finding;

pub(crate) use finding::{Finding, Note, Who};
