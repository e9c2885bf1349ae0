//! What an operator sets about roles: `[oidc.NAME.roles]`.

use serde::Deserialize;

use crate::identity::values::{Code, OdsCode};
use crate::platform::problem::Problem;
use crate::platform::setting::{Setting, Shape};

/// Every key of `[oidc.NAME.roles]`.
pub const SETTINGS: &[Setting] = &[
    Setting::optional("picker", Shape::Text, "\"cis2\"")
        .about(
            "Who asks somebody with several roles which one it is today: `cis2` (its own page), `ours` (a page of \
             the bridge), `none` (nobody; then only a person's single role is taken)",
        )
        .given_by("You; `cis2` needs the scope `selectedrole` in your CIS2 registration"),
    Setting::optional("required", Shape::Flag, "true")
        .about("Whether somebody without a role is refused")
        .given_by("The developers of the applications"),
    Setting::optional("accepted_codes", Shape::Texts, "[]")
        .such_as("[\"R8000\", \"S8000:G8000:R8001\"]")
        .about("The job roles that may come in, as R-codes or in full; empty: all")
        .given_by("The owners of the applications, from the national list of roles"),
    Setting::optional("organisations", Shape::Texts, "[]")
        .such_as("[\"A9A5A\"]")
        .about("The ODS codes of the organisations that may come in; empty: all")
        .given_by("The owners of the applications"),
    Setting::optional("workgroups", Shape::Texts, "[]")
        .such_as("[\"TEST TEAM\"]")
        .about("The workgroups, by code or name, of which the selected role must be in one; empty: no matter")
        .given_by("The owners of the applications, and the registration authority that fills the workgroups"),
];

/// Which roles one connection takes, and who asks for one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleSettings {
    /// Who asks somebody with several roles.
    pub picker: Picker,
    /// Whether somebody without a role is refused.
    pub required: bool,
    /// The job roles that may come in: `R8001`, or `S8000:G8000:R8001`. Empty: all.
    pub accepted_codes: Vec<String>,
    /// The ODS codes of the organisations that may come in. Empty: all.
    pub organisations: Vec<String>,
    /// The workgroups, by code or name, of which the role must be in one. Empty: no matter.
    pub workgroups: Vec<String>,
}

/// Who asks somebody with several roles which one it is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Picker {
    /// CIS2, on its own page, because we send `selectedrole` or `changedrole`.
    Cis2,
    /// A page of ours.
    Ours,
    /// Nobody.
    None,
}

impl Default for RoleSettings {
    /// A Care Identity, with CIS2's own picker and a role required.
    fn default() -> Self {
        Self {
            picker: Picker::Cis2,
            required: true,
            ..Self::none()
        }
    }
}

impl RoleSettings {
    /// A connection whose people have no roles: a mailbox.
    pub fn none() -> Self {
        Self {
            picker: Picker::None,
            required: false,
            accepted_codes: Vec::new(),
            organisations: Vec::new(),
            workgroups: Vec::new(),
        }
    }

    /// True if nobody comes in without a role: it is required, or there is something only a role can meet.
    pub fn is_role_needed(&self) -> bool {
        self.required || self.is_choosy()
    }

    fn is_choosy(&self) -> bool {
        let lists = [&self.accepted_codes, &self.organisations, &self.workgroups];
        lists.iter().any(|list| !list.is_empty())
    }

    /// What is wrong with these settings; `at` is the path of their table.
    pub fn problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for code in &self.accepted_codes {
            if Code::parse(code).is_none() {
                let at = format!("{at}.accepted_codes");
                let instead = "an R-code such as \"R8001\", or all of \"S8000:G8000:R8001\"";
                problems.push(Problem::new(at, format!("`{code}` is no role code"), instead));
            }
        }
        for code in &self.organisations {
            if OdsCode::parse(code).is_none() {
                let at = format!("{at}.organisations");
                let instead = "3 to 10 letters and digits, such as \"A9A5A\"";
                problems.push(Problem::new(at, format!("`{code}` is no ODS code"), instead));
            }
        }
        if self.workgroups.iter().any(|name| name.trim().is_empty()) {
            let at = format!("{at}.workgroups");
            problems.push(Problem::new(
                at,
                "a workgroup in the list is empty",
                "its code or its name",
            ));
        }
        if self.picker == Picker::None && self.is_role_needed() {
            problems.push(Problem::new(
                format!("{at}.picker"),
                "a role is needed and nobody asks for one, so nobody with several roles could sign in",
                "picker = \"cis2\" or picker = \"ours\"; or required = false and no list",
            ));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_code_or_can_never_be_met_is_a_problem() {
        let settings = RoleSettings {
            picker: Picker::None,
            required: false,
            accepted_codes: vec!["R8001".to_owned(), "R 8001".to_owned()],
            organisations: vec!["A9A5A".to_owned(), "A9".to_owned()],
            workgroups: vec![" ".to_owned()],
        };
        let at: Vec<_> = settings.problems("r").into_iter().map(|it| it.at).collect();
        assert_eq!(
            at,
            ["r.accepted_codes", "r.organisations", "r.workgroups", "r.picker"]
        );
    }

    #[test]
    fn the_defaults_have_no_problems_and_need_a_role_only_where_there_can_be_one() {
        for settings in [RoleSettings::default(), RoleSettings::none()] {
            assert!(settings.problems("r").is_empty());
        }
        assert!(RoleSettings::default().is_role_needed());
        assert!(!RoleSettings::none().is_role_needed());
        let choosy = RoleSettings {
            organisations: vec!["A9A5A".to_owned()],
            ..RoleSettings::none()
        };
        assert!(choosy.is_role_needed());
    }

    #[test]
    fn an_unknown_key_is_refused_and_what_is_left_out_is_as_documented() {
        assert!(toml_like(r#"{"pickr": "ours"}"#).is_err());
        let ours = toml_like(r#"{"picker": "ours"}"#).unwrap();
        assert_eq!((ours.picker, ours.required), (Picker::Ours, true));
    }

    fn toml_like(json: &str) -> Result<RoleSettings, serde_json::Error> {
        serde_json::from_str(json)
    }
}
