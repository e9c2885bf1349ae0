//! The statuses that say no, as Microsoft's two products say it.

use time::OffsetDateTime;

use crate::fakes::mischief::Mischief;
use crate::protocol::saml::instant;

/// A status other than success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fakes::saml_idp) struct Status {
    /// The top-level code, as the last part of its URN.
    pub(super) code: &'static str,
    /// The second-level code, likewise.
    pub(super) second: Option<&'static str>,
    /// `StatusMessage`.
    pub(super) message: Option<String>,
}

impl Status {
    /// Whoever is asked not to bother the person can say only this.
    pub(in crate::fakes::saml_idp) const NO_PASSIVE: Self = Self {
        code: "Responder",
        second: Some("NoPassive"),
        message: None,
    };
    /// A `NameIDPolicy` that no claim rule meets (MSIS7070 in the log of ADFS).
    pub(in crate::fakes::saml_idp) const INVALID_NAME_ID_POLICY: Self = Self {
        code: "Requester",
        second: Some("InvalidNameIDPolicy"),
        message: None,
    };

    /// The status that a mischief asks for.
    pub(super) fn of(mischief: Mischief, at: OffsetDateTime) -> Option<Self> {
        match mischief {
            Mischief::ErrorStatus => Some(Self::no_authn_context(at)),
            Mischief::Responder => Some(Self {
                code: "Responder",
                second: None,
                message: None,
            }),
            Mischief::InvalidNameIdPolicy => Some(Self::INVALID_NAME_ID_POLICY),
            Mischief::NoPassive => Some(Self::NO_PASSIVE),
            Mischief::Honest
            | Mischief::Unsigned
            | Mischief::WrongKey
            | Mischief::Sha1
            | Mischief::ChangedAfterSigning
            | Mischief::WrongIssuer
            | Mischief::WrongAudience
            | Mischief::WrongRecipient
            | Mischief::WrongDestination
            | Mischief::WrongQuestion
            | Mischief::Expired
            | Mischief::NotYetValid
            | Mischief::Replay
            | Mischief::TwoAssertions
            | Mischief::CommentInNameId => None,
        }
    }

    /// The person signed in by another method than `RequestedAuthnContext` demands.
    pub(in crate::fakes::saml_idp) fn no_authn_context(at: OffsetDateTime) -> Self {
        Self {
            code: "Responder",
            second: Some("NoAuthnContext"),
            message: Some(format!(
                "AADSTS75011: Authentication method 'X509, MultiFactor' by which the user authenticated with the \
                 service doesn't match requested authentication method 'Password, ProtectedTransport'. Contact the \
                 FAKE application owner. Trace ID: fa4e0000-0000-4000-8000-0000000000a1 Correlation ID: \
                 fa4e0000-0000-4000-8000-0000000000c1 Timestamp: {}",
                instant::write(at)
            )),
        }
    }
}
