//! The URL table, and what stands behind it.

pub mod settings;
