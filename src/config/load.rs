//! From a file to a [`Config`]: the file, then environment variables, then secrets; every problem at once.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::config::findings::Findings;
use crate::config::read::read;
use crate::config::settings::{
    ALL, APPLICATION, CONNECTION, OIDC_CONNECTION, PERSON, PERSON_ROWS, ROLES, ROLES_ROWS, SESSION,
    SESSION_ROWS, TOP, Top,
};
use crate::config::structure::{join, judge};
use crate::config::surroundings::Surroundings;
use crate::config::variables;
use crate::config::{Config, Connection, OidcConnection, preset_people, preset_person};
use crate::identity;
use crate::platform::problem::Problem;
use crate::platform::secret::Secret;
use crate::platform::setting::{Rows, Shape, row};
use crate::session;
use crate::upstream::{oidc_rp, saml_sp};

/// A configuration that was read, and all there is to say about it.
#[derive(Debug, Default)]
pub struct Examined {
    /// The configuration, if it has no problem.
    pub config: Option<Config>,
    /// Why it cannot be used.
    pub problems: Vec<Problem>,
    /// What should be seen to, though nothing is refused for it: a permission that has ended, a certificate that
    /// will.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Reads and checks the file at `path`. Nothing is written and nothing is fetched.
    ///
    /// # Errors
    /// Every problem there is, never only the first.
    pub fn load(path: &Path, surroundings: &Surroundings) -> Result<Self, Vec<Problem>> {
        let text = Self::text(path).map_err(|problem| vec![problem])?;
        Self::from_toml_str(&text, Self::base(path), surroundings)
    }

    /// The text of the file at `path`.
    ///
    /// # Errors
    /// When there is no such file, or none of text.
    pub fn text(path: &Path) -> Result<String, Problem> {
        std::fs::read_to_string(path).map_err(|cause| {
            let what = format!("the configuration file cannot be read ({})", cause.kind());
            Problem::new(
                path.display().to_string(),
                what,
                "the path of a TOML file in UTF-8",
            )
        })
    }

    /// Where the relative paths of the file at `path` start.
    pub fn base(path: &Path) -> &Path {
        path.parent().unwrap_or(Path::new(""))
    }

    /// Reads and checks a configuration whose relative paths start at `base`.
    ///
    /// # Errors
    /// Every problem there is, never only the first.
    pub fn from_toml_str(text: &str, base: &Path, surroundings: &Surroundings) -> Result<Self, Vec<Problem>> {
        let examined = Self::examine(text, base, surroundings);
        examined.config.ok_or(examined.problems)
    }

    /// The same, with everything that an operator should see to though nothing is refused for it.
    pub fn examine(text: &str, base: &Path, surroundings: &Surroundings) -> Examined {
        let (config, mut findings) = match Self::unjudged(text, base, surroundings) {
            Ok(read) => read,
            Err(problems) => {
                return Examined {
                    problems,
                    ..Examined::default()
                };
            }
        };
        if let Some(config) = &config {
            findings.extend(config.problems(surroundings.now()));
            findings.warn(config.warnings(surroundings.now()));
        }
        let config = config.filter(|_| findings.is_empty());
        let (problems, warnings) = findings.into_parts();
        Examined {
            config,
            problems,
            warnings,
        }
    }

    /// Reads the file at `path` without judging what it names, for what must work before everything is there: our
    /// metadata is sent away before the identity provider's comes back. Nothing is started with a draft.
    ///
    /// # Errors
    /// Every problem of the file itself.
    pub fn draft(path: &Path, surroundings: &Surroundings) -> Result<Self, Vec<Problem>> {
        let text = Self::text(path).map_err(|problem| vec![problem])?;
        match Self::unjudged(&text, Self::base(path), surroundings)? {
            (Some(config), findings) if findings.is_empty() => Ok(config),
            (_, findings) => Err(findings.into_parts().0),
        }
    }

    /// The configuration as it is written, if all of it can be read, and what is wrong with the writing.
    fn unjudged(
        text: &str,
        base: &Path,
        surroundings: &Surroundings,
    ) -> Result<(Option<Self>, Findings), Vec<Problem>> {
        let mut table = text
            .parse::<Table>()
            .map_err(|cause| vec![no_toml(text, &cause)])?;
        let mut findings = Findings::default();
        variables::lay_over(&mut table, ALL, surroundings, &mut findings);
        judge(&mut table, ALL, "", &mut findings);
        let config = compose(table, &mut findings).map(|mut config| {
            for problem in config.settle(base, surroundings) {
                findings.replaced(problem);
            }
            config
        });
        Ok((config, findings))
    }

