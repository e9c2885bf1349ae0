//! The story of one sign-in, told once; the only room that sees both sides.

pub mod return_to;
