//! What an operator sets for the session token: `[token]`. Its issuer is always `public_url`.

use serde::Deserialize;
use time::Duration;

use crate::platform::durations;
use crate::platform::problem::Problem;
use crate::platform::setting::{Setting, Shape};

/// Every key of `[token]`.
pub const SETTINGS: &[Setting] = &[
    Setting::optional("lifetime_minutes", Shape::Number, "5")
        .about("How long one session token is good for; never longer than its session")
        .given_by("You; shorter makes a sign-out take effect sooner"),
    Setting::optional("audience", Shape::Text, "\"nhsmail-bridge\"")
        .about("The `aud` of every token; applications must compare it")
        .given_by("You, with the developers of the applications"),
];

/// The token that applications read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How long one token is good for; never longer than the session it comes from.
    #[serde(rename = "lifetime_minutes", deserialize_with = "durations::minutes")]
    pub lifetime: Duration,
    /// The one `aud` of every token.
    pub audience: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lifetime: Duration::minutes(5),
            audience: "nhsmail-bridge".to_owned(),
        }
    }
}

impl Settings {
    /// What is wrong with these settings; `at` is the path of their table.
    pub fn problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.lifetime < Duration::minutes(1) || self.lifetime > Duration::minutes(60) {
            problems.push(Problem::new(
                format!("{at}.lifetime_minutes"),
                format!(
                    "a token of {} minutes is not sensible",
                    self.lifetime.whole_minutes()
                ),
                "a number from 1 to 60; 5 lets a sign-out take effect soon",
            ));
        }
        if self.audience.trim().is_empty() {
            problems.push(Problem::new(
                format!("{at}.audience"),
                "a token without an audience would be good for anyone",
                "a name that your applications compare with `aud`, such as \"https://rota.example.nhs.uk\"",
            ));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_without_end_and_without_audience_is_two_problems() {
        let settings = Settings {
            lifetime: Duration::ZERO,
            audience: " ".to_owned(),
        };
        let at: Vec<_> = settings.problems("token").into_iter().map(|p| p.at).collect();
        assert_eq!(at, ["token.lifetime_minutes", "token.audience"]);
        assert!(Settings::default().problems("token").is_empty());
    }
}
