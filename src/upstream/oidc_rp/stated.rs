//! What a claim states, in the few shapes that claims have.

use std::borrow::Cow;

use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// The most characters of a claim that are shown.
const MOST_SHOWN: usize = 200;

/// A claim that is there, absent, or of another shape than it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stated<T> {
    /// Not there.
    Absent,
    /// There, and not of the shape it should have.
    Unreadable,
    /// There.
    Is(T),
}

impl<T> Stated<T> {
    /// The value, if it is there in its shape.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }

    /// Whether it is there, without its value.
    pub(crate) fn presence(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Unreadable => "of another shape",
            Self::Is(_) => "present",
        }
    }
}

impl Stated<OffsetDateTime> {
    /// For people.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Is(instant) => described(instant),
            Self::Absent | Self::Unreadable => self.presence().to_owned(),
        }
    }
}

impl<'c> Stated<&'c str> {
    /// For people: only of a claim that says nothing about a person.
    pub(crate) fn shown(self) -> Cow<'c, str> {
        match self {
            Self::Is(text) => shown(text),
            Self::Absent | Self::Unreadable => self.presence().into(),
        }
    }
}

/// An instant for people.
pub(crate) fn described(instant: OffsetDateTime) -> String {
    instant
        .format(&Rfc3339)
        .unwrap_or_else(|_cause| "an instant".to_owned())
}

/// A text from outside for people: bounded, without control characters.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if text.len() <= MOST_SHOWN && !text.chars().any(char::is_control) {
        return text.into();
    }
    let kept = text.chars().filter(|c| !c.is_control()).take(MOST_SHOWN);
    kept.chain(['…']).collect::<String>().into()
}

/// A claim that is text.
pub(crate) fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Stated<&'c str> {
    match claims.get(name) {
        None => Stated::Absent,
        Some(Value::String(text)) => Stated::Is(text),
        Some(_) => Stated::Unreadable,
    }
}

/// A claim that is a `NumericDate`: a number of seconds, never a text (RFC 7519 2).
pub(crate) fn instant(claims: &Map<String, Value>, name: &str) -> Stated<OffsetDateTime> {
    let Some(value) = claims.get(name) else {
        return Stated::Absent;
    };
    let whole = value.as_i64().map(Duration::seconds);
    let seconds = whole.or_else(|| Duration::checked_seconds_f64(value.as_f64()?));
    let instant = seconds.and_then(|seconds| OffsetDateTime::UNIX_EPOCH.checked_add(seconds));
    instant.map_or(Stated::Unreadable, Stated::Is)
}

/// `aud`: one text, or a list of texts that is not empty (RFC 7519 4.1.3).
pub(crate) fn audiences(claims: &Map<String, Value>) -> Stated<Vec<&str>> {
    match claims.get("aud") {
        None => Stated::Absent,
        Some(Value::String(one)) => Stated::Is(vec![one]),
        Some(Value::Array(all)) if !all.is_empty() => {
            let texts: Option<Vec<&str>> = all.iter().map(Value::as_str).collect();
            texts.map_or(Stated::Unreadable, Stated::Is)
        }
        Some(_) => Stated::Unreadable,
    }
}

/// A level of assurance: a number, or digits as text, under any of the spellings; two that disagree are unreadable.
pub(crate) fn level(claims: &Map<String, Value>, spellings: &[&str]) -> Stated<u8> {
    let stated = spellings.iter().filter_map(|name| claims.get(*name));
    let mut found = Stated::Absent;
    for value in stated {
        let level = match value {
            Value::String(digits) => one_digit(digits),
            Value::Number(number) => one_digit(&number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        found = match (found, level) {
            (Stated::Absent, Some(level)) => Stated::Is(level),
            (Stated::Is(other), Some(level)) if other == level => found,
            _ => return Stated::Unreadable,
        };
    }
    found
}

/// No level is above 4; what is written otherwise is none.
fn one_digit(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [digit @ b'0'..=b'4'] => Some(digit - b'0'),
        _ => None,
    }
}

/// A name for somebody or something: text, neither blank nor longer than 255 characters, without control characters.
pub(crate) fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 255 && !text.chars().any(char::is_control)
}
