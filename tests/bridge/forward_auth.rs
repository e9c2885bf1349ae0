//! The question that a reverse proxy asks for an application.

use axum::http::Method;

use crate::support::{ENTRA, TestBridge, Visitor};

/// What a proxy says of a request for `/shifts` of `host`.
fn forwarded(host: &str) -> [(&str, &str); 3] {
    [
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", host),
        ("x-forwarded-uri", "/shifts?day=1"),
    ]
}

async fn believing_proxies() -> TestBridge {
    TestBridge::configured(|config| {
        config.web.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
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
async fn ap_12_a_known_proxy_says_which_page_was_wanted_and_the_person_ends_there() {
    let bridge = believing_proxies().await;
    let mut visitor = bridge.visitor();
    let wanted = bridge.application_url("/shifts?day=1");
    let host = wanted.authority().to_owned();
    let chooser = sent_to(&mut visitor, &forwarded(&host)).await;
    let chooser = visitor.open(&chooser).await;
    let question = visitor.open(chooser.link("Log in with NHSmail").as_str()).await;
    let answer = visitor.pick(&question, "amara-example").await;
    assert_eq!(visitor.bring(&answer).await.url, wanted);
}

#[tokio::test]
async fn ap_12_what_an_unknown_proxy_says_or_a_host_that_is_not_listed_is_ignored() {
    let unbelieving = TestBridge::start().await;
    let mut visitor = unbelieving.visitor();
    let listed = unbelieving.application_url("/").authority().to_owned();
    let start = unbelieving.url("/").to_string();
    assert_eq!(sent_to(&mut visitor, &forwarded(&listed)).await, start);

    let bridge = believing_proxies().await;
    let start = bridge.url("/").to_string();
    let mut visitor = bridge.visitor();
    for host in ["evil.example.test", "127.0.0.1@evil.example.test", "127.0.0.1:1"] {
        assert_eq!(sent_to(&mut visitor, &forwarded(host)).await, start, "{host}");
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
