//! Environment variables laid over the file: `NHSMAIL_BRIDGE__SESSION__IDLE_MINUTES=10`.
//!
//! Two underscores part the steps of a path; a hyphen in the name of a connection is written as one underscore.
//! Lists are parted by commas. What stands in a list of tables cannot be set this way.

use toml::{Table, Value};

use crate::config::findings::Findings;
use crate::config::structure::join;
use crate::config::surroundings::Surroundings;
use crate::platform::problem::Problem;
use crate::platform::setting::{Rows, Setting, Shape, row};

const PREFIX: &str = "NHSMAIL_BRIDGE__";

/// Lays every variable with our prefix over `table`.
pub(crate) fn lay_over(table: &mut Table, rows: Rows, surroundings: &Surroundings, findings: &mut Findings) {
    for (path, text) in surroundings.with_prefix(PREFIX) {
        let name = format!("{PREFIX}{path}");
        let steps: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        match place(table, rows, &steps, "") {
            Some(place) => {
                findings.note_variable(place.at, name);
                place.table.insert(place.key, value(text, place.shape));
            }
            None => findings.add(Problem::new(
                name,
                "no setting is set by this environment variable",
                "NHSMAIL_BRIDGE__SECTION__KEY with a section and key of config/README.md, or unset it",
            )),
        }
    }
}

/// Where a variable's value belongs.
struct Place<'a> {
    table: &'a mut Table,
    key: String,
    at: String,
    shape: Shape,
}

fn place<'a>(table: &'a mut Table, rows: Rows, steps: &[String], at: &str) -> Option<Place<'a>> {
    let (first, rest) = steps.split_first()?;
    let setting: &Setting = row(rows, first)?;
    let at = join(at, first);
    match (setting.shape, rest) {
        (Shape::Text | Shape::Number | Shape::Flag | Shape::Texts, []) => Some(Place {
            table,
            key: first.clone(),
            at,
            shape: setting.shape,
        }),
        (Shape::Source, [kind]) if kind == "file" || kind == "env" => Some(Place {
            table: inner(table, first)?,
            key: kind.clone(),
            at,
            shape: Shape::Text,
        }),
        (Shape::Table(rows), [_, ..]) => place(inner(table, first)?, rows, rest, &at),
        (Shape::Named(rows), [name, rest @ ..]) => {
            let names = inner(table, first)?;
            let name = names
                .keys()
                .find(|known| known.replace('-', "_") == *name)
                .cloned()
                .unwrap_or_else(|| name.replace('_', "-"));
            let at = join(&at, &name);
            place(inner(names, &name)?, rows, rest, &at)
        }
        _ => None,
    }
}

/// The table behind `key`, made if it is not there.
fn inner<'a>(table: &'a mut Table, key: &str) -> Option<&'a mut Table> {
    let value = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
    value.as_table_mut()
}

/// The text as what the setting takes; where it is no such thing it stays a text, and is refused as one.
fn value(text: &str, shape: Shape) -> Value {
    let as_text = || Value::String(text.to_owned());
    match shape {
        Shape::Number => text.parse().map_or_else(|_cause| as_text(), Value::Integer),
        Shape::Flag => text.parse().map_or_else(|_cause| as_text(), Value::Boolean),
        Shape::Texts => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
        }
        Shape::Text | Shape::Source | Shape::Table(_) | Shape::Tables(_) | Shape::Named(_) => as_text(),
    }
}
