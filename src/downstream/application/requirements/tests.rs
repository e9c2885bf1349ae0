//! Each requirement, met and unmet.

use time::Duration;

use super::*;
use crate::identity::person::examples;
use crate::session::examples::session_of;

fn judge(person: Person, change: impl FnOnce(&mut Requirements)) -> Result<(), Unmet> {
    let mut requirements = Requirements::default();
    change(&mut requirements);
    requirements.judge(&session_of(person), examples::AT)
}

#[test]
fn nothing_is_asked_unless_it_is_written() {
    for person in [examples::entra(), examples::adfs(), examples::cis2()] {
        assert_eq!(judge(person, |_| ()), Ok(()));
    }
}

#[test]
fn only_the_doors_that_are_listed_are_open() {
    let cis2 = |it: &mut Requirements| it.doors = vec![Door::Cis2];
    assert_eq!(judge(examples::cis2(), cis2), Ok(()));
    let wanted = vec![Door::Cis2];
    assert_eq!(judge(examples::entra(), cis2), Err(Unmet::Door { wanted }));
}

#[test]
fn a_level_is_at_least_what_is_asked_and_no_level_is_none() {
    let least = |least| move |it: &mut Requirements| it.minimum_aal = Some(least);
    let unmet = |least, had| Err(Unmet::Aal { least, had });
    for had in 1..=3 {
        for asked in 1..=3 {
            let expected = if had >= asked {
                Ok(())
            } else {
                unmet(asked, Some(had))
            };
            assert_eq!(judge(examples::at_level(had), least(asked)), expected);
        }
    }
    assert_eq!(judge(examples::entra(), least(1)), unmet(1, None));
}

#[test]
fn several_factors_must_be_known() {
    let several = |it: &mut Requirements| it.factors = Factors::Several;
    assert_eq!(examples::entra().proof().several_factors(), Some(true));
    assert_eq!(judge(examples::entra(), several), Ok(()));
    assert_ne!(examples::adfs().proof().several_factors(), Some(true));
    assert_eq!(judge(examples::adfs(), several), Err(Unmet::Factors));
}

#[test]
fn organisation_and_role_are_of_the_list_and_absence_is_a_refusal() {
    let person = examples::cis2();
    let (role, code) = (
        person.role().unwrap(),
        person.organisation().unwrap().code.as_str(),
    );
    let one = |text: &str| BTreeSet::from([text.to_owned()]);
    assert_eq!(judge(person.clone(), |it| it.organisations = one(code)), Ok(()));
    assert_eq!(judge(person.clone(), |it| it.roles = one(role.code())), Ok(()));
    assert_eq!(
        judge(person.clone(), |it| it.roles = one(role.full_code())),
        Ok(())
    );
    let other = judge(person.clone(), |it| it.organisations = one("X26"));
    assert_eq!(other, Err(Unmet::Organisation));
    assert_eq!(
        judge(person.clone(), |it| it.roles = one("R0001")),
        Err(Unmet::Role)
    );
    assert_eq!(
        judge(examples::entra(), |it| it.roles = one(role.code())),
        Err(Unmet::Role)
    );
    let unknown = judge(examples::adfs(), |it| it.organisations = one("X26"));
    assert_eq!(unknown, Err(Unmet::Organisation));
}

#[test]
fn a_login_may_be_as_old_as_is_asked_and_no_older() {
    let age = examples::AT - examples::entra().proof().instant();
    let at_most = |longest| move |it: &mut Requirements| it.max_age = Some(longest);
    assert_eq!(judge(examples::entra(), at_most(age)), Ok(()));
    assert_eq!(
        judge(examples::entra(), at_most(age - Duration::SECOND)),
        Err(Unmet::Age)
    );
}

#[test]
fn a_login_of_which_nobody_says_when_it_was_is_too_old() {
    let a_day = |it: &mut Requirements| it.max_age = Some(Duration::DAY);
    assert_eq!(judge(examples::of_unknown_age(), |_| ()), Ok(()));
    assert_eq!(judge(examples::of_unknown_age(), a_day), Err(Unmet::Age));
    assert_eq!(judge(examples::entra_oidc(), a_day), Ok(()));
}

#[test]
fn gv_07_simulated_people_are_let_in_only_where_that_is_written() {
    let session = session_of(examples::simulated());
    let admits = |simulated| Application::of_audience("rota", simulated).admits(&session, examples::AT);
    assert_eq!(admits(Simulated::Accept), Ok(()));
    assert_eq!(admits(Simulated::Refuse), Err(Unmet::Simulated));
}
