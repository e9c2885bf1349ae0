//! The story of one sign-in, told once; the only room that sees both sides.
//!
//! A browser leaves for an identity provider and comes back with an answer; the answer becomes a person, the
//! person a session. No step knows HTTP, and no step knows the next: each returns to its caller.

pub mod backchannel;
pub mod change_role;
pub mod failure;
pub mod limits;
pub mod return_to;
pub mod role_choice;
pub mod sign_in;
pub mod sign_out;
pub mod single_logout;
pub mod way;
