//! A logout token on its way, held up, sent twice, sent elsewhere; and a bridge that cannot do its part.

use std::sync::Arc;
use std::sync::Mutex;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use nhsmail_bridge::fakes::cis2::{KeyStep, LogoutKind, LogoutOrder};
use time::Duration;

use super::{ZOE, signs_in};
use crate::support::{CIS2, ENTRA, Page, TestBridge};

const FORM: &str = "application/x-www-form-urlencoded";

/// A logout token that did not arrive yet.
#[derive(Debug, Clone)]
pub(super) struct Caught(String);

/// Has CIS2 send a token about the newest session, and catches it on the way.
pub(super) async fn catch(bridge: &TestBridge) -> Caught {
    catch_kind(bridge, LogoutKind::Good).await
}

async fn catch_kind(bridge: &TestBridge, kind: LogoutKind) -> Caught {
    let bodies: Arc<Mutex<Vec<Bytes>>> = Arc::default();
    let keep = async |State(bodies): State<Arc<Mutex<Vec<Bytes>>>>, body: Bytes| {
        bodies.lock().expect("nobody panicked").push(body);
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("its address");
    let router = Router::new()
        .route("/", post(keep))
        .with_state(Arc::clone(&bodies));
    tokio::spawn(async move { axum::serve(listener, router).await });
    bridge.tell_cis2(|client| client.backchannel_logout_uri = Some(format!("http://{address}/")));
    let sent = bridge.cis2().send_logout(LogoutOrder::of(kind)).await;
    assert_eq!(sent.expect("it is sent")[0].status, Some(200));
    bridge.tell_cis2(|_client| {});
    let body = bodies.lock().expect("nobody panicked").remove(0);
    let body = String::from_utf8(body.to_vec()).expect("text");
    Caught(body.strip_prefix("logout_token=").expect("the field").to_owned())
}

impl Caught {
    /// The token.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Lets it arrive with these headers.
    pub(super) async fn send(&self, bridge: &TestBridge, headers: &[(&str, &str)]) -> Page {
        self.post(bridge, CIS2, headers).await
    }

    /// Lets it arrive at another connection.
    pub(super) async fn send_to(&self, bridge: &TestBridge, door: &str) -> Page {
        self.post(bridge, door, &[]).await
    }

    /// Lets a body of another form arrive in its place.
    pub(super) async fn send_body(&self, bridge: &TestBridge, kind: &str, body: String) -> Page {
        let headers = if kind.is_empty() {
            vec![]
        } else {
            vec![("content-type", kind)]
        };
        let address = bridge.url("/oidc/cis2/backchannel-logout");
        bridge.visitor().post(address.as_str(), &headers, body).await
    }

    async fn post(&self, bridge: &TestBridge, door: &str, headers: &[(&str, &str)]) -> Page {
        let address = bridge.url(&format!("/oidc/{door}/backchannel-logout"));
        let headers = [&[("content-type", FORM)], headers].concat();
        let body = format!("logout_token={}", self.0);
        bridge.visitor().post(address.as_str(), &headers, body).await
    }
}

#[tokio::test]
async fn oi_13_a_token_counts_once_and_its_replay_is_harmless() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    let token = catch_kind(&bridge, LogoutKind::SubOnly).await;
    assert_eq!(token.send(&bridge, &[]).await.status, 200);
    assert!(!zoe.is_signed_in().await);
    bridge.clock.advance(Duration::seconds(10));
    signs_in(&bridge, &mut zoe, ZOE).await;
    for _ in 0..2 {
        assert_eq!(token.send(&bridge, &[]).await.status, 400);
        assert!(zoe.is_signed_in().await);
    }
}

#[tokio::test]
async fn oi_13_a_token_that_was_held_up_ends_no_newer_login_and_then_is_too_old() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    let (first, second) = (
        catch(&bridge).await,
        catch_kind(&bridge, LogoutKind::SubOnly).await,
    );
    bridge.clock.advance(Duration::minutes(5));
    signs_in(&bridge, &mut zoe, ZOE).await;
    assert_eq!(second.send(&bridge, &[]).await.status, 200, "it is believed");
    assert!(zoe.is_signed_in().await, "and reaches back only");
    bridge.clock.advance(Duration::minutes(1) + Duration::seconds(1));
    assert_eq!(first.send(&bridge, &[]).await.status, 400);
}

#[tokio::test]
async fn oi_14_while_the_keys_of_cis2_cannot_be_had_the_answer_is_that_it_failed() {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    let token = catch(&bridge).await;
    let port = bridge.lose_cis2().await;
    bridge.reload(|_config| {}).await;
    let failed = token.send(&bridge, &[]).await;
    assert_eq!(failed.status, 501, "not that the token is wrong: {}", failed.body);
    assert_eq!(failed.header("cache-control"), "no-store");
    assert!(zoe.is_signed_in().await);
    bridge.find_cis2(port).await;
    bridge.clock.advance(Duration::seconds(30));
    assert_eq!(token.send(&bridge, &[]).await.status, 200, "CIS2 tries again");
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_14_while_the_store_is_full_the_answer_is_that_it_failed_and_a_retry_succeeds() {
    let bridge = TestBridge::with_cis2(|config| config.store.max_records = 12).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    let token = catch(&bridge).await;
    let mut others = Vec::new();
    while others.len() < 20 {
        let mut other = bridge.visitor();
        let page = other
            .ask(axum::http::Method::GET, "/sign-in?door=nhsmail-entra", &[])
            .await;
        others.push(page.status);
    }
    assert_eq!(others.last(), Some(&503), "there is no room: {others:?}");
    assert_eq!(token.send(&bridge, &[]).await.status, 501);
    assert!(zoe.is_signed_in().await);
    // Half an hour later the questions that nobody answered have gone. CIS2 sends a new token then.
    for _ in 0..4 {
        bridge.clock.advance(Duration::minutes(8));
        let kept = zoe.ask(axum::http::Method::GET, "/auth/verify", &[]).await;
        assert_eq!(kept.status, 200);
    }
    let token = catch(&bridge).await;
    assert_eq!(token.send(&bridge, &[]).await.status, 200);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_07_a_logout_token_under_a_new_key_is_believed_as_an_id_token_is() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    bridge.cis2().roll_keys(KeyStep::Surprise).expect("a key");
    assert_eq!(catch(&bridge).await.send(&bridge, &[]).await.status, 200);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_14_who_came_by_nhsmail_is_nobody_that_cis2_could_end() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let (mut amara, mut care) = (bridge.visitor(), bridge.visitor());
    amara.sign_in(ENTRA, "amara-example").await;
    signs_in(&bridge, &mut care, "amara-example").await;
    let token = catch_kind(&bridge, LogoutKind::SubOnly).await;
    assert_eq!(token.send(&bridge, &[]).await.status, 200);
    assert!(amara.is_signed_in().await && !care.is_signed_in().await);
}