    /// Makes every path and secret independent of its surroundings.
    fn settle(&mut self, base: &Path, surroundings: &Surroundings) -> Vec<Problem> {
        let variable = |name: &str| surroundings.variable(name).map(|text| Secret::new(text.into()));
        self.data_dir = base.join(&self.data_dir);
        let mut problems = self.web.settle("web", base, &variable);
        for (name, connection) in &mut self.saml {
            problems.extend(connection.saml.settle(&join("saml", name), base, &variable));
        }
        for (name, connection) in &mut self.oidc {
            problems.extend(connection.oidc.settle(&join("oidc", name), base, &variable));
        }
        for (name, application) in &mut self.applications {
            problems.extend(application.settle(&join("applications", name), base, &variable));
        }
        problems
    }
}

fn compose(mut table: Table, findings: &mut Findings) -> Option<Config> {
    let connections = ["saml", "oidc"].map(|kind| part(&mut table, kind));
    let applications = every(part(&mut table, "applications"), |name, table| {
        read(table, APPLICATION, &join("applications", name), findings)
    });
    let web = section(&mut table, "web", findings);
    let session = section(&mut table, "session", findings);
    let token = section(&mut table, "token", findings);
    let store = section(&mut table, "store", findings);
    let top: Option<Top> = read(table, &[TOP], "", findings);
    let session = session?;
    let [saml, oidc] = connections;
    let saml = every(saml, |name, table| connection(name, table, session, findings))?;
    let oidc = every(oidc, |name, table| {
        oidc_connection(name, table, session, findings)
    })?;
    let top = top?;
    Some(Config {
        environment: top.environment,
        public_url: top.public_url,
        data_dir: top.data_dir,
        instances: top.instances,
        web: web?,
        session,
        token: token?,
        store: store?,
        saml,
        oidc,
        applications: applications?,
    })
}

/// Reads the section `name`; one that is not there is read as empty, and so as its defaults.
fn section<T: DeserializeOwned>(table: &mut Table, name: &str, findings: &mut Findings) -> Option<T> {
    read(part(table, name), rows_of(name), name, findings)
}

/// Each connection of one kind, if all can be read.
fn every<T>(tables: Table, mut read: impl FnMut(&str, Table) -> Option<T>) -> Option<BTreeMap<String, T>> {
    let tables = tables.into_iter().map(|(name, value)| {
        let Value::Table(table) = value else { return None };
        let connection = read(&name, table)?;
        Some((name, connection))
    });
    tables.collect()
}

fn connection(
    name: &str,
    mut table: Table,
    session: session::settings::Settings,
    findings: &mut Findings,
) -> Option<Connection> {
    let at = join("saml", name);
    let (person, limits) = parts(&mut table, &at, findings);
    let saml: saml_sp::settings::Settings = read(table, CONNECTION, &at, findings)?;
    Some(Connection {
        person: preset_person(saml.preset).with(person?),
        session: session.with(limits?),
        saml,
    })
}

fn oidc_connection(
    name: &str,
    mut table: Table,
    session: session::settings::Settings,
    findings: &mut Findings,
) -> Option<OidcConnection> {
    let at = join("oidc", name);
    let (person, limits) = parts(&mut table, &at, findings);
    let roles = match part(&mut table, ROLES) {
        roles if roles.is_empty() => None,
        roles => Some(read(roles, ROLES_ROWS, &join(&at, ROLES), findings)),
    };
    let written: oidc_rp::settings::Written = read(table, OIDC_CONNECTION, &at, findings)?;
    let (oidc, contradictions) = written.settled(&at);
    for problem in contradictions {
        findings.replaced(problem);
    }
    let mut people = preset_people(&oidc).with(person?);
    if let Some(roles) = roles {
        people = people.with_roles(roles?);
    }
    Some(OidcConnection {
        person: people,
        session: session.with(limits?),
        oidc,
    })
}

/// The parts that every connection has: about its people, about its sessions.
fn parts(
    table: &mut Table,
    at: &str,
    findings: &mut Findings,
) -> (
    Option<identity::settings::Overrides>,
    Option<session::settings::Overrides>,
) {
    let person = read(part(table, PERSON), PERSON_ROWS, &join(at, PERSON), findings);
    let limits = read(part(table, SESSION), SESSION_ROWS, &join(at, SESSION), findings);
    (person, limits)
}

fn part(table: &mut Table, name: &str) -> Table {
    match table.remove(name) {
        Some(Value::Table(inner)) => inner,
        _ => Table::new(),
    }
}

fn rows_of(section: &str) -> Rows {
    match row(ALL, section).map(|row| row.shape) {
        Some(Shape::Table(rows)) => rows,
        _ => &[],
    }
}

/// A file that is no TOML has one problem: where the reading stopped.
fn no_toml(text: &str, cause: &toml::de::Error) -> Problem {
    let before = cause
        .span()
        .and_then(|span| text.get(..span.start))
        .unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    Problem::new(
        format!("line {line}"),
        format!("this is not TOML: {}", cause.message().trim()),
        "key = \"value\", with texts in quotes; see config/example.toml",
    )
}
