//! Introspection and revocation: for the application that a token concerns, and at once.

use axum::http::Method;
use nhsmail_bridge::downstream::application::settings::AuthenticationMethod;
use serde_json::json;
use time::Duration;

use super::scene::{ROTA, ROTA_SECRET, asked, bridge_with_rota};
use super::token_scene::{Client, Tokens, basic, claims, code, error, sign_out, signed_in, tokens};
use crate::support::TestBridge;

/// A bridge with the application, one more of its kind, and one that holds no secret.
async fn bridge() -> TestBridge {
    let mut bridge = bridge_with_rota(|_rota| {}).await;
    let more = |config: &mut nhsmail_bridge::config::Config| {
        let rota = config.applications[ROTA].clone();
        let mut public = rota.clone();
        public.client_authentication = Some(AuthenticationMethod::None);
        public.client_secret = None;
        config.applications.insert("ward".to_owned(), rota);
        config.applications.insert("single-page".to_owned(), public);
    };
    bridge.reload(more).await;
    bridge
}

fn ward(bridge: &TestBridge) -> Client {
    Client::anybody(bridge).with_header("authorization", &basic("ward", ROTA_SECRET))
}

#[tokio::test]
async fn ap_06_an_application_is_told_what_its_own_token_is_worth() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let said = Client::rota(&bridge).introspect(tokens.access()).await;
    let stated = claims(tokens.access());
    assert_eq!(
        (&said["active"], &said["token_type"]),
        (&json!(true), &json!("Bearer"))
    );
    for name in [
        "iss",
        "aud",
        "sub",
        "client_id",
        "scope",
        "exp",
        "iat",
        "jti",
        "sid",
        "auth_time",
    ] {
        assert_eq!(said[name], stated[name], "{name}");
    }
    let said = Client::rota(&bridge).introspect(tokens.refresh()).await;
    assert_eq!(
        (&said["active"], &said["client_id"]),
        (&json!(true), &json!(ROTA))
    );
}

#[tokio::test]
async fn ap_06_nobody_is_told_anything_about_the_tokens_of_others() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    for token in [tokens.access(), tokens.refresh(), tokens.id(), "made up", "a.b.c"] {
        let said = ward(&bridge).introspect(token).await;
        assert_eq!(said, json!({ "active": false }));
    }
    let mut nobody = Client::anybody(&bridge);
    let page = nobody
        .post("/oauth2/introspect", &[("token", tokens.access())])
        .await;
    assert_eq!(error(&page), "401 invalid_client");
    let mut public = Client::public(&bridge, "single-page");
    let page = public
        .post("/oauth2/introspect", &[("token", tokens.access())])
        .await;
    assert_eq!(error(&page), "401 invalid_client");
    let page = Client::rota(&bridge).post("/oauth2/introspect", &[]).await;
    assert_eq!(error(&page), "400 invalid_request");
}

#[tokio::test]
async fn ap_06_a_logout_is_seen_at_once() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let mut rota = Client::rota(&bridge);
    assert!(rota.is_active(tokens.access()).await);
    sign_out(&mut visitor).await;
    for token in [tokens.access(), tokens.refresh()] {
        assert!(!rota.is_active(token).await);
    }
    assert_eq!(rota.userinfo(tokens.access()).await.status, 401);
}

#[tokio::test]
async fn ap_06_a_token_that_has_expired_is_not_active() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    bridge.clock.advance(Duration::minutes(5));
    let mut rota = Client::rota(&bridge);
    assert!(!rota.is_active(tokens.access()).await);
    assert!(rota.is_active(tokens.refresh()).await, "the session lives");
    assert_eq!(rota.userinfo(tokens.access()).await.status, 401);
}

#[tokio::test]
async fn ap_06_a_token_that_is_given_back_takes_its_whole_grant_with_it() {
    for which in ["access_token", "refresh_token"] {
        let bridge = bridge().await;
        let mut visitor = signed_in(&bridge).await;
        let (one, other) = (
            tokens(&bridge, &mut visitor).await,
            tokens(&bridge, &mut visitor).await,
        );
        let mut rota = Client::rota(&bridge);
        assert_eq!(rota.revoke(one.token(which)).await.status, 200);
        for token in [one.access(), one.refresh()] {
            assert!(!rota.is_active(token).await, "{which}");
        }
        assert_eq!(error(&rota.refresh(one.refresh()).await), "400 invalid_grant");
        assert!(
            rota.is_active(other.access()).await,
            "another grant of the same session"
        );
        assert!(visitor.is_signed_in().await);
        assert_eq!(
            rota.revoke(one.token(which)).await.status,
            200,
            "once more changes nothing"
        );
    }
}

#[tokio::test]
async fn ap_06_nobody_revokes_the_tokens_of_others_or_learns_that_they_exist() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let mut ward = ward(&bridge);
    for token in [tokens.access(), tokens.refresh(), "made up"] {
        let page = ward.revoke(token).await;
        assert_eq!((page.status, page.body.as_str()), (200, "{}"));
    }
    assert!(Client::rota(&bridge).is_active(tokens.refresh()).await);
    assert_eq!(
        error(&Client::anybody(&bridge).revoke(tokens.access()).await),
        "401 invalid_client"
    );
    assert_eq!(
        error(&ward.post("/oauth2/revoke", &[]).await),
        "400 invalid_request"
    );
}

#[tokio::test]
async fn ap_06_a_public_client_gives_its_own_tokens_back() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let asked = asked(&bridge)
        .with("client_id", "single-page")
        .with("scope", "openid offline_access");
    let code = code(&mut visitor, &asked).await;
    let mut public = Client::public(&bridge, "single-page");
    let tokens = Tokens::of(&public.redeem(&bridge, &code).await);
    assert_eq!(public.revoke(tokens.refresh()).await.status, 200);
    assert_eq!(
        error(&public.refresh(tokens.refresh()).await),
        "400 invalid_grant"
    );
    assert_eq!(public.userinfo(tokens.access()).await.status, 401);
}

#[tokio::test]
async fn ap_06_a_token_of_the_browsers_own_session_lives_as_long_as_the_session() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let page = visitor.ask(Method::GET, "/session/token", &[]).await;
    let token = page.json()["token"].as_str().expect("a token").to_owned();
    let mut rota = Client::rota(&bridge);
    assert!(!rota.is_active(&token).await, "it names another application");
    assert_eq!(rota.userinfo(&token).await.status, 200);
    sign_out(&mut visitor).await;
    assert_eq!(rota.userinfo(&token).await.status, 401);
}
