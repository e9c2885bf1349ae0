//! The authorization endpoint hears what is right and objects to what is not, where it is safe to.

use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::cis2::{FakeCis2, NextAnswer};
use nhsmail_bridge::platform::clock::SettableClock;
use openssl::sha::sha256;

use super::{CALLBACK, CLIENT, Party, URL_SAFE_NO_PAD, body, settings};
use crate::support::START;
use base64::Engine as _;

/// What is changed, and the error that comes back to the client.
const REFUSED: [(&[(&str, &str)], &str); 14] = [
    (&[("response_type", "token")], "unsupported_response_type"),
    (&[("response_type", "")], "invalid_request"),
    (&[("response_mode", "fragment")], "invalid_request"),
    (&[("scope", "profile")], "invalid_scope"),
    (&[("scope", "")], "invalid_scope"),
    (&[("scope", "openid odscodes")], "invalid_scope"),
    (&[("acr_values", "urn:unknown")], "invalid_request"),
    (&[("prompt", "consent")], "invalid_request"),
    (&[("prompt", "none login")], "invalid_request"),
    (&[("max_age", "-1")], "invalid_request"),
    (
        &[("code_challenge", "short"), ("code_challenge_method", "S256")],
        "invalid_request",
    ),
    (&[("code_challenge_method", "S256")], "invalid_request"),
    (&[("request", "e30.e30.")], "request_not_supported"),
    (
        &[("request_uri", "https://example.test")],
        "request_uri_not_supported",
    ),
];

#[tokio::test]
async fn a_wrong_request_comes_back_as_the_error_of_the_standard_with_its_state() {
    let party = Party::start().await;
    let mut browser = Browser::new().expect("a browser");
    for (changes, error) in REFUSED {
        let back = party.answer_in(&mut browser, &party.request(changes)).await;
        assert_eq!(
            (&back["error"], &back["state"]),
            (&error.into(), &"state-1".into()),
            "{changes:?}"
        );
        assert!(!back.contains_key("code"));
    }
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_the_clients() {
    let party = Party::start().await;
    for (changes, words) in [
        ([("client_id", "another")], "invalid_client"),
        ([("client_id", "")], "missing client_id"),
        ([("redirect_uri", "")], "missing redirect_uri"),
        (
            [("redirect_uri", "http://127.0.0.1:9/callback/")],
            "redirect_uri_mismatch",
        ),
        (
            [("redirect_uri", "https://rota.example.nhs.uk/")],
            "may be a live service",
        ),
        (
            [("redirect_uri", "javascript:alert(1)")],
            "no http or https address",
        ),
    ] {
        let reply = party.get(&party.request(&changes)).await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (400, None),
            "{changes:?}"
        );
        assert!(reply.text().contains(words), "{changes:?}");
    }
    let twice = format!("{}&state=again", party.request(&[]));
    assert_eq!(party.get(&twice).await.status, 400);
    assert_eq!(party.fake.received().len(), 6, "each but the last could be read");
}

#[tokio::test]
async fn cancel_is_access_denied_and_forgetting_the_method_is_said() {
    let party = Party::start().await;
    let mut browser = Browser::new().expect("a browser");
    let page = browser.open(&party.request(&[])).await.expect("a page");
    let again = browser.press(&page, "Continue").await.expect("a page");
    assert!(
        again.words().contains("Select a login method."),
        "{}",
        again.words()
    );
    let cancel = page.forms().into_iter().nth(1).expect("the second form");
    let back = browser
        .submit_once(&page, &cancel, cancel.fields.clone())
        .await
        .expect("an answer");
    let back = back.redirect().expect("a redirect");
    assert!(back.as_str().starts_with(CALLBACK) && back.as_str().contains("error=access_denied"));
}

#[tokio::test]
async fn pkce_is_checked_when_it_is_used() {
    let party = Party::start().await;
    let verifier = "a-verifier-of-at-least-forty-three-characters-000";
    let challenge = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    for (number, (challenge, given, status)) in [
        (challenge.as_str(), Some(verifier), 200),
        (challenge.as_str(), Some("another"), 400),
        (challenge.as_str(), None, 400),
        ("", Some(verifier), 400),
    ]
    .into_iter()
    .enumerate()
    {
        party.fake.script(NextAnswer::about("amara-example"));
        let method = if challenge.is_empty() { "" } else { "S256" };
        let asked = party.request(&[("code_challenge", challenge), ("code_challenge_method", method)]);
        let mut browser = Browser::new().expect("a browser");
        let back = party.answer_in(&mut browser, &asked).await;
        let claims = party.assertion_claims(&format!("pkce-{number}"));
        let assertion = party.signer.sign(None, &claims).expect("an assertion");
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", back["code"].as_str().expect("a code")),
            ("redirect_uri", CALLBACK),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", &assertion),
        ];
        fields.extend(given.map(|verifier| ("code_verifier", verifier)));
        let reply = party.token_request(&fields).await;
        assert_eq!(reply.status, status, "{}", reply.text());
    }
}

#[tokio::test]
async fn a_changed_role_is_asked_for_again_and_one_role_is_never_asked_for() {
    let party = Party::start().await;
    let mut browser = Browser::new().expect("a browser");
    party.fake.script(NextAnswer {
        role: Some("555200000221".to_owned()),
        ..NextAnswer::about("priya-tester")
    });
    party.answer_in(&mut browser, &party.request(&[])).await;
    let silent = party
        .answer_in(&mut browser, &party.request(&[("prompt", "")]))
        .await;
    assert!(silent.contains_key("code"), "the role is remembered");
    let change = [("prompt", ""), ("scope", "openid changedrole")];
    let page = browser.open(&party.request(&change)).await.expect("a page");
    assert_eq!(page.heading(), "Select your role");
    let none = [("prompt", "none"), ("scope", "openid changedrole")];
    let back = party.answer_in(&mut browser, &party.request(&none)).await;
    assert_eq!(back["error"], "interaction_required");
    let mut another = Browser::new().expect("a browser");
    party.fake.script(NextAnswer::about("amara-example"));
    let back = party
        .answer_in(&mut another, &party.request(&[("scope", "openid changedrole")]))
        .await;
    assert!(back.contains_key("code"), "one role: no question");
}

#[tokio::test]
async fn with_nobody_registered_everybody_may_ask_and_the_form_is_still_checked() {
    let clock = SettableClock::at(START);
    let fake = FakeCis2::start(settings(&clock)).await.expect("the fake starts");
    let signer = nhsmail_bridge::protocol::jose::signer::Signer::generate_rsa(
        nhsmail_bridge::protocol::jose::Algorithm::RS256,
        Some("anybody"),
    );
    let party = Party::beside(fake, clock, signer.expect("a key"));
    let tokens = party.sign_in(NextAnswer::about("amara-example")).await;
    assert_eq!(super::claims(&tokens)["aud"], CLIENT);
    let code = party.code("amara-example").await;
    let mut claims = party.assertion_claims("wrong");
    claims.insert("aud".to_owned(), "https://example.test".into());
    let assertion = party.signer.sign(None, &claims).expect("an assertion");
    let reply = party.bring(&code, &assertion).await;
    assert_eq!(
        (reply.status, &body(&reply)["error"]),
        (401, &"invalid_client".into())
    );
}
