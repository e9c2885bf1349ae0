//! Real input: messages and metadata that other software made, judged by the judge of the product.
//!
//! `fixtures/README.md` says where they come from. The index gives each a verdict that was computed by a
//! checker of its own; here our judge is held against it, case by case and variant by variant.

mod attacks;
mod commands;
mod copied;
mod differential;
mod disputed;
pub(crate) mod index;
pub(crate) mod judge;
mod messages;
mod metadata;
mod needs;
mod reasons;
mod responses;
mod tokens;
