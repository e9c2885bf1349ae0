//! Our own key set, and its roll-over: CIS2 fetches it whenever it likes.

use axum::http::Method;
use nhsmail_bridge::fakes::cis2::Endpoint;
use serde_json::Value;

use super::{ZOE, bridge_where, cis2_of, signs_in};
use crate::support::{CIS2, TestBridge, client_key};

async fn published(bridge: &TestBridge) -> Vec<Value> {
    let page = bridge
        .visitor()
        .ask(Method::GET, "/oidc/cis2/jwks.json", &[])
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.json()["keys"].as_array().expect("keys").clone()
}

/// The `kid` under which we proved ourselves last.
fn last_kid(bridge: &TestBridge) -> Value {
    let asked = bridge.cis2().received();
    let last = asked.iter().rfind(|asked| asked.endpoint == Endpoint::Token);
    let proof = last.and_then(|asked| asked.authentication.clone());
    let assertion = proof.and_then(|proof| proof.assertion);
    assertion.expect("an assertion").header["kid"].clone()
}

#[tokio::test]
async fn oi_16_in_a_roll_over_both_keys_are_published_and_everybody_signs_in_throughout() {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    let (old, new) = (published(&bridge).await, client_key());
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    assert_eq!(last_kid(&bridge), old[0]["kid"]);

    // First behind the old one, so that CIS2 knows it before it is used; then in front; then alone.
    let behind = new.clone();
    bridge
        .reload(|config| cis2_of(config).oidc.client_keys.push(behind))
        .await;
    let both = published(&bridge).await;
    assert_eq!((both.len(), &both[0]["kid"]), (2, &old[0]["kid"]));
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    assert_eq!(last_kid(&bridge), old[0]["kid"]);

    bridge
        .reload(|config| cis2_of(config).oidc.client_keys.reverse())
        .await;
    assert_eq!(published(&bridge).await.len(), 2);
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    assert_eq!(last_kid(&bridge), both[1]["kid"]);

    bridge
        .reload(|config| cis2_of(config).oidc.client_keys.truncate(1))
        .await;
    assert_eq!(published(&bridge).await.len(), 1);
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
}

#[tokio::test]
async fn oi_16_the_key_set_is_public_kept_briefly_and_has_no_private_part() {
    let bridge = bridge_where(|cis2| cis2.oidc.client_keys.push(client_key())).await;
    let page = bridge
        .visitor()
        .ask(Method::GET, "/oidc/cis2/jwks.json", &[])
        .await;
    assert_eq!(page.header("cache-control"), "public, max-age=300");
    assert!(page.header("content-type").starts_with("application/json"));
    for key in published(&bridge).await {
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
}

#[tokio::test]
async fn oi_16_the_key_set_is_there_before_the_connection_is_switched_on() {
    let bridge = bridge_where(|cis2| cis2.oidc.enabled = false).await;
    assert_eq!(published(&bridge).await.len(), 1);
    let mut visitor = bridge.visitor();
    assert_eq!(visitor.leave(CIS2).await.heading(), "You cannot log in this way");
    for nobodys in ["/oidc/none/jwks.json", "/oidc/nhsmail-entra/jwks.json"] {
        assert_eq!(visitor.open(nobodys).await.status, 404);
    }
}
