//! The log: one line for each fact, to stderr.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Text,
    /// For a machine: one JSON object a line.
    Json,
}

/// Begins to log what `filter` lets through (`info`, `nhsmail_bridge=debug,warn`). A second call changes nothing.
pub fn begin(format: Format, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_cause| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // An error means that somebody logs already.
    let _begun = match format {
        Format::Text => lines.with_target(false).try_init(),
        Format::Json => lines.json().flatten_event(true).try_init(),
    };
}
