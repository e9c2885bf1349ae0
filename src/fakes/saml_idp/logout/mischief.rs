//! The named faults a tester can ask of the next logout message, request or answer.

use serde::{Deserialize, Serialize};

/// What is wrong with a logout message. Everything else about it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogoutMischief {
    /// Nothing: the twin of all the others.
    #[default]
    Honest,
    /// Not signed.
    Unsigned,
    /// Signed with a key that no metadata names.
    WrongKey,
    /// Signed with RSA and SHA-1.
    Sha1,
    /// What was signed is not what is sent: another `RelayState` in the query, an attribute more in the message.
    ChangedAfterSigning,
    /// Signed, then escaped anew on the way, as a proxy might that decodes and encodes.
    EscapedAnew,
    /// The parameters in another order; the signature is honest.
    Reordered,
    /// Issued by somebody else.
    WrongIssuer,
    /// Addressed elsewhere.
    WrongDestination,
    /// Addressed to nobody.
    NoDestination,
    /// Issued an hour ago.
    Stale,
    /// Issued in an hour.
    FromTheFuture,
    /// `NotOnOrAfter` ten minutes ago.
    Expired,
    /// Names somebody else.
    OtherName,
    /// Names another session.
    OtherSession,
    /// Names the person and no session: all of theirs are meant.
    NoSession,
    /// The last message once more, octet for octet.
    Replay,
    /// Answers a request that nobody sent.
    WrongQuestion,
    /// Says that not everybody could be told.
    Partial,
    /// Says no.
    Refused,
}

impl LogoutMischief {
    /// All of them, the honest one first.
    pub const ALL: [Self; 20] = [
        Self::Honest,
        Self::Unsigned,
        Self::WrongKey,
        Self::Sha1,
        Self::ChangedAfterSigning,
        Self::EscapedAnew,
        Self::Reordered,
        Self::WrongIssuer,
        Self::WrongDestination,
        Self::NoDestination,
        Self::Stale,
        Self::FromTheFuture,
        Self::Expired,
        Self::OtherName,
        Self::OtherSession,
        Self::NoSession,
        Self::Replay,
        Self::WrongQuestion,
        Self::Partial,
        Self::Refused,
    ];

    /// The word in JSON and in forms, and what it does, for the tester's page.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Honest => ("honest", "nothing wrong"),
            Self::Unsigned => ("unsigned", "not signed"),
            Self::WrongKey => ("wrong-key", "signed with a key that is not in the metadata"),
            Self::Sha1 => ("sha1", "signed with SHA-1"),
            Self::ChangedAfterSigning => ("changed-after-signing", "changed after it was signed"),
            Self::EscapedAnew => ("escaped-anew", "escaped anew after it was signed"),
            Self::Reordered => ("reordered", "the parameters in another order"),
            Self::WrongIssuer => ("wrong-issuer", "issued by somebody else"),
            Self::WrongDestination => ("wrong-destination", "addressed to another address"),
            Self::NoDestination => ("no-destination", "addressed to nobody"),
            Self::Stale => ("stale", "issued an hour ago"),
            Self::FromTheFuture => ("from-the-future", "issued in an hour"),
            Self::Expired => ("expired", "a request that expired ten minutes ago"),
            Self::OtherName => ("other-name", "a request about somebody else"),
            Self::OtherSession => ("other-session", "a request about another session"),
            Self::NoSession => ("no-session", "a request about all sessions of the person"),
            Self::Replay => ("replay", "the last message once more"),
            Self::WrongQuestion => ("wrong-question", "an answer to a request nobody sent"),
            Self::Partial => ("partial", "an answer that says: not everybody could be told"),
            Self::Refused => ("refused", "an answer that says no"),
        }
    }
}

/// How the fake sends a logout message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogoutBinding {
    /// The query is signed.
    #[default]
    Redirect,
    /// The message is signed. Entra never does this.
    Post,
}

/// What a tester asks of the next logout message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NextLogout {
    /// What should be wrong with it.
    pub mischief: LogoutMischief,
    /// How it goes.
    pub binding: LogoutBinding,
}

impl NextLogout {
    /// By HTTP-Redirect, with this mischief.
    pub fn with(mischief: LogoutMischief) -> Self {
        Self {
            mischief,
            ..Self::default()
        }
    }

    /// By HTTP-POST, with this mischief.
    pub fn posted(mischief: LogoutMischief) -> Self {
        Self {
            mischief,
            binding: LogoutBinding::Post,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_on_the_page_is_the_word_in_json() {
        for mischief in LogoutMischief::ALL {
            let json = serde_json::to_string(&mischief).unwrap();
            assert_eq!(json, format!("\"{}\"", mischief.words().0));
        }
    }
}
