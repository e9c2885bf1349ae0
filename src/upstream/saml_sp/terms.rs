//! What a message is judged by: our question, the two parties, their keys, the time, and what is granted.

use time::{Duration, OffsetDateTime};

use crate::protocol::saml::encryption::DecryptionKey;
use crate::protocol::saml::signature::VerificationKey;

/// The terms of one judgement. Rules read the message and these, and nothing else.
#[derive(Debug, Clone)]
pub struct Terms<'t> {
    /// The identity provider's entity ID, byte for byte.
    pub idp_entity_id: &'t str,
    /// Ours.
    pub sp_entity_id: &'t str,
    /// The configured address of our assertion consumer service: never what a `Host` header says.
    pub acs_url: &'t str,
    /// The identity provider's signing keys.
    pub keys: &'t [VerificationKey],
    /// Our keys that open what is encrypted for us.
    pub decryption: &'t [DecryptionKey],
    /// What we asked; `None` when nothing is pending for this browser.
    pub question: Option<Question>,
    /// The time.
    pub now: OffsetDateTime,
    /// How far the identity provider's clock may be off, either way.
    pub skew: Duration,
    /// How old a Response may be when it arrives, before skew; `None` where no window is configured.
    pub max_response_age: Option<Duration>,
    /// What this connection relaxes.
    pub grants: Grants,
    /// Whether the second judge is asked.
    pub second_judge: bool,
}

/// What we asked an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The `ID` of our `AuthnRequest`.
    pub request_id: String,
    /// Set when we asked that the person prove themselves again: the instant at which we asked.
    pub forced_at: Option<OffsetDateTime>,
}

/// Something that a connection may relax (`design` section 6a). What is not here, nobody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// SHA-1 in a signature or a digest.
    Sha1,
    /// A signing key below RSA-2048.
    Rsa1024,
    /// AES-CBC.
    Cbc,
    /// A subject without `NameID`.
    NoNameId,
    /// A Response that answers no question.
    Unsolicited,
    /// A Response without `InResponseTo`.
    MissingResponseInResponseTo,
    /// A `SubjectConfirmationData` without `InResponseTo`.
    MissingScdInResponseTo,
}

impl Grant {
    /// Every grant with its word on the command line and in logs.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Sha1, "sha1"),
        (Self::Rsa1024, "rsa-1024"),
        (Self::Cbc, "cbc"),
        (Self::NoNameId, "no-nameid"),
        (Self::Unsolicited, "unsolicited"),
        (Self::MissingResponseInResponseTo, "missing-response-inresponseto"),
        (Self::MissingScdInResponseTo, "missing-scd-inresponseto"),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(grant, _)| *grant == self)
            .map_or("", |(_, word)| word)
    }

    /// True for what only a dated exception grants, and the log tells at every use.
    pub fn is_dated(self) -> bool {
        matches!(self, Self::Sha1 | Self::Rsa1024 | Self::Cbc)
    }

    /// The grant with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(grant, _)| *grant)
    }
}

/// The grants of one judgement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(Vec<Grant>);

impl Grants {
    /// True if `grant` is among them.
    pub fn contains(&self, grant: Grant) -> bool {
        self.0.contains(&grant)
    }

    /// These and `more`.
    #[must_use]
    pub fn with(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }
}

impl FromIterator<Grant> for Grants {
    fn from_iter<I: IntoIterator<Item = Grant>>(grants: I) -> Self {
        Self(grants.into_iter().collect())
    }
}
