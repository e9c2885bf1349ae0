//! Single logout as the two products do it: Entra ends whatever this browser has and asks who it was no further; ADFS wants
//! every message signed and the session named octet for octet.

mod heard;
mod leaving;
mod letter;
mod mischief;

pub use heard::{HeardLogout, HeardName};
pub(super) use leaving::{Leaving, LogoutArrived, Reaction, SignedInAt, Told};
pub(super) use letter::Sent;
pub use mischief::{LogoutBinding, LogoutMischief, NextLogout};
