//! Config: the settings of every room, in one file.
//!
//! Each room owns its `Settings` and says what is wrong with them. This room reads the file, lays environment
//! variables over it, composes the settings and adds the rules that span rooms. It returns every problem, not the
//! first, and a [`Config`] only if there is none.

mod check;
mod fence;
mod findings;
mod listing;
mod load;
mod read;
mod settings;
mod structure;
mod surroundings;
mod variables;

pub use listing::page;
pub use load::Examined;
pub use surroundings::Surroundings;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::downstream;
use crate::downstream::application;
use crate::identity;
use crate::platform::environment::Environment;
use crate::platform::origin::Origin;
use crate::platform::problem::Problem;
use crate::platform::store;
use crate::session;
use crate::upstream::verified::Door;
use crate::upstream::{oidc_rp, saml_sp};
use crate::web;

/// Everything an operator decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Whom this bridge is for.
    pub environment: Environment,
    /// Our address as browsers see it; the issuer of every token, byte for byte.
    pub public_url: Origin,
    /// Where our own keys and records are kept.
    pub data_dir: PathBuf,
    /// How many copies of the bridge share the work.
    pub instances: u32,
    /// Listeners and pages.
    pub web: web::settings::Settings,
    /// How long sessions live, where a connection does not say otherwise.
    pub session: session::settings::Settings,
    /// The session token.
    pub token: downstream::settings::Settings,
    /// Small expiring things.
    pub store: store::settings::Settings,
    /// The SAML connections, by the name in their addresses.
    pub saml: BTreeMap<String, Connection>,
    /// The OpenID Connect connections, by the name in their addresses. No name is in both maps.
    pub oidc: BTreeMap<String, OidcConnection>,
    /// The applications that let people log in here, by client id.
    pub applications: BTreeMap<String, application::settings::Settings>,
}

/// One SAML connection, with what the rooms behind it need to know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// How its messages are judged.
    pub saml: saml_sp::settings::Settings,
    /// How its people are read.
    pub person: identity::settings::Settings,
    /// How long its sessions live.
    pub session: session::settings::Settings,
}

/// One OpenID Connect connection, with what the rooms behind it need to know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcConnection {
    /// How its provider is asked, and how its tokens are judged.
    pub oidc: oidc_rp::settings::Settings,
    /// How its people are read.
    pub person: identity::settings::Settings,
    /// How long its sessions live.
    pub session: session::settings::Settings,
}

impl Config {
    /// A configuration made in code, with every other value at its default and no connection yet.
    pub fn new(
        environment: Environment,
        public_url: Origin,
        data_dir: PathBuf,
        web: web::settings::Settings,
    ) -> Self {
        Self {
            environment,
            public_url,
            data_dir,
            instances: 1,
            web,
            session: session::settings::Settings::default(),
            token: downstream::settings::Settings::default(),
            store: store::settings::Settings::default(),
            saml: BTreeMap::new(),
            oidc: BTreeMap::new(),
            applications: BTreeMap::new(),
        }
    }

    /// The SAML connection `name`.
    ///
    /// # Errors
    /// When there is none; the problem names those that there are.
    pub fn connection(&self, name: &str) -> Result<&Connection, Problem> {
        self.saml.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.saml.keys().map(String::as_str).collect();
            let at = format!("saml.{name}");
            Problem::new(at, "there is no such connection", known.join(", "))
        })
    }
}

impl Connection {
    /// A connection whose people and sessions are as the preset and the defaults have them.
    pub fn new(saml: saml_sp::settings::Settings) -> Self {
        let person = preset_person(saml.preset);
        Self {
            saml,
            person,
            session: session::settings::Settings::default(),
        }
    }
}

impl OidcConnection {
    /// A connection whose people and sessions are as the preset and the defaults have them.
    pub fn new(oidc: oidc_rp::settings::Settings) -> Self {
        Self {
            person: preset_people(&oidc),
            oidc,
            session: session::settings::Settings::default(),
        }
    }
}

/// How the people of such a provider are read, unless the file says otherwise.
fn preset_people(oidc: &oidc_rp::settings::Settings) -> identity::settings::Settings {
    use identity::settings::{AccountKey, Settings};
    use oidc_rp::settings::Preset;
    match (oidc.door, oidc.preset) {
        (Door::Cis2, _) => Settings::cis2(),
        (Door::Nhsmail, Preset::EntraOidc) => Settings::entra_oidc(),
        (Door::Nhsmail, Preset::AdfsOidc) => Settings::adfs_oidc(),
        // Of a provider that nobody knows, `sub` is the one claim that names an account (OpenID Connect Core 2).
        (Door::Nhsmail, _) => Settings {
            account_key: vec![AccountKey::Subject],
            ..Settings::entra_oidc()
        },
    }
}

/// How the people of such an identity provider are read, unless the file says otherwise.
fn preset_person(preset: saml_sp::settings::Preset) -> identity::settings::Settings {
    use saml_sp::settings::Preset;
    match preset {
        Preset::Entra => identity::settings::Settings::entra(),
        Preset::Adfs => identity::settings::Settings::adfs(),
        Preset::None => identity::settings::Settings::bare(),
    }
}
