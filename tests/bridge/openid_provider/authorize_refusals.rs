//! Requests that are refused: by a page where there is nowhere safe to go, else by the standards.

use axum::http::Method;

use super::scene::{ROTA, STATE, answer_at_once, answered, asked, authorize, bridge_with_rota, challenge};
use crate::support::log::logged;
use crate::support::{ENTRA, Page, TestBridge};

/// The browser stays here, and reads a page.
fn assert_page(bridge: &TestBridge, page: &Page, what: &str) {
    assert_eq!(page.status, 400, "{what}");
    assert_eq!(
        page.heading(),
        "The application you came from has a problem",
        "{what}"
    );
    assert_eq!(page.header("location"), "", "{what}");
    assert_eq!(page.url.authority(), bridge.url("/").authority(), "{what}");
    assert!(!page.body.contains("evil"), "{what}");
}

#[tokio::test]
async fn ap_01_nobody_is_sent_to_an_address_that_is_not_registered_letter_for_letter() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let good = bridge.application_url("/callback").to_string();
    let host = bridge.application_url("/").authority().to_owned();
    for bad in [
        "https://evil.example/callback".to_owned(),
        format!("{good}/"),
        format!("{good}?x=1"),
        format!("{good}#x"),
        format!("{good}/../other"),
        good.replace("callback", "%63allback"),
        good.replace("http:", "HTTP:"),
        format!("http://{host}@evil.example/callback"),
        format!("http://evil.example\\@{host}/callback"),
        format!("//{host}/callback"),
        "/callback".to_owned(),
        "javascript:alert(1)".to_owned(),
        String::new(),
    ] {
        let page = authorize(&mut visitor, &asked(&bridge).with("redirect_uri", &bad)).await;
        assert_page(&bridge, &page, &bad);
    }
    let twice = asked(&bridge).and("redirect_uri", &good);
    assert_page(&bridge, &authorize(&mut visitor, &twice).await, "twice");
    let missing = asked(&bridge).without("redirect_uri");
    assert_page(&bridge, &authorize(&mut visitor, &missing).await, "missing");
}

#[test]
fn o22_an_unknown_application_gets_a_page_and_the_log_says_why() {
    logged(async |log| {
        let bridge = bridge_with_rota(|_rota| {}).await;
        let mut visitor = bridge.visitor();
        for client in ["evil", "nhsmail-bridge", ""] {
            let page = authorize(&mut visitor, &asked(&bridge).with("client_id", client)).await;
            assert_page(&bridge, &page, client);
            let lines = log.lines_with(&page.reference());
            assert_eq!(lines.len(), 1, "{lines:#?}");
        }
        let twice = authorize(&mut visitor, &asked(&bridge).and("client_id", ROTA)).await;
        assert_page(&bridge, &twice, "twice");
        let long = format!("/oauth2/authorize?client_id=rota&x={}", "x".repeat(8192));
        assert_page(&bridge, &visitor.open(&long).await, "too long");
    });
}

#[tokio::test]
async fn ap_02_a_request_without_a_proof_key_or_with_a_plain_one_is_refused() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    for weak in [
        asked(&bridge).without("code_challenge"),
        asked(&bridge).without("code_challenge_method"),
        asked(&bridge).with("code_challenge_method", "plain"),
        asked(&bridge).with("code_challenge", "too-short"),
        asked(&bridge).and("code_challenge", &challenge("another")),
    ] {
        let answer = answer_at_once(&mut visitor, &weak).await;
        assert_eq!(answer.error(), "invalid_request", "{weak:?}");
        assert_eq!(answer.value("code"), "");
    }
}

#[tokio::test]
async fn ap_08_a_refusal_goes_to_the_application_with_its_state_and_who_answers() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("response_mode", "fragment", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "create", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("registration", "{}", "registration_not_supported"),
    ] {
        let answer = answer_at_once(&mut visitor, &asked(&bridge).with(name, value)).await;
        assert_eq!(answer.error(), error, "{name}={value}");
        assert_eq!(answer.value("state"), STATE, "{name}={value}");
        assert_eq!(answer.value("iss"), bridge.origin().as_str(), "{name}={value}");
        assert!(!answer.value("error_description").is_empty(), "{name}={value}");
    }
}

#[tokio::test]
async fn o26_no_address_of_an_application_is_ever_fetched() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let inside = bridge.management_url("/healthz").to_string();
    for (name, value, error) in [
        ("request_uri", inside.as_str(), "request_uri_not_supported"),
        (
            "request_uri",
            "http://169.254.169.254/",
            "request_uri_not_supported",
        ),
        ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
    ] {
        let answer = answer_at_once(&mut visitor, &asked(&bridge).with(name, value)).await;
        assert_eq!(answer.error(), error, "{value}");
    }
}

#[tokio::test]
async fn o17_a_state_that_comes_twice_is_refused_and_not_repeated() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let answer = answer_at_once(&mut visitor, &asked(&bridge).and("state", "other")).await;
    assert_eq!((answer.error(), answer.value("state")), ("invalid_request", ""));
}

#[tokio::test]
async fn a_native_application_chooses_its_port_on_loopback_and_nothing_else() {
    use nhsmail_bridge::downstream::application::settings::{ApplicationType, AuthenticationMethod};
    let bridge = bridge_with_rota(|rota| {
        rota.application_type = ApplicationType::Native;
        rota.client_authentication = Some(AuthenticationMethod::None);
        rota.client_secret = None;
        rota.redirect_uris = vec!["http://127.0.0.1/callback".to_owned()];
    })
    .await;
    let mut visitor = bridge.visitor();
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    let question = visitor.open(page.link("Log in with NHSmail").as_str()).await;
    let page = super::scene::sign_in_at_nhsmail(&mut visitor, &question, "amara-example").await;
    assert!(!answered(&bridge, &page).code().is_empty());
    for bad in [
        "http://127.0.0.2:5000/callback",
        "http://localhost:5000/callback",
        "http://127.0.0.1:5000/other",
    ] {
        let page = authorize(&mut visitor, &asked(&bridge).with("redirect_uri", bad)).await;
        assert_page(&bridge, &page, bad);
    }
}

#[tokio::test]
async fn only_get_and_post_are_answered_and_only_a_form_is_read() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let put = visitor.ask(Method::PUT, "/oauth2/authorize", &[]).await;
    assert_eq!(put.status, 405);
    let headers = [("content-type", "application/json")];
    let json = visitor.post("/oauth2/authorize", &headers, "{}".to_owned()).await;
    assert_page(&bridge, &json, "json");
}
