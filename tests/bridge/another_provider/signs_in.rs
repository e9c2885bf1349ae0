//! Somebody signs in with it.

use axum::http::Method;
use jsonwebtoken::jwk::JwkSet;
use nhsmail_bridge::downstream::session_token::{Claims, TYPE};
use nhsmail_bridge::platform::clock::{Clock as _, SystemClock};
use nhsmail_bridge::protocol::jose::verify::{Expected, verify};
use nhsmail_bridge::upstream::oidc_rp::settings::Algorithm;
use time::Duration;
use url::Url;

use super::scene::{CLIENT, DOOR, Requests, Scene};
use crate::support::{TestBridge, Visitor};

/// The names of the parameters of an address, sorted.
fn names(address: &Url) -> Vec<String> {
    let mut names: Vec<_> = address.query_pairs().map(|(name, _)| name.into_owned()).collect();
    names.sort();
    names
}

/// What an application learns, its token checked against the published keys.
async fn token(bridge: &TestBridge, visitor: &mut Visitor) -> Claims {
    let page = visitor.ask(Method::GET, "/session/token", &[]).await;
    let keys = visitor.open("/oauth2/jwks.json").await.body;
    let keys: JwkSet = serde_json::from_str(&keys).expect("a key set");
    let expected = Expected {
        typ: TYPE,
        algorithms: &[jsonwebtoken::Algorithm::ES256],
        issuer: bridge.origin().as_str(),
        audience: "nhsmail-bridge",
        skew: Duration::ZERO,
    };
    let token = page.json()["token"].as_str().expect("a token").to_owned();
    verify(&token, &keys, &expected, SystemClock.now()).expect("a token of the bridge's")
}

/// The whole sign-in under one algorithm, with all that is believed on the way.
async fn assert_signs_in(scene: &Scene) {
    let mut olwen = scene.bridge.visitor();
    let home = scene.sign_in(&mut olwen).await;
    assert_eq!(
        (home.status, home.url.path()),
        (200, "/"),
        "{:?}",
        scene.seen().await
    );
    let claims = token(&scene.bridge, &mut olwen).await;
    assert_eq!((claims.door.as_str(), claims.connection.as_str()), ("cis2", DOOR));
    assert_eq!((claims.aal, claims.ial), (Some(3), Some(3)));
    assert_eq!(claims.family_name.as_deref(), Some("OTHER"));
    assert_eq!(claims.role.expect("a role").code, "R8015");
    assert_eq!(claims.org.expect("an organisation").code, "A9A5A");
}

#[tokio::test]
async fn oi_08_a_provider_of_others_takes_our_assertion_under_every_algorithm() {
    for (algorithm, requests) in [
        (Algorithm::Rs256, Requests::InTheAddress),
        (Algorithm::Ps256, Requests::Pushed),
        (Algorithm::Es256, Requests::Pushed),
    ] {
        assert_signs_in(&Scene::set(algorithm, requests).await).await;
    }
}

#[tokio::test]
async fn oi_01_a_request_is_pushed_where_that_is_offered_and_has_its_proof_key_either_way() {
    let scene = Scene::set(Algorithm::Es256, Requests::Pushed).await;
    let mut olwen = scene.bridge.visitor();
    let question = olwen.leave(DOOR).await;
    let left_for = question.sent_to.first().expect("an address");
    assert!(left_for.as_str().starts_with(&scene.there("/auth?")));
    assert_eq!(names(left_for), ["client_id", "request_uri"]);
    assert_eq!(scene.seen().await, ["pushed_authorization_request.success"]);

    let scene = Scene::set(Algorithm::Es256, Requests::InTheAddress).await;
    let question = scene.bridge.visitor().leave(DOOR).await;
    let left_for = question.sent_to.first().expect("an address");
    let asked: Vec<(String, String)> = left_for.query_pairs().into_owned().collect();
    for (name, value) in [
        ("client_id", CLIENT),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
    ] {
        assert!(asked.contains(&(name.to_owned(), value.to_owned())), "{asked:?}");
    }
    assert!(scene.seen().await.is_empty(), "nothing was pushed");
}

#[tokio::test]
async fn oi_05_a_provider_that_names_itself_in_every_answer_must_do_so_and_truly() {
    let scene = Scene::set(Algorithm::Es256, Requests::InTheAddress).await;
    let issuer = scene.there("");
    let another = "http://127.0.0.1:1".to_owned();
    for named in [
        None,
        Some(another),
        Some(format!("{issuer}/")),
        Some(issuer.clone()),
    ] {
        let signs_in = named.as_deref() == Some(&issuer);
        let mut olwen = scene.bridge.visitor();
        let answer = scene.answer(&mut olwen).await;
        assert_eq!(names(&answer), ["code", "iss", "state"]);
        let page = olwen.open(with_issuer(&answer, named.as_deref()).as_str()).await;
        assert_eq!(olwen.is_signed_in().await, signs_in, "{}", page.heading());
        assert_eq!(page.heading() == "We could not log you in", !signs_in);
    }
}

/// The answer with another `iss`, or none.
fn with_issuer(address: &Url, issuer: Option<&str>) -> Url {
    let others = address.query_pairs().filter(|(name, _)| name != "iss");
    let mut changed = address.clone();
    changed
        .query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .extend_pairs(issuer.map(|issuer| ("iss", issuer)));
    changed
}

#[tokio::test]
async fn oi_11_userinfo_that_a_provider_of_others_does_not_sign_is_refused_where_signed_was_agreed() {
    let scene = Scene::changed(Algorithm::Es256, Requests::InTheAddress, |client| {
        client
            .as_object_mut()
            .expect("an object")
            .remove("userinfo_signed_response_alg");
    })
    .await;
    let mut olwen = scene.bridge.visitor();
    let page = scene.sign_in(&mut olwen).await;
    assert_eq!(page.heading(), "We could not log you in");
    assert_eq!(
        scene.seen().await,
        ["authorization.accepted", "grant.success"],
        "the ID token came"
    );
    assert!(!olwen.is_signed_in().await);
}

#[tokio::test]
async fn oi_08_a_key_that_is_not_registered_is_our_fault_and_the_page_says_so() {
    for (requests, at) in [
        (Requests::Pushed, "pushed_authorization_request.error"),
        (Requests::InTheAddress, "grant.error"),
    ] {
        let scene = Scene::of_a_stranger(requests).await;
        let mut olwen = scene.bridge.visitor();
        let page = match requests {
            // Nobody is sent anywhere.
            Requests::Pushed => olwen.leave(DOOR).await,
            Requests::InTheAddress => scene.sign_in(&mut olwen).await,
        };
        assert_eq!(
            page.heading(),
            "Sorry, logging in with Care Identity is not set up correctly"
        );
        let refused = format!("{at}: signature verification failed");
        assert_eq!(scene.seen().await.last(), Some(&refused));
        assert!(!olwen.is_signed_in().await);
    }
}
