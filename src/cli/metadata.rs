//! `metadata show`: judges an identity provider's metadata. `metadata ours`: prints ours.

use std::io::{self, Write};
use std::path::PathBuf;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::{DONE, REFUSED, UNUSABLE, complain, input};
use crate::config::{Config, Surroundings};
use crate::platform::problem::Problem;
use crate::protocol::saml::limits::METADATA_OCTETS;
use crate::protocol::saml::metadata::{Endpoint, MetadataVerdict, judge};
use crate::upstream::saml_sp::own_keys::OwnKeys;

/// What `metadata` was asked.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, PartialEq, Eq, clap::Subcommand)]
enum Command {
    /// Judge a metadata document as an identity provider's; nothing is fetched.
    Show(Show),
    /// Print our metadata for one connection, to be given to its identity provider.
    Ours(Ours),
}

#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
struct Show {
    /// The document; `-` reads it from stdin.
    file: PathBuf,
    /// The identity provider that is meant, byte for byte.
    #[arg(long, value_name = "S")]
    entity_id: Option<String>,
    /// The instant of the judgement; now, if it is left out.
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    at: Option<OffsetDateTime>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
struct Ours {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The connection, by its name in the configuration.
    #[arg(long, value_name = "NAME")]
    connection: String,
}

/// Why nothing could be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not one octet.
    #[error("the document is empty")]
    Empty,
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|cause| format!("{cause}; write 2026-11-21T09:00:00Z"))
}

/// Judges `document` as the metadata of the identity provider `entity_id`, or of the only one in it, at the
/// instant `at`.
pub fn show(
    document: &[u8],
    entity_id: Option<&str>,
    at: OffsetDateTime,
) -> Result<MetadataVerdict, Unreadable> {
    if document.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(judge(document, entity_id, at))
}

/// Our metadata for the connection `name`. The identity provider's need not be there yet.
///
/// # Errors
/// What is wrong with the configuration, or with our keys of this connection.
pub fn ours(config: &Config, name: &str) -> Result<String, Problem> {
    let connection = config.connection(name)?;
    let keys = OwnKeys::load(&connection.saml).map_err(|flaw| flaw.problem(&format!("saml.{name}")))?;
    Ok(keys.metadata(&connection.saml, config.public_url.as_str(), name))
}

/// Does what was asked, writes to `out` and gives the exit code.
pub(crate) fn run(arguments: &Arguments, surroundings: &Surroundings, out: &mut dyn Write) -> u8 {
    match &arguments.command {
        Command::Show(arguments) => run_show(arguments, surroundings, out),
        Command::Ours(arguments) => run_ours(arguments, surroundings, out),
    }
}

fn run_show(arguments: &Show, surroundings: &Surroundings, out: &mut dyn Write) -> u8 {
    let document = match input::read(&arguments.file, METADATA_OCTETS) {
        Ok(document) => document,
        Err(complaint) => return complain(&complaint),
    };
    let at = arguments.at.unwrap_or_else(|| surroundings.now());
    let verdict = match show(&document, arguments.entity_id.as_deref(), at) {
        Ok(verdict) => verdict,
        Err(unreadable) => return complain(&format!("{}: {unreadable}", arguments.file.display())),
    };
    let written = if arguments.json {
        write_json(&verdict, out)
    } else {
        write_text(&verdict, out)
    };
    match written {
        Ok(()) if verdict.usable => DONE,
        Ok(()) => REFUSED,
        Err(_cause) => UNUSABLE,
    }
}

fn run_ours(arguments: &Ours, surroundings: &Surroundings, out: &mut dyn Write) -> u8 {
    let problems = match Config::draft(&arguments.config, surroundings) {
        Ok(config) => match ours(&config, &arguments.connection) {
            Ok(xml) => return out.write_all(xml.as_bytes()).map_or(UNUSABLE, |()| DONE),
            Err(problem) => vec![problem],
        },
        Err(problems) => problems,
    };
    for problem in problems {
        complain(&problem);
    }
    UNUSABLE
}

fn write_json(verdict: &MetadataVerdict, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, verdict)?;
    writeln!(out)
}

