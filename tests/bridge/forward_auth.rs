//! The question that a reverse proxy asks for an application.

mod behind;
mod envoy;
mod hand_over;
mod policies;
mod process;
mod scene;
mod snippets;
mod upstream;

use axum::http::Method;

use crate::support::{ENTRA, TestBridge, Visitor};
use scene::signed_in;

/// What a proxy says of a request for `/shifts` of `host`.
fn forwarded(host: &str) -> [(&str, &str); 4] {
    [
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", host),
        ("x-forwarded-uri", "/shifts?day=1"),
        ("x-forwarded-method", "GET"),
    ]
}

/// A bridge that believes the proxies of this machine, and may send people to these sites.
async fn believing_at(sites: &[&str]) -> TestBridge {
    TestBridge::configured(|config| {
        config.web.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        for site in sites {
            config.web.return_to.push(site.parse().expect("an origin"));
        }
    })
    .await
}

/// Where a page that nobody is signed in to is sent.
async fn sent_to(visitor: &mut Visitor, headers: &[(&str, &str)]) -> String {
    let answer = visitor.ask(Method::GET, "/auth/verify?redirect=1", headers).await;
    assert_eq!(answer.status, 302);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn ap_12_a_call_gets_401_and_a_page_is_sent_to_sign_in() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let call = visitor.ask(Method::GET, "/auth/verify", &[]).await;
    assert_eq!(call.status, 401);
    assert_eq!(call.json()["signed_in"], false);
    let start = bridge.url("/").to_string();
    assert_eq!(sent_to(&mut visitor, &[]).await, start);
}

#[tokio::test]
async fn ap_12_a_site_at_our_own_host_sees_our_cookie_and_needs_no_hand_over() {
    let site = "http://localhost:9";
    let bridge = believing_at(&[site]).await;
    let said = forwarded("localhost:9");
    let mut visitor = bridge.visitor();
    let chooser = sent_to(&mut visitor, &said).await;
    let query = "?return_to=http%3A%2F%2Flocalhost%3A9%2Fshifts%3Fday%3D1";
    assert_eq!(chooser, format!("{}{query}", bridge.url("/")));
    let mut known = signed_in(&bridge).await;
    let answer = known.ask(Method::GET, "/auth/verify", &said).await;
    assert_eq!(
        (answer.status, answer.header("x-auth-name")),
        (200, "Nell Nomail")
    );
}

#[tokio::test]
async fn ap_12_a_proxy_that_we_do_not_know_or_a_site_that_is_not_listed_gets_nobody() {
    let unbelieving = TestBridge::start().await;
    let mut visitor = signed_in(&unbelieving).await;
    let listed = unbelieving.application_url("/").authority().to_owned();
    let answer = visitor
        .ask(Method::GET, "/auth/verify", &forwarded(&listed))
        .await;
    assert_eq!((answer.status, answer.header("x-auth-subject")), (403, ""));

    let bridge = believing_at(&[]).await;
    let mut visitor = signed_in(&bridge).await;
    for host in [
        "evil.example.test",
        "127.0.0.1@evil.example.test",
        "127.0.0.1:1",
        "a, b",
    ] {
        let answer = visitor
            .ask(Method::GET, "/auth/verify?redirect=1", &forwarded(host))
            .await;
        let said = (
            answer.status,
            answer.header("x-auth-subject"),
            answer.header("location"),
        );
        assert_eq!(said, (403, "", ""), "{host}");
        assert!(!answer.body.contains("evil"), "{host}");
    }
}

#[tokio::test]
async fn ap_12_identity_headers_are_ours_alone_and_nothing_that_came_in_goes_out() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "nell-nomail").await;
    let forged = [
        ("x-auth-subject", "root"),
        ("x-auth-email", "root@example.test"),
        ("x-auth-role", "R0001"),
        ("x-auth-aal", "3"),
        ("authorization", "Bearer forged"),
    ];
    let answer = visitor.ask(Method::GET, "/auth/verify", &forged).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-auth-name"), "Nell Nomail");
    assert_eq!(answer.header("x-auth-org"), "FAK02");
    for absent in ["x-auth-role", "x-auth-aal"] {
        assert_eq!(answer.header(absent), "", "{absent}");
    }
    let everything = format!("{:?}{}", answer.headers, answer.body);
    for (_, value) in forged.iter().filter(|(_, value)| value.len() > 1) {
        assert!(!everything.contains(value), "{value}");
    }

    let stranger = bridge.visitor().ask(Method::GET, "/auth/verify", &forged).await;
    assert_eq!(stranger.status, 401, "a forged header signs nobody in");
}

#[tokio::test]
async fn ap_12_a_name_of_many_alphabets_fits_into_a_header() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "sian-ffug").await;
    let answer = visitor.ask(Method::GET, "/auth/verify", &[]).await;
    let name = answer.header("x-auth-name");
    let read = percent_encoding::percent_decode_str(name)
        .decode_utf8()
        .expect("UTF-8");
    assert_eq!(read, "Siân Ó Ffug-Łątka <例子> & 🩺");
}
