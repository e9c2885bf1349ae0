//! The page of every setting, made from the same tables that the file is read by.

use std::fmt::Write;

use crate::config::settings::ALL;
use crate::platform::setting::{Rows, Setting, Shape};

const HEAD: &str = "\
# Every setting

This page is what `nhsmail-bridge check --list-settings` prints; a test keeps it current. `example.toml` shows every key
in place, `local.toml` works with the fakes of `demo`. `nhsmail-bridge check --config FILE` lists every problem of a file
at once, each as where, what and what to write instead.

- A key that is not on this page is refused.
- Relative paths start at the folder of the configuration file.
- An environment variable overrides the file: `NHSMAIL_BRIDGE__SESSION__IDLE_MINUTES=10`. Two underscores part the steps of
  the path, a hyphen in a connection's name becomes one underscore, lists are parted by commas. The file must have the
  connection; keys inside `[[…]]` are set in the file only.
- A private key comes from a file, `{ file = \"keys/request.key\" }`, or from an environment variable that holds the PEM text
  itself, `{ env = \"REQUEST_KEY\" }`.
- Times are whole numbers in the unit that the name says.
";

/// The page, as Markdown.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    section(&mut page, ALL, "");
    page
}

fn section(page: &mut String, rows: Rows, at: &str) {
    let all = || rows.iter().copied().flatten();
    let (tables, values): (Vec<&Setting>, Vec<&Setting>) = all().partition(|row| inner(row, at).is_some());
    if !values.is_empty() {
        page.push_str(
            "\n| key | default | what it decides | who gives it, when to change it |\n|---|---|---|---|\n",
        );
        for row in values {
            line(page, row);
        }
    }
    for row in tables {
        if let Some((rows, path, heading)) = inner(row, at) {
            let default = if row.is_required {
                "It must be there".to_owned()
            } else {
                format!("Left out: {}", row.default)
            };
            // Writing to a text cannot fail.
            let _ = write!(page, "\n## `{heading}`\n\n{}. {default}.\n", row.about);
            section(page, rows, &path);
        }
    }
}

fn line(page: &mut String, row: &Setting) {
    let default = match (
        row.is_required,
        row.default.starts_with(|c: char| c.is_ascii_alphabetic()),
    ) {
        (true, _) => format!("**must be set**, such as `{}`", row.example),
        (false, true) if !matches!(row.default, "true" | "false") => row.default.to_owned(),
        (false, _) => format!("`{}`", row.default),
    };
    let _ = writeln!(
        page,
        "| `{}` | {default} | {} | {} |",
        row.key, row.about, row.given_by
    );
}

/// The rows of a table, its path and how its head is written.
fn inner(row: &Setting, at: &str) -> Option<(Rows, String, String)> {
    let path = if at.is_empty() {
        row.key.to_owned()
    } else {
        format!("{at}.{}", row.key)
    };
    match row.shape {
        Shape::Table(rows) => Some((rows, path.clone(), format!("[{path}]"))),
        Shape::Named(rows) => Some((rows, format!("{path}.NAME"), format!("[{path}.NAME]"))),
        Shape::Tables(rows) => Some((rows, path.clone(), format!("[[{path}]]"))),
        Shape::Text | Shape::Number | Shape::Flag | Shape::Texts | Shape::Source => None,
    }
}
