//! Whether a role may come in: its organisation, its code, its workgroups.

use crate::identity::person::Person;
use crate::identity::role::Role;
use crate::identity::role_refusal::RoleRefusal;
use crate::identity::settings::roles::RoleSettings;
use crate::identity::values::DisplayText;

/// The person, if their selected role may come in, or they need none.
pub(in crate::identity) fn admitted(person: Person, settings: &RoleSettings) -> Result<Person, RoleRefusal> {
    match &person.role {
        Some(role) => {
            judge(role, &person.roles, settings)?;
            Ok(person)
        }
        None if !settings.is_role_needed() => Ok(person),
        None if person.roles.is_empty() => Err(RoleRefusal::NoRole),
        None => Err(RoleRefusal::NotSelected),
    }
}

/// True if `role` may come in.
pub(in crate::identity) fn is_admitted(role: &Role, settings: &RoleSettings) -> bool {
    is_organisation_enabled(role, settings) && is_accepted(role, settings) && is_in_workgroup(role, settings)
}

fn judge(role: &Role, all: &[Role], settings: &RoleSettings) -> Result<(), RoleRefusal> {
    // One that would not do itself is no other that would.
    let other_roles_would_do = all.iter().any(|other| is_admitted(other, settings));
    if !is_organisation_enabled(role, settings) {
        return Err(RoleRefusal::OrganisationNotEnabled {
            organisation: role.organisation().clone(),
            other_roles_would_do,
        });
    }
    if !is_accepted(role, settings) {
        return Err(RoleRefusal::RoleNotAccepted {
            role: Box::new(role.clone()),
            accepted_codes: settings.accepted_codes.clone(),
            other_roles_would_do,
        });
    }
    if !is_in_workgroup(role, settings) {
        return Err(RoleRefusal::NotInWorkgroup {
            organisation: role.organisation().clone(),
            workgroups: settings.workgroups.clone(),
            other_roles_would_do,
        });
    }
    Ok(())
}

fn is_organisation_enabled(role: &Role, settings: &RoleSettings) -> bool {
    let code = role.organisation().code.as_str();
    let list = &settings.organisations;
    list.is_empty() || list.iter().any(|enabled| enabled == code)
}

/// A short code accepts the job wherever it stands in the staff groups, a full one only there.
fn is_accepted(role: &Role, settings: &RoleSettings) -> bool {
    let list = &settings.accepted_codes;
    let is_this = |accepted: &String| accepted == role.code() || accepted == role.full_code();
    list.is_empty() || list.iter().any(is_this)
}

fn is_in_workgroup(role: &Role, settings: &RoleSettings) -> bool {
    let list = &settings.workgroups;
    let is_in = |wanted: &String| {
        let mut groups = role.workgroups().iter();
        groups.any(|group| {
            group.code.as_str() == wanted || group.name.as_ref().map(DisplayText::as_str) == Some(wanted)
        })
    };
    list.is_empty() || list.iter().any(is_in)
}

#[cfg(test)]
mod tests;
