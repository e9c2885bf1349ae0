//! Refresh tokens: given for `offline_access` alone, spent at every use, over with the session.

use axum::http::Method;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::downstream::application::settings::Settings;
use time::Duration;

use super::scene::{ROTA, asked, bridge_with_rota};
use super::token_scene::{Client, Tokens, claims, code, error, sign_out, signed_in, tokens};

fn rota(config: &mut Config) -> &mut Settings {
    config.applications.get_mut(ROTA).expect("the application")
}

#[tokio::test]
async fn ap_05_a_refresh_token_is_spent_at_every_use_and_an_old_one_ends_them_all() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let first = tokens(&bridge, &mut visitor).await;
    let mut rota = Client::rota(&bridge);
    let second = Tokens::of(&rota.refresh(first.refresh()).await);
    assert_ne!(first.refresh(), second.refresh());
    let (before, after) = (claims(first.id()), claims(second.id()));
    for name in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert!(after.get("nonce").is_none());
    assert!(rota.is_active(first.access()).await && rota.is_active(second.access()).await);

    assert_eq!(error(&rota.refresh(first.refresh()).await), "400 invalid_grant");
    for token in [first.access(), second.access(), second.refresh()] {
        assert!(!rota.is_active(token).await, "the whole family has ended");
    }
    assert_eq!(error(&rota.refresh(second.refresh()).await), "400 invalid_grant");
}

#[tokio::test]
async fn ap_05_a_refresh_token_ends_when_the_person_logs_out() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let mut rota = Client::rota(&bridge);
    sign_out(&mut visitor).await;
    assert_eq!(error(&rota.refresh(tokens.refresh()).await), "400 invalid_grant");
    assert!(!rota.is_active(tokens.refresh()).await);
}

#[tokio::test]
async fn ap_05_refreshing_keeps_a_session_for_twelve_hours_and_no_longer() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let mut newest = tokens(&bridge, &mut visitor).await;
    let mut rota = Client::rota(&bridge);
    for _ in 0..71 {
        bridge.clock.advance(Duration::minutes(10));
        newest = Tokens::of(&rota.refresh(newest.refresh()).await);
    }
    assert!(visitor.is_signed_in().await);
    let last = newest.0["expires_in"].as_i64().unwrap();
    assert!(last <= 300, "{last}");
    bridge.clock.advance(Duration::minutes(8));
    newest = Tokens::of(&rota.refresh(newest.refresh()).await);
    assert_eq!(newest.0["expires_in"], 120, "no token outlives the session");
    bridge.clock.advance(Duration::minutes(2));
    assert_eq!(error(&rota.refresh(newest.refresh()).await), "400 invalid_grant");
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn ap_05_where_a_refresh_is_no_sign_of_life_the_session_ends_all_the_same() {
    let bridge = bridge_with_rota(|rota| rota.refresh_extends_session = false).await;
    let mut visitor = signed_in(&bridge).await;
    let first = tokens(&bridge, &mut visitor).await;
    let mut rota = Client::rota(&bridge);
    bridge.clock.advance(Duration::minutes(14));
    let second = Tokens::of(&rota.refresh(first.refresh()).await);
    assert_eq!(second.0["expires_in"], 60);
    bridge.clock.advance(Duration::minutes(1));
    assert_eq!(error(&rota.refresh(second.refresh()).await), "400 invalid_grant");
}

#[tokio::test]
async fn ap_05_a_refresh_may_ask_for_less_and_never_for_more() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let first = tokens(&bridge, &mut visitor).await;
    let mut rota = Client::rota(&bridge);
    let more = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.refresh()),
        ("scope", "openid email"),
    ];
    assert_eq!(
        error(&rota.post("/oauth2/token", &more).await),
        "400 invalid_scope"
    );
    let less = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.refresh()),
        ("scope", "openid"),
    ];
    let less = Tokens::of(&rota.post("/oauth2/token", &less).await);
    assert_eq!(less.0["scope"], "openid");
    assert!(claims(less.id()).get("name").is_none());
    let all = Tokens::of(&rota.refresh(less.refresh()).await);
    assert_eq!(all.0["scope"], "openid profile offline_access");
}

#[tokio::test]
async fn ap_04_what_an_application_is_no_longer_registered_for_is_not_refreshed() {
    let mut bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let first = tokens(&bridge, &mut visitor).await;
    bridge
        .reload(|config| rota(config).scopes.retain(|scope| scope.as_str() != "profile"))
        .await;
    let second = Tokens::of(&Client::rota(&bridge).refresh(first.refresh()).await);
    assert_eq!(second.0["scope"], "openid offline_access");
    bridge
        .reload(|config| rota(config).requires.roles = vec!["R8001".to_owned()])
        .await;
    let refused = Client::rota(&bridge).refresh(second.refresh()).await;
    assert_eq!(error(&refused), "400 invalid_grant", "a mailbox has no role");
}

#[tokio::test]
async fn ap_05_another_persons_browser_is_another_session() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let (mut one, mut two) = (signed_in(&bridge).await, signed_in(&bridge).await);
    let ones = tokens(&bridge, &mut one).await;
    let twos = tokens(&bridge, &mut two).await;
    sign_out(&mut one).await;
    let mut rota = Client::rota(&bridge);
    assert!(!rota.is_active(ones.access()).await);
    assert!(rota.is_active(twos.access()).await);
    assert_eq!(two.ask(Method::GET, "/session", &[]).await.status, 200);
}

#[tokio::test]
async fn ap_05_without_offline_access_there_is_nothing_to_refresh() {
    let bridge =
        bridge_with_rota(|rota| rota.scopes.retain(|scope| scope.as_str() != "offline_access")).await;
    let mut visitor = signed_in(&bridge).await;
    let code = code(&mut visitor, &asked(&bridge)).await;
    let tokens = Tokens::of(&Client::rota(&bridge).redeem(&bridge, &code).await);
    assert!(tokens.0.get("refresh_token").is_none());
}
