//! What an operator sets for the store.

use serde::Deserialize;

use crate::platform::problem::Problem;
use crate::platform::setting::{Setting, Shape};

/// Every key of `[store]`.
pub const SETTINGS: &[Setting] = &[
    Setting::optional("backend", Shape::Text, "\"memory\"")
        .about(
            "Where sessions and one-use things are kept. `memory`: in this process, forgotten at a restart",
        )
        .given_by("You; there is one choice today"),
    Setting::optional("max_records", Shape::Number, "2000000")
        .about("The most live records; beyond it new sign-ins are refused and nothing is thrown out")
        .given_by("You; lower it on a small machine (whoever is logged in takes four of them and 1 to 4 KiB in all)"),
];

/// Where small expiring things are kept: `[store]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Which store.
    pub backend: Backend,
    /// How many live records it may hold; beyond it new sign-ins are refused, nothing is thrown out.
    pub max_records: u64,
}

/// The stores there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// In this process: one instance only, forgotten at a restart.
    Memory,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backend: Backend::Memory,
            max_records: 2_000_000,
        }
    }
}

impl Settings {
    /// What is wrong with these settings; `at` is the path of their table.
    pub fn problems(&self, at: &str) -> Vec<Problem> {
        if self.max_records >= 1_000 {
            return Vec::new();
        }
        vec![Problem::new(
            format!("{at}.max_records"),
            format!(
                "{} records are too few for even a small service",
                self.max_records
            ),
            "a number of at least 1000; sessions and sign-ins in progress share it",
        )]
    }
}
