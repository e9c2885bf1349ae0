//! How answers come back: to the browser that asked, once, and from an identity provider that is switched on.

use nhsmail_bridge::fakes::saml_idp::{Manner, NameIds, Personality};
use nhsmail_bridge::identity::settings::Field;
use time::Duration;

use crate::support::{ADFS, ENTRA, Page, TestBridge};

const AGAIN: &str = "Finish logging in";
const SHUT: &str = "You cannot log in this way";
const TOO_LATE: &str = "You need to log in again";

fn assert_refused(page: &Page, heading: &str, status: u16) {
    assert_eq!(
        (page.heading().as_str(), page.status),
        (heading, status),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn sp_16_the_answer_of_another_browser_is_refused_and_left_to_its_owner() {
    let bridge = TestBridge::start().await;
    let (mut owner, mut thief) = (bridge.visitor(), bridge.visitor());
    let question = owner.leave(ENTRA).await;
    let answer = owner.pick(&question, "amara-example").await;
    thief.leave(ENTRA).await;

    let stolen = thief.bring(&answer).await;
    assert_refused(&stolen, "We could not match your login to this browser", 400);
    assert!(!thief.is_signed_in().await);

    assert_eq!(owner.bring(&answer).await.status, 200);
    assert!(owner.is_signed_in().await);
}

#[tokio::test]
async fn sp_16_an_answer_to_an_unknown_question_is_refused() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;
    let form = answer.form("Continue").with("RelayState", &"0".repeat(64));
    let page = visitor.bring_form(&answer, &form).await;
    assert_refused(&page, TOO_LATE, 400);
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_16_an_answer_is_used_once() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;
    visitor.bring(&answer).await;
    let ticket = visitor.ticket().expect("a ticket").to_owned();

    assert_refused(&visitor.bring(&answer).await, TOO_LATE, 400);
    assert_eq!(visitor.ticket(), Some(ticket.as_str()), "and the session stays");
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_16_an_answer_to_the_question_of_another_tab_is_refused() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let (one, two) = (visitor.leave(ENTRA).await, visitor.leave(ENTRA).await);
    let (one, two) = (
        visitor.pick(&one, "amara-example").await,
        visitor.pick(&two, "priya-tester").await,
    );
    let handle = two.form("Continue");
    let crossed = one
        .form("Continue")
        .with("RelayState", handle.field("RelayState").expect("a handle"));
    let page = visitor.bring_form(&one, &crossed).await;
    assert_refused(&page, "We could not log you in", 403);
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_16_two_tabs_may_sign_in_at_the_same_time_and_the_last_one_counts() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let (one, two) = (visitor.leave(ENTRA).await, visitor.leave(ADFS).await);
    let (one, two) = (
        visitor.pick(&one, "amara-example").await,
        visitor.pick(&two, "priya-tester").await,
    );
    assert!(visitor.bring(&two).await.says("Priya Tester"));
    assert!(visitor.bring(&one).await.says("Amara Example"));
}

#[tokio::test]
async fn sp_16_an_answer_after_half_an_hour_is_too_late() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    bridge.clock.advance(Duration::minutes(30));
    let answer = visitor.pick(&question, "amara-example").await;
    assert_refused(&visitor.bring(&answer).await, TOO_LATE, 400);
}

#[tokio::test]
async fn sp_21_an_answer_that_was_kept_for_eight_minutes_is_refused() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;
    bridge.clock.advance(Duration::minutes(8));
    let page = visitor.bring(&answer).await;
    assert_refused(&page, "We could not log you in", 403);
}

#[tokio::test]
async fn sp_20_a_clock_that_is_two_minutes_off_is_forgiven_and_three_are_not() {
    let bridge = TestBridge::start().await;
    for (seconds, status) in [(120, 200), (-120, 200), (180, 403)] {
        bridge.fake.set_ahead(Duration::seconds(seconds));
        let page = bridge.visitor().sign_in(ADFS, "amara-example").await;
        assert_eq!(page.status, status, "{seconds} s ahead");
    }
}

