//! An application, and what it may be told.

use std::collections::BTreeSet;

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
}

impl Scope {
    /// Every scope, in the order in which a token lists them.
    pub const ALL: [Self; 8] = [
        Self::OpenId,
        Self::Profile,
        Self::Email,
        Self::Organisation,
        Self::Role,
        Self::Assurance,
        Self::Professional,
        Self::Upstream,
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
        }
    }
}

/// Whether an application takes people that a fake vouched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Simulated {
    /// It is told of real people only.
    Refuse,
    /// It is a demonstration or a test.
    Accept,
}

/// A system that asks us who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// What its tokens name as their audience; each names one.
    pub audience: String,
    /// The name it is registered by.
    pub client_id: String,
    /// What it may be told.
    pub scopes: BTreeSet<Scope>,
    /// Whether it takes simulated people.
    pub simulated: Simulated,
    /// How much of somebody's roles its tokens list.
    pub roles: RoleList,
}

/// How much of somebody's roles a token lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleList {
    /// All of them.
    Whole,
    /// The selected one alone. For a token in a header: somebody with sixty roles would not fit through a proxy.
    SelectedOnly,
}

impl Application {
    /// An application known by its audience alone, that may be told everything but the upstream's own name for the
    /// person.
    pub fn of_audience(audience: &str, simulated: Simulated) -> Self {
        let scopes = Scope::ALL.into_iter();
        Self {
            audience: audience.to_owned(),
            client_id: audience.to_owned(),
            scopes: scopes.filter(|scope| *scope != Scope::Upstream).collect(),
            simulated,
            roles: RoleList::Whole,
        }
    }

    /// The same application, told by a header.
    #[must_use]
    pub fn by_header(&self) -> Self {
        Self {
            roles: RoleList::SelectedOnly,
            ..self.clone()
        }
    }

    /// `value` if this application may be told of `scope`.
    pub(in crate::downstream) fn told<T>(&self, scope: Scope, value: Option<T>) -> Option<T> {
        value.filter(|_| self.scopes.contains(&scope))
    }

    /// The scopes as a token lists them: words with one space between (RFC 6749 3.3).
    pub(in crate::downstream) fn scope_words(&self) -> String {
        let words: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_spelt_the_same_in_tokens_and_in_configuration() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
    }

    #[test]
    fn an_application_of_an_audience_is_not_told_the_upstreams_own_name() {
        let application = Application::of_audience("rota", Simulated::Refuse);
        let words = "openid profile email nhs.organisation nhs.role nhs.assurance nhs.professional";
        assert_eq!(application.scope_words(), words);
        assert_eq!(application.told(Scope::Upstream, Some(1)), None);
        assert_eq!(application.told(Scope::Profile, Some(1)), Some(1));
    }
}
