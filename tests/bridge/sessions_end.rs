//! Sessions begin afresh, last as long as they may, and end when somebody says so.

use axum::http::Method;
use time::Duration;
use url::form_urlencoded::Serializer;

use crate::support::{ENTRA, Form, Page, TestBridge, Visitor};

async fn signed_in(bridge: &TestBridge) -> (Visitor, Page) {
    let mut visitor = bridge.visitor();
    let home = visitor.sign_in(ENTRA, "amara-example").await;
    assert!(home.says("Amara Example"), "{}", home.body);
    (visitor, home)
}

async fn verifies(visitor: &mut Visitor) -> bool {
    visitor.ask(Method::GET, "/auth/verify", &[]).await.status == 200
}

#[tokio::test]
async fn ap_10_a_ticket_planted_before_the_sign_in_is_worth_nothing_after_it() {
    let bridge = TestBridge::start().await;
    let (mut attacker, _) = signed_in(&bridge).await;
    let planted = attacker.ticket().expect("a ticket").to_owned();
    let mut victim = bridge.visitor();
    victim.plant_ticket(&planted);
    victim.sign_in(ENTRA, "priya-tester").await;

    assert_ne!(victim.ticket(), Some(planted.as_str()));
    assert!(!attacker.is_signed_in().await, "the planted session ended");
    let session = victim.open("/session").await.json();
    assert_eq!(session["name"], "Priya Tester");
}

#[tokio::test]
async fn ap_10_a_ticket_of_somebodys_own_making_is_never_adopted() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let (real, _) = signed_in(&bridge).await;
    let made_up: String = real.ticket().expect("a ticket").chars().rev().collect();
    visitor.plant_ticket(&made_up);
    assert!(!visitor.is_signed_in().await);
    visitor.sign_in(ENTRA, "priya-tester").await;
    assert_ne!(visitor.ticket(), Some(made_up.as_str()));
}

#[tokio::test]
async fn ap_10_signing_in_again_ends_the_session_before() {
    let bridge = TestBridge::start().await;
    let (mut visitor, _) = signed_in(&bridge).await;
    let mut before = visitor.clone();
    visitor.sign_in(ENTRA, "amara-example").await;
    assert_ne!(visitor.ticket(), before.ticket());
    assert!(visitor.is_signed_in().await && !before.is_signed_in().await);
}

/// What no layer stands around.
const ASKED_BY_MACHINES: [(Method, &str); 12] = [
    (Method::GET, "/auth/verify/x"),
    (Method::GET, "/auth/verify?redirect=%FF&redirect=1"),
    (Method::GET, "/oauth2/jwks.json"),
    (Method::OPTIONS, "/oauth2/jwks.json"),
    (Method::GET, "/.well-known/openid-configuration"),
    (Method::GET, "/oauth2/userinfo"),
    (Method::GET, "/oauth2/token"),
    (Method::POST, "/oauth2/token"),
    (Method::POST, "/oauth2/par"),
    (Method::POST, "/oauth2/introspect"),
    (Method::POST, "/oauth2/revoke"),
    (Method::DELETE, "/oauth2/revoke"),
];

