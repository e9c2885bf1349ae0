//! Somebody is signed in already, and the application is answered at once.

use axum::http::Method;
use time::Duration;

use super::scene::{
    STATE, answer_at_once, asked, bridge_with_rota, bridge_with_rota_and_cis2, callback, with_rota,
};
use crate::support::{CIS2, ENTRA, TestBridge};

#[tokio::test]
async fn ap_08_somebody_who_is_signed_in_is_sent_back_with_a_code_a_state_and_who_answers() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let answer = answer_at_once(&mut visitor, &asked(&bridge)).await;
    assert_eq!(answer.place, callback(&bridge));
    assert_eq!(answer.value("state"), STATE);
    assert_eq!(answer.value("iss"), bridge.origin().as_str());
    let again = answer_at_once(&mut visitor, &asked(&bridge)).await;
    assert_ne!(answer.code(), again.code());
}

#[tokio::test]
async fn ap_01_an_address_with_a_query_of_its_own_keeps_it() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let other = bridge.application_url("/other?kept=1").to_string();
    let answer = answer_at_once(&mut visitor, &asked(&bridge).with("redirect_uri", &other)).await;
    assert_eq!(answer.value("kept"), "1");
    assert!(!answer.code().is_empty());
}

#[tokio::test]
async fn a_request_by_post_is_as_good_and_finds_the_cookie_again() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let page = visitor.open(bridge.application_url("/").as_str()).await;
    let form = crate::support::Form {
        action: bridge.url("/oauth2/authorize"),
        fields: asked(&bridge).fields().to_vec(),
    };
    let page = visitor.submit(&page, &form).await;
    let answer = super::scene::answered(&bridge, &page);
    assert!(!answer.code().is_empty());
}

#[tokio::test]
async fn prompt_none_asks_nobody_anything() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let silent = asked(&bridge).with("prompt", "none");
    let answer = answer_at_once(&mut visitor, &silent).await;
    assert_eq!((answer.error(), answer.value("state")), ("login_required", STATE));
    assert_eq!(answer.value("iss"), bridge.origin().as_str());
    visitor.sign_in(ENTRA, "amara-example").await;
    assert!(!answer_at_once(&mut visitor, &silent).await.code().is_empty());
    bridge.clock.advance(Duration::minutes(2));
    let answer = answer_at_once(&mut visitor, &silent.clone().with("max_age", "60")).await;
    assert_eq!(answer.error(), "login_required");
    let answer = answer_at_once(&mut visitor, &silent.with("acr_values", "urn:nhs:aal:2")).await;
    assert_eq!(answer.error(), "login_required");
}

#[tokio::test]
async fn prompt_none_tells_the_application_when_a_part_of_ours_is_away_and_shows_nobody_a_page() {
    let bridge = TestBridge::configured(|config| {
        config.store.max_records = 12;
        with_rota(config, |_rota| {});
    })
    .await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let silent = asked(&bridge).with("prompt", "none");
    assert!(!answer_at_once(&mut visitor, &silent).await.code().is_empty());
    while bridge.visitor().leave(ENTRA).await.status == 200 {}
    let answer = answer_at_once(&mut visitor, &silent).await;
    let said = (answer.error(), answer.value("state"), answer.value("iss"));
    assert_eq!(said, ("temporarily_unavailable", STATE, bridge.origin().as_str()));
    let page = visitor.ask(Method::GET, &asked(&bridge).address(), &[]).await;
    assert_eq!((page.status, page.header("retry-after")), (503, "30"));
}

#[tokio::test]
async fn prompt_none_says_what_the_person_would_have_to_do() {
    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.roles = vec!["R0260".to_owned()]).await;
    let mut visitor = bridge.visitor();
    let silent = asked(&bridge).with("prompt", "none");
    visitor.sign_in_at_cis2(CIS2, "security-key", "zoe-umlaut").await;
    let answer = answer_at_once(&mut visitor, &silent).await;
    assert_eq!(answer.error(), "interaction_required");
}

#[tokio::test]
async fn ap_15_one_browser_may_ask_often_and_not_without_end() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    for _ in 0..120 {
        answer_at_once(&mut visitor, &asked(&bridge)).await;
    }
    let page = visitor.ask(Method::GET, &asked(&bridge).address(), &[]).await;
    assert_eq!(page.status, 429);
    let silent = answer_at_once(&mut visitor, &asked(&bridge).with("prompt", "none")).await;
    assert_eq!(
        silent.error(),
        "temporarily_unavailable",
        "nobody looks at a page"
    );
    let mut colleague = bridge.visitor();
    colleague.sign_in(ENTRA, "amara-example").await;
    answer_at_once(&mut colleague, &asked(&bridge)).await;
}
