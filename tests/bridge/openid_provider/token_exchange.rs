//! A code becomes tokens, once.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::protocol::jose::Algorithm;
use time::Duration;
use tokio::task::JoinSet;

use super::scene::{NONCE, ROTA, VERIFIER, asked, bridge_with_rota, callback, challenge};
use super::token_scene::{
    Client, Tokens, basic, claims, code, error, header, is_signed, sign_out, signed_in, tokens,
};
use crate::support::TestBridge;

#[tokio::test]
async fn ap_03_a_code_becomes_an_access_token_and_an_id_token_that_say_what_they_must() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let code = code(&mut visitor, &asked(&bridge)).await;
    let page = Client::rota(&bridge).redeem(&bridge, &code).await;
    assert_eq!(
        (page.header("cache-control"), page.header("pragma")),
        ("no-store", "")
    );
    let tokens = Tokens::of(&page);
    assert_eq!(
        (&tokens.0["token_type"], &tokens.0["expires_in"]),
        (&"Bearer".into(), &300.into())
    );
    assert_eq!(tokens.0["scope"], "openid profile");
    assert!(
        tokens.0.get("refresh_token").is_none(),
        "nobody asked for offline_access"
    );

    is_an_access_token(tokens.access());
    is_an_id_token(&bridge, &tokens);
    for token in [tokens.access(), tokens.id()] {
        assert!(is_signed(&bridge, token, Algorithm::ES256).await);
    }
}

/// RFC 9068 2.2.
fn is_an_access_token(token: &str) {
    assert_eq!(header(token)["typ"], "at+jwt");
    let access = claims(token);
    for name in [
        "iss",
        "aud",
        "sub",
        "client_id",
        "jti",
        "iat",
        "exp",
        "auth_time",
        "scope",
    ] {
        assert!(access.get(name).is_some(), "{name} in {access}");
    }
    assert_eq!(
        (&access["aud"], &access["client_id"]),
        (&ROTA.into(), &ROTA.into())
    );
    let five_minutes_later = access["iat"].as_i64().map(|written| written + 300);
    assert_eq!(access["exp"].as_i64(), five_minutes_later);
}

/// OpenID Connect Core 2.
fn is_an_id_token(bridge: &TestBridge, tokens: &Tokens) {
    let access = claims(tokens.access());
    assert_eq!(
        (&header(tokens.id())["typ"], &header(tokens.id())["alg"]),
        (&"JWT".into(), &"ES256".into())
    );
    let id = claims(tokens.id());
    assert_eq!(
        (&id["iss"], &id["aud"]),
        (&bridge.origin().as_str().into(), &ROTA.into())
    );
    assert_eq!(
        (&id["nonce"], &id["name"]),
        (&NONCE.into(), &"Amara Example".into())
    );
    for name in ["sub", "sid", "auth_time", "exp", "iat"] {
        assert_eq!(id[name], access[name], "{name}");
    }
    let at_hash = URL_SAFE_NO_PAD.encode(&openssl::sha::sha256(tokens.access().as_bytes())[..16]);
    assert_eq!(id["at_hash"], at_hash.as_str());
    for name in ["scope", "client_id", "grant", "jti", "email"] {
        assert!(id.get(name).is_none(), "{name} in {id}");
    }
}

#[tokio::test]
async fn ap_02_a_code_is_used_once_and_its_second_use_revokes_what_came_of_it() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let asked = asked(&bridge).with("scope", "openid offline_access");
    let code = code(&mut visitor, &asked).await;
    let mut rota = Client::rota(&bridge);
    let tokens = Tokens::of(&rota.redeem(&bridge, &code).await);
    assert!(rota.is_active(tokens.access()).await);
    let again = rota.redeem(&bridge, &code).await;
    assert_eq!(error(&again), "400 invalid_grant");
    assert!(!rota.is_active(tokens.access()).await);
    assert_eq!(rota.userinfo(tokens.access()).await.status, 401);
    assert_eq!(error(&rota.refresh(tokens.refresh()).await), "400 invalid_grant");
}

#[tokio::test]
async fn ap_02_a_code_lives_sixty_seconds_and_no_longer_than_its_session() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let late = code(&mut visitor, &asked(&bridge)).await;
    bridge.clock.advance(Duration::seconds(60));
    assert_eq!(
        error(&Client::rota(&bridge).redeem(&bridge, &late).await),
        "400 invalid_grant"
    );
    let orphan = code(&mut visitor, &asked(&bridge)).await;
    sign_out(&mut visitor).await;
    assert_eq!(
        error(&Client::rota(&bridge).redeem(&bridge, &orphan).await),
        "400 invalid_grant"
    );
}

#[tokio::test]
async fn o19_a_code_without_its_verifier_is_worth_nothing() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let here = callback(&bridge);
    let challenge = challenge(VERIFIER);
    let other = bridge.application_url("/other?kept=1").to_string();
    for (verifier, place, told) in [
        ("", here.as_str(), "400 invalid_request"),
        (challenge.as_str(), here.as_str(), "400 invalid_grant"),
        (&"x".repeat(43), here.as_str(), "400 invalid_grant"),
        (VERIFIER, other.as_str(), "400 invalid_grant"),
        (VERIFIER, "", "400 invalid_request"),
    ] {
        let code = code(&mut visitor, &asked(&bridge)).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", place),
            ("code_verifier", verifier),
        ];
        let page = Client::rota(&bridge).post("/oauth2/token", &fields).await;
        assert_eq!(error(&page), told, "{verifier} {place}");
    }
}

