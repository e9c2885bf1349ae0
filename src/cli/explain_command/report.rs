//! What `explain` says: as JSON for scripts, as text for people.

use std::io::Write;

use crate::upstream::judgement::explanation::{Outcome, RuleVerdict, Word};
use crate::upstream::oidc_rp::explanation as oidc_rp;
use crate::upstream::saml_sp::explanation as saml_sp;

/// What was judged, ready to be told.
pub(super) enum Report {
    /// A SAML response.
    Saml(saml_sp::Explanation),
    /// A token of OpenID Connect.
    Token(oidc_rp::Explanation),
}

impl Report {
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Self::Saml(told) => told.verdict,
            Self::Token(told) => told.verdict,
        }
    }

    pub(super) fn write_json(&self, out: &mut dyn Write) -> std::io::Result<()> {
        match self {
            Self::Saml(told) => serde_json::to_writer_pretty(&mut *out, told)?,
            Self::Token(told) => serde_json::to_writer_pretty(&mut *out, told)?,
        }
        writeln!(out)
    }

    pub(super) fn write_text(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let rules = match self {
            Self::Saml(told) => &told.rules,
            Self::Token(told) => &told.rules,
        };
        for rule in rules {
            write_rule(rule, out)?;
        }
        match self {
            Self::Saml(told) => told.identity.iter().try_for_each(|it| write_identity(it, out)),
            Self::Token(told) => told.identity.iter().try_for_each(|it| write_claims(it, out)),
        }?;
        let verdict = match self.outcome() {
            Outcome::Accept => "ACCEPT",
            Outcome::Refuse => "REFUSE",
        };
        writeln!(out, "\n{verdict}")
    }
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

fn write_identity(identity: &saml_sp::Identity, out: &mut dyn Write) -> std::io::Result<()> {
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

fn write_claims(identity: &oidc_rp::Identity, out: &mut dyn Write) -> std::io::Result<()> {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(absent or hidden)".to_owned());
    let level = |level: Option<u8>| level.map_or("(absent)".to_owned(), |level| level.to_string());
    writeln!(out, "\nread from what arrived:")?;
    writeln!(out, "  subject        {}", shown(&identity.subject))?;
    writeln!(out, "  session        {}", shown(&identity.sid))?;
    writeln!(out, "  acr            {}", shown(&identity.acr))?;
    writeln!(out, "  amr            {}", identity.amr.join(" | "))?;
    writeln!(
        out,
        "  aal, ial       {}, {}",
        level(identity.aal),
        level(identity.ial)
    )?;
    for (name, value) in &identity.claims {
        let value = value.as_ref().map(ToString::to_string);
        writeln!(out, "  {name} = {}", shown(&value))?;
    }
    Ok(())
}
