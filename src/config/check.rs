//! The rules that span rooms.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::config::fence;
use crate::config::{Config, Connection, OidcConnection};
use crate::identity::settings::AccountKey;
use crate::identity::settings::roles::RoleSettings;
use crate::platform::problem::Problem;
use crate::platform::store::settings::Backend;
use crate::upstream::saml_sp::trust::Trust;
use crate::upstream::verified::Door;

impl Config {
    /// Everything that is wrong with this configuration at the instant `now`. Reads the files it names; writes
    /// nothing and asks nobody.
    pub fn problems(&self, now: OffsetDateTime) -> Vec<Problem> {
        let mut problems = self.top_problems();
        problems.extend(self.web.problems("web"));
        problems.extend(
            self.web
                .return_to_problems("web", &self.public_url, self.environment),
        );
        problems.extend(self.session.problems("session"));
        problems.extend(self.token.problems("token"));
        problems.extend(self.store.problems("store"));
        for (name, connection) in &self.saml {
            problems.extend(connection.problems(&format!("saml.{name}"), self, now));
        }
        for (name, connection) in &self.oidc {
            problems.extend(connection.problems(&format!("oidc.{name}"), self, now));
        }
        for (name, application) in &self.applications {
            problems.extend(application.problems(&format!("applications.{name}"), name, self.environment));
        }
        problems.extend(self.doubles());
        problems.extend(self.application_doubles());
        problems.extend(fence::problems(self));
        problems
    }

    /// What should be seen to at the instant `now`, though nothing is refused for it: what ends by itself must not
    /// stop a bridge that is started again.
    pub fn warnings(&self, now: OffsetDateTime) -> Vec<Problem> {
        let connections = self.saml.iter();
        let warnings = connections.flat_map(|(name, connection)| {
            let at = format!("saml.{name}");
            let settings = connection.saml.warnings(&at, now);
            settings
                .into_iter()
                .chain(Trust::warnings_of(&connection.saml, &at, now))
        });
        let oidc = self.oidc.iter();
        let oidc = oidc.flat_map(|(name, it)| it.oidc.warnings(&format!("oidc.{name}"), now));
        warnings.chain(oidc).collect()
    }

    /// Two connections under one name, which could not be told apart at the front door; and two that are one client of
    /// one provider, which the provider could not.
    fn doubles(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut clients = BTreeMap::new();
        for (name, connection) in &self.oidc {
            if self.saml.contains_key(name) {
                problems.push(Problem::new(
                    format!("oidc.{name}"),
                    "a SAML connection has this name already, and /sign-in?door= takes one name for all",
                    format!(
                        "another name; then register /oidc/NAME/callback with it, or rename [saml.{name}]"
                    ),
                ));
            }
            let client = (&connection.oidc.issuer, &connection.oidc.client_id);
            if let Some(first) = clients.insert(client, name) {
                problems.push(Problem::new(
                    format!("oidc.{name}.client_id"),
                    format!("the connection {first} is this client of this issuer already"),
                    "one connection for each client; another client id if you need two",
                ));
            }
        }
        problems
    }

    /// Two applications under one audience, whose tokens could be taken for each other's; and two at one origin, which a
    /// proxy's question could not tell apart.
    fn application_doubles(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut audiences = BTreeMap::from([(self.token.audience.as_str(), "[token]")]);
        let mut origins = BTreeMap::new();
        for (name, application) in &self.applications {
            if *name == self.token.audience {
                problems.push(Problem::new(
                    format!("applications.{name}"),
                    "whoever is not registered goes by this name, that of token.audience",
                    "another name for the application, or another token.audience",
                ));
            }
            if let Some(first) = audiences.insert(application.audience_of(name), name) {
                problems.push(Problem::new(
                    format!("applications.{name}.audience"),
                    format!("{first} has this audience already, and would take this application's tokens"),
                    "an audience of its own",
                ));
            }
            for origin in &application.origins {
                if let Some(first) = origins.insert(origin, name) {
                    problems.push(Problem::new(
                        format!("applications.{name}.origins"),
                        format!("{first} stands at {origin} already"),
                        "each origin at one application",
                    ));
                }
            }
        }
        problems
    }

