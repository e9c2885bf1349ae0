//! `UpstreamSession`: the upstream's own session, as logout must name it and as it is named to us.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::upstream::verified::OpenIdSession;

pub use crate::upstream::verified::NameId;

/// A name that any format means (SAML Core 8.3.1).
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/// What logout must name to the upstream, exactly as received.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSession {
    /// The upstream's entity ID or issuer, octet for octet. The account's issuer may be another spelling of it.
    pub issuer: String,
    /// The subject's name with its format and qualifiers.
    pub name_id: Option<NameId>,
    /// When the upstream vouched for the person, by its own clock, where that is told apart from when they proved
    /// themselves: at Entra that may have been the day before.
    #[serde(with = "crate::platform::instants::option")]
    pub issued_at: Option<OffsetDateTime>,
    /// The upstream's own session.
    pub session_index: Option<String>,
    /// Subject, session and ID token of an OpenID provider.
    pub open_id: Option<OpenIdSession>,
}

impl UpstreamSession {
    /// True if a SAML identity provider means this session's person by `name`: the same characters, and no format or
    /// qualifier that says otherwise. Entra leaves the format out of its logout requests although its assertions have one.
    pub fn is_named(&self, name: &NameId) -> bool {
        let Some(own) = &self.name_id else {
            return false;
        };
        let agrees = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        own.value == name.value
            && agrees(stated_format(own), stated_format(name))
            && agrees(own.name_qualifier.as_deref(), name.name_qualifier.as_deref())
    }
}

fn stated_format(name: &NameId) -> Option<&str> {
    name.format.as_deref().filter(|format| *format != UNSPECIFIED)
}

impl fmt::Debug for UpstreamSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UpstreamSession(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name_id: Option<NameId>) -> UpstreamSession {
        UpstreamSession {
            issuer: "https://idp.example.test/".to_owned(),
            name_id,
            issued_at: None,
            session_index: None,
            open_id: None,
        }
    }

    fn name(value: &str, format: Option<&str>, qualifier: Option<&str>) -> NameId {
        NameId {
            value: value.to_owned(),
            format: format.map(str::to_owned),
            name_qualifier: qualifier.map(str::to_owned),
            sp_name_qualifier: None,
        }
    }

    #[test]
    fn lo_03_the_same_characters_mean_the_person_unless_format_or_qualifier_say_otherwise() {
        let hers = name("ada@nhs.example", Some("urn:email"), Some("urn:idp"));
        let session = named(Some(hers.clone()));
        for same in [
            hers,
            name("ada@nhs.example", None, None),
            name("ada@nhs.example", Some(UNSPECIFIED), Some("urn:idp")),
        ] {
            assert!(session.is_named(&same), "{same:?}");
        }
        for other in [
            name("Ada@nhs.example", Some("urn:email"), Some("urn:idp")),
            name("ada@nhs.example ", None, None),
            name("ada@nhs.example", Some("urn:persistent"), Some("urn:idp")),
            name("ada@nhs.example", Some("urn:email"), Some("urn:another")),
        ] {
            assert!(!session.is_named(&other), "{other:?}");
        }
        assert!(!named(None).is_named(&name("", None, None)));
    }
}
