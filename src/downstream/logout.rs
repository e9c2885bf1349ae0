//! Telling applications that a session is over.
//!
//! Behind the browser's back (OpenID Connect Back-Channel Logout 1.0): every end of a session becomes one notice for
//! each application that took part and can be told. The notices of different applications go out side by side; what is
//! not heard is said again a few times, with growing pauses, and each time with a fresh token. What became of it is
//! kept for the person who is leaving and for the operator.

mod back_channel;
mod lanes;
mod record;
mod token;

pub use back_channel::{BackChannel, PATIENCE, Surroundings};
pub use record::{LogoutRecord, Progress, Told, Totals};
pub use token::{EVENT, LogoutTokenError, LogoutTokens, TYPE};

#[cfg(test)]
mod tests;