#[tokio::test]
async fn ap_10_every_answer_carries_the_security_headers() {
    let bridge = TestBridge::start().await;
    let (mut visitor, home) = signed_in(&bridge).await;
    let acs = format!("/saml/{ENTRA}/acs");
    let leave = format!("/sign-in?door={ENTRA}");
    let sheet = home
        .body
        .split("rel=\"stylesheet\" href=\"")
        .nth(1)
        .expect("a stylesheet");
    let sheet = sheet.split('"').next().expect("its address").to_owned();
    let asked = [
        (Method::GET, "/"),
        (Method::GET, leave.as_str()),
        (Method::GET, "/sign-in?door=none"),
        (Method::GET, "/sign-in?door=a&door=b"),
        (Method::GET, "/?return_to=%FF"),
        (Method::GET, "/nothing/here"),
        (Method::GET, "/session"),
        (Method::GET, "/session/token"),
        (Method::GET, "/auth/verify"),
        (Method::GET, "/sign-out"),
        (Method::GET, "/signed-out"),
        (Method::GET, acs.as_str()),
        (Method::GET, "/saml/%FF/metadata"),
        (Method::POST, acs.as_str()),
        (Method::POST, "/sign-out"),
        (Method::POST, "/session/extend"),
        (Method::DELETE, "/session"),
        (Method::GET, sheet.as_str()),
    ];
    for (method, path) in asked.into_iter().chain(ASKED_BY_MACHINES) {
        let answer = visitor.ask(method.clone(), path, &[]).await;
        let is_styles = path == sheet;
        let expected = [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
        ];
        for (name, value) in expected {
            assert_eq!(answer.header(name), value, "{method} {path}: {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(
            is_styles || policy.contains("frame-ancestors 'none'"),
            "{method} {path}: {policy}"
        );
        let kept = answer.header("cache-control");
        let is_public = ["/oauth2/jwks.json", "/.well-known/openid-configuration"].contains(&path);
        let may_be_kept = is_styles || (is_public && method == Method::GET);
        assert!(may_be_kept || kept == "no-store", "{method} {path}: {kept}");
        let policies = answer.headers.get_all("content-security-policy").iter().count();
        assert!(policies <= 1, "{method} {path} has one policy");
    }
}

#[tokio::test]
async fn ap_10_over_https_both_cookies_are_host_prefixed_and_others_are_not_believed() {
    let bridge = TestBridge::start().await;
    let (real, _) = signed_in(&bridge).await;
    let mut bridge = bridge;
    let https = "https://login.example.test";
    bridge
        .reload(|config| config.public_url = https.parse().expect("an origin"))
        .await;
    let mut visitor = bridge.visitor();
    let leaving = visitor
        .ask(Method::GET, &format!("/sign-in?door={ENTRA}"), &[])
        .await;
    let set = leaving.header("set-cookie");
    assert!(set.starts_with("__Host-nhsmail-bridge-sign-in="), "{set}");
    for flag in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(flag), "{set}");
    }
    assert_eq!(leaving.header("strict-transport-security"), "max-age=63072000");

    let ticket = real.ticket().expect("a ticket");
    let with = |cookie: String| [("cookie", cookie)];
    for (cookie, status) in [
        (with(format!("nhsmail-bridge={ticket}")), 401),
        (with(format!("__Host-nhsmail-bridge={ticket}")), 200),
    ] {
        let [(name, value)] = &cookie;
        let answer = visitor.ask(Method::GET, "/session", &[(name, value)]).await;
        assert_eq!(answer.status, status, "{value}");
    }
}

#[tokio::test]
async fn ap_11_a_session_ends_after_fifteen_idle_minutes_and_asking_for_it_is_no_sign_of_life() {
    let bridge = TestBridge::start().await;
    let (mut visitor, _) = signed_in(&bridge).await;
    bridge.clock.advance(Duration::minutes(14));
    assert!(visitor.is_signed_in().await);
    bridge.clock.advance(Duration::minutes(1));
    assert!(!visitor.is_signed_in().await && !verifies(&mut visitor).await);
    assert_eq!(visitor.open("/session/token").await.status, 401);
}

#[tokio::test]
async fn ap_11_using_an_application_keeps_a_session_alive_for_twelve_hours_and_not_longer() {
    let bridge = TestBridge::start().await;
    let (mut visitor, _) = signed_in(&bridge).await;
    for _ in 0..71 {
        bridge.clock.advance(Duration::minutes(10));
        assert!(verifies(&mut visitor).await);
    }
    bridge.clock.advance(Duration::minutes(10));
    assert!(!verifies(&mut visitor).await);
}

#[tokio::test]
async fn ap_11_a_session_is_longer_than_its_assertion_and_ends_as_its_connection_says() {
    let bridge = TestBridge::configured(|config| {
        let entra = config.saml.get_mut(ENTRA).expect("a door");
        entra.session.idle = Duration::minutes(50);
        entra.session.absolute = Duration::hours(2);
    })
    .await;
    let (mut visitor, _) = signed_in(&bridge).await;
    // The assertion of Entra is good for an hour.
    for _ in 0..2 {
        bridge.clock.advance(Duration::minutes(49));
        assert!(verifies(&mut visitor).await);
    }
    bridge.clock.advance(Duration::minutes(22));
    assert!(!verifies(&mut visitor).await, "after two hours");
}

#[tokio::test]
async fn ap_11_a_token_never_outlives_its_session() {
    let bridge = TestBridge::start().await;
    let (mut visitor, _) = signed_in(&bridge).await;
    bridge.clock.advance(Duration::minutes(13));
    let token = visitor.open("/session/token").await.json();
    assert_eq!(token["expires_in"], 120);
}

#[tokio::test]
async fn staying_signed_in_is_a_button_for_people_and_a_call_for_listed_applications() {
    let bridge = TestBridge::start().await;
    let (mut visitor, home) = signed_in(&bridge).await;
    bridge.clock.advance(Duration::minutes(10));
    let page = visitor.press(&home, "Stay logged in").await;
    assert_eq!((page.status, page.url.path()), (200, "/"));
    bridge.clock.advance(Duration::minutes(10));
    assert!(visitor.is_signed_in().await);

    let application = bridge.application_url("").origin().ascii_serialization();
    let headers = [("origin", application.as_str())];
    let extended = visitor.ask(Method::POST, "/session/extend", &headers).await;
    assert_eq!(extended.json()["seconds_left"], 900);
    assert_eq!(extended.header("access-control-allow-origin"), application);
    assert_eq!(extended.header("access-control-allow-credentials"), "true");
}

