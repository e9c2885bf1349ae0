//! `replay`: send a saved answer of the fake at an assertion consumer service again.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::{DONE, REFUSED, complain};
use crate::fakes::replay::{Replay, Report, Stamping, replay};
use crate::fakes::saml_idp::{Keys, SavedAnswer};
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::random::SystemRandom;

/// Flags of `replay`.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The saved answer: a JSON file that the fake wrote
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The assertion consumer service
    #[arg(long, value_name = "URL")]
    pub acs: String,
    /// Send it octet for octet (the default)
    #[arg(long, conflicts_with_all = ["restamp", "at", "sign_in"])]
    pub verbatim: bool,
    /// Give it new identifiers and instants and sign it again with the fake's key; a bridge is asked to begin a
    /// sign-in first, so that there is a question to answer
    #[arg(long, requires = "key_dir")]
    pub restamp: bool,
    /// The instant of the new stamp instead of now
    #[arg(long, value_name = "RFC3339", requires = "restamp", value_parser = instant)]
    pub at: Option<OffsetDateTime>,
    /// Where a sign-in begins, if the service is no bridge of ours
    #[arg(long, value_name = "URL", requires = "restamp")]
    pub sign_in: Option<String>,
    /// The folder of the fake's keys
    #[arg(long, value_name = "DIR")]
    pub key_dir: Option<PathBuf>,
    /// Write the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// Sends the answer, writes the report, and gives the exit code: 0 if somebody is signed in afterwards, 1 if not.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> u8 {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&cause),
    };
    match runtime.block_on(report(arguments)) {
        Ok(report) => {
            let said = if arguments.json {
                in_json(&report)
            } else {
                report.to_string()
            };
            let verdict = if report.is_signed_in() { DONE } else { REFUSED };
            // A reader that went away, as `head` does, changes nothing about the verdict.
            out.write_all(said.as_bytes()).map_or(verdict, |()| verdict)
        }
        Err(cause) => complain(&cause),
    }
}

async fn report(arguments: &Arguments) -> Result<Report, Box<dyn std::error::Error>> {
    let file = std::fs::read(&arguments.file)
        .map_err(|cause| format!("{} cannot be read: {cause}", arguments.file.display()))?;
    let saved = SavedAnswer::read(&file)?;
    let now = SystemClock.now();
    let keys = match (&arguments.key_dir, arguments.restamp) {
        (Some(folder), true) => Some(Keys::kept_in(folder, now)?),
        _ => None,
    };
    let stamping = match &keys {
        Some(keys) => Stamping::Restamp {
            at: arguments.at.unwrap_or(now),
            keys,
            sign_in: arguments.sign_in.as_deref(),
            random: &SystemRandom,
        },
        None => Stamping::Verbatim,
    };
    let order = Replay {
        saved: &saved,
        acs_url: &arguments.acs,
        stamping,
    };
    Ok(replay(&order).await?)
}

fn in_json(report: &Report) -> String {
    let signed_in = report.is_signed_in();
    let verdict = if signed_in { "signed-in" } else { "not-signed-in" };
    format!(
        "{:#}\n",
        serde_json::json!({ "verdict": verdict, "report": report })
    )
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_cause| "write an instant such as 2026-05-01T09:00:00Z".to_owned())
}
