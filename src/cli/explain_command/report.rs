//! What `explain` says: as JSON for scripts, as text for people.

use std::io::Write;

use crate::upstream::saml_sp::explanation::{Explanation, Identity, Outcome, RuleVerdict, Word};

pub(super) fn write_json(explanation: &Explanation, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, explanation)?;
    writeln!(out)
}

pub(super) fn write_text(explanation: &Explanation, out: &mut dyn Write) -> std::io::Result<()> {
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
