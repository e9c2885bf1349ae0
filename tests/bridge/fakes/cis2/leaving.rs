//! Logout tokens to a client's address, sessions that end, keys that roll over.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::cis2::{FakeCis2, KeyStep, LogoutKind, LogoutOrder, NextAnswer, Settings};
use nhsmail_bridge::platform::origin::Origin;
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::compact::Compact;
use nhsmail_bridge::protocol::jose::signer::Signer;
use serde_json::{Value, json};
use url::Url;

use super::{CLIENT, Party, client, settings};

type Heard = Arc<Mutex<Vec<String>>>;

/// A client's back-channel logout endpoint that says 200 and keeps what it was sent.
async fn listener() -> (String, Heard) {
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    let hear = move |body: String| async move {
        kept.lock().expect("a list").push(body);
        ([("cache-control", "no-store")], "heard")
    };
    let router = Router::new().route("/backchannel-logout", post(hear));
    let listener = tokio::net::TcpListener::bind(super::loopback())
        .await
        .expect("a place");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/backchannel-logout"), heard)
}

async fn party() -> (Party, Heard) {
    let signer = Signer::generate_rsa(Algorithm::RS256, Some("party")).expect("a key");
    let (address, heard) = listener().await;
    let mut registered = client(&signer);
    registered.backchannel_logout_uri = Some(address);
    registered.post_logout_redirect_uris = vec!["http://127.0.0.1:9/bye?a=b".to_owned()];
    (Party::start_as(registered, signer).await, heard)
}

fn last_token(heard: &Heard) -> Compact {
    let form = heard.lock().expect("a list").pop().expect("a form");
    let token = form.strip_prefix("logout_token=").expect("one field");
    Compact::read(token).expect("a token")
}

/// What each kind changes of a good one.
const CHANGES: [(LogoutKind, &[&str]); 18] = [
    (LogoutKind::Good, &[]),
    (LogoutKind::Replayed, &[]),
    (LogoutKind::AudArray, &["aud"]),
    (LogoutKind::SubOnly, &["sid"]),
    (LogoutKind::SidOnly, &["sub"]),
    (LogoutKind::WithExpiry, &["exp"]),
    (LogoutKind::WrongAud, &["aud"]),
    (LogoutKind::WrongIss, &["iss"]),
    (LogoutKind::WithNonce, &["nonce"]),
    (LogoutKind::Expired, &["exp"]),
    (LogoutKind::FutureIat, &["iat"]),
    (LogoutKind::OldIat, &["iat"]),
    (LogoutKind::NoEvents, &["events"]),
    (LogoutKind::OtherEvent, &["events"]),
    (LogoutKind::Neither, &["sid", "sub"]),
    (LogoutKind::UnknownSession, &["sid", "sub"]),
    (LogoutKind::AlgNone, &[]),
    (LogoutKind::WrongKey, &[]),
];

#[tokio::test]
async fn every_logout_token_differs_from_a_good_one_in_what_it_is_called() {
    let (party, heard) = party().await;
    party.sign_in(NextAnswer::about("amara-example")).await;
    let send = async |kind| {
        let sent = party
            .fake
            .send_logout(LogoutOrder::of(kind))
            .await
            .expect("it is sent");
        assert!(
            sent.iter()
                .all(|one| one.status == Some(200) && one.body == "heard")
        );
        assert!(
            sent.iter()
                .all(|one| one.cache_control.as_deref() == Some("no-store"))
        );
        (last_token(&heard), sent.len())
    };
    let (good, _) = send(LogoutKind::Good).await;
    assert_eq!(good.claims()["aud"], CLIENT);
    assert_eq!(good.claims()["sid"], party.fake.sessions()[0]);
    assert_eq!(
        good.claims()["events"],
        json!({ "http://schemas.openid.net/event/backchannel-logout": {} })
    );
    for (kind, changes) in CHANGES {
        let (token, times) = send(kind).await;
        let (one, other) = (good.claims(), token.claims());
        let mut names: Vec<_> = one
            .keys()
            .chain(other.keys())
            .filter(|name| *name != "jti")
            .collect();
        names.sort();
        names.dedup();
        names.retain(|name| one.get(*name) != other.get(*name));
        assert_eq!(names, changes, "{kind:?}");
        assert_eq!(times, if kind == LogoutKind::Replayed { 2 } else { 1 });
        assert_eq!(token.alg() == "none", kind == LogoutKind::AlgNone);
    }
    let (token, _) = send(LogoutKind::NoJti).await;
    assert!(!token.claims().contains_key("jti"));
    let (token, _) = send(LogoutKind::IdTokenAsLogout).await;
    assert!(token.claims().contains_key("nonce") && !token.claims().contains_key("events"));
    assert_eq!(CHANGES.len() + 2, LogoutKind::ALL.len());
    assert_eq!(party.fake.sessions().len(), 1, "the session stays");
}

