//! What can be wrong with one connection, each problem with what to write instead.

use time::OffsetDateTime;
use url::Url;

use crate::platform::problem::Problem;
use crate::upstream::label;
use crate::upstream::oidc_rp::settings::provider::issuer_v1;
use crate::upstream::oidc_rp::settings::{AssertionAudience, Preset, Prompt, Settings, UserInfo};
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

    /// Each address is read as a URL only to be judged; what is used is the text itself.
    fn address_problems(&self, at: &str) -> Vec<Problem> {
        let flaw = |key: &str, address: &str| {
            let Ok(url) = Url::parse(address) else {
                return Some("this is not an address");
            };
            let is_spaced = address.chars().any(|c| c.is_whitespace() || c.is_control());
            if is_spaced || !matches!(url.scheme(), "https" | "http") || !url.has_host() {
                Some("this is not an http or https address")
            } else if url.fragment().is_some() || (key == "issuer" && url.query().is_some()) {
                Some("an issuer has no query, and no address here has a fragment (Discovery 3)")
            } else if !url.username().is_empty() || url.password().is_some() {
                Some("an address of a provider names no user")
            } else {
                None
            }
        };
        let addresses = self.addresses().into_iter();
        addresses
            .filter_map(|(key, address)| {
                let what = flaw(&key, address)?;
                let instead =
                    "the address as the provider's discovery document or team states it, byte for byte";
                Some(Problem::new(format!("{at}.{key}"), what, instead))
            })
            .collect()
    }

    fn tenant_problem(&self, at: &str) -> Option<Problem> {
        let tenant = self.tenant.as_deref()?;
        let is_guid = |text: &str| {
            let lengths = text.split('-').map(str::len);
            lengths.eq([8, 4, 4, 4, 12]) && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f' | '-'))
        };
        if !is_guid(tenant) {
            return Some(Problem::new(
                format!("{at}.tenant"),
                "this names no single tenant, so accounts from elsewhere would do",
                "the tenant's identifier, such as \"37c354b2-85b0-47f5-b222-07b48d774ee3\"",
            ));
        }
        let of_preset = Preset::EntraOidc.issuer(tenant);
        let is_of_tenant = of_preset.as_ref() == Some(&self.issuer) || self.issuer == issuer_v1(tenant);
        (!is_of_tenant).then(|| {
            Problem::new(
                format!("{at}.issuer"),
                "this is not how Entra names the tenant, in tokens of version 1 or 2",
                format!(
                    "remove the key, or \"{}\" for tokens of version 1",
                    issuer_v1(tenant)
                ),
            )
        })
    }

    /// Addresses that are needed and not stated, or stated twice.
    fn provider_problems(&self, at: &str) -> Vec<Problem> {
        let Some(endpoints) = &self.endpoints else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        if self.discovery_url.is_some() {
            problems.push(Problem::new(
                format!("{at}.discovery_url"),
                "with [endpoints] no discovery document is read",
                "one of the two; the discovery document, if there is one",
            ));
        }
        if self.userinfo != UserInfo::None && endpoints.userinfo.is_none() {
            problems.push(Problem::new(
                format!("{at}.endpoints.userinfo"),
                "is missing, and UserInfo is to be asked",
                "the address of UserInfo, or userinfo = \"none\"",
            ));
        }
        if self.sign_out_upstream && endpoints.end_session.is_none() {
            problems.push(Problem::new(
                format!("{at}.endpoints.end_session"),
                "is missing, and signing out is to end the session there too",
                "the address of RP-initiated logout, or sign_out_upstream = false",
            ));
        }
        problems
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

    fn scope_problem(&self, at: &str) -> Option<Problem> {
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

    fn assurance_problems(&self, at: &str) -> Vec<Problem> {
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

    fn time_problems(&self, at: &str) -> Vec<Problem> {
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
    fn freshness_problem(&self, at: &str) -> Option<Problem> {
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

/// The highest level that a context of CIS2 can mean: 3 for `AAL2_OR_AAL3_ANY`. `None` for one we cannot read.
fn highest_aal(acr: &str) -> Option<u8> {
    let after = acr
        .match_indices("AAL")
        .filter_map(|(start, mark)| acr.get(start + mark.len()..));
    let levels = after.filter_map(|rest| rest.chars().next()?.to_digit(10));
    levels.filter_map(|level| u8::try_from(level).ok()).max()
}
