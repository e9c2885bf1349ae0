//! The two personalities: which names they use, where they listen, how long their answers are good for.

use serde::{Deserialize, Serialize};
use time::Duration;

/// Which of Microsoft's identity providers is imitated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Personality {
    /// Microsoft Entra ID, which NHSmail applications meet today.
    Entra,
    /// Active Directory Federation Services, which some still trust.
    Adfs,
}

const ENTRA: &str = "https://fake.nhsmail-bridge.invalid/entra/fa4e0000-0000-4000-8000-00000000fa4e/";
/// The name of its login page, by which the real one signs its logout responses.
const ENTRA_LOGIN: &str = "https://login.fake.nhsmail-bridge.invalid/fa4e0000-0000-4000-8000-00000000fa4e/";
const ADFS: &str = "http://fake.nhsmail-bridge.invalid/adfs/services/trust";

/// How far the instants of an answer lie from its issue instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    /// `Conditions/@NotBefore`.
    pub(super) not_before: Duration,
    /// `Conditions/@NotOnOrAfter`.
    pub(super) not_on_or_after: Duration,
    /// `SubjectConfirmationData/@NotOnOrAfter`.
    pub(super) confirmed_until: Duration,
    /// `AuthnInstant`, when there was no need to prove oneself again.
    pub(super) authenticated: Duration,
}

impl Personality {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Entra, Self::Adfs];

    /// The word in paths and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Adfs => "adfs",
        }
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Entra => "Entra",
            Self::Adfs => "ADFS",
        }
    }

    /// The personality with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|personality| personality.word() == word)
    }

    /// The entity ID: `https` and a last slash for Entra, plain `http` for ADFS, as the real ones have them.
    pub fn entity_id(self) -> &'static str {
        match self {
            Self::Entra => ENTRA,
            Self::Adfs => ADFS,
        }
    }

    /// The name by which it signs logout responses: Entra uses another than everywhere else.
    pub fn logout_issuer(self) -> &'static str {
        match self {
            Self::Entra => ENTRA_LOGIN,
            Self::Adfs => ADFS,
        }
    }

    /// The path of the single sign-on service.
    pub fn sso_path(self) -> &'static str {
        match self {
            Self::Entra => "/entra/saml2",
            Self::Adfs => "/adfs/ls/",
        }
    }

    /// The path of the metadata.
    pub fn metadata_path(self) -> &'static str {
        match self {
            Self::Entra => "/entra/federationmetadata.xml",
            Self::Adfs => "/adfs/FederationMetadata/2007-06/FederationMetadata.xml",
        }
    }

    /// What captured answers show: ADFS begins 16 ms before it issues and confirms for five minutes, Entra begins
    /// five minutes before, confirms for an hour and remembers a sign-in of the day before.
    pub(super) fn windows(self) -> Windows {
        match self {
            Self::Entra => Windows {
                not_before: Duration::minutes(-5),
                not_on_or_after: Duration::minutes(60),
                confirmed_until: Duration::minutes(60),
                authenticated: Duration::minutes(-(24 * 60 - 7)),
            },
            Self::Adfs => Windows {
                not_before: Duration::milliseconds(-16),
                not_on_or_after: Duration::minutes(60),
                confirmed_until: Duration::minutes(5),
                authenticated: Duration::seconds(-3),
            },
        }
    }

    pub(super) fn authn_context(self) -> &'static str {
        match self {
            // Also when a second factor was used; that stands in authnmethodsreferences.
            Self::Entra => "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
            Self::Adfs => "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fakes::cast::TENANT;
    use crate::protocol::saml::names::FAKE_ENTITY_ID_MARK;

    #[test]
    fn every_entity_id_carries_the_mark_of_the_fakes() {
        for personality in Personality::ALL {
            assert!(personality.entity_id().contains(FAKE_ENTITY_ID_MARK));
        }
    }

    #[test]
    fn the_tenant_of_the_entity_id_is_the_tenant_of_the_claims() {
        assert!(ENTRA.ends_with(&format!("/{TENANT}/")));
    }
}