#[tokio::test]
async fn a_session_that_ends_at_the_provider_is_told_and_cannot_be_used_again() {
    let (party, heard) = party().await;
    let mut browser = Browser::new().expect("a browser");
    party.fake.script(NextAnswer::about("amara-example"));
    let answer = party.answer_in(&mut browser, &party.request(&[])).await;
    let tokens = party.tokens(answer["code"].as_str().expect("a code")).await;
    let sid = party.fake.sessions().pop().expect("a session");
    party.fake.end_session(&sid).await.expect("it ends");
    assert_eq!(last_token(&heard).claims()["sid"], sid);
    assert_eq!(party.user_info(&tokens).await.status, 401);
    let asked = party.request(&[("prompt", "none")]);
    let refused = party.answer_in(&mut browser, &asked).await;
    assert_eq!(refused["error"], "login_required");
    assert!(party.fake.end_session(&sid).await.is_err());
}

#[tokio::test]
async fn a_browser_leaves_by_an_id_token_hint_to_a_registered_address_only() {
    let (party, heard) = party().await;
    let tokens = party.sign_in(NextAnswer::about("amara-example")).await;
    let hint = tokens["id_token"].as_str().expect("a token");
    let leave = |fields: &[(&str, &str)]| {
        let endpoint = format!("{}/connect/endSession", party.fake.issuer());
        Url::parse_with_params(&endpoint, fields).expect("an address")
    };
    for (fields, why) in [
        (vec![], "id_token_hint is missing"),
        (vec![("id_token_hint", "a.b.c")], "not an ID token"),
        (
            vec![
                ("id_token_hint", hint),
                ("post_logout_redirect_uri", "http://127.0.0.1:9/bye"),
            ],
            "not registered",
        ),
        (
            vec![("id_token_hint", hint), ("client_id", "another")],
            "client_id is not",
        ),
    ] {
        let reply = party.get(leave(&fields).as_str()).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text().contains(why), "{why}");
    }
    assert!(heard.lock().expect("a list").is_empty());
    let good = [
        ("id_token_hint", hint),
        ("post_logout_redirect_uri", "http://127.0.0.1:9/bye?a=b"),
        ("state", "s&1"),
    ];
    let reply = party.get(leave(&good).as_str()).await;
    assert_eq!(
        reply.header("location"),
        Some("http://127.0.0.1:9/bye?a=b&state=s%261")
    );
    assert_eq!(last_token(&heard).claims()["sub"], "555200000101");
    assert!(party.fake.sessions().is_empty());
}

#[tokio::test]
async fn keys_roll_over_in_steps_and_by_surprise() {
    let party = Party::start().await;
    let kid = async || {
        let tokens = party.sign_in(NextAnswer::about("amara-example")).await;
        let token = Compact::read(tokens["id_token"].as_str().expect("a text")).expect("a token");
        token.kid().expect("a kid").to_owned()
    };
    let published = || party.fake.key_set()["keys"].as_array().map_or(0, Vec::len);
    let first = kid().await;
    party.fake.roll_keys(KeyStep::Announce).expect("a step");
    assert_eq!((published(), kid().await), (4, first.clone()));
    party.fake.roll_keys(KeyStep::SignWithNewest).expect("a step");
    let second = kid().await;
    assert_ne!(first, second);
    party.fake.roll_keys(KeyStep::DropOthers).expect("a step");
    assert_eq!((published(), kid().await), (2, second.clone()));
    party.fake.roll_keys(KeyStep::Surprise).expect("a step");
    assert_eq!(published(), 2);
    assert_ne!(kid().await, second);
}

