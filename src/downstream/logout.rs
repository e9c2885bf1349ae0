//! Telling applications that a session is over.
//!
//! Behind the browser's back (OpenID Connect Back-Channel Logout 1.0): every end of a session becomes one notice for
//! each application that took part and can be told. The notices of different applications go out side by side; what is
//! not heard is said again a few times, with growing pauses, and each time with a fresh token. What became of it is
//! kept for the person who is leaving and for the operator.
//!
//! In the browser (Front-Channel Logout 1.0): the page that the person sees last holds a frame for each application that
//! ends its session there. That reaches only a browser that is still there, so it comes on top and is relied on for
//! nothing.

mod back_channel;
mod front_channel;
mod hint;
mod lanes;
mod record;
mod token;

pub use back_channel::{BackChannel, PATIENCE, Surroundings};
pub use front_channel::Framed;
pub use hint::{Hint, NotAHint};
pub use record::{LogoutRecord, Progress, Told, Totals};
pub use token::{EVENT, LogoutTokenError, LogoutTokens, TYPE};

#[cfg(test)]
mod tests;
