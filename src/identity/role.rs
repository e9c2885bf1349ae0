//! `Role`: one job of a person in one organisation, as national role-based access control writes it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::values::{Code, DisplayText, OdsCode};
use crate::upstream::verified::{CareIdentity, NationalRole};

/// One job in one organisation, and what it may do there. Prints its code, never whose it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    id: Code,
    code: Code,
    full_code: Code,
    name: Option<DisplayText>,
    organisation: RoleOrganisation,
    activities: Vec<Coded>,
    workgroups: Vec<Coded>,
}

/// The organisation of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleOrganisation {
    /// Its ODS code.
    pub code: OdsCode,
    /// Its name, where CIS2 gave one for this code.
    pub name: Option<DisplayText>,
}

/// A code with its name: an activity such as `B0401`, a workgroup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coded {
    /// What decisions go by.
    pub code: Code,
    /// What people read; absent where the list of names is shorter than the list of codes.
    pub name: Option<DisplayText>,
}

impl Role {
    /// `person_roleid`: what a choice names. Text, for it may begin with a zero.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The job role, such as `R8001`: the last part of the full code.
    pub fn code(&self) -> &str {
        self.code.as_str()
    }

    /// Staff group, sub-group and job role: `S8000:G8000:R8001`.
    pub fn full_code(&self) -> &str {
        self.full_code.as_str()
    }

    /// What the job is called: the last part of the stated name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(DisplayText::as_str)
    }

    /// Where the job is done.
    pub fn organisation(&self) -> &RoleOrganisation {
        &self.organisation
    }

    /// What the job may do. A code may include others: see the national list before you refuse.
    pub fn activities(&self) -> &[Coded] {
        &self.activities
    }

    /// The workgroups of the job.
    pub fn workgroups(&self) -> &[Coded] {
        &self.workgroups
    }
}

/// The roles of `care` that can be used, in the order stated. An id that stands twice says of neither which one is
/// meant, so neither can be used; nor can one whose codes are not codes.
pub(in crate::identity) fn usable_roles(care: &CareIdentity) -> Vec<Role> {
    let stands_once = |role: &&NationalRole| {
        let same_id = |other: &&NationalRole| other.id == role.id;
        care.roles.iter().filter(same_id).count() == 1
    };
    let once = care.roles.iter().filter(stands_once);
    once.filter_map(|role| usable(role, &care.organisations))
        .collect()
}

fn usable(role: &NationalRole, organisations: &[(String, String)]) -> Option<Role> {
    let last = role.code.rsplit(':').next()?;
    Some(Role {
        id: Code::parse(&role.id)?,
        code: Code::parse(last)?,
        full_code: Code::parse(&role.code)?,
        name: role.name.as_deref().and_then(shown_name),
        organisation: organisation(&role.org_code, organisations)?,
        activities: paired(&role.activity_codes, &role.activities),
        workgroups: paired(&role.workgroup_codes, &role.workgroups),
    })
}

fn organisation(code: &str, organisations: &[(String, String)]) -> Option<RoleOrganisation> {
    let mut names = organisations.iter().filter(|(known, _)| known == code);
    Some(RoleOrganisation {
        code: OdsCode::parse(code)?,
        name: names.find_map(|(_, name)| DisplayText::parse(name)),
    })
}

/// The last of the quoted parts: `"Clinical":"Clinical Provision":"Nurse Access Role"`.
fn shown_name(stated: &str) -> Option<DisplayText> {
    let stated = stated.trim();
    let last = match stated.strip_suffix('"') {
        Some(quoted) => quoted.rsplit('"').next(),
        None => stated.rsplit(':').next(),
    };
    DisplayText::parse(last?.trim())
}

/// Codes with the name that stands at the same place. CIS2 states them as two lists that need not be equally long; a
/// name without a code decides nothing and is dropped.
fn paired(codes: &[String], names: &[String]) -> Vec<Coded> {
    let pairs = codes.iter().enumerate().filter_map(|(place, code)| {
        Some(Coded {
            code: Code::parse(code)?,
            name: names.get(place).and_then(|name| DisplayText::parse(name)),
        })
    });
    pairs.collect()
}

