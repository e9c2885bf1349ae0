//! Which of the NHS environments this bridge stands in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The environment a configuration is written for. Users and keys of one never match in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Real people: everything unsafe is refused.
    Live,
    /// The integration environment.
    Int,
    /// The deployment environment.
    Dep,
    /// A developer's machine or a test: plain http on loopback and the fakes are welcome.
    Test,
}

impl Environment {
    /// The word in the configuration and in the `environment` claim.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Int => "int",
            Self::Dep => "dep",
            Self::Test => "test",
        }
    }

    /// True if real people sign in here.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live)
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
