//! An application says what it will ask for before it sends the browser (RFC 9126).

use nhsmail_bridge::downstream::application::PushedUse;
use time::Duration;
use url::form_urlencoded::Serializer;

use super::scene::{
    Asked, ROTA, ROTA_SECRET, STATE, answer_at_once, asked, authorize, basic, bridge_with_rota,
};
use crate::support::{ENTRA, Page, TestBridge, Visitor};

async fn push(server: &Visitor, asked: &Asked) -> Page {
    push_with(server, asked, &basic(ROTA, ROTA_SECRET)).await
}

async fn push_with(server: &Visitor, asked: &Asked, authorization: &str) -> Page {
    let body = Serializer::new(String::new())
        .extend_pairs(asked.fields())
        .finish();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("authorization", authorization),
    ];
    server.clone().post("/oauth2/par", &headers, body).await
}

/// What the browser brings afterwards.
fn by_reference(bridge: &TestBridge, reference: &str) -> Asked {
    let mut brought = asked(bridge);
    for name in [
        "response_type",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    ] {
        brought = brought.without(name);
    }
    brought.with("request_uri", reference)
}

fn reference(page: &Page) -> String {
    assert_eq!(page.status, 201, "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
    let said = page.json();
    assert_eq!(said["expires_in"], 90);
    said["request_uri"].as_str().expect("a reference").to_owned()
}

#[tokio::test]
async fn a_pushed_request_is_answered_once_and_in_time() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let (mut visitor, server) = (bridge.visitor(), bridge.visitor());
    visitor.sign_in(ENTRA, "amara-example").await;
    let first = reference(&push(&server, &asked(&bridge)).await);
    let brought = by_reference(&bridge, &first);
    let answer = answer_at_once(&mut visitor, &brought.clone().with("state", "of the browser")).await;
    assert!(!answer.code().is_empty());
    assert_eq!(answer.value("state"), STATE, "what was pushed counts alone");
    let again = authorize(&mut visitor, &brought).await;
    assert_eq!(
        (again.status, again.heading().as_str()),
        (400, "You need to log in again")
    );

    let late = reference(&push(&server, &asked(&bridge)).await);
    bridge.clock.advance(Duration::seconds(90));
    let late = authorize(&mut visitor, &by_reference(&bridge, &late)).await;
    assert_eq!(late.status, 400);
}

#[tokio::test]
async fn a_pushed_request_is_for_whoever_pushed_it() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let (mut visitor, server) = (bridge.visitor(), bridge.visitor());
    visitor.sign_in(ENTRA, "amara-example").await;
    let pushed = reference(&push(&server, &asked(&bridge)).await);
    let brought = by_reference(&bridge, &pushed);
    let stolen = authorize(&mut visitor, &brought.clone().with("client_id", "other")).await;
    assert_eq!(stolen.status, 400);
    assert!(
        !answer_at_once(&mut visitor, &brought).await.code().is_empty(),
        "not used up"
    );
}

#[tokio::test]
async fn an_application_that_pushes_everything_is_asked_for_nothing_else() {
    let bridge = bridge_with_rota(|rota| rota.pushed_requests = PushedUse::Required).await;
    let (mut visitor, server) = (bridge.visitor(), bridge.visitor());
    visitor.sign_in(ENTRA, "amara-example").await;
    let answer = answer_at_once(&mut visitor, &asked(&bridge)).await;
    assert_eq!(
        (answer.error(), answer.value("state")),
        ("invalid_request", STATE)
    );
    let pushed = reference(&push(&server, &asked(&bridge)).await);
    let answer = answer_at_once(&mut visitor, &by_reference(&bridge, &pushed)).await;
    assert!(!answer.code().is_empty());
}

#[tokio::test]
async fn only_a_client_that_proves_itself_may_push_and_only_what_the_rules_allow() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let server = bridge.visitor();
    let wrong = push_with(&server, &asked(&bridge), &basic(ROTA, "a wrong secret")).await;
    assert_eq!(
        (wrong.status, wrong.json()["error"].as_str()),
        (401, Some("invalid_client"))
    );
    for (name, value, error) in [
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("client_id", "other", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("response_type", "token", "unsupported_response_type"),
        (
            "request_uri",
            "urn:ietf:params:oauth:request_uri:x",
            "invalid_request",
        ),
        ("request", "e30.e30.", "request_not_supported"),
    ] {
        let page = push(&server, &asked(&bridge).with(name, value)).await;
        assert_eq!(
            (page.status, page.json()["error"].as_str()),
            (400, Some(error)),
            "{name}={value}"
        );
    }
}
