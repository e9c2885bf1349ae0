//! From the bridge to a site at another host, step by step, and what strangers try on the way.

use axum::http::Method;

use super::scene::signed_in;
use super::{believing_at, forwarded};
use crate::support::{Page, TestBridge, Visitor};

const SITE: &str = "rota.example.test";
const OTHER: &str = "stores.example.test";

async fn bridge() -> TestBridge {
    believing_at(&["http://rota.example.test", "http://stores.example.test"]).await
}

/// A page of the site was opened by this browser, whose proxy asked us.
async fn leave(visitor: &mut Visitor) -> Page {
    let left = visitor
        .ask(Method::GET, "/auth/verify?redirect=1", &forwarded(SITE))
        .await;
    assert_eq!(left.status, 302, "{}", left.body);
    left
}

/// The browser comes to us, and is sent on.
async fn come(visitor: &mut Visitor, left: &Page) -> Page {
    visitor.ask(Method::GET, left.header("location"), &[]).await
}

/// The browser arrives at a site with what we gave it; the site's proxy passes it on to us.
async fn arrive(visitor: &mut Visitor, sent: &Page, site: &str) -> Page {
    let (_, path) = sent.header("location").split_once(".test").expect("a site");
    visitor.ask(Method::GET, path, &forwarded(site)).await
}

async fn status_at(visitor: &mut Visitor, site: &str) -> u16 {
    visitor
        .ask(Method::GET, "/auth/verify", &forwarded(site))
        .await
        .status
}

#[tokio::test]
async fn ap_12_somebody_who_is_signed_in_is_handed_over_without_a_question() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let left = leave(&mut visitor).await;
    let hand_over = bridge.url("/auth/hand-over?to=");
    assert!(
        left.header("location").starts_with(hand_over.as_str()),
        "{:?}",
        left.headers
    );
    let sent = come(&mut visitor, &left).await;
    let code = sent.header("location");
    assert!(
        code.starts_with("http://rota.example.test/.nhsmail-bridge/arrive?code="),
        "{code}"
    );
    let arrived = arrive(&mut visitor, &sent, SITE).await;
    assert_eq!(arrived.status, 303);
    assert_eq!(
        arrived.header("location"),
        "http://rota.example.test/shifts?day=1"
    );
    let cookie = arrived.header("set-cookie");
    for flag in ["nhsmail-bridge-site=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{flag} in {cookie}");
    }
    assert_eq!(status_at(&mut visitor, SITE).await, 200);
}

#[tokio::test]
async fn ap_12_a_ticket_to_one_site_opens_no_other_and_nothing_with_us() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let left = leave(&mut visitor).await;
    let sent = come(&mut visitor, &left).await;
    let arrived = arrive(&mut visitor, &sent, SITE).await;
    let pair = arrived
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned();
    let (_, ticket) = pair.split_once('=').expect("a value");
    let mut thief = bridge.visitor();
    let cookie = ("cookie", pair.as_str());
    for (host, status) in [(SITE, 200), (OTHER, 401)] {
        let headers = [&forwarded(host)[..], &[cookie]].concat();
        assert_eq!(
            thief.ask(Method::GET, "/auth/verify", &headers).await.status,
            status,
            "{host}"
        );
    }
    assert_eq!(
        thief.ask(Method::GET, "/auth/verify", &[cookie]).await.status,
        401,
        "at no site"
    );
    thief.plant_ticket(ticket);
    assert!(!thief.is_signed_in().await, "it is no ticket of ours");
    let ours = format!("nhsmail-bridge={}", visitor.ticket().expect("a ticket"));
    let headers = [&forwarded(SITE)[..], &[("cookie", ours.as_str())]].concat();
    assert_eq!(
        thief.ask(Method::GET, "/auth/verify", &headers).await.status,
        401,
        "ours is none to a site"
    );
}

#[tokio::test]
async fn ap_12_nobody_is_signed_in_at_a_site_by_a_link_of_somebody_else() {
    let bridge = bridge().await;
    let mut attacker = signed_in(&bridge).await;
    let left = leave(&mut attacker).await;
    let sent = come(&mut attacker, &left).await;
    let mut victim = bridge.visitor();
    let arrived = arrive(&mut victim, &sent, SITE).await;
    assert_eq!((arrived.status, arrived.header("set-cookie")), (400, ""));
    assert_eq!(arrived.heading(), "We could not match your login to this browser");
    let late = arrive(&mut attacker, &sent, SITE).await;
    assert_eq!(late.status, 400, "a code that turned up elsewhere is spent");
}

#[tokio::test]
async fn ap_12_a_code_works_once_soon_and_at_its_site() {
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let left = leave(&mut visitor).await;
    let elsewhere = come(&mut visitor, &left).await;
    assert_eq!(arrive(&mut visitor, &elsewhere, OTHER).await.status, 400);
    let late = come(&mut visitor, &left).await;
    bridge.clock.advance(time::Duration::seconds(30));
    assert_eq!(arrive(&mut visitor, &late, SITE).await.status, 400);
    let sent = come(&mut visitor, &left).await;
    assert_eq!(arrive(&mut visitor, &sent, SITE).await.status, 303);
    let back = arrive(&mut visitor, &sent, SITE).await;
    assert_eq!(
        back.header("location"),
        "http://rota.example.test/",
        "whoever is known goes on"
    );
    assert_eq!(back.header("set-cookie"), "");
}

#[tokio::test]
async fn ap_13_nobody_is_handed_over_to_a_site_that_is_not_ours() {
    use base64::Engine as _;
    let bridge = bridge().await;
    let mut visitor = signed_in(&bridge).await;
    let mark = "a".repeat(64);
    for place in [
        "https://evil.example/",
        "http://rota.example.test.evil.example/",
        "http://rota.example.test@evil.example/",
        "http://rota.example.test:8080/",
        "http://rota.example.test/a/../b",
        "//rota.example.test/",
        "/",
        "",
    ] {
        let to = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(place);
        let refused = visitor
            .open(&format!("/auth/hand-over?to={to}&browser={mark}"))
            .await;
        assert_eq!(refused.status, 400, "{place}");
    }
    let to = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode("http://rota.example.test/");
    for query in [
        format!("to={to}"),
        format!("to={to}&browser=x"),
        "to=%&browser=".to_owned(),
    ] {
        assert_eq!(
            visitor.open(&format!("/auth/hand-over?{query}")).await.status,
            400,
            "{query}"
        );
    }
}

#[tokio::test]
async fn ap_12_only_a_proxy_that_we_know_brings_people_to_a_site() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    for path in ["/.nhsmail-bridge/arrive?code=x", "/.nhsmail-bridge/sign-out"] {
        assert_eq!(
            visitor.ask(Method::GET, path, &forwarded(SITE)).await.status,
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn ap_12_a_place_that_is_too_long_or_riddling_becomes_the_front_page_of_the_site() {
    let bridge = bridge().await;
    let long = format!("/{}", "x".repeat(1900));
    for uri in [
        long.as_str(),
        "//evil.example/",
        "/a/../b",
        "/a%0d%0ab",
        "no-path",
    ] {
        let mut visitor = signed_in(&bridge).await;
        let mut said = forwarded(SITE);
        said[2].1 = uri;
        let left = visitor.ask(Method::GET, "/auth/verify?redirect=1", &said).await;
        let sent = come(&mut visitor, &left).await;
        let arrived = arrive(&mut visitor, &sent, SITE).await;
        assert_eq!(arrived.header("location"), "http://rota.example.test/", "{uri}");
    }
}
