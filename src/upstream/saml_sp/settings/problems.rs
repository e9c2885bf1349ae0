//! What can be wrong with one connection, each problem with what to write instead.

use time::OffsetDateTime;

use crate::platform::problem::Problem;
use crate::upstream::label;
use crate::upstream::saml_sp::settings::{Preset, Settings, Unsolicited};

/// The most a clock may be off (checklist SP-20), in seconds.
const MOST_SKEW: i64 = 300;
/// The oldest response, in seconds: Entra's assertions live an hour.
const MOST_AGE: i64 = 3600;
/// A wrong spelling that identity providers refuse.
const UNSPECIFIED_OF_2_0: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:unspecified";
/// A name that means something for one sign-in only.
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

impl Settings {
    /// What is wrong with this connection at the instant `now`; `at` is the path of its table.
    pub fn problems(&self, at: &str, now: OffsetDateTime) -> Vec<Problem> {
        let mut problems = Vec::new();
        problems.extend(label::problem(&self.label, at));
        problems.extend(self.tenant_problem(at));
        problems.extend(self.time_problems(at));
        problems.extend(self.in_response_to_problem(at));
        problems.extend(self.unsolicited_problems(at));
        problems.extend(self.request_problems(at));
        problems.extend(self.logout_problem(at));
        for (index, exception) in self.exceptions.iter().enumerate() {
            problems.extend(exception.problems(&format!("{at}.exception[{index}]"), now));
        }
        problems.extend(self.file_problems(at));
        problems
    }

    /// What should be seen to at the instant `now`, though nothing is refused for it: permissions that have ended,
    /// certificates of ours that will.
    pub fn warnings(&self, at: &str, now: OffsetDateTime) -> Vec<Problem> {
        let exceptions = self.exceptions.iter().enumerate();
        let ended = exceptions.filter_map(|(index, it)| it.ended(&format!("{at}.exception[{index}]"), now));
        ended.chain(self.ageing_certificates(at, now)).collect()
    }

    /// Entra's document for every tenant has `{tenant}` where the tenant's own has its identifier.
    fn tenant_problem(&self, at: &str) -> Option<Problem> {
        self.idp_entity_id.as_str().contains('{').then(|| {
            Problem::new(
                format!("{at}.idp_entity_id"),
                "this is the name that stands for every tenant of Microsoft, so anyone's account would do",
                "the name with the tenant's identifier, from the metadata of your own tenant",
            )
        })
    }

    fn time_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let skew = self.clock_skew.whole_seconds();
        if skew > MOST_SKEW {
            problems.push(Problem::new(
                format!("{at}.clock_skew_seconds"),
                format!("{skew} s would accept what expired long ago"),
                format!("at most {MOST_SKEW}; 120 suits Entra and ADFS with clocks that are kept"),
            ));
        }
        let age = self.max_response_age.whole_seconds();
        if !(30..=MOST_AGE).contains(&age) {
            problems.push(Problem::new(
                format!("{at}.max_response_age_seconds"),
                format!("{age} s is too short for a slow browser or too long for a safe one"),
                format!("a number from 30 to {MOST_AGE}; 300 is usual"),
            ));
        }
        problems
    }

    fn in_response_to_problem(&self, at: &str) -> Option<Problem> {
        let nothing_binds =
            self.allow_missing_response_in_response_to && self.allow_missing_scd_in_response_to;
        nothing_binds.then(|| {
            Problem::new(
                format!("{at}.allow_missing_scd_in_response_to"),
                "with allow_missing_response_in_response_to nothing would tie an answer to its question",
                "at most one of the two as true",
            )
        })
    }

    fn unsolicited_problems(&self, at: &str) -> Option<Problem> {
        let accepts = self.unsolicited == Unsolicited::Accept;
        let has_list = !self.unsolicited_relay_states.is_empty();
        if accepts == has_list {
            return None;
        }
        let (what, instead) = if accepts {
            (
                "unsolicited responses are accepted, and no RelayState is allowed: every one would be refused",
                "the RelayState values your identity provider sends; \"\" stands for none",
            )
        } else {
            (
                "the list is used only with unsolicited = \"accept\"",
                "remove the key, or set unsolicited = \"accept\" if you mean it",
            )
        };
        Some(Problem::new(
            format!("{at}.unsolicited_relay_states"),
            what,
            instead,
        ))
    }

    /// ADFS answers an unsigned message of single logout with MSIS7084, on a page of its own.
    fn logout_problem(&self, at: &str) -> Option<Problem> {
        let is_set = self.single_logout == Some(true);
        let nobody_listens = self.preset == Preset::Adfs && self.request_signing.is_none();
        (is_set && nobody_listens).then(|| {
            Problem::new(
                format!("{at}.single_logout"),
                "ADFS takes only signed logout messages (MSIS7084), and no key signs ours",
                "the table request_signing with a key, whose certificate the NHSmail team is given, or false",
            )
        })
    }

    fn request_problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let format = self.name_id_policy_format.as_deref();
        if let Some(UNSPECIFIED_OF_2_0 | TRANSIENT | "") = format {
            problems.push(Problem::new(
                format!("{at}.name_id_policy_format"),
                "this format is misspelt (unspecified is of SAML 1.1) or names a person for one sign-in only",
                "remove the key, or \"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"",
            ));
        }
        if self
            .requested_authn_context
            .iter()
            .any(|class| class.trim().is_empty())
        {
            problems.push(Problem::new(
                format!("{at}.requested_authn_context"),
                "a name in the list is empty",
                "the AuthnContextClassRef, or leave the key out",
            ));
        }
        problems
    }
}
