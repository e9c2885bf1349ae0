//! Who will do for what was asked, and what an upstream could mend.

use std::collections::BTreeSet;

use super::*;
use crate::downstream::application::redirect_uri::RedirectUri;
use crate::downstream::application::registry::Applications;
use crate::downstream::application::{ClientAuthentication, DpopUse, Login, PushedUse, Simulated};
use crate::downstream::authorization::answer_place::AnswerPlace;
use crate::downstream::authorization::parameters::Parameters;
use crate::downstream::authorization::waiting::Waiting;
use crate::identity::person::examples;
use crate::session::examples::session_of;

fn rota(change: impl FnOnce(&mut Requirements)) -> Application {
    let mut rota = Application::of_audience("rota", Simulated::Refuse);
    rota.login = Some(Login {
        redirect_uris: vec![RedirectUri::of_web("https://rota.example/").unwrap()],
        authentication: ClientAuthentication::None,
        dpop: DpopUse::Optional,
        pushed: PushedUse::Optional,
    });
    change(&mut rota.requires);
    rota
}

fn request(more: &str) -> AuthorizationRequest {
    let query = format!(
        "client_id=rota&redirect_uri=https://rota.example/&response_type=code&scope=openid&code_challenge_method=S256\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&{more}"
    );
    let parameters = Parameters::read(&query);
    let applications = Applications::new([rota(|_| ())], rota(|_| ()));
    let (application, place) = AnswerPlace::find(&parameters, &applications).unwrap();
    AuthorizationRequest::read(&parameters, application, place).unwrap()
}

/// How somebody is judged `age` after they proved themselves.
fn judged(person: Person, more: &str, asked_for: Option<Asked>, age: Duration) -> Result<(), Missing> {
    let now = person.proof().instant() + age;
    judge(&request(more), &rota(|_| ()), &session_of(person), asked_for, now)
}

/// What was asked before somebody proved themselves.
fn asked(person: &Person, needs: Needs) -> Asked {
    Asked {
        needs,
        left_at: person.proof().instant() - Duration::SECOND,
    }
}

const FRESH: Needs = Needs {
    fresh: true,
    role: false,
    least_aal: None,
};

#[test]
fn whoever_is_signed_in_will_do_where_nothing_more_is_asked() {
    assert_eq!(judged(examples::entra(), "", None, Duration::hours(3)), Ok(()));
    assert_eq!(
        judged(examples::cis2(), "prompt=none", None, Duration::hours(3)),
        Ok(())
    );
    assert_eq!(
        judged(examples::cis2(), "prompt=consent", None, Duration::hours(3)),
        Ok(())
    );
}

#[test]
fn prompt_login_is_met_by_a_fresh_login_after_it_was_asked_and_by_no_other() {
    for more in ["prompt=login", "max_age=0"] {
        let person = examples::entra();
        let minute = Duration::MINUTE;
        let without = judged(person.clone(), more, None, minute);
        assert_eq!(without, Err(Missing::FreshLogin), "{more}");
        let unforced = Some(asked(&person, Needs::default()));
        assert_eq!(
            judged(person.clone(), more, unforced, minute),
            Err(Missing::FreshLogin)
        );
        assert_eq!(
            judged(person.clone(), more, Some(asked(&person, FRESH)), minute),
            Ok(())
        );
        let long_before = Some(Asked {
            needs: FRESH,
            left_at: person.proof().instant() + MOST_SKEW + Duration::SECOND,
        });
        assert_eq!(
            judged(person, more, long_before, minute),
            Err(Missing::FreshLogin)
        );
    }
}

#[test]
fn max_age_is_counted_from_the_proof_and_a_fresh_one_ends_the_question() {
    let person = examples::entra();
    let ten = Duration::minutes(10);
    assert_eq!(judged(person.clone(), "max_age=600", None, ten), Ok(()));
    let late = judged(person.clone(), "max_age=600", None, ten + Duration::SECOND);
    assert_eq!(late, Err(Missing::MaxAge));
    let fresh = Some(asked(&person, FRESH));
    assert_eq!(
        judged(person, "max_age=600", fresh, ten + Duration::SECOND),
        Ok(())
    );
}

#[test]
fn select_account_is_met_by_a_fresh_login_after_it_was_asked() {
    let person = examples::entra();
    let before = judged(person.clone(), "prompt=select_account", None, Duration::ZERO);
    assert_eq!(before, Err(Missing::Choice));
    let only_a_role = Some(asked(
        &person,
        Needs {
            role: true,
            ..Needs::default()
        },
    ));
    let role_alone = judged(
        person.clone(),
        "prompt=select_account",
        only_a_role,
        Duration::ZERO,
    );
    assert_eq!(
        role_alone,
        Err(Missing::FreshLogin),
        "nobody was asked who they are"
    );
    let after = Some(asked(&person, FRESH));
    assert_eq!(
        judged(person, "prompt=select_account", after, Duration::ZERO),
        Ok(())
    );
}

#[test]
fn o28_a_level_that_was_asked_is_there_or_is_missing() {
    let missing = |least| Err(Missing::Aal { least });
    let asks = |person: Person, level: u8| {
        judged(
            person,
            &format!("acr_values=urn:nhs:aal:{level}"),
            None,
            Duration::ZERO,
        )
    };
    for had in 1..=3 {
        for least in 1..=3 {
            let expected = if had >= least { Ok(()) } else { missing(least) };
            assert_eq!(asks(examples::at_level(had), least), expected, "{had}, {least}");
        }
    }
    assert_eq!(asks(examples::entra(), 1), missing(1));
}

