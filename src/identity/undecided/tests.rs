//! In which role somebody comes: zero, one, many; selected, blank, unknown, asked.

use super::*;
use crate::identity::normalise::{NormaliseRefusal, Normalised, normalise};
use crate::identity::person::OrganisationSource;
use crate::identity::person::examples::{complete, ours};
use crate::identity::settings::{Field, Settings};
use crate::upstream::verified::CareIdentity;
use crate::upstream::verified::examples;

const NURSE: &str = "555200000011";
const SUPPORT: &str = "555200000012";

fn asked_by(picker: Picker) -> Settings {
    let required = picker != Picker::None;
    Settings::cis2().with_roles(RoleSettings {
        picker,
        required,
        ..RoleSettings::none()
    })
}

fn arrives(picker: Picker, change: impl FnOnce(&mut CareIdentity)) -> Result<Normalised, NormaliseRefusal> {
    normalise(&examples::cis2().caring(change).vouch(), &asked_by(picker))
}

fn role_of(normalised: Result<Normalised, NormaliseRefusal>) -> Result<Option<String>, RoleRefusal> {
    match normalised {
        Ok(Normalised::Complete(person)) => Ok(person.role().map(|role| role.id().to_owned())),
        Ok(Normalised::RoleChoice(_)) => panic!("a question"),
        Err(NormaliseRefusal::Role(refusal)) => Err(refusal),
        Err(other) => panic!("{other}"),
    }
}

fn undecided(example: examples::Example, settings: &Settings) -> Undecided {
    match normalise(&example.vouch(), settings).unwrap() {
        Normalised::RoleChoice(undecided) => undecided,
        Normalised::Complete(_) => panic!("nobody asked"),
    }
}

const PICKERS: [Picker; 3] = [Picker::Cis2, Picker::Ours, Picker::None];

#[test]
fn oi_12_the_selected_role_is_taken_wherever_it_stands_in_the_list() {
    for picker in PICKERS {
        for id in [NURSE, SUPPORT] {
            let arrived = arrives(picker, |care| care.selected_role_id = Some(id.to_owned()));
            assert_eq!(role_of(arrived).unwrap().as_deref(), Some(id));
        }
    }
}

#[test]
fn oi_12_a_blank_or_unknown_selection_is_refused_and_no_other_role_is_taken() {
    for picker in PICKERS {
        for selected in ["", " ", "555200000099", " 555200000011", "R8001"] {
            let select = |care: &mut CareIdentity| care.selected_role_id = Some(selected.to_owned());
            assert_eq!(role_of(arrives(picker, select)), Err(RoleRefusal::NoUsableRole));
            let and_only_one = |care: &mut CareIdentity| {
                care.roles.truncate(1);
                care.selected_role_id = Some(selected.to_owned());
            };
            assert_eq!(
                role_of(arrives(picker, and_only_one)),
                Err(RoleRefusal::NoUsableRole)
            );
        }
    }
}

#[test]
fn oi_12_a_selection_that_stands_twice_is_refused() {
    for picker in PICKERS {
        let twice = arrives(picker, |care| care.roles.push(care.roles[0].clone()));
        assert_eq!(role_of(twice), Err(RoleRefusal::NoUsableRole));
    }
}

#[test]
fn oi_12_one_role_is_taken_without_a_question() {
    for picker in PICKERS {
        let one = arrives(picker, |care| {
            care.roles.truncate(1);
            care.selected_role_id = None;
        });
        assert_eq!(role_of(one).unwrap().as_deref(), Some(NURSE));
    }
}

#[test]
fn oi_12_without_a_role_nobody_comes_in_where_one_is_required() {
    for selected in [None, Some(String::new())] {
        let roleless = |care: &mut CareIdentity| {
            care.roles.clear();
            care.selected_role_id = selected;
        };
        for picker in [Picker::Cis2, Picker::Ours] {
            assert_eq!(
                role_of(arrives(picker, roleless.clone())),
                Err(RoleRefusal::NoRole)
            );
        }
        assert_eq!(role_of(arrives(Picker::None, roleless)), Ok(None));
    }
    let and_yet_selected = arrives(Picker::None, |care| care.roles.clear());
    assert_eq!(role_of(and_yet_selected), Err(RoleRefusal::NoUsableRole));
}