#[tokio::test]
async fn nobody_else_can_extend_a_session_or_read_it() {
    let bridge = TestBridge::start().await;
    let (mut visitor, home) = signed_in(&bridge).await;
    bridge.clock.advance(Duration::minutes(10));
    for origin in ["https://evil.example.test", "null"] {
        let headers = [("origin", origin)];
        let refused = visitor.ask(Method::POST, "/session/extend", &headers).await;
        assert_eq!(refused.status, 401);
        let read = visitor.ask(Method::GET, "/session", &headers).await;
        assert_eq!(read.header("access-control-allow-origin"), "", "{origin}");
    }
    let forged = home.form("Stay logged in").with("csrf_token", "0");
    let page = visitor.submit(&home, &forged).await;
    assert_eq!(
        (page.heading().as_str(), page.status),
        ("This page has expired", 400)
    );
    bridge.clock.advance(Duration::minutes(5));
    assert!(
        !visitor.is_signed_in().await,
        "nothing of that was a sign of life"
    );

    let page = visitor.press(&home, "Stay logged in").await;
    assert!(
        page.says("Log in with NHSmail"),
        "the way in, not JSON: {}",
        page.body
    );
}

#[tokio::test]
async fn signing_out_asks_first_and_then_ends_the_session_for_good() {
    let bridge = TestBridge::start().await;
    let (mut visitor, _) = signed_in(&bridge).await;
    let ticket = visitor.ticket().expect("a ticket").to_owned();
    let question = visitor.open("/sign-out").await;
    assert!(visitor.is_signed_in().await, "a link ends nothing");

    let page = visitor.press(&question, "Log out").await;
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"));
    assert_eq!(visitor.ticket(), None);
    visitor.plant_ticket(&ticket);
    assert!(!visitor.is_signed_in().await, "the ticket is dead, not only gone");
}

#[tokio::test]
async fn a_form_of_another_site_or_without_our_token_signs_nobody_out() {
    let bridge = TestBridge::start().await;
    let (mut visitor, home) = signed_in(&bridge).await;
    let form = home.form("Log out");
    let (mut stranger, strangers_home) = signed_in(&bridge).await;
    let of_another = strangers_home.form("Log out");
    let of_another = of_another.field("csrf_token").expect("a token");
    for forged in [
        form.clone().without("csrf_token"),
        form.clone().with("csrf_token", ""),
        form.clone().with("csrf_token", of_another),
    ] {
        let page = visitor.submit(&home, &forged).await;
        assert_eq!(page.heading(), "This page has expired");
        assert!(visitor.is_signed_in().await);
    }
    let elsewhere = visitor.open(bridge.application_url("/").as_str()).await;
    visitor.submit(&elsewhere, &form).await;
    assert!(visitor.is_signed_in().await, "the cookie stayed home");
    assert!(stranger.is_signed_in().await);
}

#[tokio::test]
async fn ap_13_signing_out_leads_to_a_listed_application_and_nowhere_else() {
    let bridge = TestBridge::start().await;
    let application = bridge.application_url("/goodbye");
    for (place, end) in [
        (application.as_str(), application.clone()),
        ("https://evil.example.test/", bridge.url("/signed-out")),
        ("//evil.example.test/", bridge.url("/signed-out")),
    ] {
        let (mut visitor, _) = signed_in(&bridge).await;
        let mut query = Serializer::new(String::new());
        query.append_pair("return_to", place);
        let question = visitor.open(&format!("/sign-out?{}", query.finish())).await;
        let page = visitor.press(&question, "Log out").await;
        assert_eq!(page.url, end);
        let (mut visitor, home) = signed_in(&bridge).await;
        let form: Form = home.form("Log out").with("return_to", place);
        assert_eq!(visitor.submit(&home, &form).await.url, end);
    }
}

#[tokio::test]
async fn a_new_configuration_ends_no_session_and_loses_no_question() {
    let mut bridge = TestBridge::start().await;
    let (mut visitor, home) = signed_in(&bridge).await;
    let mut leaving = bridge.visitor();
    let question = leaving.leave(ENTRA).await;
    bridge
        .reload(|config| config.saml.get_mut(ENTRA).expect("a door").saml.label = "NHSmail (new)".to_owned())
        .await;
    assert!(visitor.open("/").await.says("NHSmail (new)"));
    assert!(visitor.is_signed_in().await);
    let answer = leaving.pick(&question, "priya-tester").await;
    assert!(leaving.bring(&answer).await.says("Priya Tester"));
    assert_eq!(visitor.press(&home, "Log out").await.url.path(), "/signed-out");
}
