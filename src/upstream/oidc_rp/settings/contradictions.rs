//! What the file leaves open although nobody but the operator knows it, or says against its preset.

use crate::platform::problem::Problem;
use crate::upstream::oidc_rp::settings::{Preset, Written};
use crate::upstream::verified::Door;

impl Written {
    pub(super) fn contradictions(&self, at: &str) -> Vec<Problem> {
        let of_preset = self.preset.door();
        let word = self.preset.as_str();
        let mut problems = Vec::new();
        if of_preset.is_none() && self.issuer.is_none() {
            problems.push(Problem::new(
                format!("{at}.issuer"),
                "is missing: the preset \"none\" knows no provider",
                "the issuer of the provider's discovery document, byte for byte",
            ));
        }
        match (of_preset, self.door) {
            (None, None) => problems.push(Problem::new(
                format!("{at}.door"),
                "is missing: the preset \"none\" does not say what its people are",
                "door = \"cis2\" for holders of a Care Identity, door = \"nhsmail\" for NHSmail accounts",
            )),
            (Some(fixed), Some(other)) if fixed != other => problems.push(Problem::new(
                format!("{at}.door"),
                format!(
                    "the people of the preset \"{word}\" are of the door \"{}\"",
                    fixed.as_str()
                ),
                "remove the key",
            )),
            _ => {}
        }
        if self.preset != Preset::EntraOidc && self.tenant.is_some() {
            problems.push(Problem::new(
                format!("{at}.tenant"),
                format!("the preset \"{word}\" has no tenants"),
                "remove the key, or preset = \"entra-oidc\"",
            ));
        }
        problems.extend(self.assurance_of_a_mailbox(at));
        problems
    }

    fn assurance_of_a_mailbox(&self, at: &str) -> Vec<Problem> {
        let is_mailbox = self.preset.door().or(self.door) == Some(Door::Nhsmail);
        let keys = [
            ("minimum_aal", self.minimum_aal),
            ("minimum_ial", self.minimum_ial),
        ];
        let set = keys.iter().filter(|(_, level)| is_mailbox && level.is_some());
        set.map(|(key, _)| {
            Problem::new(
                format!("{at}.{key}"),
                "an NHSmail account proves no identity and states no assurance level; nobody could sign in",
                "remove the key; who needs a level asks for a Care Identity (door = \"cis2\")",
            )
        })
        .collect()
    }
}