#[tokio::test]
async fn sp_24_a_person_without_name_id_signs_in_where_the_policy_names_another_key() {
    let bridge = TestBridge::start().await;
    let page = bridge.visitor().sign_in(ADFS, "nia-nameless").await;
    assert!(page.says("Nia Nameless"), "{}", page.body);

    let nameless = Manner {
        name_ids: NameIds::Never,
        ..Manner::default()
    };
    bridge.fake.set_manner(Personality::Entra, nameless);
    let page = bridge.visitor().sign_in(ENTRA, "nia-nameless").await;
    assert_refused(&page, "We could not log you in", 403);
}

#[tokio::test]
async fn sp_26_somebody_without_a_required_detail_is_told_which_and_whom_to_ask() {
    let bridge = TestBridge::configured(|config| {
        let entra = config.saml.get_mut(ENTRA).expect("a door");
        entra.person.required.insert(Field::OrgCode);
    })
    .await;
    let mut visitor = bridge.visitor();
    let page = visitor.sign_in(ENTRA, "vic-visitor").await;
    assert_refused(&page, "Some of your account details are missing", 403);
    assert!(page.says("which organisation you work for") && page.says("local administrator"));
    assert!(!visitor.is_signed_in().await);

    assert!(
        bridge
            .visitor()
            .sign_in(ENTRA, "amara-example")
            .await
            .says("Amara Example")
    );
}

#[tokio::test]
async fn sp_28_another_sites_post_brings_no_cookie_and_our_own_page_sends_it_again() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;

    let again = visitor.submit(&answer, &answer.form("Continue")).await;
    assert_eq!((again.heading().as_str(), again.status), (AGAIN, 200));
    assert!(
        !visitor.is_signed_in().await,
        "nobody is judged by a POST of another site"
    );
    let (sent, once_more) = (answer.form("Continue"), again.form("Continue"));
    for field in ["SAMLResponse", "RelayState"] {
        assert_eq!(sent.field(field), once_more.field(field));
    }
    assert_eq!(once_more.action, sent.action);

    let signed_in = visitor.submit_without_following(&again, &once_more).await;
    assert_eq!(signed_in.status, 303);
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_28_a_browser_that_keeps_no_cookies_is_asked_once_and_then_told() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    visitor.forget_cookies();
    let answer = visitor.pick(&question, "amara-example").await;
    let page = visitor.bring(&answer).await;
    assert_refused(&page, "We could not match your login to this browser", 400);
    assert!(page.says("Allow cookies"));
}

#[tokio::test]
async fn sp_29_an_answer_of_one_identity_provider_is_nothing_at_the_door_of_another() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;
    let mut form = answer.form("Continue");
    form.action = bridge.url(&format!("/saml/{ADFS}/acs"));
    assert_refused(&visitor.bring_form(&answer, &form).await, TOO_LATE, 400);
    assert!(!visitor.is_signed_in().await);
    assert_eq!(
        visitor.bring(&answer).await.status,
        200,
        "at its own door it is good"
    );
}

#[tokio::test]
async fn sp_29_a_door_that_is_switched_off_is_shut_at_every_step() {
    let mut bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ADFS).await;
    let answer = visitor.pick(&question, "amara-example").await;
    bridge
        .reload(|config| config.saml.get_mut(ADFS).expect("a door").saml.enabled = false)
        .await;
    assert_refused(&visitor.bring(&answer).await, SHUT, 403);
    assert_refused(&visitor.leave(ADFS).await, SHUT, 403);
    assert!(!visitor.open("/").await.says("older ADFS"));
    assert!(
        visitor
            .sign_in(ENTRA, "amara-example")
            .await
            .says("Amara Example")
    );
    let metadata = visitor.open(&format!("/saml/{ADFS}/metadata")).await;
    assert_eq!(metadata.status, 200, "which is needed to switch it on");
}
