//! What `doctor` says: as JSON for scripts, as text for people.

use std::io::{Result, Write};

use crate::cli::doctor::{Part, Report};
use crate::upstream::checkup::{Check, Verdict};

pub(super) fn write_json(report: &Report, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

pub(super) fn write_text(report: &Report, out: &mut dyn Write) -> Result<()> {
    for part in &report.parts {
        write_part(part, out)?;
    }
    let word = if report.ok { "WELL" } else { "NOT WELL" };
    writeln!(
        out,
        "{word}: {} and {}",
        counted(report.troubles, "trouble"),
        counted(report.warnings, "warning")
    )
}

fn write_part(part: &Part, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", part.about)?;
    if part.checks.is_empty() {
        writeln!(out, "  ok       nothing to be seen to")?;
    }
    for check in &part.checks {
        write_check(check, out)?;
    }
    writeln!(out)
}

fn write_check(check: &Check, out: &mut dyn Write) -> Result<()> {
    let mark = match check.verdict {
        Verdict::Ok => "ok",
        Verdict::Warning => "warning",
        Verdict::Trouble => "TROUBLE",
    };
    writeln!(out, "  {mark:8} {}: {}", check.id, check.asked)?;
    writeln!(out, "           means  {}", check.means)?;
    if let (Some(mend), Some(who)) = (&check.mend, check.who) {
        writeln!(out, "           mend   {mend}")?;
        writeln!(out, "           who    {who}")?;
    }
    Ok(())
}

fn counted(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}