#[test]
fn what_was_asked_covers_what_it_is_as_much_as_and_nothing_more() {
    let of = |fresh, role, least_aal| Needs {
        fresh,
        role,
        least_aal,
    };
    let all = of(true, true, Some(3));
    for (fresh, role, level) in [
        (false, false, None),
        (true, false, None),
        (false, true, Some(1)),
        (false, false, Some(3)),
    ] {
        let needs = of(fresh, role, level);
        assert!(all.covers(needs) && needs.covers(needs), "{needs:?}");
        assert!(!needs.covers(all), "{needs:?}");
        assert_eq!(needs.and(Needs::default()), needs);
        assert_eq!(Needs::default().and(needs), needs);
    }
    assert!(!of(true, false, Some(2)).covers(of(false, true, None)));
    assert!(!of(true, true, Some(2)).covers(of(false, false, Some(3))));
}

#[test]
fn what_the_application_requires_goes_before_what_it_asks() {
    let cis2_only = rota(|requires| requires.doors = vec![Door::Cis2]);
    let session = session_of(examples::entra());
    let verdict = judge(&request("prompt=login"), &cis2_only, &session, None, examples::AT);
    let wanted = vec![Door::Cis2];
    assert_eq!(verdict, Err(Missing::Requirement(Unmet::Door { wanted })));
    let session = session_of(examples::simulated());
    let verdict = judge(&request(""), &rota(|_| ()), &session, None, examples::AT);
    assert_eq!(verdict, Err(Missing::Requirement(Unmet::Simulated)));
}

#[test]
fn an_upstream_is_asked_for_what_it_can_give_and_for_nothing_else() {
    let (mailbox, care) = (examples::entra(), examples::cis2());
    let anyone = Requirements::default();
    let role = Needs {
        role: true,
        ..Needs::default()
    };
    let could = |missing: &Missing, person: &Person| missing.could_be_asked(person, &anyone);
    let level = Missing::Aal { least: 3 };
    assert_eq!(could(&Missing::MaxAge, &mailbox), Some(FRESH));
    assert_eq!(could(&level, &care), Some(Needs::default()));
    assert_eq!(could(&level, &mailbox), None, "a mailbox has no level");
    assert_eq!(
        could(&Missing::Requirement(Unmet::Factors), &mailbox),
        Some(FRESH)
    );
    assert_eq!(could(&Missing::Requirement(Unmet::Simulated), &care), None);
    let of = |code: &str| Requirements {
        roles: BTreeSet::from([code.to_owned()]),
        ..Requirements::default()
    };
    let unmet = Missing::Requirement(Unmet::Role);
    assert_eq!(
        unmet.could_be_asked(&care, &of("R8015")),
        Some(role),
        "the other role"
    );
    assert_eq!(
        unmet.could_be_asked(&care, &of("R0260")),
        None,
        "no role of theirs"
    );
    assert_eq!(unmet.could_be_asked(&mailbox, &of("R8015")), None);
}

#[test]
fn whoever_signs_in_is_asked_for_all_that_is_known_to_be_needed() {
    let strict = rota(|requires| {
        requires.factors = Factors::Several;
        requires.minimum_aal = Some(1);
    });
    let needs = Needs::of(&request("prompt=login"), &strict);
    assert_eq!((needs.fresh, needs.least_aal), (true, Some(2)));
    let needs = Needs::of(&request("acr_values=urn:nhs:aal:3"), &strict);
    assert_eq!((needs.fresh, needs.least_aal), (false, Some(3)));
}

#[test]
fn what_is_missing_has_a_word_of_the_standards() {
    let words = |missing: &Missing| (missing.unasked().error.as_str(), missing.told().error.as_str());
    let unmet = "unmet_authentication_requirements";
    assert_eq!(words(&Missing::Person), ("login_required", "access_denied"));
    assert_eq!(words(&Missing::MaxAge), ("login_required", unmet));
    assert_eq!(words(&Missing::Aal { least: 3 }), ("login_required", unmet));
    assert_eq!(words(&Missing::Choice), ("interaction_required", "access_denied"));
    let role = Missing::Requirement(Unmet::Role);
    assert_eq!(words(&role), ("interaction_required", "access_denied"));
    let simulated = Missing::Requirement(Unmet::Simulated);
    assert_eq!(words(&simulated), ("access_denied", "access_denied"));
}

#[test]
fn whoever_has_just_proved_themselves_is_not_too_old_by_an_upstreams_slow_clock() {
    let person = examples::entra();
    let a_minute = rota(|requires| requires.max_age = Some(Duration::MINUTE));
    let (session, now) = (
        session_of(person.clone()),
        person.proof().instant() + Duration::minutes(2),
    );
    let judged = |asked_for| judge(&request(""), &a_minute, &session, asked_for, now);
    assert_eq!(judged(Some(asked(&person, FRESH))), Ok(()));
    for not_anew in [None, Some(asked(&person, Needs::default()))] {
        assert_eq!(judged(not_anew), Err(Missing::Requirement(Unmet::Age)));
    }
}

#[test]
fn a_role_that_is_asked_afterwards_makes_no_fresh_login_old() {
    let person = examples::entra();
    let left_at = person.proof().instant();
    let role = Needs {
        role: true,
        ..Needs::default()
    };
    let left = Waiting::new(request("prompt=login"), left_at).on_the_way(FRESH, left_at);
    let later = left_at + Duration::minutes(9);
    let asked_for = |needs| left.clone().on_the_way(needs, later).asked_for.unwrap();
    assert_eq!(
        asked_for(role),
        Asked {
            needs: FRESH.and(role),
            left_at
        }
    );
    assert_eq!(asked_for(FRESH).left_at, later, "a new departure counts anew");
}
