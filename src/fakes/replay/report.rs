//! What came of a replay, in words and as JSON.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::fakes::browser::{Page, Step};

/// What came of a replay.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Whether a fresh question was asked first.
    pub asked_first: bool,
    /// The status with which the service answered in the end.
    pub status: u16,
    /// Every request, in order.
    pub steps: Vec<Step>,
    /// The heading of the last page.
    pub heading: String,
    /// Its words.
    pub words: String,
    /// Why a redirect could not be followed to its end.
    pub got_lost: Option<String>,
    /// Who is signed in.
    pub signed_in: SignedIn,
}

/// Who is signed in, as `/session` of the service says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedIn {
    /// Somebody: what the service tells about the session.
    Somebody(Value),
    /// Nobody.
    Nobody,
    /// The service does not say, and why.
    Unknown(String),
}

impl SignedIn {
    pub(super) fn told(status: u16, body: &[u8]) -> Self {
        match (status, serde_json::from_slice(body)) {
            (200, Ok(session)) => Self::Somebody(session),
            (401 | 403, _) => Self::Nobody,
            (status, _) => Self::Unknown(format!("/session answered {status}")),
        }
    }
}

impl Report {
    /// What came of it when the service answered with `status` and the browser ended at `last`.
    pub(super) fn of(status: u16, last: &Page, got_lost: Option<String>, signed_in: SignedIn) -> Self {
        Self {
            asked_first: false,
            status,
            steps: last.steps.clone(),
            heading: last.heading(),
            words: last.words(),
            got_lost,
            signed_in,
        }
    }

    /// True if somebody is signed in.
    pub fn is_signed_in(&self) -> bool {
        matches!(self.signed_in, SignedIn::Somebody(_))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.asked_first {
            writeln!(
                f,
                "A sign-in was begun, and its question is the one that is answered."
            )?;
        }
        for step in &self.steps {
            writeln!(f, "{} {} -> {}", step.method, step.address, step.status)?;
        }
        if let Some(lost) = &self.got_lost {
            writeln!(f, "The redirect could not be followed: {lost}")?;
        }
        if !self.words.is_empty() {
            writeln!(f, "The page says: {}", self.words)?;
        }
        match &self.signed_in {
            SignedIn::Somebody(session) => writeln!(f, "Signed in: {}", in_words(session)),
            SignedIn::Nobody => writeln!(f, "Signed in: nobody"),
            SignedIn::Unknown(why) => writeln!(f, "Signed in: not known ({why})"),
        }
    }
}

/// The name and the rest of what the service tells, each as `key value`.
fn in_words(session: &Value) -> String {
    let Value::Object(told) = session else {
        return session.to_string();
    };
    let plain = told.iter().filter_map(|(key, value)| match value {
        Value::String(text) => Some(format!("{key} {text}")),
        Value::Number(number) => Some(format!("{key} {number}")),
        Value::Bool(truth) => Some(format!("{key} {truth}")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    });
    plain.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_tells_who_is_signed_in() {
        let somebody = SignedIn::told(200, b"{\"name\":\"Amara Example\",\"seconds_left\":900}");
        assert!(matches!(somebody, SignedIn::Somebody(_)));
        assert_eq!(SignedIn::told(401, b"{}"), SignedIn::Nobody);
        assert!(matches!(SignedIn::told(404, b"{}"), SignedIn::Unknown(_)));
        assert!(matches!(SignedIn::told(200, b"<html>"), SignedIn::Unknown(_)));
    }

    #[test]
    fn a_report_says_it_in_words() {
        let report = Report {
            asked_first: true,
            status: 303,
            steps: vec![Step {
                method: "POST",
                address: "http://127.0.0.1/acs".to_owned(),
                status: 303,
            }],
            heading: "Welcome".to_owned(),
            words: "Welcome Amara".to_owned(),
            got_lost: None,
            signed_in: SignedIn::told(200, b"{\"name\":\"Amara Example\",\"roles\":[]}"),
        };
        let said = report.to_string();
        assert!(said.contains("POST http://127.0.0.1/acs -> 303\n"), "{said}");
        assert!(said.ends_with("Signed in: name Amara Example\n"), "{said}");
    }
}
