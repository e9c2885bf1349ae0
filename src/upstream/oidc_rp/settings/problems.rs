//! What can be wrong with one connection, each problem with what to write instead.

mod provider;
mod request;

use time::OffsetDateTime;

use crate::platform::problem::Problem;
use crate::upstream::label;
use crate::upstream::oidc_rp::settings::{AssertionAudience, Settings};

impl Settings {
    /// What is wrong with this connection at the instant `now`; `at` is the path of its table.
    pub fn problems(&self, at: &str, now: OffsetDateTime) -> Vec<Problem> {
        let mut problems = Vec::new();
        problems.extend(label::problem(&self.label, at));
        problems.extend(self.address_problems(at));
        problems.extend(self.tenant_problem(at));
        problems.extend(self.provider_problems(at));
        problems.extend(self.client_problems(at));
        problems.extend(self.credential_problems(at));
        problems.extend(self.scope_problem(at));
        problems.extend(self.assurance_problems(at));
        problems.extend(self.time_problems(at));
        problems.extend(self.freshness_problem(at));
        problems.extend(self.algorithm_problems(at));
        problems.extend(self.sign_out_problem(at));
        for (index, exception) in self.exceptions.iter().enumerate() {
            problems.extend(exception.problems(&format!("{at}.exception[{index}]"), now));
        }
        problems
    }

    /// What should be seen to at the instant `now`, though nothing is refused for it: permissions that have ended, a
    /// secret that is shorter than it should be.
    pub fn warnings(&self, at: &str, now: OffsetDateTime) -> Vec<Problem> {
        let exceptions = self.exceptions.iter().enumerate();
        let ended = exceptions.filter_map(|(index, it)| it.ended(&format!("{at}.exception[{index}]"), now));
        ended.chain(self.short_secret(at)).collect()
    }

    fn client_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.client_id.is_empty()
            || self
                .client_id
                .chars()
                .any(|c| c.is_whitespace() || c.is_control())
        {
            problems.push(Problem::new(
                format!("{at}.client_id"),
                "a client id is never empty and contains no white space",
                "the client id as the provider gave it, byte for byte",
            ));
        }
        if matches!(&self.assertion_audience, AssertionAudience::Stated(text) if text.trim().is_empty()) {
            problems.push(Problem::new(
                format!("{at}.assertion_audience"),
                "an assertion for nobody is refused by everybody",
                "\"token_endpoint\", \"issuer\", or what the provider documents",
            ));
        }
        problems
    }

    fn algorithm_problems(&self, at: &str) -> Vec<Problem> {
        let lists = [
            ("id_token_algorithms", &self.id_token_algorithms),
            ("userinfo_algorithms", &self.userinfo_algorithms),
            ("logout_token_algorithms", &self.logout_token_algorithms),
        ];
        let empty = lists.into_iter().filter(|(_, list)| list.is_empty());
        empty
            .map(|(key, _)| {
                Problem::new(
                    format!("{at}.{key}"),
                    "with no algorithm at all every token is refused",
                    "[\"RS256\"], or leave the key out",
                )
            })
            .collect()
    }

    fn sign_out_problem(&self, at: &str) -> Option<Problem> {
        let is_idle = !self.sign_out_upstream && self.post_logout_redirect_uri.is_some();
        is_idle.then(|| {
            Problem::new(
                format!("{at}.post_logout_redirect_uri"),
                "the address is used only with sign_out_upstream = true",
                "remove the key, or set sign_out_upstream = true if you mean it",
            )
        })
    }
}

#[cfg(test)]
mod tests;
