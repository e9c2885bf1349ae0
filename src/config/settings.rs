//! The settings that belong to no single room, and the table of all tables.

use std::path::PathBuf;

use serde::Deserialize;

use crate::downstream;
use crate::downstream::application;
use crate::identity;
use crate::platform::environment::Environment;
use crate::platform::origin::Origin;
use crate::platform::setting::{Rows, Setting, Shape};
use crate::platform::store;
use crate::session;
use crate::upstream::{oidc_rp, saml_sp};
use crate::web;

/// Every key of the file.
pub(crate) const ALL: Rows = &[TOP, SECTIONS];

/// The keys before the first section.
pub(crate) const TOP: &[Setting] = &[
    Setting::required("environment", Shape::Text, "\"test\"")
        .about("`live` for real people, `int`, `dep`, or `test` for a developer's machine; `live` refuses whatever is unsafe")
        .given_by("You; never change it on a running service, its keys and people belong to one environment"),
    Setting::required("public_url", Shape::Text, "\"https://bridge.example.nhs.uk\"")
        .about("Our address as browsers see it, without a path; the issuer of every token, byte for byte")
        .given_by("Whoever gives out your DNS names; changing it means registering again everywhere"),
    Setting::required("data_dir", Shape::Text, "\"/var/lib/nhsmail-bridge\"")
        .about("Where the bridge keeps the keys it makes for itself; made at the first start, mode 0700")
        .given_by("You; back it up, it holds secrets"),
    Setting::optional("instances", Shape::Number, "1")
        .about("How many copies of the bridge share the work")
        .given_by("You; more than one needs a store they share"),
];

/// The sections.
const SECTIONS: &[Setting] = &[
    Setting::required("web", Shape::Table(&[web::settings::SETTINGS]), "")
        .about("Listeners, proxies, where browsers may be sent, who helps"),
    Setting::optional(
        "session",
        Shape::Table(&[session::settings::SETTINGS]),
        "the defaults below",
    )
    .about("How long people stay signed in"),
    Setting::optional(
        "token",
        Shape::Table(&[downstream::settings::SETTINGS]),
        "the defaults below",
    )
    .about("The token that applications read"),
    Setting::optional(
        "store",
        Shape::Table(&[store::settings::SETTINGS]),
        "the defaults below",
    )
    .about("Where small expiring things are kept"),
    Setting::optional("saml", Shape::Named(CONNECTION), "none")
        .about("One table for each SAML connection; NAME is in its addresses: `/saml/NAME/acs`"),
    Setting::optional("oidc", Shape::Named(OIDC_CONNECTION), "none")
        .about("One table for each OpenID Connect connection, to CIS2 or NHSmail; NAME is in its addresses: `/oidc/NAME/callback`"),
    Setting::optional("applications", Shape::Named(APPLICATION), "none")
        .about("One table for each application that lets people log in here; NAME is its client id"),
];

/// What one SAML connection may hold: the judgement's part, the person's part, the session's part.
pub(crate) const CONNECTION: Rows = &[saml_sp::settings::SETTINGS, CONNECTION_PARTS];

/// What one OpenID Connect connection may hold, in the same parts.
pub(crate) const OIDC_CONNECTION: Rows = &[oidc_rp::settings::SETTINGS, CONNECTION_PARTS, ROLES_PART];

/// What one application may hold.
pub(crate) const APPLICATION: Rows = &[application::settings::SETTINGS];

const CONNECTION_PARTS: &[Setting] = &[
    Setting::optional(PERSON, Shape::Table(PERSON_ROWS), "as the preset")
        .about("How the people of this connection are read"),
    Setting::optional(SESSION, Shape::Table(SESSION_ROWS), "as in [session]")
        .about("Session limits of this connection where they differ"),
];

const ROLES_PART: &[Setting] = &[Setting::optional(
    ROLES,
    Shape::Table(ROLES_ROWS),
    "the defaults below for CIS2; NHSmail has no roles",
)
.about("Which roles are let in, and who asks for one")];

/// The key of a connection's part about roles.
pub(crate) const ROLES: &str = "roles";
/// What the part about roles may hold.
pub(crate) const ROLES_ROWS: Rows = &[identity::settings::roles::SETTINGS];
/// The key of a connection's part about people.
pub(crate) const PERSON: &str = "person";
/// The key of a connection's part about sessions.
pub(crate) const SESSION: &str = "session";
/// What the part about people may hold.
pub(crate) const PERSON_ROWS: Rows = &[identity::settings::SETTINGS];
/// What the part about sessions may hold.
pub(crate) const SESSION_ROWS: Rows = &[session::settings::OVERRIDES];

/// The keys before the first section, as read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Top {
    pub(crate) environment: Environment,
    pub(crate) public_url: Origin,
    pub(crate) data_dir: PathBuf,
    #[serde(default = "one")]
    pub(crate) instances: u32,
}

fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests;
