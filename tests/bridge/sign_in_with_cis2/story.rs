//! The happy path, and its end.

use axum::http::Method;
use nhsmail_bridge::fakes::cis2::LogoutOrder;
use serde_json::json;

use crate::support::{CIS2, TestBridge};

#[tokio::test]
async fn somebody_signs_in_with_a_security_key_and_applications_are_told() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut clerk = bridge.visitor();
    let home = clerk.sign_in_at_cis2(CIS2, "security-key", "zoe-umlaut").await;
    assert_eq!((home.status, home.url.path()), (200, "/"), "{}", home.body);
    let session = clerk.open("/session").await.json();
    let told = ["door", "role", "simulated"].map(|field| session[field].clone());
    assert_eq!(told, [json!("cis2"), json!("R8015"), json!(true)]);
    let verified = clerk.ask(Method::GET, "/auth/verify", &[]).await;
    let told = ["x-auth-aal", "x-auth-role", "x-auth-org", "x-auth-door"].map(|name| verified.header(name));
    assert_eq!((verified.status, told), (200, ["3", "R8015", "A9A5A", "cis2"]));
}

#[tokio::test]
async fn oi_14_the_upstream_ends_its_session_and_ours_ends_with_it() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let (mut one, mut other) = (bridge.visitor(), bridge.visitor());
    one.sign_in_at_cis2(CIS2, "security-key", "zoe-umlaut").await;
    other
        .sign_in_at_cis2(CIS2, "security-key", "ray-registration")
        .await;
    let sid = bridge.cis2().sessions().first().expect("a session").clone();
    let order = LogoutOrder {
        sid: Some(sid),
        ..LogoutOrder::default()
    };
    let delivered = bridge.cis2().send_logout(order).await.expect("it is delivered");
    let statuses: Vec<_> = delivered.iter().map(|delivered| delivered.status).collect();
    assert_eq!(statuses, [Some(200)]);
    assert!(!one.is_signed_in().await);
    assert!(other.is_signed_in().await, "another person's session");
}
