//! `check`: read the configuration, list every problem. Nothing is written, nothing is fetched.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::{DONE, REFUSED, UNUSABLE};
use crate::config::{Config, Examined, Surroundings, page};
use crate::platform::problem::Problem;

/// What `check` was asked.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct Arguments {
    /// The configuration file
    #[arg(long, value_name = "FILE", required_unless_present = "list_settings")]
    pub config: Option<PathBuf>,
    /// Write the problems as JSON
    #[arg(long)]
    pub json: bool,
    /// Print the page of every setting (config/README.md) and stop
    #[arg(long)]
    pub list_settings: bool,
}

/// Judges the file in its surroundings, writes the verdict to `out` and gives the exit code.
pub fn run(arguments: &Arguments, surroundings: &Surroundings, out: &mut dyn Write) -> u8 {
    let (code, said) = match &arguments.config {
        Some(path) if !arguments.list_settings => {
            let verdict = judge(path, surroundings);
            let said = if arguments.json {
                verdict.in_json()
            } else {
                verdict.in_words()
            };
            (verdict.code(), said)
        }
        _ => (DONE, page()),
    };
    // A reader that went away, as `head` does, changes nothing about the verdict.
    out.write_all(said.as_bytes()).map_or(code, |()| code)
}

/// What became of the file.
enum Verdict {
    Examined(Box<Examined>),
    Unreadable(Problem),
}

fn judge(path: &Path, surroundings: &Surroundings) -> Verdict {
    match Config::text(path) {
        Ok(text) => Verdict::Examined(Box::new(Config::examine(&text, Config::base(path), surroundings))),
        Err(problem) => Verdict::Unreadable(problem),
    }
}

impl Verdict {
    fn code(&self) -> u8 {
        match self {
            Self::Examined(examined) if examined.config.is_some() => DONE,
            Self::Examined(_) => REFUSED,
            Self::Unreadable(_) => UNUSABLE,
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Examined(examined) => &examined.problems,
            Self::Unreadable(problem) => std::slice::from_ref(problem),
        }
    }

    fn warnings(&self) -> &[Problem] {
        match self {
            Self::Examined(examined) => &examined.warnings,
            Self::Unreadable(_) => &[],
        }
    }

    fn in_json(&self) -> String {
        let problems = self.problems();
        let report = json!({ "ok": problems.is_empty(), "problems": problems, "warnings": self.warnings() });
        format!("{report:#}\n")
    }

    fn in_words(&self) -> String {
        let mut lines: Vec<String> = self.problems().iter().map(ToString::to_string).collect();
        lines.extend(
            self.warnings()
                .iter()
                .map(|warning| format!("warning: {warning}")),
        );
        match self {
            Self::Examined(examined) => match &examined.config {
                Some(config) => lines.extend(summary(config)),
                None => lines.push(count(&examined.problems)),
            },
            Self::Unreadable(_) => lines.push("1 problem".to_owned()),
        }
        lines.join("\n") + "\n"
    }
}

fn count(problems: &[Problem]) -> String {
    match problems.len() {
        1 => "1 problem".to_owned(),
        several => format!("{several} problems"),
    }
}

fn summary(config: &Config) -> Vec<String> {
    let first = format!(
        "no problems: {}, environment {}",
        config.public_url, config.environment
    );
    let saml = config.saml.iter();
    let saml = saml.map(|(name, it)| (format!("saml.{name}: {}", it.saml.idp_entity_id), it.saml.enabled));
    let oidc = config.oidc.iter();
    let oidc = oidc.map(|(name, it)| (format!("oidc.{name}: {}", it.oidc.issuer), it.oidc.enabled));
    let lines = saml.chain(oidc).map(|(line, is_on)| {
        let state = if is_on { "" } else { " (switched off)" };
        format!("  {line}{state}")
    });
    std::iter::once(first).chain(lines).collect()
}
