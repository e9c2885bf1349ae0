//! The end of a session, told to whoever must act on it.

use std::fmt::Debug;

use crate::session::record::Session;

/// Why a session ended. That its time ran out is seen by nobody, and is told to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The person logged out, here or in an application.
    SignedOut,
    /// The upstream said that its own session is over.
    Upstream,
    /// Another session took its place: another person or another role in the same browser.
    Replaced,
    /// An administrator ended it.
    Administrator,
}

impl Cause {
    /// The word for the log and the operator.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Upstream => "upstream",
            Self::Replaced => "replaced",
            Self::Administrator => "administrator",
        }
    }
}

/// A session that was live until now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What it was, with the applications that were told about it.
    pub session: Session,
    /// Why it ended.
    pub cause: Cause,
}

/// Somebody who must hear of every end. [`Sessions`](crate::session::Sessions) tells each once, whoever ended it.
pub trait Listener: Debug + Send + Sync {
    /// Hears it, and returns at once: what takes time is done elsewhere.
    fn ended(&self, ended: &Ended);
}
