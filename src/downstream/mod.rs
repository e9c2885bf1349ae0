//! We are the authority: applications ask who is signed in.

pub mod settings;
