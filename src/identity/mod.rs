//! One shape for a person, whichever door they used.

pub mod settings;
