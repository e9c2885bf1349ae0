//! Sessions: begin, find, touch, end.

pub mod settings;
