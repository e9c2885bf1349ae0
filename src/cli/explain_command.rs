//! The command line of `explain`: flags in, text or JSON out.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::cli::explain::{ExplainRequest, explain};
use crate::cli::{DONE, REFUSED, UNUSABLE, complain, input};
use crate::protocol::saml::limits::FORM_BODY_OCTETS;
use crate::upstream::saml_sp::explanation::{Explanation, Identity, Outcome, RuleVerdict, Word};

/// Flags of `explain`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The message: XML, base64 or a form body; `-` reads it from stdin.
    file: PathBuf,
    /// The identity provider's entity ID.
    #[arg(long, value_name = "S")]
    idp_entity_id: String,
    /// The identity provider's signing certificates, PEM or DER.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    idp_cert: Vec<PathBuf>,
    /// Our entity ID.
    #[arg(long, value_name = "S")]
    sp_entity_id: String,
    /// The address of our assertion consumer service.
    #[arg(long, value_name = "S")]
    acs_url: String,
    /// The ID of the request that it should answer.
    #[arg(long, value_name = "S", conflicts_with = "unsolicited")]
    request_id: Option<String>,
    /// It answers no request, and may.
    #[arg(long)]
    unsolicited: bool,
    /// Our decryption keys, PEM or DER.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    sp_key: Vec<PathBuf>,
    /// The instant of the judgement.
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    at: OffsetDateTime,
    /// How many seconds the clocks may differ, at most 300.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u16).range(0..=300))]
    skew: u16,
    /// What is relaxed: sha1, rsa-1024, cbc, …
    #[arg(long, value_name = "NAME", num_args = 1..)]
    allow: Vec<String>,
    /// Show the values that belong to a person.
    #[arg(long)]
    show_values: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|cause| format!("{cause}; write 2026-11-21T09:00:00Z"))
}

/// Runs `explain`.
pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> u8 {
    let request = match request(arguments) {
        Ok(request) => request,
        Err(complaint) => return complain(&complaint),
    };
    let explanation = match explain(&request) {
        Ok(explanation) => explanation,
        Err(unreadable) => return complain(&unreadable),
    };
    let code = if explanation.verdict == Outcome::Accept {
        DONE
    } else {
        REFUSED
    };
    let explanation = if arguments.show_values {
        explanation
    } else {
        explanation.without_values()
    };
    let written = if arguments.json {
        write_json(&explanation, out)
    } else {
        write_text(&explanation, out)
    };
    match written {
        Ok(()) => code,
        Err(_cause) => UNUSABLE,
    }
}

fn request(arguments: &Arguments) -> Result<ExplainRequest, String> {
    Ok(ExplainRequest {
        message: input::read(&arguments.file, FORM_BODY_OCTETS)?,
        idp_entity_id: arguments.idp_entity_id.clone(),
        idp_certs: read_all(&arguments.idp_cert)?,
        sp_entity_id: arguments.sp_entity_id.clone(),
        acs_url: arguments.acs_url.clone(),
        request_id: arguments.request_id.clone(),
        unsolicited: arguments.unsolicited,
        sp_keys: read_all(&arguments.sp_key)?,
        at: arguments.at,
        skew: Duration::seconds(arguments.skew.into()),
        allow: arguments.allow.clone(),
    })
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, String> {
    files
        .iter()
        .map(|file| input::read(file, FORM_BODY_OCTETS))
        .collect()
}

fn write_json(explanation: &Explanation, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, explanation)?;
    writeln!(out)
}

fn write_text(explanation: &Explanation, out: &mut dyn Write) -> std::io::Result<()> {
    for rule in &explanation.rules {
        write_rule(rule, out)?;
    }
    if let Some(identity) = &explanation.identity {
        write_identity(identity, out)?;
    }
    let verdict = match explanation.verdict {
        Outcome::Accept => "ACCEPT",
        Outcome::Refuse => "REFUSE",
    };
    writeln!(out, "\n{verdict}")
}

fn write_rule(rule: &RuleVerdict, out: &mut dyn Write) -> std::io::Result<()> {
    let mark = match rule.verdict {
        Word::Holds => "holds",
        Word::Refuses => "REFUSES",
        Word::NotReached => "-",
    };
    writeln!(out, "{mark:8} {:32} {}", rule.id, rule.clause)?;
    if let Some(exception) = rule.exception {
        writeln!(
            out,
            "           by exception: {exception}; without it this rule would refuse"
        )?;
    }
    if rule.verdict != Word::Refuses {
        return Ok(());
    }
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    writeln!(out, "           at       {}", rule.element.unwrap_or_default())?;
    writeln!(out, "           expected {}", part(&rule.expected))?;
    writeln!(out, "           actual   {}", part(&rule.actual))?;
    writeln!(out, "           remedy   {}", rule.remedy.unwrap_or_default())?;
    writeln!(out, "           who      {}", rule.who.unwrap_or_default())
}

fn write_identity(identity: &Identity, out: &mut dyn Write) -> std::io::Result<()> {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(absent or hidden)".to_owned());
    writeln!(out, "\nread from signed octets:")?;
    writeln!(out, "  NameID         {}", shown(&identity.name_id))?;
    writeln!(out, "  format         {}", shown(&identity.name_id_format))?;
    writeln!(out, "  session index  {}", shown(&identity.session_index))?;
    writeln!(out, "  authn context  {}", shown(&identity.authn_context))?;
    for (name, values) in &identity.attributes {
        let values: Vec<String> = values.iter().map(shown).collect();
        writeln!(out, "  {name} = {}", values.join(" | "))?;
    }
    Ok(())
}
