//! What a configuration is read in: the environment variables and the time, as values.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::platform::clock::Clock;

/// The environment variables and the instant at which a configuration is read.
#[derive(Clone)]
pub struct Surroundings {
    variables: BTreeMap<String, String>,
    now: OffsetDateTime,
}

impl Surroundings {
    /// Those of this process, at the time of `clock`.
    pub fn of_this_process(clock: &dyn Clock) -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(text).collect(),
            now: clock.now(),
        }
    }

    /// No variables at all, at the instant `now`.
    pub fn bare(now: OffsetDateTime) -> Self {
        Self {
            variables: BTreeMap::new(),
            now,
        }
    }

    /// The same with one more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The instant.
    pub fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// What the variable `name` holds.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Every variable whose name starts with `prefix`: the rest of the name, and the value.
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let all = self.variables.iter();
        all.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

/// Names only: a variable may hold a secret.
impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings")
            .field("variables", &self.variables.keys().collect::<Vec<_>>())
            .field("now", &self.now)
            .finish()
    }
}
