//! One problem of a configuration, said so that an operator can act on it.

use std::fmt;

/// Where a setting is wrong, what is wrong with it, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The key, as a path: `saml.nhsmail.metadata_file`.
    pub at: String,
    /// What is wrong, in one sentence without the secret value.
    pub what: String,
    /// What to write instead.
    pub instead: String,
}

impl Problem {
    /// A problem at the key `at`.
    pub fn new(at: impl Into<String>, what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            what: what.into(),
            instead: instead.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}\n    write this instead: {}",
            self.at, self.what, self.instead
        )
    }
}
