//! What an operator sets for an application: `[applications.NAME]`, where NAME is its client id.

mod catalogue;
mod problems;

pub use catalogue::SETTINGS;

use std::path::Path;

use serde::Deserialize;
use time::Duration;

use crate::downstream::application::redirect_uri::{NoRedirectUri, RedirectUri};
use crate::downstream::application::requirements::{Factors, PathAccess, PathRequirements, Requirements};
use crate::downstream::application::scope::Scope;
use crate::downstream::application::{
    Application, ClientAuthentication, DpopUse, Login, Logout, PushedUse, RefreshPolicy, RoleList, Simulated,
    SubjectKind, TokenAlgorithm,
};
use crate::identity::person::Door;
use crate::platform::origin::Origin;
use crate::platform::problem::Problem;
use crate::platform::secret::{Secret, Source, Variables};
use crate::protocol::jose::key_set::KeySet;

/// An application, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What people call it.
    pub label: String,
    /// Where an answer may be sent. Empty: it does not let people log in by OpenID Connect.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where it runs.
    #[serde(default)]
    pub application_type: ApplicationType,
    /// How it proves that it is itself.
    #[serde(default)]
    pub client_authentication: Option<AuthenticationMethod>,
    /// The shared secret.
    #[serde(default)]
    pub client_secret: Option<Source>,
    /// The public keys of its assertions: a JSON web key set.
    #[serde(default)]
    pub jwks: Option<Source>,
    /// Whether its tokens are bound to a key of its own.
    #[serde(default)]
    pub dpop: DpopUse,
    /// Whether it pushes its requests before the browser comes.
    #[serde(default)]
    pub pushed_requests: PushedUse,
    /// What it may be told.
    #[serde(default = "who_in_opaque_words_and_names")]
    pub scopes: Vec<Scope>,
    /// What its tokens name as their audience; absent: its client id.
    #[serde(default)]
    pub audience: Option<String>,
    /// What its tokens are signed with.
    #[serde(default)]
    pub signing_algorithm: TokenAlgorithm,
    /// How it knows people.
    #[serde(default)]
    pub subject_type: SubjectType,
    /// Whoever has the same knows people by the same pairwise names; absent: the host of its redirect addresses.
    #[serde(default)]
    pub sector: Option<String>,
    /// Whether it takes people that a fake vouched for.
    #[serde(default)]
    pub simulated: bool,
    /// Where people may be sent after logging out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it takes logout tokens.
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// The page that ends its own session in a frame.
    #[serde(default)]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether a refresh of its tokens is a sign of life.
    #[serde(default = "yes")]
    pub refresh_extends_session: bool,
    /// The origins at which it stands behind a proxy that asks us.
    #[serde(default)]
    pub origins: Vec<Origin>,
    /// What must hold of whoever uses it.
    #[serde(default)]
    pub requires: Required,
    /// What more must hold under some of its paths.
    #[serde(default)]
    pub paths: Vec<PathSettings>,
}

/// Where an application runs (OpenID Connect Dynamic Client Registration 2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplicationType {
    /// On a server, or in the browser.
    #[default]
    Web,
    /// On somebody's own machine; its port on loopback is free.
    Native,
}

/// The client authentication methods (`token_endpoint_auth_method` of RFC 7591 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationMethod {
    /// None: nothing can be kept secret there.
    None,
    /// The secret in the `Authorization` header.
    ClientSecretBasic,
    /// The secret in the form.
    ClientSecretPost,
    /// An assertion under a key of its own.
    PrivateKeyJwt,
}

/// How an application knows people (OpenID Connect Core 8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectType {
    /// By the name that others know too.
    #[default]
    Public,
    /// By a name of its own.
    Pairwise,
}

/// What must hold: `[applications.NAME.requires]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Required {
    /// The doors; empty: any.
    pub doors: Vec<Door>,
    /// The least authentication assurance level.
    pub minimum_aal: Option<u8>,
    /// Whether several factors must have been used.
    pub mfa: bool,
    /// ODS codes; empty: any, or none.
    pub organisations: Vec<String>,
    /// Job roles; empty: any, or none.
    pub roles: Vec<String>,
    /// How many minutes ago they may have proven themselves.
    pub max_age_minutes: Option<u32>,
}

