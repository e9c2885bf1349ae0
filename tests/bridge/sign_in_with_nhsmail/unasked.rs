//! Sign-ins that begin at the identity provider: refused, asked again, or taken from a list.

use nhsmail_bridge::fakes::saml_idp::Personality;
use nhsmail_bridge::upstream::saml_sp::settings::Unsolicited;

use crate::support::{ADFS, ENTRA, TestBridge, Unasked};

const TOO_LATE: &str = "You need to log in again";
const NOT_COMPLETED: &str = "We could not log you in";

/// A bridge whose door for Entra does `what` with what nobody asked for, and takes the state `rota`.
async fn entra_that(what: Unsolicited) -> TestBridge {
    TestBridge::configured(|config| {
        let entra = &mut config.saml.get_mut(ENTRA).expect("a door").saml;
        entra.unsolicited = what;
        entra.unsolicited_relay_states = vec!["rota".to_owned()];
    })
    .await
}

#[tokio::test]
async fn sp_17_an_answer_that_nobody_asked_for_is_refused_unless_it_is_switched_on() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let answer = bridge
        .begin_at_the_idp(&mut visitor, &Unasked::by_entra(""))
        .await;
    assert_eq!(visitor.bring(&answer).await.heading(), TOO_LATE);
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_17_restart_throws_the_answer_away_and_asks_a_question_of_our_own() {
    let bridge = entra_that(Unsolicited::Restart).await;
    let mut visitor = bridge.visitor();
    let answer = bridge
        .begin_at_the_idp(&mut visitor, &Unasked::by_entra(""))
        .await;
    let question = visitor.bring(&answer).await;
    assert_eq!(question.heading(), "Who signs in?", "{}", question.body);
    assert!(!visitor.is_signed_in().await);
    assert_eq!(bridge.fake.received().len(), 1);

    let answer = visitor.pick(&question, "priya-tester").await;
    assert!(visitor.bring(&answer).await.says("Priya Tester"));
}

#[tokio::test]
async fn sp_17_accept_takes_what_has_no_relay_state_or_a_listed_one() {
    let bridge = entra_that(Unsolicited::Accept).await;
    for relay_state in ["", "rota"] {
        let mut visitor = bridge.visitor();
        let unasked = Unasked::by_entra(relay_state);
        let answer = bridge.begin_at_the_idp(&mut visitor, &unasked).await;
        let page = visitor.bring(&answer).await;
        assert!(page.says("Amara Example"), "{relay_state}: {}", page.body);
    }
    let mut visitor = bridge.visitor();
    let unasked = Unasked::by_entra("https://evil.example.test/");
    let answer = bridge.begin_at_the_idp(&mut visitor, &unasked).await;
    assert_eq!(visitor.bring(&answer).await.heading(), TOO_LATE);
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_17_a_door_that_accepts_makes_no_other_door_weaker() {
    let bridge = entra_that(Unsolicited::Accept).await;
    let mut visitor = bridge.visitor();
    let answer = bridge.begin_at_the_idp(&mut visitor, &Unasked::by_adfs()).await;
    assert_eq!(visitor.bring(&answer).await.heading(), TOO_LATE);

    let at_the_wrong_door = Unasked {
        door: ENTRA,
        personality: Personality::Adfs,
        relay_state: "",
    };
    let answer = bridge.begin_at_the_idp(&mut visitor, &at_the_wrong_door).await;
    assert_eq!(visitor.bring(&answer).await.heading(), NOT_COMPLETED);
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_17_an_answer_to_a_question_does_not_become_unasked_by_losing_its_relay_state() {
    let bridge = entra_that(Unsolicited::Accept).await;
    let (mut owner, mut thief) = (bridge.visitor(), bridge.visitor());
    let question = owner.leave(ENTRA).await;
    let answer = owner.pick(&question, "amara-example").await;
    for form in [
        answer.form("Continue").without("RelayState"),
        answer.form("Continue").with("RelayState", "rota"),
    ] {
        assert_eq!(thief.bring_form(&answer, &form).await.heading(), NOT_COMPLETED);
    }
    let as_it_is = thief.bring(&answer).await;
    assert_eq!(
        as_it_is.heading(),
        "We could not match your login to this browser"
    );
    assert!(!thief.is_signed_in().await);
}

#[tokio::test]
async fn sp_22_an_assertion_that_was_used_is_refused_in_every_browser() {
    let bridge = entra_that(Unsolicited::Accept).await;
    let (mut first, mut second) = (bridge.visitor(), bridge.visitor());
    let answer = bridge.begin_at_the_idp(&mut first, &Unasked::by_entra("")).await;
    assert!(first.bring(&answer).await.says("Amara Example"));
    for visitor in [&mut first, &mut second] {
        assert_eq!(visitor.bring(&answer).await.heading(), NOT_COMPLETED);
    }
    assert!(!second.is_signed_in().await);
}

#[tokio::test]
async fn sp_22_a_used_assertion_is_remembered_for_as_long_as_it_would_be_taken() {
    let bridge = entra_that(Unsolicited::Accept).await;
    let mut visitor = bridge.visitor();
    let answer = bridge
        .begin_at_the_idp(&mut visitor, &Unasked::by_entra(""))
        .await;
    visitor.bring(&answer).await;
    for minutes in [1, 3, 2, 1, 1, 22, 29, 2] {
        bridge.clock.advance(time::Duration::minutes(minutes));
        assert_eq!(bridge.visitor().bring(&answer).await.heading(), NOT_COMPLETED);
    }
}

#[tokio::test]
async fn sp_29_a_door_that_is_switched_off_takes_nothing_unasked() {
    let bridge = TestBridge::configured(|config| {
        let adfs = &mut config.saml.get_mut(ADFS).expect("a door").saml;
        adfs.unsolicited = Unsolicited::Accept;
        adfs.enabled = false;
    })
    .await;
    let mut visitor = bridge.visitor();
    let answer = bridge.begin_at_the_idp(&mut visitor, &Unasked::by_adfs()).await;
    assert_eq!(
        visitor.bring(&answer).await.heading(),
        "You cannot log in this way"
    );
    assert!(!visitor.is_signed_in().await);
}