fn write_text(verdict: &MetadataVerdict, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", if verdict.usable { "USABLE" } else { "NOT USABLE" })?;
    for reason in &verdict.reasons {
        writeln!(out, "  reason   {reason}")?;
    }
    for warning in &verdict.warnings {
        writeln!(out, "  warning  {warning}")?;
    }
    if let Some(entity_id) = &verdict.entity_id {
        writeln!(out, "entity ID      {entity_id}")?;
    }
    write_endpoints("sign in", &verdict.sso, out)?;
    write_endpoints("sign out", &verdict.slo, out)?;
    for certificate in &verdict.signing_certs {
        let until = certificate.not_after.date();
        writeln!(
            out,
            "signing key    sha256 {} (until {until})",
            certificate.sha256
        )?;
    }
    match verdict.valid_until {
        Some(until) => writeln!(out, "valid until    {until}"),
        None => Ok(()),
    }
}

fn write_endpoints(what: &str, endpoints: &[Endpoint], out: &mut dyn Write) -> io::Result<()> {
    for endpoint in endpoints {
        let binding = endpoint.binding.rsplit(':').next().unwrap_or_default();
        let left_out = if endpoint.usable { "" } else { " (left out)" };
        writeln!(out, "{what:14} {binding} {}{left_out}", endpoint.location)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::saml::metadata::examples::{IDP, NOW, certificate, document, document_of};

    fn surroundings() -> Surroundings {
        Surroundings::bare(NOW)
    }

    fn asked(file: PathBuf) -> Show {
        Show {
            file,
            entity_id: Some(IDP.to_owned()),
            at: None,
            json: true,
        }
    }

    fn run_on(document: &str, arguments: impl Fn(PathBuf) -> Show) -> (u8, String) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), document).unwrap();
        let mut out = Vec::new();
        let code = run_show(&arguments(file.path().to_owned()), &surroundings(), &mut out);
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_usable_document_is_shown_with_its_keys_in_json() {
        let (code, said) = run_on(&document(), asked);
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(code, DONE);
        assert_eq!(said["usable"], true);
        assert_eq!(said["entity_id"], IDP);
        assert_eq!(said["reasons"].as_array().unwrap().len(), 0);
        assert_eq!(said["signing_certs"][0]["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(said["signing_certs"][0]["not_after"], "2069-12-07T00:00:00Z");
        assert_eq!(
            said["sso"][1]["binding"],
            "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        );
        assert_eq!(said["slo"], serde_json::json!([]));
        assert!(said["valid_until"].is_null());
    }

    #[test]
    fn a_document_of_no_use_says_why_in_words() {
        let (code, said) = run_on(&document_of("urn:other", &certificate()), |file| Show {
            json: false,
            ..asked(file)
        });
        assert_eq!(code, REFUSED);
        assert!(
            said.starts_with("NOT USABLE\n  reason   the entity ID is urn:other"),
            "{said}"
        );
    }

    #[test]
    fn a_file_without_an_octet_or_without_a_place_is_unreadable() {
        assert_eq!(run_on("", asked).0, UNUSABLE);
        let nowhere = asked(PathBuf::from("/nowhere/metadata.xml"));
        assert_eq!(run_show(&nowhere, &surroundings(), &mut Vec::new()), UNUSABLE);
    }

    #[test]
    fn ours_is_printed_before_theirs_has_come() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bridge.toml");
        let text = include_str!("../../config/local.toml");
        std::fs::write(&config, text).unwrap();
        let print = |connection: &str| {
            let arguments = Ours {
                config: config.clone(),
                connection: connection.to_owned(),
            };
            let mut out = Vec::new();
            let code = run_ours(&arguments, &surroundings(), &mut out);
            (code, String::from_utf8(out).unwrap())
        };
        let (code, xml) = print("nhsmail-entra");
        assert_eq!(code, DONE);
        assert!(xml.contains("http://127.0.0.1:8080/saml/nhsmail-entra/acs"));
        assert_eq!(print("nobody").0, UNUSABLE);
    }
}
