//! The shape of the file: unknown keys, missing keys, values of the wrong kind. All of them at once, with their paths.

use toml::{Table, Value};

use crate::config::findings::Findings;
use crate::platform::problem::Problem;
use crate::platform::setting::{Rows, Setting, Shape, row};
use crate::upstream::refused::Refused;
use crate::upstream::{oidc_rp, saml_sp};

/// A key is a misspelling of another if they are at least so alike (1 is equal).
const ALIKE: f64 = 0.75;

/// Judges `table` by `rows`. Afterwards it has only known keys, every required key, and values of the right kind.
pub(crate) fn judge(table: &mut Table, rows: Rows, at: &str, findings: &mut Findings) {
    refuse_unknown(table, rows, at, findings);
    for row in rows.iter().copied().flatten() {
        let at = join(at, row.key);
        match (table.get_mut(row.key), row.shape) {
            (Some(value), _) => {
                if let Some(flaw) = flaw_of(value, row.shape) {
                    findings.replaced(Problem::new(at, flaw, row.line()));
                    put_example(table, row);
                } else {
                    judge_within(value, row.shape, &at, findings);
                }
            }
            (None, Shape::Table(rows)) if row.is_required => {
                let mut inner = Table::new();
                judge(&mut inner, rows, &at, findings);
                table.insert(row.key.to_owned(), Value::Table(inner));
            }
            (None, _) if row.is_required => {
                let instead = format!("{}    # {}", row.line(), row.given_by);
                findings.replaced(Problem::new(at, "is missing", instead));
                put_example(table, row);
            }
            (None, _) => {}
        }
    }
}

/// `at` and `key` as one path.
pub(crate) fn join(at: &str, key: &str) -> String {
    if at.is_empty() {
        key.to_owned()
    } else {
        format!("{at}.{key}")
    }
}

/// Puts the example in place of a required value, takes any other away.
pub(crate) fn put_example(table: &mut Table, row: &Setting) {
    table.remove(row.key);
    if let (true, Some(value)) = (row.is_required, example(row)) {
        table.insert(row.key.to_owned(), value);
    }
}

/// The example as a value; of a table, its required keys at their examples.
pub(crate) fn example(row: &Setting) -> Option<Value> {
    if let Shape::Table(rows) = row.shape {
        let required = rows.iter().copied().flatten().filter(|row| row.is_required);
        let table = required.filter_map(|row| Some((row.key.to_owned(), example(row)?)));
        return Some(Value::Table(table.collect()));
    }
    let table = format!("example = {}", row.example).parse::<Table>();
    table.ok()?.remove("example")
}

fn judge_within(value: &mut Value, shape: Shape, at: &str, findings: &mut Findings) {
    match (shape, value) {
        (Shape::Table(rows), Value::Table(inner)) => judge(inner, rows, at, findings),
        (Shape::Named(rows), Value::Table(names)) => {
            refuse_names(names, at, findings);
            for (name, inner) in names.iter_mut() {
                if let Value::Table(inner) = inner {
                    judge(inner, rows, &join(at, name), findings);
                }
            }
        }
        (Shape::Tables(rows), Value::Array(list)) => {
            for (index, inner) in list.iter_mut().enumerate() {
                if let Value::Table(inner) = inner {
                    judge(inner, rows, &format!("{at}[{index}]"), findings);
                }
            }
        }
        _ => {}
    }
}

/// Names that cannot stand in an address, and names of something that is no table; the latter are taken away.
fn refuse_names(names: &mut Table, at: &str, findings: &mut Findings) {
    for (name, value) in names.iter() {
        let at = join(at, name);
        if !is_name(name) {
            findings.add(Problem::new(
                &at,
                "this name cannot stand in an address",
                "small letters, digits and hyphens, at most 40, beginning and ending with a letter or digit",
            ));
        }
        if !value.is_table() {
            findings.replaced(Problem::new(&at, "is not a table", format!("a table [{at}]")));
        }
    }
    names.retain(|_, value| value.is_table());
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&name.len()) && name.chars().all(fits) && !name.starts_with('-') && !name.ends_with('-')
}

fn refuse_unknown(table: &mut Table, rows: Rows, at: &str, findings: &mut Findings) {
    let unknown: Vec<String> = table
        .keys()
        .filter(|key| row(rows, key).is_none())
        .cloned()
        .collect();
    for key in unknown {
        let problem = match refused(at, &key) {
            Some(refused) => Problem::new(join(at, &key), refused.what, refused.instead),
            None => Problem::new(join(at, &key), "there is no such setting", nearest(rows, &key)),
        };
        findings.replaced(problem);
        table.remove(&key);
    }
}

/// The sentence for a key that a connection of this kind knows and does not offer.
fn refused(at: &str, key: &str) -> Option<Refused> {
    match at.split('.').next() {
        Some("saml") => saml_sp::settings::refused(key),
        Some("oidc") => oidc_rp::settings::refused(key),
        _ => None,
    }
}

fn nearest(rows: Rows, key: &str) -> String {
    let keys = || rows.iter().copied().flatten().map(|row| row.key);
    let alike = |known: &&str| strsim::jaro_winkler(known, key);
    let best = keys().max_by(|a, b| alike(a).total_cmp(&alike(b)));
    match best {
        Some(best) if alike(&best) >= ALIKE => {
            format!("{best}, if that is what you mean; else remove the key")
        }
        _ => format!(
            "one of {}; or remove the key",
            keys().collect::<Vec<_>>().join(", ")
        ),
    }
}

fn flaw_of(value: &Value, shape: Shape) -> Option<&'static str> {
    let is_right = match shape {
        Shape::Text => value.is_str(),
        Shape::Number => value
            .as_integer()
            .is_some_and(|number| u32::try_from(number).is_ok()),
        Shape::Flag => value.is_bool(),
        Shape::Texts => value
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_str)),
        Shape::Source => value.as_table().is_some_and(is_source),
        Shape::Table(_) | Shape::Named(_) => value.is_table(),
        Shape::Tables(_) => value
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_table)),
    };
    let flaw = match shape {
        Shape::Text => "is not a text in quotes",
        Shape::Number => "is not a whole number from 0 to 4294967295, without quotes",
        Shape::Flag => "is neither true nor false, without quotes",
        Shape::Texts => "is not a list of texts",
        Shape::Source => "is neither { file = \"…\" } nor { env = \"…\" }",
        Shape::Table(_) | Shape::Named(_) => "is not a table",
        Shape::Tables(_) => "is not a list of tables",
    };
    (!is_right).then_some(flaw)
}

fn is_source(table: &Table) -> bool {
    let is_known = |(key, value): (&String, &Value)| matches!(key.as_str(), "file" | "env") && value.is_str();
    table.len() == 1 && table.iter().all(is_known)
}