    fn top_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let url = &self.public_url;
        if !url.is_safe_in(self.environment) {
            problems.push(Problem::new(
                "public_url",
                "plain http: anyone on the way could take a session over",
                "an https address (http is for loopback, with environment = \"test\")",
            ));
        }
        if !url.is_https() && self.web.tls.is_some() {
            problems.push(Problem::new(
                "public_url",
                "we serve TLS ([web.tls]), and browsers are told to come by plain http",
                "the https address, or remove [web.tls]",
            ));
        }
        if self.data_dir.as_os_str().is_empty() || self.data_dir.is_file() {
            problems.push(Problem::new(
                "data_dir",
                "this is no directory",
                "a directory of the bridge's own",
            ));
        }
        if self.instances == 0 {
            problems.push(Problem::new(
                "instances",
                "no bridge at all would run",
                "1, or how many there are",
            ));
        }
        if self.instances > 1 && self.store.backend == Backend::Memory {
            problems.push(Problem::new(
                "instances",
                "each instance would remember only its own sessions and one-use answers, so one could be used twice",
                "1; the store in memory cannot be shared",
            ));
        }
        if self.saml.is_empty() && self.oidc.is_empty() {
            problems.push(Problem::new(
                "saml",
                "there is no connection, so nobody could sign in",
                "a table [saml.NAME] or [oidc.NAME]; config/example.toml has both",
            ));
        }
        problems
    }
}

impl Connection {
    fn problems(&self, at: &str, config: &Config, now: OffsetDateTime) -> Vec<Problem> {
        let mut problems = self.saml.problems(at, now);
        problems.extend(Trust::problems(&self.saml, config.environment, at, now));
        problems.extend(self.person.problems(&format!("{at}.person")));
        if self.session != config.session {
            problems.extend(self.session.problems(&format!("{at}.session")));
        }
        if self.saml.allows_no_nameid() && !self.person.has_account_key_beside_name_id() {
            problems.push(Problem::new(
                format!("{at}.person.account_key"),
                "a subject may lack a NameID here, and then nothing else would name the account",
                "an attribute in the list too, such as the UPN; or allow_no_nameid = false",
            ));
        }
        if self.saml.entity_id == self.saml.idp_entity_id {
            problems.push(Problem::new(
                format!("{at}.idp_entity_id"),
                "it is our own entity_id",
                "entityID in the metadata of the identity provider",
            ));
        }
        problems
    }
}

impl OidcConnection {
    fn problems(&self, at: &str, config: &Config, now: OffsetDateTime) -> Vec<Problem> {
        let mut problems = self.oidc.problems(at, now);
        problems.extend(self.oidc.environment_problems(at, config.environment));
        problems.extend(self.person.problems(&format!("{at}.person")));
        problems.extend(self.account_key_problem(&format!("{at}.person")));
        problems.extend(self.role_problems(&format!("{at}.roles")));
        if self.session != config.session {
            problems.extend(self.session.problems(&format!("{at}.session")));
        }
        problems.extend(self.departure_problem(at, config));
        problems
    }

    /// A key that no ID token has, or another than the one of a Care Identity.
    fn account_key_problem(&self, at: &str) -> Option<Problem> {
        let keys = &self.person.account_key;
        let of_saml = |key: &AccountKey| matches!(key, AccountKey::NameId | AccountKey::PersistentNameId);
        let (what, instead) = if self.oidc.door == Door::Cis2 {
            (
                "a Care Identity is named by `sub` and by nothing else",
                "remove the key",
            )
        } else {
            (
                "an ID token has no NameID, so nobody could sign in",
                "the claim that never changes: \"oid\" with Entra, \"upn\" or \"sub\" with ADFS",
            )
        };
        let is_wrong = match self.oidc.door {
            Door::Cis2 => *keys != [AccountKey::Subject],
            Door::Nhsmail => !keys.is_empty() && keys.iter().all(of_saml),
        };
        is_wrong.then(|| Problem::new(format!("{at}.account_key"), what, instead))
    }

    fn role_problems(&self, at: &str) -> Vec<Problem> {
        let roles = &self.person.roles;
        if self.oidc.door == Door::Nhsmail && *roles != RoleSettings::none() {
            return vec![Problem::new(
                at,
                "an NHSmail account has no roles; nobody could sign in",
                "remove the table; roles come with a Care Identity (door = \"cis2\")",
            )];
        }
        roles.problems(at)
    }

    /// An address after signing out that is none of ours.
    fn departure_problem(&self, at: &str, config: &Config) -> Option<Problem> {
        let address = self.oidc.post_logout_redirect_uri.as_deref()?;
        let path = address.strip_prefix(config.public_url.as_str());
        let is_ours = path.is_some_and(|path| path.starts_with('/'));
        (!is_ours).then(|| {
            Problem::new(
                format!("{at}.post_logout_redirect_uri"),
                format!(
                    "`{address}` is none of our addresses, so nobody would see whether the sign-out succeeded"
                ),
                config.public_url.at("/"),
            )
        })
    }
}
