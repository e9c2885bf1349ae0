//! The command line of `explain`: flags in, text or JSON out.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Command, FromArgMatches};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::cli::explain::{ExplainFor, ExplainRequest, explain, explain_for};
use crate::cli::{DONE, REFUSED, UNUSABLE, complain, input};
use crate::config::{Config, Surroundings};
use crate::platform::problem::Problem;
use crate::protocol::saml::limits::FORM_BODY_OCTETS;
use crate::upstream::saml_sp::explanation::{Explanation, Outcome};
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::terms::Grant;

mod report;
mod token;

use report::Report;
use token::{Shared, TokenArguments};

/// How many seconds the clocks may differ where nobody says.
const USUAL_SKEW: u16 = 120;

/// Flags of `explain`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The message: XML, base64 or a form body, or a token; `-` reads it from stdin.
    file: PathBuf,
    /// The configuration whose connection judges; then the flags about the two parties are not given.
    #[arg(long, value_name = "FILE", requires = "connection")]
    config: Option<PathBuf>,
    /// The connection, by its name in the configuration.
    #[arg(long, value_name = "NAME", requires = "config")]
    connection: Option<String>,
    /// The identity provider's entity ID.
    #[arg(
        long,
        value_name = "S",
        required_unless_present_any = ["config", "kind"],
        conflicts_with = "config"
    )]
    idp_entity_id: Option<String>,
    /// The identity provider's signing certificates, PEM or DER.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "config")]
    idp_cert: Vec<PathBuf>,
    /// Our entity ID.
    #[arg(
        long,
        value_name = "S",
        required_unless_present_any = ["config", "kind"],
        conflicts_with = "config"
    )]
    sp_entity_id: Option<String>,
    /// The address of our assertion consumer service.
    #[arg(
        long,
        value_name = "S",
        required_unless_present_any = ["config", "kind"],
        conflicts_with = "config"
    )]
    acs_url: Option<String>,
    /// The ID of the request that it should answer.
    #[arg(long, value_name = "S", conflicts_with = "unsolicited")]
    request_id: Option<String>,
    /// It answers no request, and may.
    #[arg(long)]
    unsolicited: bool,
    /// Our decryption keys, PEM or DER.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "config")]
    sp_key: Vec<PathBuf>,
    /// The instant of the judgement; now, if it is left out.
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    at: Option<OffsetDateTime>,
    /// How many seconds the clocks may differ, at most 300 [default: 120, for tokens 60].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(0..=300), conflicts_with = "config")]
    skew: Option<u16>,
    /// What is relaxed: sha1, rsa-1024, cbc, …
    #[arg(long, value_name = "NAME", num_args = 1..)]
    allow: Vec<String>,
    /// Show the values that belong to a person.
    #[arg(long)]
    show_values: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    token: TokenArguments,
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|cause| format!("{cause}; write 2026-11-21T09:00:00Z"))
}

/// Runs `explain`.
pub(crate) fn run(arguments: &Arguments, surroundings: &Surroundings, out: &mut dyn Write) -> u8 {
    match judged(arguments, surroundings) {
        Ok(report) => told(&report, arguments, out),
        Err(complaints) => {
            for complaint in complaints {
                complain(&complaint);
            }
            UNUSABLE
        }
    }
}

/// Runs `explain` with these words: a file, and flags.
pub(crate) fn run_words(words: &[OsString], surroundings: &Surroundings, out: &mut dyn Write) -> u8 {
    let command = Arguments::augment_args(Command::new("explain").no_binary_name(true));
    let read = command.try_get_matches_from(words);
    match read.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => run(&arguments, surroundings, out),
        Err(answer) => complain(&answer.render()),
    }
}

fn told(report: &Report, arguments: &Arguments, out: &mut dyn Write) -> u8 {
    let code = if report.outcome() == Outcome::Accept {
        DONE
    } else {
        REFUSED
    };
    let written = if arguments.json {
        report.write_json(out)
    } else {
        report.write_text(out)
    };
    match written {
        Ok(()) => code,
        Err(_cause) => UNUSABLE,
    }
}

fn judged(arguments: &Arguments, surroundings: &Surroundings) -> Result<Report, Vec<String>> {
    let at = arguments.at.unwrap_or_else(|| surroundings.now());
    let hides = !arguments.show_values;
    let Some(kind) = arguments.token.kind() else {
        let told = explained(arguments, surroundings, at)?;
        return Ok(Report::Saml(if hides { told.without_values() } else { told }));
    };
    let shared = Shared {
        file: &arguments.file,
        allow: &arguments.allow,
        skew: arguments.skew,
        at,
    };
    let told = arguments.token.explained(kind, &shared).map_err(alone)?;
    Ok(Report::Token(if hides { told.without_values() } else { told }))
}

fn explained(
    arguments: &Arguments,
    surroundings: &Surroundings,
    at: OffsetDateTime,
) -> Result<Explanation, Vec<String>> {
    let explanation = match (&arguments.config, &arguments.connection) {
        (Some(config), Some(name)) => {
            let connection = connection(config, name, surroundings, at)?;
            explain_for(&connection, &for_connection(arguments, at).map_err(alone)?)
        }
        _ => explain(&by_hand(arguments, at).map_err(alone)?),
    };
    explanation.map_err(|unreadable| vec![unreadable.to_string()])
}

/// The connection `name` as it is configured. Nothing else of the configuration need be in order.
fn connection(
    file: &Path,
    name: &str,
    surroundings: &Surroundings,
    at: OffsetDateTime,
) -> Result<ServiceProvider, Vec<String>> {
    let said = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let config = Config::draft(file, surroundings).map_err(said)?;
    let connection = config.connection(name).map_err(|problem| said(vec![problem]))?;
    ServiceProvider::load(name, config.public_url.as_str(), connection.saml.clone(), at)
        .map_err(|flaw| said(flaw.problems(&format!("saml.{name}"))))
}

fn for_connection(arguments: &Arguments, at: OffsetDateTime) -> Result<ExplainFor, String> {
    let unsolicited = arguments
        .unsolicited
        .then(|| Grant::Unsolicited.as_str().to_owned());
    Ok(ExplainFor {
        message: input::read(&arguments.file, FORM_BODY_OCTETS)?,
        request_id: arguments.request_id.clone(),
        allow: arguments.allow.iter().cloned().chain(unsolicited).collect(),
        at,
    })
}

fn by_hand(arguments: &Arguments, at: OffsetDateTime) -> Result<ExplainRequest, String> {
    // Clap asks for them where there is neither a configuration nor a kind.
    let given = |flag: &Option<String>, name: &str| flag.clone().ok_or(format!("{name} is missing"));
    Ok(ExplainRequest {
        message: input::read(&arguments.file, FORM_BODY_OCTETS)?,
        idp_entity_id: given(&arguments.idp_entity_id, "--idp-entity-id")?,
        idp_certs: read_all(&arguments.idp_cert)?,
        sp_entity_id: given(&arguments.sp_entity_id, "--sp-entity-id")?,
        acs_url: given(&arguments.acs_url, "--acs-url")?,
        request_id: arguments.request_id.clone(),
        unsolicited: arguments.unsolicited,
        sp_keys: read_all(&arguments.sp_key)?,
        at,
        skew: Duration::seconds(arguments.skew.unwrap_or(USUAL_SKEW).into()),
        allow: arguments.allow.clone(),
    })
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, String> {
    files
        .iter()
        .map(|file| input::read(file, FORM_BODY_OCTETS))
        .collect()
}

fn alone(complaint: String) -> Vec<String> {
    vec![complaint]
}
