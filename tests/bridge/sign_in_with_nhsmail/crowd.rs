//! More than there is room for: too many records, too large a body; and one thing is never forgotten.

use axum::http::Method;
use nhsmail_bridge::upstream::saml_sp::settings::Unsolicited;
use time::Duration;

use crate::support::{ENTRA, TestBridge, Unasked};

const NO_ROOM: &str = "Sorry, there is a problem with the service";

#[tokio::test]
async fn with_no_room_left_nobody_leaves_and_everybody_is_told_when_to_come_back() {
    let bridge = TestBridge::configured(|config| config.store.max_records = 2).await;
    for _ in 0..2 {
        assert_eq!(bridge.visitor().leave(ENTRA).await.status, 200);
    }
    let refused = bridge.visitor().leave(ENTRA).await;
    assert_eq!((refused.heading().as_str(), refused.status), (NO_ROOM, 503));
    assert_eq!(refused.header("retry-after"), "30");

    bridge.clock.advance(Duration::minutes(31));
    assert_eq!(
        bridge.visitor().leave(ENTRA).await.status,
        200,
        "forgotten questions make room"
    );
}

#[tokio::test]
async fn with_no_room_for_a_session_nobody_is_waved_through() {
    let bridge = TestBridge::configured(|config| config.store.max_records = 1).await;
    let mut visitor = bridge.visitor();
    let page = visitor.sign_in(ENTRA, "amara-example").await;
    assert_eq!((page.heading().as_str(), page.status), (NO_ROOM, 503));
    assert_eq!(visitor.ticket(), None);
    assert!(!visitor.is_signed_in().await);
}

#[tokio::test]
async fn sp_22_a_full_store_forgets_no_assertion_that_is_still_good() {
    let bridge = TestBridge::configured(|config| {
        // The session, the names it is filed under, and the assertion.
        config.store.max_records = 5;
        config.saml.get_mut(ENTRA).expect("a door").saml.unsolicited = Unsolicited::Accept;
    })
    .await;
    let mut visitor = bridge.visitor();
    let answer = bridge
        .begin_at_the_idp(&mut visitor, &Unasked::by_entra(""))
        .await;
    assert!(visitor.bring(&answer).await.says("Amara Example"));
    for _ in 0..5 {
        assert_eq!(bridge.visitor().leave(ENTRA).await.status, 503);
    }
    let again = bridge.visitor().bring(&answer).await;
    assert_eq!(again.heading(), "We could not log you in");
    assert!(visitor.is_signed_in().await, "and nobody is thrown out");
}

#[tokio::test]
async fn xc_02_a_form_of_more_than_half_a_mebibyte_is_refused_before_it_is_read() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;
    for octets in [512 * 1024, 1024 * 1024] {
        let form = answer.form("Continue").with("SAMLResponse", &"A".repeat(octets));
        let page = visitor.submit(&answer, &form).await;
        assert_eq!(
            (page.heading().as_str(), page.status),
            ("We could not read what was sent", 413)
        );
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'none'")
        );
    }
    assert_eq!(
        visitor.bring(&answer).await.status,
        200,
        "and its neighbour of a usual size is taken"
    );
}

#[tokio::test]
async fn only_the_listener_that_is_not_published_says_how_we_are() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(visitor.open(path).await.status, 404);
        let own = visitor.open(bridge.management_url(path).as_str()).await;
        assert_eq!(own.status, 200);
    }
    let ready = visitor
        .ask(Method::GET, bridge.management_url("/readyz").as_str(), &[])
        .await;
    assert_eq!(ready.json()["connections"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        visitor
            .open(bridge.management_url("/session").as_str())
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_bridge_without_an_open_door_is_not_ready() {
    let bridge = TestBridge::configured(|config| {
        for connection in config.saml.values_mut() {
            connection.saml.enabled = false;
        }
    })
    .await;
    let ready = bridge
        .visitor()
        .open(bridge.management_url("/readyz").as_str())
        .await;
    assert_eq!(ready.status, 503);
}
