//! Mischief: the named faults a tester can ask of the next answer, and the honest one.

use serde::{Deserialize, Serialize};

/// What is wrong with an answer. Everything else about it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mischief {
    /// Nothing: the twin of all the others.
    #[default]
    Honest,
    /// Nothing is signed.
    Unsigned,
    /// Signed with a key that no metadata names, its certificate in the message.
    WrongKey,
    /// Signed with RSA and SHA-1.
    Sha1,
    /// Changed after it was signed.
    ChangedAfterSigning,
    /// Issued by somebody else.
    WrongIssuer,
    /// Written for another service provider.
    WrongAudience,
    /// Confirmed for another address.
    WrongRecipient,
    /// The Response is addressed elsewhere.
    WrongDestination,
    /// Answers a question that nobody asked.
    WrongQuestion,
    /// No longer valid for ten minutes.
    Expired,
    /// Not valid for another ten minutes.
    NotYetValid,
    /// The last answer once more, octet for octet.
    Replay,
    /// A second, unsigned assertion about somebody else in front.
    TwoAssertions,
    /// A comment in the middle of the `NameID`, which the signature does not cover.
    CommentInNameId,
    /// The status `Responder` and `NoAuthnContext` with the words of AADSTS75011.
    ErrorStatus,
    /// The status `Responder` and nothing more, as ADFS says most things.
    Responder,
    /// The status `Requester` and `InvalidNameIDPolicy`.
    InvalidNameIdPolicy,
    /// The status `Responder` and `NoPassive`.
    NoPassive,
}

impl Mischief {
    /// All of them, the honest one first.
    pub const ALL: [Self; 19] = [
        Self::Honest,
        Self::Unsigned,
        Self::WrongKey,
        Self::Sha1,
        Self::ChangedAfterSigning,
        Self::WrongIssuer,
        Self::WrongAudience,
        Self::WrongRecipient,
        Self::WrongDestination,
        Self::WrongQuestion,
        Self::Expired,
        Self::NotYetValid,
        Self::Replay,
        Self::TwoAssertions,
        Self::CommentInNameId,
        Self::ErrorStatus,
        Self::Responder,
        Self::InvalidNameIdPolicy,
        Self::NoPassive,
    ];

    /// The word in JSON and in forms: `wrong-audience`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Unsigned => "unsigned",
            Self::WrongKey => "wrong-key",
            Self::Sha1 => "sha1",
            Self::ChangedAfterSigning => "changed-after-signing",
            Self::WrongIssuer => "wrong-issuer",
            Self::WrongAudience => "wrong-audience",
            Self::WrongRecipient => "wrong-recipient",
            Self::WrongDestination => "wrong-destination",
            Self::WrongQuestion => "wrong-question",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Replay => "replay",
            Self::TwoAssertions => "two-assertions",
            Self::CommentInNameId => "comment-in-name-id",
            Self::ErrorStatus => "error-status",
            Self::Responder => "responder",
            Self::InvalidNameIdPolicy => "invalid-name-id-policy",
            Self::NoPassive => "no-passive",
        }
    }

    /// The mischief with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mischief| mischief.word() == word)
    }

    /// What it does, for the tester's page.
    pub fn note(self) -> &'static str {
        match self {
            Self::Honest => "nothing wrong",
            Self::Unsigned => "nothing is signed",
            Self::WrongKey => "signed with a key that is not in the metadata",
            Self::Sha1 => "signed with SHA-1",
            Self::ChangedAfterSigning => "changed after it was signed",
            Self::WrongIssuer => "issued by somebody else",
            Self::WrongAudience => "written for another service",
            Self::WrongRecipient => "confirmed for another address",
            Self::WrongDestination => "addressed to another address",
            Self::WrongQuestion => "answers a question that nobody asked",
            Self::Expired => "expired ten minutes ago",
            Self::NotYetValid => "valid in ten minutes",
            Self::Replay => "the last answer once more",
            Self::TwoAssertions => "a forged assertion in front of the signed one",
            Self::CommentInNameId => "a comment inside the NameID",
            Self::ErrorStatus => "an error with an AADSTS text",
            Self::Responder => "the error Responder, without a reason",
            Self::InvalidNameIdPolicy => "the error InvalidNameIDPolicy",
            Self::NoPassive => "the error NoPassive",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_mischief_is_its_word_in_json() {
        for mischief in Mischief::ALL {
            let json = serde_json::to_string(&mischief).unwrap();
            assert_eq!(json, format!("\"{}\"", mischief.word()));
            assert_eq!(Mischief::from_word(mischief.word()), Some(mischief));
        }
        assert_eq!(Mischief::from_word("harmless"), None);
    }
}
