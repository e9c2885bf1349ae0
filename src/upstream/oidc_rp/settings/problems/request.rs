//! What can be wrong with what is asked for when a person leaves, and judged when they come back.

use crate::platform::problem::Problem;
use crate::upstream::oidc_rp::settings::{Prompt, Settings};
use crate::upstream::verified::Door;

/// The most a clock may be off, in seconds.
const MOST_SKEW: i64 = 300;
/// The longest life of a client assertion (checklist OI-08), in seconds.
const LONGEST_ASSERTION: i64 = 300;
/// The oldest sign-in at the provider that may be let in: a shift, in seconds.
const OLDEST_SIGN_IN: i64 = 12 * 3600;
/// Scopes that make CIS2 ask for the role.
const ROLE_SCOPES: [&str; 2] = ["selectedrole", "changedrole"];

impl Settings {
    pub(super) fn scope_problem(&self, at: &str) -> Option<Problem> {
        let at = format!("{at}.scopes");
        let is_bad = |scope: &String| !scope.chars().all(|c| matches!(c, '!' | '#'..='[' | ']'..='~'));
        if !self.scopes.iter().any(|scope| scope == "openid") {
            let what = "without `openid` there is no ID token (OpenID Connect Core 3.1.2.1)";
            return Some(Problem::new(at, what, "a list that begins with \"openid\""));
        }
        if self.scopes.iter().any(|it| it.is_empty() || is_bad(it)) {
            let what = "a scope is empty or holds white space or another character that no scope may hold";
            return Some(Problem::new(at, what, "one scope in each text (RFC 6749 3.3)"));
        }
        let of_roles = self.scopes.iter().find(|it| ROLE_SCOPES.contains(&it.as_str()))?;
        let what = format!("{of_roles} is asked for when the role is to be picked at CIS2, and only then");
        Some(Problem::new(at, what, "the list without it"))
    }

    pub(super) fn assurance_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let spaced = |it: &String| it.is_empty() || it.chars().any(|c| c.is_whitespace() || c.is_control());
        if self.acr_values.iter().any(spaced) {
            problems.push(Problem::new(
                format!("{at}.acr_values"),
                "a value is empty or holds white space",
                "one value in each text, such as \"AAL2_OR_AAL3_ANY\"",
            ));
        }
        let Some(minimum) = self.minimum_assurance else {
            return problems;
        };
        if !(1..=3).contains(&minimum.aal) {
            problems.push(Problem::new(
                format!("{at}.minimum_aal"),
                format!("there is no authentication assurance level {}", minimum.aal),
                "2 or 3; 1 (a password alone) is for tests",
            ));
        }
        if minimum.ial > 4 {
            problems.push(Problem::new(
                format!("{at}.minimum_ial"),
                format!("there is no identity assurance level {}", minimum.ial),
                "3: a registration authority has seen the person's passport",
            ));
        }
        let asked: Option<Vec<u8>> = self.acr_values.iter().map(|acr| highest_aal(acr)).collect();
        let best = asked.and_then(|levels| levels.into_iter().max());
        if best.is_some_and(|best| best < minimum.aal) {
            problems.push(Problem::new(
                format!("{at}.acr_values"),
                format!(
                    "they ask for less than minimum_aal = {}: nobody could sign in",
                    minimum.aal
                ),
                "\"AAL3_ANY\" for 3, \"AAL2_OR_AAL3_ANY\" for 2; or leave the key out",
            ));
        }
        problems
    }

    pub(super) fn time_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let skew = self.clock_skew.whole_seconds();
        if skew > MOST_SKEW {
            problems.push(Problem::new(
                format!("{at}.clock_skew_seconds"),
                format!("{skew} s would accept what expired long ago"),
                format!("at most {MOST_SKEW}; 60 suits CIS2 with clocks that are kept"),
            ));
        }
        let life = self.assertion_lifetime.whole_seconds();
        if !(10..=LONGEST_ASSERTION).contains(&life) {
            problems.push(Problem::new(
                format!("{at}.assertion_lifetime_seconds"),
                format!(
                    "{life} s is too short for a clock that is a little off or too long for a proof used once"
                ),
                format!("a number from 10 to {LONGEST_ASSERTION}; 60 is enough"),
            ));
        }
        let age = self.max_auth_age.map(time::Duration::whole_seconds);
        if let Some(age) = age.filter(|age| !(30..=OLDEST_SIGN_IN).contains(age)) {
            problems.push(Problem::new(
                format!("{at}.max_auth_age_seconds"),
                format!("{age} s is too short for a slow person or longer than any shift"),
                format!("a number from 30 to {OLDEST_SIGN_IN}; CIS2 expects 300"),
            ));
        }
        problems
    }

    /// What is judged when the answer comes must be asked for when the person leaves.
    pub(super) fn freshness_problem(&self, at: &str) -> Option<Problem> {
        if self.send_max_age && self.max_auth_age.is_none() {
            return Some(Problem::new(
                format!("{at}.send_max_age"),
                "there is no age to send",
                "max_auth_age_seconds too, or remove the key",
            ));
        }
        let nothing_is_asked = self.prompt != Prompt::Login && !self.send_max_age;
        (self.door == Door::Cis2 && nothing_is_asked).then(|| {
            Problem::new(
                format!("{at}.prompt"),
                "nothing asks CIS2 for a fresh sign-in, and an older one is refused: people would go round in circles",
                "prompt = \"login\", or send_max_age = true",
            )
        })
    }
}

/// The highest level that a context of CIS2 can mean: 3 for `AAL2_OR_AAL3_ANY`. `None` for one we cannot read.
fn highest_aal(acr: &str) -> Option<u8> {
    let after = acr
        .match_indices("AAL")
        .filter_map(|(start, mark)| acr.get(start + mark.len()..));
    let levels = after.filter_map(|rest| rest.chars().next()?.to_digit(10));
    levels.filter_map(|level| u8::try_from(level).ok()).max()
}