impl fmt::Debug for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Role")
            .field("code", &self.code())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::verified::examples;

    fn stated(change: impl FnOnce(&mut NationalRole)) -> CareIdentity {
        let mut care = examples::care_identity();
        care.roles.truncate(1);
        care.roles.iter_mut().for_each(|role| role.id = "1".to_owned());
        if let Some(role) = care.roles.first_mut() {
            change(role);
        }
        care
    }

    #[test]
    fn oi_12_a_role_keeps_its_codes_and_the_last_part_of_its_name() {
        let roles = usable_roles(&examples::care_identity());
        let [nurse, support] = &roles[..] else {
            panic!("two roles");
        };
        assert_eq!((nurse.id(), nurse.code()), ("555200000011", "R8001"));
        assert_eq!(nurse.full_code(), "S8000:G8000:R8001");
        assert_eq!(nurse.name(), Some("Nurse Access Role"));
        assert_eq!(nurse.organisation().code.as_str(), "A9A5A");
        let organisation = nurse.organisation().name.as_ref().map(DisplayText::as_str);
        assert_eq!(organisation, Some("NHSID DEV"));
        assert_eq!(support.code(), "R8015");
        assert!(support.activities().is_empty() && support.workgroups().is_empty());
    }

    #[test]
    fn oi_12_an_organisation_without_a_stated_name_has_none() {
        let mut care = examples::care_identity();
        care.organisations.clear();
        let roles = usable_roles(&care);
        assert!(roles.iter().all(|role| role.organisation().name.is_none()));
    }

    #[test]
    fn oi_12_lists_of_unequal_length_are_paired_as_far_as_they_go() {
        let care = stated(|role| {
            role.activity_codes = vec!["B0401".to_owned(), "B0278".to_owned(), " ".to_owned()];
            role.activities = vec!["View Patient Medication".to_owned()];
            role.workgroup_codes = vec!["7".to_owned()];
            role.workgroups = vec!["ONE".to_owned(), "TWO".to_owned()];
        });
        let roles = usable_roles(&care);
        let shown = |list: &[Coded]| -> Vec<String> {
            let text = |it: &Coded| {
                format!(
                    "{} {:?}",
                    it.code.as_str(),
                    it.name.as_ref().map(DisplayText::as_str)
                )
            };
            list.iter().map(text).collect()
        };
        assert_eq!(
            shown(roles[0].activities()),
            ["B0401 Some(\"View Patient Medication\")", "B0278 None"]
        );
        assert_eq!(shown(roles[0].workgroups()), ["7 Some(\"ONE\")"]);
    }

    #[test]
    fn oi_12_a_role_without_readable_codes_is_not_usable() {
        let breaks: [fn(&mut NationalRole); 6] = [
            |role| role.id = " ".to_owned(),
            |role| role.code = "S8000:G8000:".to_owned(),
            |role| role.code.clear(),
            |role| role.org_code = "A9 A5A".to_owned(),
            |role| role.code = "S8000:G8000:R8001\r\nX: y".to_owned(),
            |role| role.id = "1".repeat(101),
        ];
        for change in breaks {
            assert!(usable_roles(&stated(change)).is_empty());
        }
        assert_eq!(usable_roles(&stated(|_| {})).len(), 1);
    }

    #[test]
    fn oi_12_an_id_that_stands_twice_names_neither() {
        let mut care = examples::care_identity();
        let twin = NationalRole {
            code: "S0:G0:R0260".to_owned(),
            ..care.roles[0].clone()
        };
        care.roles.push(twin);
        let left: Vec<String> = usable_roles(&care)
            .iter()
            .map(|role| role.id().to_owned())
            .collect();
        assert_eq!(left, ["555200000012"]);
    }

    #[test]
    fn a_name_in_any_shape_is_shown_or_dropped() {
        let shown = |stated| shown_name(stated).map(|name| name.as_str().to_owned());
        assert_eq!(shown("\"A\":\"B\":\"C: d\"").as_deref(), Some("C: d"));
        assert_eq!(shown("A:B:C").as_deref(), Some("C"));
        assert_eq!(shown("Nurse").as_deref(), Some("Nurse"));
        assert_eq!(shown("\"A\":\"B\":\"\""), None);
        assert_eq!(shown("\""), None);
    }
}
