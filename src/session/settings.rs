//! What an operator sets for sessions: `[session]`, and `[saml.NAME.session]` for one connection.

use serde::Deserialize;
use time::Duration;

use crate::platform::durations;
use crate::platform::problem::Problem;
use crate::platform::setting::{Setting, Shape};

/// Every key of `[session]`.
pub const SETTINGS: &[Setting] = &[IDLE, ABSOLUTE];

/// Every key of `[saml.NAME.session]`.
pub const OVERRIDES: &[Setting] = &[
    IDLE.defaults_to("as in [session]"),
    ABSOLUTE.defaults_to("as in [session]"),
];

const IDLE: Setting = Setting::optional("idle_minutes", Shape::Number, "15")
    .about("A session ends after so many minutes without use")
    .given_by("Your information governance; 15 is what national services use");

const ABSOLUTE: Setting = Setting::optional("absolute_hours", Shape::Number, "12")
    .about(
        "A session ends so many hours after it began, used or not; the identity provider may end it earlier",
    )
    .given_by("Your information governance; the longest shift is a good measure");

/// The longest a session may live, whatever is asked for.
const LONGEST: Duration = Duration::hours(24);

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// It ends after so long without use.
    #[serde(rename = "idle_minutes", deserialize_with = "durations::minutes")]
    pub idle: Duration,
    /// It ends so long after it began, used or not.
    #[serde(rename = "absolute_hours", deserialize_with = "durations::hours")]
    pub absolute: Duration,
}

/// What one connection sets differently.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// Replaces the idle limit.
    pub idle_minutes: Option<u32>,
    /// Replaces the absolute limit.
    pub absolute_hours: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            idle: Duration::minutes(15),
            absolute: Duration::hours(12),
        }
    }
}

impl Settings {
    /// These limits with `overrides` laid over them.
    #[must_use]
    pub fn with(self, overrides: Overrides) -> Self {
        let minutes = |n: u32| Duration::minutes(i64::from(n));
        let hours = |n: u32| Duration::hours(i64::from(n));
        Self {
            idle: overrides.idle_minutes.map_or(self.idle, minutes),
            absolute: overrides.absolute_hours.map_or(self.absolute, hours),
        }
    }

    /// What is wrong with these limits; `at` is the path of their table.
    pub fn problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.absolute < Duration::hours(1) || self.absolute > LONGEST {
            problems.push(Problem::new(
                format!("{at}.absolute_hours"),
                format!(
                    "a session of {} hours is not sensible",
                    self.absolute.whole_hours()
                ),
                "a number from 1 to 24; 12 covers a long shift",
            ));
        }
        if self.idle < Duration::minutes(1) || self.idle > self.absolute {
            problems.push(Problem::new(
                format!("{at}.idle_minutes"),
                format!(
                    "an idle limit of {} minutes is zero or longer than the session itself",
                    self.idle.whole_minutes()
                ),
                "a number of minutes from 1 up to the absolute limit; national services use 15",
            ));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_overrides_only_what_it_mentions() {
        let limits = Settings::default().with(Overrides {
            idle_minutes: Some(5),
            absolute_hours: None,
        });
        assert_eq!(
            (limits.idle, limits.absolute),
            (Duration::minutes(5), Duration::hours(12))
        );
    }

    #[test]
    fn an_idle_limit_longer_than_the_session_is_a_problem() {
        let limits = Settings {
            idle: Duration::hours(13),
            ..Settings::default()
        };
        let [problem] = &limits.problems("session")[..] else {
            panic!("one problem");
        };
        assert_eq!(problem.at, "session.idle_minutes");
        assert!(Settings::default().problems("session").is_empty());
    }
}
