//! Which roles come in, and what a refusal tells the page.

use super::*;
use crate::identity::person::examples;
use crate::identity::settings::roles::Picker;

const NURSE: &str = "555200000011";

fn listing(change: impl FnOnce(&mut RoleSettings)) -> RoleSettings {
    let mut settings = RoleSettings::default();
    change(&mut settings);
    settings
}

fn of(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The nurse of `A9A5A`, who also has a job in support at `X26`.
fn judged(settings: &RoleSettings) -> Result<Person, RoleRefusal> {
    admitted(examples::cis2(), settings)
}

#[test]
fn oi_12_a_listed_code_comes_in_short_or_in_full() {
    for code in ["R8001", "S8000:G8000:R8001"] {
        assert!(judged(&listing(|it| it.accepted_codes = of(&["R0260", code]))).is_ok());
    }
    for code in ["R800", "r8001", "S9999:G8000:R8001", "G8000:R8001"] {
        let refused = judged(&listing(|it| it.accepted_codes = of(&[code])));
        assert_eq!(refused.unwrap_err().rule(), "role-is-accepted", "{code}");
    }
}

#[test]
fn oi_12_a_refused_role_says_which_would_do_and_whether_they_have_one() {
    let refusal = |codes: &[&str]| judged(&listing(|it| it.accepted_codes = of(codes))).unwrap_err();
    let RoleRefusal::RoleNotAccepted {
        role,
        accepted_codes,
        other_roles_would_do,
    } = refusal(&["R8015"])
    else {
        panic!("the role");
    };
    assert_eq!((role.id(), accepted_codes), (NURSE, of(&["R8015"])));
    assert!(other_roles_would_do);
    assert!(!refusal(&["R0260"]).other_roles_would_do());
    let both = listing(|it| {
        it.accepted_codes = of(&["R8015"]);
        it.organisations = of(&["A9A5A"]);
    });
    let refused = judged(&both).unwrap_err();
    assert!(!refused.other_roles_would_do(), "right code, wrong organisation");
}

#[test]
fn oi_12_an_organisation_that_is_not_enabled_is_named() {
    let refused = judged(&listing(|it| it.organisations = of(&["X26"]))).unwrap_err();
    let RoleRefusal::OrganisationNotEnabled {
        organisation,
        other_roles_would_do,
    } = refused
    else {
        panic!("the organisation");
    };
    assert_eq!(organisation.code.as_str(), "A9A5A");
    assert_eq!(
        organisation.name.as_ref().map(DisplayText::as_str),
        Some("NHSID DEV")
    );
    assert!(other_roles_would_do);
    assert!(judged(&listing(|it| it.organisations = of(&["A9A5A"]))).is_ok());
}

#[test]
fn oi_12_one_workgroup_of_the_list_is_enough_by_code_or_by_name() {
    for group in ["555200000777", "TEST TEAM"] {
        assert!(judged(&listing(|it| it.workgroups = of(&["OTHER", group]))).is_ok());
    }
    let refused = judged(&listing(|it| it.workgroups = of(&["OTHER"]))).unwrap_err();
    assert_eq!(refused.rule(), "role-is-in-workgroup");
    assert!(!refused.other_roles_would_do());
}

#[test]
fn oi_12_a_list_that_only_a_role_can_meet_needs_a_role() {
    let undecided = examples::undecided();
    let mut choosy = listing(|it| it.organisations = of(&["A9A5A"]));
    choosy.required = false;
    choosy.picker = Picker::None;
    assert!(undecided.choose(NURSE, &choosy).is_ok());
    let mailbox = admitted(examples::entra(), &choosy);
    assert_eq!(mailbox, Err(RoleRefusal::NoRole));
}

#[test]
fn oi_12_a_chosen_role_is_admitted_like_a_selected_one() {
    let undecided = examples::undecided();
    let settings = listing(|it| it.accepted_codes = of(&["R8015"]));
    let would_do: Vec<bool> = undecided
        .roles()
        .iter()
        .map(|role| undecided.would_do(role, &settings))
        .collect();
    assert_eq!(would_do, [false, true]);
    let refused = undecided.choose(NURSE, &settings).unwrap_err();
    assert_eq!(refused.rule(), "role-is-accepted");
    let nurse = examples::cis2();
    assert!(nurse.with_role("555200000012", &settings).is_ok());
    assert!(nurse.with_role(NURSE, &settings).is_err());
}

#[test]
fn gv_02_a_refusal_logs_no_role_and_no_organisation() {
    for settings in [
        listing(|it| it.accepted_codes = of(&["R0260"])),
        listing(|it| it.organisations = of(&["X99"])),
        listing(|it| it.workgroups = of(&["OTHER"])),
    ] {
        let text = judged(&settings).unwrap_err().to_string();
        for word in ["A9A5A", "NHSID", "R8001", "Nurse", "5552"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}
