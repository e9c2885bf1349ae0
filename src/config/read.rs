//! From a table to the settings of a room, going on after a value that cannot be read.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use toml::{Table, Value};

use crate::config::findings::Findings;
use crate::config::structure::{example, join, put_example};
use crate::platform::problem::Problem;
use crate::platform::setting::{Rows, Setting, Shape, row};

/// Reads `table`, which stands at `at` and was judged by `rows`. Each value that cannot be read is a problem, and the
/// reading goes on without it.
pub(crate) fn read<T: DeserializeOwned>(
    mut table: Table,
    rows: Rows,
    at: &str,
    findings: &mut Findings,
) -> Option<T> {
    // Each turn takes one unreadable value away, so there are no more turns than values.
    for _ in 0..=leaves(&Value::Table(table.clone())) {
        let error = match serde_path_to_error::deserialize(table.clone()) {
            Ok(settings) => return Some(settings),
            Err(error) => error,
        };
        let steps: Vec<Step> = steps(error.path());
        let path = steps.iter().fold(at.to_owned(), |at, step| step.after(&at));
        let instead = setting(rows, &steps).map_or_else(String::new, Setting::line);
        let what = in_words(error.inner().message().trim(), value_at(&table, &steps));
        findings.replaced(Problem::new(path, what, instead));
        take_away(&mut table, rows, &steps);
    }
    None
}

/// One step of a path.
enum Step {
    Key(String),
    Index(usize),
}

impl Step {
    fn after(&self, at: &str) -> String {
        match self {
            Self::Key(key) => join(at, key),
            Self::Index(index) => format!("{at}[{index}]"),
        }
    }
}

fn steps(path: &Path) -> Vec<Step> {
    let step = |segment: &Segment| match segment {
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().map_while(step).collect()
}

/// The setting that the last key of a path names.
fn setting(rows: Rows, steps: &[Step]) -> Option<&'static Setting> {
    let mut rows = rows;
    let mut found = None;
    for step in steps {
        let Step::Key(key) = step else { continue };
        let next = row(rows, key)?;
        if let Shape::Table(inner) | Shape::Tables(inner) | Shape::Named(inner) = next.shape {
            rows = inner;
        }
        found = Some(next);
    }
    found
}

fn take_away(table: &mut Table, rows: Rows, steps: &[Step]) {
    let Some((first, rest)) = steps.split_first() else {
        table.clear();
        return;
    };
    let (Step::Key(key), Some(setting)) = (first, first_setting(rows, first)) else {
        return;
    };
    match (table.get_mut(key), setting.shape, rest) {
        (Some(Value::Table(inner)), Shape::Table(rows), [_, ..]) => take_away(inner, rows, rest),
        (Some(Value::Array(list)), Shape::Tables(rows), [Step::Index(index), rest @ ..]) => {
            if let Some(Value::Table(inner)) = list.get_mut(*index) {
                take_away(inner, rows, rest);
            }
        }
        (Some(Value::Array(list)), _, [Step::Index(index), ..]) => {
            let example = example(setting).and_then(|example| example.get(0).cloned());
            if let (Some(item), Some(example)) = (list.get_mut(*index), example) {
                *item = example;
            }
        }
        _ => put_example(table, setting),
    }
}

/// The value that could not be read. Secrets never come here: where they stand was judged as a table of names.
fn value_at<'t>(table: &'t Table, steps: &[Step]) -> Option<&'t str> {
    let (first, rest) = steps.split_first()?;
    let Step::Key(key) = first else { return None };
    let step = |value: Option<&'t Value>, step: &Step| match step {
        Step::Key(key) => value?.get(key),
        Step::Index(index) => value?.get(index),
    };
    let text = rest.iter().fold(table.get(key), step)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// The reader's words, with the value they are about.
fn in_words(message: &str, value: Option<&str>) -> String {
    let choice = message.strip_prefix("unknown variant ");
    match (choice.and_then(|rest| rest.split_once(", expected ")), value) {
        (Some((value, choices)), _) => format!("{value} is not {choices}"),
        (None, Some(value)) => format!("`{value}`: {message}"),
        (None, None) => message.to_owned(),
    }
}

fn first_setting(rows: Rows, step: &Step) -> Option<&'static Setting> {
    match step {
        Step::Key(key) => row(rows, key),
        Step::Index(_) => None,
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Table(table) => 1 + table.values().map(leaves).sum::<usize>(),
        Value::Array(list) => 1 + list.iter().map(leaves).sum::<usize>(),
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => 1,
    }
}
