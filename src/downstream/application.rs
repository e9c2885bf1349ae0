//! An application: what it is registered for, and so what it may ask and be told.

pub mod redirect_uri;
pub mod registry;
pub mod requirements;
pub mod scope;
pub mod settings;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::downstream::application::redirect_uri::RedirectUri;
use crate::downstream::application::requirements::{PathRequirements, Requirements};
use crate::downstream::application::scope::Scope;
use crate::platform::origin::Origin;
use crate::platform::secret::Secret;
use crate::protocol::jose::key_set::KeySet;

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
#[derive(Debug, Clone)]
pub struct Application {
    /// The name it is registered by.
    pub client_id: String,
    /// What people call it.
    pub label: String,
    /// What its tokens name as their audience; each names one.
    pub audience: String,
    /// What it may be told at most.
    pub scopes: BTreeSet<Scope>,
    /// Whether it takes simulated people.
    pub simulated: Simulated,
    /// How much of somebody's roles its tokens list.
    pub roles: RoleList,
    /// How it knows people.
    pub subject: SubjectKind,
    /// What its tokens are signed with.
    pub algorithm: TokenAlgorithm,
    /// What must hold of whoever uses it.
    pub requires: Requirements,
    /// How it lets people log in by OpenID Connect; absent: it does not.
    pub login: Option<Login>,
    /// Where it is told that somebody logged out, and where people go who did.
    pub logout: Logout,
    /// The origins at which it stands behind a proxy that asks us.
    pub origins: Vec<Origin>,
    /// What more must hold under some of its paths there.
    pub paths: Vec<PathRequirements>,
    /// What a refresh of its tokens means.
    pub refresh: RefreshPolicy,
}

/// How an application lets people log in by OpenID Connect.
#[derive(Debug, Clone)]
pub struct Login {
    /// Where an answer may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// How it proves that it is itself.
    pub authentication: ClientAuthentication,
    /// Whether its tokens are bound to a key of its own (RFC 9449).
    pub dpop: DpopUse,
    /// Whether it pushes its requests before the browser comes (RFC 9126).
    pub pushed: PushedUse,
}

/// How an application proves that it is itself (OpenID Connect Core 9).
#[derive(Debug, Clone)]
pub enum ClientAuthentication {
    /// Not at all: it runs where nothing can be kept secret. The proof key of the code flow (RFC 7636) is all.
    None,
    /// The shared secret in the `Authorization` header (RFC 6749 2.3.1).
    SecretBasic(Secret),
    /// The shared secret in the form (RFC 6749 2.3.1).
    SecretPost(Secret),
    /// An assertion under a key of its own (RFC 7523).
    PrivateKeyJwt(KeySet),
}

/// Whether an application's tokens are bound to a key of its own (RFC 9449).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DpopUse {
    /// When it shows a proof.
    #[default]
    Optional,
    /// Always; without a proof it gets nothing.
    Required,
}

/// Whether an application pushes its requests before the browser comes (RFC 9126).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PushedUse {
    /// When it does.
    #[default]
    Optional,
    /// Always; what a browser brings alone is refused.
    Required,
}

/// Where an application is told of a logout, and where people go who logged out there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logout {
    /// Where people may be sent afterwards (RP-Initiated Logout 3), octet for octet.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it takes logout tokens (Back-Channel Logout 2.2).
    pub back_channel: Option<String>,
    /// The page that ends its own session in a frame (Front-Channel Logout 2).
    pub front_channel: Option<String>,
}

/// How an application knows people (OpenID Connect Core 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectKind {
    /// By the name that others of ours know too.
    Public,
    /// By a name that only the applications of `sector` know.
    Pairwise {
        /// A host, or whatever was registered.
        sector: String,
    },
}

/// What an application's tokens are signed with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
pub enum TokenAlgorithm {
    /// ECDSA on P-256.
    #[default]
    #[serde(rename = "ES256")]
    Es256,
    /// RSA, for libraries that know nothing else.
    #[serde(rename = "RS256")]
    Rs256,
}

/// What a refresh of an application's tokens means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshPolicy {
    /// The person is there: the session is extended as by a click. So it must refresh only when they do something.
    SignOfLife,
    /// Nothing: the session ends when nobody is seen here.
    NoSignOfLife,
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
            client_id: audience.to_owned(),
            label: "the application".to_owned(),
            audience: audience.to_owned(),
            scopes: scopes
                .filter(|scope| !matches!(scope, Scope::Upstream | Scope::OfflineAccess))
                .collect(),
            simulated,
            roles: RoleList::Whole,
            subject: SubjectKind::Public,
            algorithm: TokenAlgorithm::Es256,
            requires: Requirements::default(),
            login: None,
            logout: Logout::default(),
            origins: Vec::new(),
            paths: Vec::new(),
            refresh: RefreshPolicy::NoSignOfLife,
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

impl Login {
    /// True if an answer may be sent to `uri`, which was registered octet for octet; for a native application the port
    /// on loopback is free (RFC 8252 7.3).
    pub fn redirects_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| registered.is(uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_of_an_audience_is_not_told_the_upstreams_own_name() {
        let application = Application::of_audience("rota", Simulated::Refuse);
        let words = "openid profile email nhs.organisation nhs.role nhs.assurance nhs.professional";
        assert_eq!(application.scope_words(), words);
        assert_eq!(application.told(Scope::Upstream, Some(1)), None);
        assert_eq!(application.told(Scope::Profile, Some(1)), Some(1));
    }
}
