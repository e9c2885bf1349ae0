//! An administrator ends sessions on the listener that is not published.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::platform::secret::Source;
use serde_json::{Value, json};

use super::scene::{Ear, WARD, bridge_with, is_active, uses};
use crate::openid_provider::scene::ROTA;
use crate::support::log::logged;
use crate::support::{ENTRA, Page, TestBridge, Visitor};

const TOKEN: &str = "an-administrators-token-of-this-test-only";

async fn bridge() -> TestBridge {
    TestBridge::configured(|config| config.web.management_token = Some(Source::held(TOKEN))).await
}

async fn signed_in(bridge: &TestBridge, person: &str) -> (Visitor, Value) {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, person).await;
    let token = visitor.open("/session/token").await.json();
    let token = token["token"].as_str().expect("a token");
    let payload = token.split('.').nth(1).expect("three parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    (visitor, serde_json::from_slice(&payload).expect("claims"))
}

async fn end(bridge: &TestBridge, token: &str, body: &Value) -> Page {
    let url = bridge.management_url("/sessions/end");
    let headers = [
        ("authorization", format!("Bearer {token}")),
        ("content-type", "application/json".to_owned()),
    ];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut administrator = bridge.visitor();
    administrator.post(url.as_str(), &headers, body.to_string()).await
}

#[tokio::test]
async fn lo_05_an_administrator_ends_one_session_by_its_name() {
    let bridge = bridge().await;
    let (mut one, claims) = signed_in(&bridge, "amara-example").await;
    let (mut same_person, _) = signed_in(&bridge, "amara-example").await;
    let answer = end(&bridge, TOKEN, &json!({ "sid": claims["sid"] })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["ended"][0]["sid"], claims["sid"]);
    assert!(!one.is_signed_in().await && same_person.is_signed_in().await);

    let again = end(&bridge, TOKEN, &json!({ "sid": claims["sid"] })).await;
    assert_eq!((again.status, &again.json()["ended"]), (200, &json!([])));
}

#[tokio::test]
async fn lo_05_an_administrator_ends_every_session_of_a_person_and_of_nobody_else() {
    let bridge = bridge().await;
    let (mut one, claims) = signed_in(&bridge, "amara-example").await;
    let (mut two, _) = signed_in(&bridge, "amara-example").await;
    let (mut other, _) = signed_in(&bridge, "priya-tester").await;
    let answer = end(&bridge, TOKEN, &json!({ "subject": claims["sub"] })).await;
    assert_eq!(
        answer.json()["ended"].as_array().map(Vec::len),
        Some(2),
        "{}",
        answer.body
    );
    assert!(!one.is_signed_in().await && !two.is_signed_in().await);
    assert!(other.is_signed_in().await);
}

#[tokio::test]
async fn lo_05_the_applications_are_told_and_the_answer_says_which_have_heard() {
    let (mut rota, ward) = (Ear::answering(&[]).await, Ear::answering(&[500]).await);
    let bridge = bridge_with([Some(&rota), Some(&ward)], |config| {
        config.web.management_token = Some(Source::held(TOKEN));
    })
    .await;
    let (mut visitor, claims) = signed_in(&bridge, "amara-example").await;
    let holds = uses(&bridge, &mut visitor, ROTA).await;
    uses(&bridge, &mut visitor, WARD).await;
    let answer = end(&bridge, TOKEN, &json!({ "subject": claims["sub"] }))
        .await
        .json();
    let told = answer["ended"][0]["applications"].as_array().expect("a list");
    let told: Vec<_> = told
        .iter()
        .map(|told| (&told["application"], &told["result"]))
        .collect();
    assert_eq!(
        told,
        [(&json!(ROTA), &json!("told")), (&json!(WARD), &json!("again"))]
    );
    assert_eq!(rota.hears().await["sid"], holds.claims["sid"]);
    assert!(!is_active(&bridge, ROTA, &holds).await);
}

#[tokio::test]
async fn lo_05_without_the_token_nobody_ends_anything() {
    let bridge = bridge().await;
    let (mut visitor, claims) = signed_in(&bridge, "amara-example").await;
    let asked = json!({ "sid": claims["sid"] });
    for wrong in ["", "guess", &TOKEN.to_uppercase()] {
        let refused = end(&bridge, wrong, &asked).await;
        assert_eq!(
            (refused.status, refused.header("www-authenticate")),
            (401, "Bearer")
        );
    }
    let public = bridge.url("/sessions/end");
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("authorization", bearer.as_str())];
    let elsewhere = visitor.post(public.as_str(), &headers, asked.to_string()).await;
    assert_eq!(elsewhere.status, 404, "the public listener has no such address");
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn lo_05_what_names_nobody_is_refused_and_ends_nothing() {
    let bridge = bridge().await;
    let (mut visitor, claims) = signed_in(&bridge, "amara-example").await;
    for asked in [
        json!({}),
        json!({ "sid": claims["sid"], "subject": claims["sub"] }),
        json!({ "sid": "x" }),
        json!({ "subject": "" }),
        json!({ "subject": " " }),
        json!({ "sid": claims["sid"], "all": true }),
        json!("all"),
    ] {
        let refused = end(&bridge, TOKEN, &asked).await;
        assert_eq!(refused.status, 400, "{asked}");
    }
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn lo_05_where_no_token_is_set_there_is_no_such_address() {
    let bridge = TestBridge::start().await;
    let (mut visitor, claims) = signed_in(&bridge, "amara-example").await;
    let answer = end(&bridge, "", &json!({ "sid": claims["sid"] })).await;
    assert_eq!(answer.status, 404);
    let answer = visitor
        .ask(Method::GET, bridge.management_url("/sessions/end").as_str(), &[])
        .await;
    assert!(matches!(answer.status, 404 | 405));
    assert!(visitor.is_signed_in().await);
}

#[test]
fn lo_05_what_an_administrator_does_is_in_the_log_without_who_it_was_about() {
    logged(|log| async move {
        let bridge = bridge().await;
        let (_, claims) = signed_in(&bridge, "amara-example").await;
        let subject = claims["sub"].as_str().expect("a subject").to_owned();
        end(&bridge, "guess", &json!({ "subject": subject })).await;
        end(&bridge, TOKEN, &json!({ "subject": subject })).await;
        let audit = log.lines_with("audit:");
        assert_eq!(audit.len(), 2, "{audit:#?}");
        assert!(audit[1].contains("sessions=1"), "{audit:#?}");
        assert!(log.lines_with(&subject).is_empty() && log.lines_with(TOKEN).is_empty());
    });
}