/// What more must hold under some paths: `[[applications.NAME.paths]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathSettings {
    /// The beginning of the paths.
    pub prefix: String,
    /// Whether anybody may come there.
    #[serde(default)]
    pub public: bool,
    /// What must hold there, and with it what must hold everywhere.
    #[serde(default)]
    pub requires: Required,
}

fn who_in_opaque_words_and_names() -> Vec<Scope> {
    vec![Scope::OpenId, Scope::Profile]
}

fn yes() -> bool {
    true
}

impl Settings {
    /// An application that people call `label`, with every other value at its default.
    pub fn new(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            redirect_uris: Vec::new(),
            application_type: ApplicationType::Web,
            client_authentication: None,
            client_secret: None,
            jwks: None,
            dpop: DpopUse::Optional,
            pushed_requests: PushedUse::Optional,
            scopes: who_in_opaque_words_and_names(),
            audience: None,
            signing_algorithm: TokenAlgorithm::Es256,
            subject_type: SubjectType::Public,
            sector: None,
            simulated: false,
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            frontchannel_logout_uri: None,
            refresh_extends_session: true,
            origins: Vec::new(),
            requires: Required::default(),
            paths: Vec::new(),
        }
    }

    /// Makes every source independent of its surroundings; see [`Source::settle`]. Returns those that hold nothing.
    pub fn settle(&mut self, at: &str, base: &Path, variable: Variables<'_>) -> Vec<Problem> {
        let secret = self.client_secret.as_mut().map(|it| ("client_secret", it));
        let jwks = self.jwks.as_mut().map(|it| ("jwks", it));
        let sources = secret.into_iter().chain(jwks);
        sources
            .filter_map(|(key, source)| {
                let unsettled = source.settle(base, variable).err()?;
                Some(unsettled.problem(format!("{at}.{key}")))
            })
            .collect()
    }

    /// The application `client_id`, whose settings have no [problems](Self::problems).
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn application(&self, client_id: &str) -> Result<Application, Problem> {
        let at = format!("applications.{client_id}");
        Ok(Application {
            client_id: client_id.to_owned(),
            label: self.label.clone(),
            audience: self.audience_of(client_id).to_owned(),
            scopes: self.scopes.iter().copied().collect(),
            simulated: if self.simulated {
                Simulated::Accept
            } else {
                Simulated::Refuse
            },
            roles: RoleList::Whole,
            subject: self.subject(&at)?,
            algorithm: self.signing_algorithm,
            requires: Requirements::from(&self.requires),
            login: self.login(&at)?,
            logout: self.logout(),
            origins: self.origins.clone(),
            paths: self.paths.iter().map(PathRequirements::from).collect(),
            refresh: if self.refresh_extends_session {
                RefreshPolicy::SignOfLife
            } else {
                RefreshPolicy::NoSignOfLife
            },
        })
    }

    /// What the tokens of the application `client_id` name as their audience.
    pub fn audience_of<'a>(&'a self, client_id: &'a str) -> &'a str {
        self.audience.as_deref().unwrap_or(client_id)
    }

    fn logout(&self) -> Logout {
        Logout {
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            back_channel: self.backchannel_logout_uri.clone(),
            front_channel: self.frontchannel_logout_uri.clone(),
        }
    }

    fn subject(&self, at: &str) -> Result<SubjectKind, Problem> {
        match self.subject_type {
            SubjectType::Public => Ok(SubjectKind::Public),
            SubjectType::Pairwise => {
                let sector = self.sector.clone().or_else(|| self.only_host());
                let sector = sector.ok_or_else(|| problems::no_sector(at))?;
                Ok(SubjectKind::Pairwise { sector })
            }
        }
    }

    /// The host of all redirect addresses, if it is one (OpenID Connect Core 8.1). Loopback is no native application's own:
    /// every one of them stands there.
    fn only_host(&self) -> Option<String> {
        let mut hosts = self
            .redirect_uris
            .iter()
            .map(|uri| self.redirect_uri(uri).ok()?.host());
        let first = hosts.next()??;
        let is_shared = self.application_type == ApplicationType::Native;
        let is_loopback = first == "localhost" || first.starts_with("127.") || first == "[::1]";
        let is_one = hosts.all(|host| host.as_ref() == Some(&first));
        Some(first).filter(|_| is_one && !(is_shared && is_loopback))
    }

    fn login(&self, at: &str) -> Result<Option<Login>, Problem> {
        if self.redirect_uris.is_empty() {
            return Ok(None);
        }
        let addresses = self.redirect_uris.iter().enumerate().map(|(index, uri)| {
            let judged = self.redirect_uri(uri);
            judged.map_err(|flaw| problems::no_redirect_uri(at, index, flaw))
        });
        Ok(Some(Login {
            redirect_uris: addresses.collect::<Result<_, _>>()?,
            authentication: self.authentication(at)?,
            dpop: self.dpop,
            pushed: self.pushed_requests,
        }))
    }

    fn redirect_uri(&self, text: &str) -> Result<RedirectUri, NoRedirectUri> {
        match self.application_type {
            ApplicationType::Web => RedirectUri::of_web(text),
            ApplicationType::Native => RedirectUri::of_native(text),
        }
    }

    fn authentication(&self, at: &str) -> Result<ClientAuthentication, Problem> {
        use AuthenticationMethod as Method;
        match self.client_authentication {
            None => Err(problems::no_authentication(at)),
            Some(Method::None) => Ok(ClientAuthentication::None),
            Some(Method::ClientSecretBasic) => Ok(ClientAuthentication::SecretBasic(self.secret(at)?)),
            Some(Method::ClientSecretPost) => Ok(ClientAuthentication::SecretPost(self.secret(at)?)),
            Some(Method::PrivateKeyJwt) => Ok(ClientAuthentication::PrivateKeyJwt(self.keys(at)?)),
        }
    }

    /// The shared secret, without the line end that editors put at the end of a file.
    fn secret(&self, at: &str) -> Result<Secret, Problem> {
        let at = format!("{at}.client_secret");
        let Some(source) = &self.client_secret else {
            return Err(problems::no_secret(at));
        };
        let read = source.read().map_err(|cause| cause.problem(at.as_str()))?;
        let secret = read.expose().trim_ascii_end();
        if secret.len() < problems::SHORTEST_SECRET {
            return Err(problems::short_secret(at, secret.len()));
        }
        Ok(Secret::new(secret.to_vec()))
    }

    fn keys(&self, at: &str) -> Result<KeySet, Problem> {
        let at = format!("{at}.jwks");
        let Some(source) = &self.jwks else {
            return Err(problems::no_keys(at));
        };
        let read = source.read().map_err(|cause| cause.problem(at.as_str()))?;
        let keys = KeySet::read(read.expose());
        let keys = keys.map_err(|flaw| problems::bad_keys(at.as_str(), &flaw.to_string()))?;
        if keys.is_empty() {
            return Err(problems::bad_keys(at, "no key in it can be used"));
        }
        Ok(keys)
    }
}

impl From<&Required> for Requirements {
    fn from(written: &Required) -> Self {
        let minutes = |minutes: u32| Duration::minutes(i64::from(minutes));
        Self {
            doors: written.doors.clone(),
            minimum_aal: written.minimum_aal,
            factors: if written.mfa {
                Factors::Several
            } else {
                Factors::Any
            },
            organisations: written
                .organisations
                .iter()
                .map(|code| code.to_ascii_uppercase())
                .collect(),
            roles: written.roles.iter().cloned().collect(),
            max_age: written.max_age_minutes.map(minutes),
        }
    }
}

impl From<&PathSettings> for PathRequirements {
    fn from(written: &PathSettings) -> Self {
        Self {
            prefix: written.prefix.clone(),
            access: if written.public {
                PathAccess::Public
            } else {
                PathAccess::Requires(Box::new(Requirements::from(&written.requires)))
            },
        }
    }
}

#[cfg(test)]
mod tests;
