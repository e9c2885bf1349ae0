//! `Scope`: what an application may be told.

use serde::{Deserialize, Serialize};

/// What an application may be told, by the names OAuth gives such things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// That somebody is signed in, and who in opaque words.
    #[serde(rename = "openid")]
    OpenId,
    /// Names to show.
    #[serde(rename = "profile")]
    Profile,
    /// The address to show.
    #[serde(rename = "email")]
    Email,
    /// The organisation.
    #[serde(rename = "nhs.organisation")]
    Organisation,
    /// The roles; an NHSmail account has none.
    #[serde(rename = "nhs.role")]
    Role,
    /// How strongly the person proved themselves.
    #[serde(rename = "nhs.assurance")]
    Assurance,
    /// The professional registrations; an NHSmail account has none.
    #[serde(rename = "nhs.professional")]
    Professional,
    /// The upstream's own name for the person.
    #[serde(rename = "nhs.upstream")]
    Upstream,
    /// Nothing to be told: a refresh token (OpenID Connect Core 11). It ends with the session all the same.
    #[serde(rename = "offline_access")]
    OfflineAccess,
}

impl Scope {
    /// Every scope, in the order in which a token lists them.
    pub const ALL: [Self; 9] = [
        Self::OpenId,
        Self::Profile,
        Self::Email,
        Self::Organisation,
        Self::Role,
        Self::Assurance,
        Self::Professional,
        Self::Upstream,
        Self::OfflineAccess,
    ];

    /// The word in tokens.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Organisation => "nhs.organisation",
            Self::Role => "nhs.role",
            Self::Assurance => "nhs.assurance",
            Self::Professional => "nhs.professional",
            Self::Upstream => "nhs.upstream",
            Self::OfflineAccess => "offline_access",
        }
    }

    /// The scope of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_spelt_the_same_in_tokens_and_in_configuration() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        assert_eq!(Scope::parse("OpenID"), None);
    }
}
