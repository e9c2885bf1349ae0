//! Where people end: at the page they wanted, and never anywhere else.

use url::form_urlencoded::Serializer;

use crate::support::{ENTRA, TestBridge};

const HOSTILE: &str = include_str!("../../../fixtures/redirects/hostile.txt");

/// `path` with a place to return to.
fn with_return_to(path: &str, place: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("door", ENTRA).append_pair("return_to", place);
    format!("{path}?{}", query.finish())
}

#[tokio::test]
async fn sp_27_a_deep_link_survives_the_sign_in_and_relay_state_comes_back_as_it_went() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let deep = bridge.application_url("/shifts/7?day=2026-11-24&view=week%20plan");
    let question = visitor.open(&with_return_to("/sign-in", deep.as_str())).await;
    let answer = visitor.pick(&question, "amara-example").await;

    let received = bridge.fake.received();
    let went = received.first().and_then(|question| question.relay_state.clone());
    let went = went.expect("a RelayState");
    assert_eq!(answer.form("Continue").field("RelayState"), Some(went.as_str()));
    assert!(went.len() <= 80 && !went.contains("shifts"), "{went}");

    let page = visitor.bring(&answer).await;
    assert_eq!(page.url, deep);
    assert!(page.heading().starts_with("Rota /shifts/7"), "{}", page.body);
}

#[tokio::test]
async fn sp_27_the_chooser_hands_a_deep_link_on() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let deep = bridge.application_url("/shifts/7");
    let chooser = visitor.open(&with_return_to("/", deep.as_str())).await;
    let question = visitor.open(chooser.link("Log in with NHSmail").as_str()).await;
    let answer = visitor.pick(&question, "amara-example").await;
    assert_eq!(visitor.bring(&answer).await.url, deep);
}

#[tokio::test]
async fn sp_27_a_relay_state_that_is_an_address_leads_nowhere() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;
    let form = answer
        .form("Continue")
        .with("RelayState", "https://evil.example.test/");
    let page = visitor.bring_form(&answer, &form).await;
    assert_eq!(page.status, 400);
    assert!(page.sent_to.is_empty(), "{:?}", page.sent_to);
}

#[tokio::test]
async fn ap_13_no_hostile_place_is_taken_at_the_front_door_or_when_leaving() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    // Every ninth of a long list, which the parser beside the rule sees whole.
    for target in HOSTILE.split('\n').filter(|line| !line.is_empty()).step_by(9) {
        for path in ["/", "/sign-in"] {
            let page = visitor.open(&with_return_to(path, target)).await;
            let seen = (page.heading(), page.status);
            assert_eq!(
                seen,
                ("We cannot send you to that website".to_owned(), 400),
                "{target}"
            );
            assert!(!page.says("evil") && page.sent_to.is_empty(), "{target}");
        }
    }
    assert!(bridge.fake.received().is_empty(), "nobody was sent anywhere");
}