#[test]
fn oi_12_several_roles_and_no_selection_are_a_question_only_where_we_ask() {
    let unselected = |care: &mut CareIdentity| care.selected_role_id = None;
    let by_cis2 = arrives(Picker::Cis2, unselected);
    assert_eq!(role_of(by_cis2), Err(RoleRefusal::NotSelected));
    let Ok(Normalised::Complete(person)) = arrives(Picker::None, unselected) else {
        panic!("nobody asks");
    };
    assert_eq!((person.role(), person.organisation()), (None, None));
    assert_eq!(person.roles().len(), 2);
    assert!(matches!(
        arrives(Picker::Ours, unselected),
        Ok(Normalised::RoleChoice(_))
    ));
}

#[test]
fn oi_12_whoever_was_asked_is_a_person_once_they_chose_one_of_their_roles() {
    let example = examples::cis2().caring(|care| care.selected_role_id = None);
    let waiting = undecided(example, &asked_by(Picker::Ours));
    let kept = serde_json::to_vec(&waiting).unwrap();
    let waiting: Undecided = serde_json::from_slice(&kept).unwrap();
    assert_eq!(waiting.roles().len(), 2);
    assert_eq!(
        (waiting.connection(), waiting.name().as_deref()),
        ("care-identity", Some("Priya Tester"))
    );

    let person = waiting.choose(SUPPORT, &ours()).unwrap();
    assert_eq!(person.role().map(Role::code), Some("R8015"));
    let organisation = person.organisation().unwrap();
    assert_eq!(organisation.code.as_str(), "X26");
    assert_eq!(organisation.source, OrganisationSource::SelectedRole);
    for not_theirs in ["", "555200000099", "R8015", " 555200000012"] {
        assert_eq!(waiting.choose(not_theirs, &ours()), Err(RoleRefusal::NoSuchRole));
    }
    let same = complete(
        examples::cis2().caring(|care| care.selected_role_id = Some(SUPPORT.to_owned())),
        &asked_by(Picker::Ours),
    );
    assert_eq!(person, same.unwrap(), "whoever asked, it is one person");
}

#[test]
fn oi_12_a_role_is_changed_for_another_of_theirs_and_the_proof_stays() {
    let nurse = complete(examples::cis2(), &Settings::cis2()).unwrap();
    let support = nurse.with_role(SUPPORT, &ours()).unwrap();
    assert_eq!(support.role().map(Role::id), Some(SUPPORT));
    assert_eq!(
        (support.account(), support.proof()),
        (nurse.account(), nurse.proof())
    );
    assert_eq!(support.with_role(NURSE, &ours()).unwrap(), nurse);
    assert_eq!(
        nurse.with_role("555200000099", &ours()),
        Err(RoleRefusal::NoSuchRole)
    );
    let mailbox = complete(examples::entra(), &Settings::entra()).unwrap();
    assert_eq!(mailbox.with_role(NURSE, &ours()), Err(RoleRefusal::NoSuchRole));
}

#[test]
fn sp_26_what_is_required_is_asked_for_before_the_question_and_the_organisation_comes_with_the_role() {
    let unselected = || examples::cis2().caring(|care| care.selected_role_id = None);
    let mut settings = asked_by(Picker::Ours);
    settings.required.extend([Field::OrgCode, Field::Email]);
    let waiting = undecided(unselected(), &settings);
    assert!(
        waiting
            .choose(NURSE, &settings.roles)
            .unwrap()
            .organisation()
            .is_some()
    );
    let refused = normalise(&unselected().without("email").vouch(), &settings);
    assert_eq!(
        refused,
        Err(NormaliseRefusal::RequiredAbsent { field: Field::Email })
    );

    let mut nobody_asks = asked_by(Picker::None);
    nobody_asks.required.insert(Field::OrgCode);
    let refused = normalise(&unselected().vouch(), &nobody_asks);
    assert_eq!(
        refused,
        Err(NormaliseRefusal::RequiredAbsent {
            field: Field::OrgCode
        })
    );
}

#[test]
fn gv_02_whoever_waits_is_not_printed() {
    let example = examples::cis2().caring(|care| care.selected_role_id = None);
    let printed = format!("{:?}", undecided(example, &asked_by(Picker::Ours)));
    assert_eq!(printed, "Undecided(…)");
}
