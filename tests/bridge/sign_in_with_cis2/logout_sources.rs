//! From where a logout token may come, and that nothing but its signature stands in front.

use axum::http::Method;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::upstream::oidc_rp::settings::SourceRange;

use super::logout_order::{Caught, catch};
use super::{ZOE, cis2_of, signs_in};
use crate::support::{TestBridge, Visitor};

const CIS2_LIVE: &str = "52.142.148.70";

/// A bridge that takes logout tokens from there alone, behind a proxy that it believes if `proxies` says so.
async fn bridge_that_admits(source: &str, proxies: &[&str]) -> TestBridge {
    TestBridge::with_cis2(|config: &mut Config| {
        let range = SourceRange::try_from(source.to_owned()).expect("a range");
        cis2_of(config).oidc.backchannel_logout.allowed_sources = vec![range];
        config.web.trusted_proxies = proxies.iter().map(|it| it.parse().expect("a network")).collect();
    })
    .await
}

async fn signed_in_with_a_token(bridge: &TestBridge) -> (Visitor, Caught) {
    let mut zoe = bridge.visitor();
    signs_in(bridge, &mut zoe, ZOE).await;
    let token = catch(bridge).await;
    (zoe, token)
}

#[tokio::test]
async fn oi_14_a_token_from_an_address_that_is_not_listed_is_not_read() {
    let bridge = bridge_that_admits("cis2-live", &[]).await;
    let (mut zoe, token) = signed_in_with_a_token(&bridge).await;
    for headers in [vec![], vec![("x-forwarded-for", CIS2_LIVE)]] {
        let answer = token.send(&bridge, &headers).await;
        assert_eq!(answer.status, 403, "anybody can write that header");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert!(zoe.is_signed_in().await);

    let bridge = bridge_that_admits("127.0.0.0/8", &[]).await;
    let (mut zoe, token) = signed_in_with_a_token(&bridge).await;
    assert_eq!(token.send(&bridge, &[]).await.status, 200);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_14_behind_a_proxy_of_ours_the_address_is_what_the_proxy_says() {
    let bridge = bridge_that_admits("cis2-live", &["127.0.0.1/32"]).await;
    let (mut zoe, token) = signed_in_with_a_token(&bridge).await;
    for elsewhere in [
        "192.0.2.7",
        "52.142.148.72",
        "unknown",
        "52.142.148.70, 192.0.2.7",
        "",
    ] {
        let answer = token.send(&bridge, &[("x-forwarded-for", elsewhere)]).await;
        assert_eq!(answer.status, 403, "{elsewhere}");
    }
    assert_eq!(token.send(&bridge, &[]).await.status, 403, "the proxy itself");
    assert!(zoe.is_signed_in().await);
    let answer = token
        .send(&bridge, &[("x-forwarded-for", "192.0.2.7, 52.142.148.70")])
        .await;
    assert_eq!(answer.status, 200);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_14_no_cookie_no_origin_and_no_form_token_is_asked_for() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let headers: [&[(&str, &str)]; 4] = [
        &[],
        &[
            ("origin", "https://evil.example.test"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("origin", "null")],
        &[("cookie", "nhsmail-bridge=nonsense")],
    ];
    for headers in headers {
        let (mut zoe, token) = signed_in_with_a_token(&bridge).await;
        let answer = token.send(&bridge, headers).await;
        assert_eq!(answer.status, 200, "{headers:?}: {}", answer.body);
        assert!(!zoe.is_signed_in().await);
        let cors = "access-control-allow-origin";
        assert_eq!((answer.header(cors), answer.header("set-cookie")), ("", ""));
        bridge.clock.advance(time::Duration::seconds(2));
    }
}

#[tokio::test]
async fn oi_13_what_is_no_form_with_one_logout_token_is_refused() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let (mut zoe, token) = signed_in_with_a_token(&bridge).await;
    let form = "application/x-www-form-urlencoded";
    let field = format!("logout_token={}", token.text());
    for (kind, body) in [
        (
            "application/json",
            format!("{{\"logout_token\":\"{}\"}}", token.text()),
        ),
        ("text/plain", field.clone()),
        ("multipart/form-data; boundary=x", field.clone()),
        ("", field.clone()),
        (form, String::new()),
        (form, "logout_token=".to_owned()),
        (form, format!("token={}", token.text())),
        (form, format!("{field}&{field}")),
        (form, format!("logout_token={}", "x".repeat(1000))),
    ] {
        let answer = token.send_body(&bridge, kind, body).await;
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (400, "no-store"),
            "{kind}"
        );
    }
    let in_the_address = bridge.url(&format!("/oidc/cis2/backchannel-logout?{field}"));
    let answer = bridge
        .visitor()
        .ask(Method::GET, in_the_address.as_str(), &[])
        .await;
    assert_eq!(answer.status, 405);
    assert!(zoe.is_signed_in().await);
    assert_eq!(token.send_body(&bridge, form, field).await.status, 200);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn a_logout_address_of_no_connection_is_none() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let (mut zoe, token) = signed_in_with_a_token(&bridge).await;
    for door in ["none", "nhsmail-entra"] {
        assert_eq!(token.send_to(&bridge, door).await.status, 404, "{door}");
    }
    assert!(zoe.is_signed_in().await);
}