#[tokio::test]
async fn o18_a_code_is_worth_nothing_to_another_client() {
    let mut bridge = bridge_with_rota(|_rota| {}).await;
    bridge
        .reload(|config| {
            let mut ward = config.applications[ROTA].clone();
            ward.label = "Ward".to_owned();
            config.applications.insert("ward".to_owned(), ward);
        })
        .await;
    let mut visitor = signed_in(&bridge).await;
    let code = code(&mut visitor, &asked(&bridge)).await;
    let secret = super::scene::ROTA_SECRET;
    let mut ward = Client::anybody(&bridge).with_header("authorization", &basic("ward", secret));
    assert_eq!(error(&ward.redeem(&bridge, &code).await), "400 invalid_grant");
    let mut rota = Client::rota(&bridge);
    assert_eq!(
        error(&rota.redeem(&bridge, &code).await),
        "400 invalid_grant",
        "it is spent"
    );
}

#[tokio::test]
async fn ap_06_what_is_no_request_is_refused_in_the_words_of_the_standard() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut rota = Client::rota(&bridge);
    for (body, told) in [
        ("", "400 invalid_request"),
        ("grant_type=", "400 invalid_request"),
        (
            "grant_type=password&username=a&password=b",
            "400 unsupported_grant_type",
        ),
        ("grant_type=authorization_code", "400 invalid_request"),
        ("grant_type=refresh_token", "400 invalid_request"),
        ("grant_type=refresh_token&refresh_token=x", "400 invalid_grant"),
        (
            "grant_type=refresh_token&refresh_token=x&refresh_token=x",
            "400 invalid_request",
        ),
        (
            "grant_type=refresh_token&refresh_token=x&client_id=ward",
            "400 invalid_request",
        ),
        (
            "grant_type=refresh_token&refresh_token=x&client_secret=y",
            "400 invalid_request",
        ),
    ] {
        let page = rota.post_octets("/oauth2/token", body.to_owned()).await;
        assert_eq!(error(&page), told, "{body}");
    }
    let mut stranger = Client::anybody(&bridge).with_header("authorization", &basic(ROTA, "guess"));
    let page = stranger.refresh("x").await;
    assert_eq!(error(&page), "401 invalid_client");
    assert!(page.header("www-authenticate").starts_with("Basic "));
    let public = Client::public(&bridge, ROTA).refresh("x").await;
    assert_eq!(error(&public), "401 invalid_client");
}

#[tokio::test]
async fn at_every_endpoint_a_form_of_more_than_32_kib_is_refused_in_oauths_words_and_one_below_is_read() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut rota = Client::rota(&bridge);
    for path in [
        "/oauth2/token",
        "/oauth2/par",
        "/oauth2/introspect",
        "/oauth2/revoke",
    ] {
        let of = |octets: usize| format!("x={}", "a".repeat(octets - 2));
        let larger = rota.post_octets(path, of(32 * 1024 + 1)).await;
        assert_eq!(error(&larger), "413 invalid_request", "{path}");
        assert_eq!(larger.header("cache-control"), "no-store", "{path}");
        let largest = rota.post_octets(path, of(32 * 1024)).await;
        assert_eq!(
            error(&largest),
            "400 invalid_request",
            "{path}: what is missing is said"
        );
    }
}

#[tokio::test]
async fn ap_03_one_kind_of_token_is_refused_where_the_other_is_expected() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let mut rota = Client::rota(&bridge);
    assert_eq!(rota.userinfo(tokens.access()).await.status, 200);
    for wrong in [tokens.id(), tokens.refresh()] {
        let page = rota.userinfo(wrong).await;
        assert_eq!(page.status, 401);
        assert!(
            page.header("www-authenticate")
                .contains("error=\"invalid_token\"")
        );
    }
    assert!(!rota.is_active(tokens.id()).await);
    assert_eq!(error(&rota.refresh(tokens.access()).await), "400 invalid_grant");
}

#[tokio::test]
async fn ap_02_of_many_who_bring_one_code_at_once_one_is_answered() {
    let bridge = Arc::new(bridge_with_rota(|_rota| {}).await);
    let mut visitor = signed_in(&bridge).await;
    let asked = asked(&bridge).with("scope", "openid offline_access");
    let code = code(&mut visitor, &asked).await;
    let mut crowd = JoinSet::new();
    for _ in 0..8 {
        let (bridge, code) = (Arc::clone(&bridge), code.clone());
        crowd.spawn(async move { Client::rota(&bridge).redeem(&bridge, &code).await });
    }
    let answers = crowd.join_all().await;
    let won: Vec<_> = answers.iter().filter(|page| page.status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn ap_05_of_many_who_bring_one_refresh_token_at_once_one_is_answered() {
    let bridge = Arc::new(bridge_with_rota(|_rota| {}).await);
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let mut crowd = JoinSet::new();
    for _ in 0..8 {
        let (bridge, token) = (Arc::clone(&bridge), tokens.refresh().to_owned());
        crowd.spawn(async move { Client::rota(&bridge).refresh(&token).await });
    }
    let answers = crowd.join_all().await;
    let won: Vec<_> = answers.iter().filter(|page| page.status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
}
