//! The commands. The only room that prints.

pub mod explain;