#[tokio::test]
async fn an_issuer_prints_the_default_port_and_no_fake_has_a_live_one() {
    let clock = nhsmail_bridge::platform::clock::SettableClock::at(crate::support::START);
    let public = |origin: &str| Settings {
        public: Some(Origin::parse(origin).expect("an origin")),
        ..settings(&clock)
    };
    let fake = FakeCis2::start(public("https://cis2.example.test"))
        .await
        .expect("it starts");
    assert!(fake.issuer().starts_with("https://cis2.example.test:443/openam/"));
    assert!(
        fake.token_endpoint()
            .starts_with("https://cis2.example.test:443/openam/")
    );
    assert!(
        fake.discovery_url()
            .starts_with("https://cis2.example.test/openam/")
    );
    let apart = Settings {
        issuer_origin: Some("https://cis2.example.test:443".to_owned()),
        ..settings(&clock)
    };
    let apart = FakeCis2::start(apart).await.expect("it starts");
    assert_eq!(apart.issuer(), fake.issuer());
    assert!(
        apart
            .token_endpoint()
            .starts_with(&format!("http://{}/", apart.address()))
    );
    let live = public("https://am.nhsidentity.spineservices.nhs.uk");
    assert!(FakeCis2::start(live).await.is_err());
}

#[tokio::test]
async fn a_program_does_by_json_what_a_test_does_in_code() {
    let (party, heard) = party().await;
    let api = |path: &str| format!("{}fake/api/{path}", party.fake.page());
    let order = async |path: &str, json: &str| super::post_json(&api(path), json).await;
    assert_eq!(
        order(
            "next-answer",
            r#"{"person":"priya-tester","role":"555200000222"}"#
        )
        .await
        .0,
        204
    );
    assert_eq!(
        order(
            "manner",
            r#"{"levels":"numbers","single":"object","signature":"RS512"}"#
        )
        .await
        .0,
        204
    );
    let mut browser = Browser::new().expect("a browser");
    let answer = party.answer_in(&mut browser, &party.request(&[])).await;
    let tokens = party.tokens(answer["code"].as_str().expect("a code")).await;
    assert_eq!(super::claims(&tokens)["authentication_assurance_level"], 3);
    let (status, answered) = order("logout", r#"{"kind":"wrong-aud"}"#).await;
    let answered: Value = serde_json::from_str(&answered).expect("JSON");
    assert_eq!(
        (status, &answered[0]["status"], &answered[0]["kind"]),
        (200, &json!(200), &json!("wrong-aud"))
    );
    assert_ne!(last_token(&heard).claims()["aud"], CLIENT);
    assert_eq!(order("keys", r#"{"step":"surprise"}"#).await.0, 204);
    assert_eq!(order("clock", r#"{"ahead_seconds":600}"#).await.0, 204);
    let sid = party.fake.sessions().pop().expect("a session");
    assert_eq!(
        order("end-session", &json!({ "sid": sid }).to_string()).await.0,
        200
    );
    for view in ["received", "cast", "sessions", "logouts"] {
        assert_eq!(party.get(&api(view)).await.status, 200, "{view}");
    }
    let registered = json!({
        "client_id": "another", "redirect_uris": [super::CALLBACK],
        "authentication": { "private_key_jwt": { "jwks_uri": "http://127.0.0.1:9/jwks" } },
    });
    assert_eq!(order("clients", &registered.to_string()).await.0, 204);
    for (path, nonsense) in [
        ("next-answer", r#"{"mischief":"harmless"}"#),
        ("next-answer", r#"{"person":"nobody"}"#),
        ("manner", r#"{"levels":"romans"}"#),
        ("keys", "{}"),
        ("clock", r#"{"ahead_seconds":99999999999}"#),
        ("logout", r#"{"kind":"polite"}"#),
    ] {
        assert_eq!(order(path, nonsense).await.0, 400, "{path} {nonsense}");
    }
}
