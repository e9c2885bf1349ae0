//! `EntityId`: the name of a SAML system entity.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::protocol::saml::names::FAKE_ENTITY_ID_MARK;

/// The longest entity ID (SAML Core 8.3.6), in characters.
const LONGEST: usize = 1024;

/// The name of a service or identity provider: a URL, a URN or any other text, compared byte for byte.
///
/// It is never read as a URL: a reader of URLs would drop a `:443` or a last slash, and then call two names one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(String);

/// Why a text is no entity ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoEntityId {
    /// Nothing is there.
    #[error("an entity ID is never empty")]
    Empty,
    /// SAML Core 8.3.6 allows 1024 characters.
    #[error("an entity ID has at most {LONGEST} characters")]
    TooLong,
    /// White space or a control character.
    #[error("an entity ID contains no white space and no control characters")]
    Space,
}

impl EntityId {
    /// Takes `text` as an entity ID, byte for byte.
    pub fn parse(text: &str) -> Result<Self, NoEntityId> {
        if text.is_empty() {
            return Err(NoEntityId::Empty);
        }
        if text.chars().count() > LONGEST {
            return Err(NoEntityId::TooLong);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(NoEntityId::Space);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, byte for byte.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if this is the name of one of our fakes.
    pub fn is_of_a_fake(&self) -> bool {
        self.0.contains(FAKE_ENTITY_ID_MARK)
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntityId({})", self.0)
    }
}

impl PartialEq<str> for EntityId {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl<'de> Deserialize<'de> for EntityId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_id_may_be_a_urn_and_keeps_its_port_and_slash() {
        for text in [
            "urn:amazon:cognito:sp:eu-west-2_x",
            "https://a.example:443/",
            "rota",
        ] {
            assert_eq!(EntityId::parse(text).unwrap().as_str(), text);
        }
        assert_ne!(EntityId::parse("https://a"), EntityId::parse("https://a/"));
    }

    #[test]
    fn blank_long_and_spaced_texts_are_refused() {
        assert_eq!(EntityId::parse(""), Err(NoEntityId::Empty));
        assert_eq!(EntityId::parse("urn: a"), Err(NoEntityId::Space));
        assert_eq!(EntityId::parse("urn:a\n"), Err(NoEntityId::Space));
        assert!(EntityId::parse(&"x".repeat(1024)).is_ok());
        assert_eq!(EntityId::parse(&"x".repeat(1025)), Err(NoEntityId::TooLong));
    }

    #[test]
    fn a_fake_is_known_by_its_name() {
        let fake = format!("https://sts.{FAKE_ENTITY_ID_MARK}/tenant/");
        assert!(EntityId::parse(&fake).unwrap().is_of_a_fake());
        assert!(
            !EntityId::parse("https://sts.windows.net/x/")
                .unwrap()
                .is_of_a_fake()
        );
    }
}
