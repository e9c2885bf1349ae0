//! `doctor`: reaches each neighbour that the configuration names and says how it is. It signs nobody in and changes
//! nothing.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::app;
use crate::cli::{DONE, REFUSED, UNUSABLE, complain, explain_command};
use crate::config::{Config, Connection, OidcConnection, Surroundings};
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::outbound::{Outbound, Unreached};
use crate::platform::problem::Problem;
use crate::platform::random::{Random, SystemRandom};
use crate::upstream::checkup::{Check, Verdict};
use crate::upstream::{oidc_rp, saml_sp};

mod report;

/// Flags of `doctor`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    override_usage = "nhsmail-bridge doctor [OPTIONS] --config <FILE>\n       \
                      nhsmail-bridge doctor <FILE> --kind <KIND> ...    (a saved token, with the flags of explain)"
)]
pub(crate) struct Arguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE", required = true)]
    config: Option<PathBuf>,
    /// One connection alone, by its name in the configuration.
    #[arg(long, value_name = "NAME")]
    connection: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    saved: Option<Saved>,
}

/// Something saved, to be judged offline.
#[derive(Debug, Subcommand)]
enum Saved {
    /// A token or message and the flags of `explain`, which then does the work: `doctor FILE --kind client-assertion`.
    #[command(external_subcommand)]
    File(Vec<OsString>),
}

/// What the doctor says of everything that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// No trouble; there may be warnings.
    pub ok: bool,
    /// How many troubles.
    pub troubles: usize,
    /// How many warnings.
    pub warnings: usize,
    /// Part by part: the configuration, then every connection.
    pub parts: Vec<Part>,
}

/// What was found at one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `configuration`, or a connection: `oidc.cis2`.
    pub about: String,
    /// In the order in which they were asked.
    pub checks: Vec<Check>,
}

/// Examines every connection of `config`, or `only` the one of this name.
///
/// # Errors
/// When no request could be sent at all.
pub async fn examine(
    config: &Config,
    only: Option<&str>,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Report, Unreached> {
    let outbound = Outbound::new()?;
    let is_wanted = |name: &str| only.is_none_or(|only| only == name);
    let mut parts = Vec::new();
    for (name, connection) in config.saml.iter().filter(|(name, _)| is_wanted(name)) {
        let about = format!("saml.{name}");
        let checks = saml(config, name, connection, (&outbound, clock)).await;
        parts.push(Part { about, checks });
    }
    for (name, connection) in config.oidc.iter().filter(|(name, _)| is_wanted(name)) {
        let about = format!("oidc.{name}");
        let checks = open_id(config, name, connection, (clock, random)).await;
        parts.push(Part { about, checks });
    }
    Ok(Report::of(parts))
}

async fn saml(
    config: &Config,
    name: &str,
    connection: &Connection,
    (outbound, clock): (&Outbound, &dyn Clock),
) -> Vec<Check> {
    let around = saml_sp::doctor::Around {
        origin: config.public_url.as_str(),
        environment: config.environment,
        outbound,
        now: clock.now(),
    };
    saml_sp::doctor::examine(name, &connection.saml, around).await
}

async fn open_id(
    config: &Config,
    name: &str,
    connection: &OidcConnection,
    (clock, random): (&dyn Clock, &dyn Random),
) -> Vec<Check> {
    match app::relying_party(config, name, connection) {
        Ok(party) => oidc_rp::doctor::examine(&party, clock, random).await,
        Err(cause) => {
            let at = format!("oidc.{name}");
            vec![Check::of_settings(
                Verdict::Trouble,
                Problem::new(at, cause.to_string(), "a sound key or secret"),
            )]
        }
    }
}

impl Report {
    fn of(parts: Vec<Part>) -> Self {
        let count = |verdict: Verdict| {
            let checks = parts.iter().flat_map(|part| &part.checks);
            checks.filter(|check| check.verdict == verdict).count()
        };
        let (troubles, warnings) = (count(Verdict::Trouble), count(Verdict::Warning));
        Self {
            ok: troubles == 0,
            troubles,
            warnings,
            parts,
        }
    }
}

/// Runs `doctor`.
pub(crate) fn run(arguments: &Arguments, surroundings: &Surroundings, out: &mut dyn Write) -> u8 {
    if let Some(Saved::File(words)) = &arguments.saved {
        return explain_command::run_words(words, surroundings, out);
    }
    let examined = prepared(arguments, surroundings).and_then(|(config, first)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| vec![cause.to_string()])?;
        let only = arguments.connection.as_deref();
        let report = runtime.block_on(examine(&config, only, &SystemClock, &SystemRandom));
        let report = report.map_err(|cause| vec![cause.to_string()])?;
        Ok(Report::of(std::iter::once(first).chain(report.parts).collect()))
    });
    let report = match examined {
        Ok(report) => report,
        Err(complaints) => {
            for complaint in complaints {
                complain(&complaint);
            }
            return UNUSABLE;
        }
    };
    let written = if arguments.json {
        report::write_json(&report, out)
    } else {
        report::write_text(&report, out)
    };
    match written {
        Ok(()) if report.ok => DONE,
        Ok(()) => REFUSED,
        Err(_cause) => UNUSABLE,
    }
}

/// The configuration, and what `check` says of it. A draft will do: one visit should find everything.
fn prepared(arguments: &Arguments, surroundings: &Surroundings) -> Result<(Config, Part), Vec<String>> {
    let said = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let file = arguments.config.as_deref();
    let file = file.ok_or_else(|| vec!["--config names no file".to_owned()])?;
    let config = Config::draft(file, surroundings).map_err(said)?;
    let mut names = config.saml.keys().chain(config.oidc.keys());
    if let Some(only) = &arguments.connection
        && !names.any(|name| name == only)
    {
        let known: Vec<&str> = config
            .saml
            .keys()
            .chain(config.oidc.keys())
            .map(String::as_str)
            .collect();
        return Err(vec![format!(
            "there is no connection {only}; there is {}",
            known.join(", ")
        )]);
    }
    let only = arguments.connection.as_deref();
    let told = judged(&config, only, surroundings);
    let about = "configuration".to_owned();
    Ok((config, Part { about, checks: told }))
}

/// What `check` says. What is wrong with another connection than `only` is none of the question.
fn judged(config: &Config, only: Option<&str>, surroundings: &Surroundings) -> Vec<Check> {
    let concerns = |problem: &Problem| {
        let mut parts = problem.at.split('.');
        let is_connection = matches!(parts.next(), Some("saml" | "oidc"));
        !is_connection || only.is_none_or(|only| parts.next() == Some(only))
    };
    let now = surroundings.now();
    let problems = config.problems(now).into_iter().map(|it| (Verdict::Trouble, it));
    let warnings = config.warnings(now).into_iter().map(|it| (Verdict::Warning, it));
    let all = problems.chain(warnings).filter(|(_, problem)| concerns(problem));
    all.map(|(verdict, problem)| Check::of_settings(verdict, problem))
        .collect()
}
