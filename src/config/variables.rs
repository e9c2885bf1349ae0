//! Environment variables laid over the file: `NHSMAIL_BRIDGE__SESSION__IDLE_MINUTES=10`.
//!
//! Two underscores part the steps of a path; a hyphen in the name of a connection is written as one underscore.
//! Lists are parted by commas. A variable changes a connection that the file has, it makes none; and what stands in a
//! list of tables cannot be set this way.

use toml::{Table, Value};

use crate::config::findings::Findings;
use crate::config::surroundings::Surroundings;
use crate::platform::problem::Problem;
use crate::platform::setting::{Rows, Shape, row};

const PREFIX: &str = "NHSMAIL_BRIDGE__";

/// Lays every variable with our prefix over `table`.
pub(crate) fn lay_over(table: &mut Table, rows: Rows, surroundings: &Surroundings, findings: &mut Findings) {
    for (path, text) in surroundings.with_prefix(PREFIX) {
        let name = format!("{PREFIX}{path}");
        let words: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        let Some((keys, shape)) = place(Some(table), rows, &words) else {
            findings.add(Problem::new(
                name,
                "no setting is set by this environment variable",
                "NHSMAIL_BRIDGE__SECTION__KEY with a section and key of config/README.md, or unset it",
            ));
            continue;
        };
        let last = words.last().map_or("", String::as_str);
        put(table, &keys, value(text, shape, last));
        findings.note_variable(keys.join("."), name);
    }
}

/// The keys that lead to the setting, and what it takes; `table` is what the file has there.
fn place(table: Option<&Table>, rows: Rows, words: &[String]) -> Option<(Vec<String>, Shape)> {
    let (word, rest) = words.split_first()?;
    let shape = row(rows, word)?.shape;
    let inner = table.and_then(|table| table.get(word)).and_then(Value::as_table);
    let (mut keys, shape) = match (shape, rest) {
        (Shape::Text | Shape::Number | Shape::Flag | Shape::Texts, []) => (Vec::new(), shape),
        (Shape::Source, [kind]) if kind == "file" || kind == "env" => (Vec::new(), shape),
        (Shape::Table(rows), [_, ..]) => place(inner, rows, rest)?,
        (Shape::Named(rows), [name, rest @ ..]) => {
            let (name, value) = inner?
                .iter()
                .find(|(known, _)| known.replace('-', "_") == *name)?;
            let (mut keys, shape) = place(value.as_table(), rows, rest)?;
            keys.insert(0, name.clone());
            (keys, shape)
        }
        _ => return None,
    };
    keys.insert(0, word.clone());
    Some((keys, shape))
}

/// Puts `value` where `keys` lead. What stands in the way and is no table is left to be refused as such.
fn put(table: &mut Table, keys: &[String], value: Value) {
    match keys {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [key, rest @ ..] => {
            let inner = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
            if let Some(inner) = inner.as_table_mut() {
                put(inner, rest, value);
            }
        }
    }
}

/// The text as what the setting takes, `last` being the last word of the variable's name; where it is no such thing it stays a text, and is refused as one.
fn value(text: &str, shape: Shape, last: &str) -> Value {
    let as_text = || Value::String(text.to_owned());
    match shape {
        Shape::Number => text.parse().map_or_else(|_cause| as_text(), Value::Integer),
        Shape::Flag => text.parse().map_or_else(|_cause| as_text(), Value::Boolean),
        Shape::Texts => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
        }
        Shape::Source => Value::Table(Table::from_iter([(last.to_owned(), as_text())])),
        Shape::Text | Shape::Table(_) | Shape::Tables(_) | Shape::Named(_) => as_text(),
    }
}
