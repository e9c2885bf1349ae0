//! The happy path, once for each way in which an identity provider may answer.

use axum::http::Method;
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::JwkSet;
use nhsmail_bridge::downstream::session_token::{Claims, TYPE};
use nhsmail_bridge::fakes::saml_idp::{Manner, Personality, Signatures};
use nhsmail_bridge::platform::clock::Clock as _;
use nhsmail_bridge::protocol::jose::verify::{Expected, verify};
use serde_json::json;
use time::Duration;

use crate::support::{ADFS, ENTRA, TestBridge, Visitor, decryption};

/// What an application learns of the session, its token checked against the published keys.
async fn token(bridge: &TestBridge, visitor: &mut Visitor) -> Claims {
    let page = visitor.ask(Method::GET, "/session/token", &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let keys = visitor.open("/oauth2/jwks.json").await.body;
    let keys: JwkSet = serde_json::from_str(&keys).expect("a key set");
    let expected = Expected {
        typ: TYPE,
        algorithms: &[Algorithm::ES256],
        issuer: bridge.origin().as_str(),
        audience: "nhsmail-bridge",
        skew: Duration::ZERO,
    };
    let token = page.json()["token"].as_str().expect("a token").to_owned();
    verify(&token, &keys, &expected, bridge.clock.now()).expect("a token of the bridge's")
}

/// Signs in and looks at what every neighbour is told.
async fn assert_signs_in(bridge: &TestBridge, door: &str) {
    let mut doctor = bridge.visitor();
    let home = doctor.sign_in(door, "amara-example").await;
    assert_eq!((home.status, home.url.path()), (200, "/"), "{}", home.body);
    assert!(home.says("Amara Example") && home.says("A9A5A"), "{}", home.body);
    let session = doctor.open("/session").await.json();
    let told = ["name", "connection", "seconds_left", "simulated"].map(|field| session[field].clone());
    assert_eq!(
        told,
        [json!("Amara Example"), json!(door), json!(900), json!(true)]
    );
    let claims = token(bridge, &mut doctor).await;
    assert_is_amara(&claims, door);
    let verified = doctor.ask(Method::GET, "/auth/verify", &[]).await;
    let told = ["x-auth-name", "x-auth-org", "x-auth-subject"].map(|name| verified.header(name));
    assert_eq!(
        (verified.status, told),
        (200, ["Amara Example", "A9A5A", &claims.sub])
    );
}

fn assert_is_amara(claims: &Claims, door: &str) {
    assert_eq!(claims.name.as_deref(), Some("Amara Example"));
    assert_eq!(
        (claims.door.as_str(), claims.connection.as_str()),
        ("nhsmail", door)
    );
    assert_eq!(claims.exp - claims.iat, 5 * 60);
    assert!(!claims.sub.contains("amara"), "{}", claims.sub);
}

/// A bridge beside an Entra that signs these.
async fn entra_that_signs(signatures: Signatures) -> TestBridge {
    let bridge = TestBridge::start().await;
    let manner = Manner {
        signatures,
        ..Manner::default()
    };
    bridge.fake.set_manner(Personality::Entra, manner);
    bridge
}

#[tokio::test]
async fn a_doctor_chooses_entra_and_everybody_learns_who_she_is() {
    let bridge = TestBridge::start().await;
    let chooser = bridge.visitor().open("/").await;
    assert_eq!(chooser.link("Log in with NHSmail").path(), "/sign-in");
    assert_signs_in(&bridge, ENTRA).await;
}

#[tokio::test]
async fn a_doctor_signs_in_through_adfs() {
    assert_signs_in(&TestBridge::start().await, ADFS).await;
}

#[tokio::test]
async fn sp_08_a_signed_response_signs_in() {
    assert_signs_in(&entra_that_signs(Signatures::Response).await, ENTRA).await;
}

#[tokio::test]
async fn sp_08_a_signed_response_with_a_signed_assertion_signs_in() {
    assert_signs_in(&entra_that_signs(Signatures::Both).await, ENTRA).await;
}

#[tokio::test]
async fn sp_23_an_encrypted_assertion_signs_in_with_the_newest_key_and_with_the_one_before() {
    let (older, newer) = (decryption(), decryption());
    let first = older.clone();
    let mut bridge = TestBridge::configured(|config| {
        for connection in config.saml.values_mut() {
            connection.saml.decryption = vec![first.clone()];
        }
    })
    .await;
    assert_signs_in(&bridge, ENTRA).await;
    // The identity provider still encrypts for the older key, as it does until its administrator acts.
    bridge
        .reload(|config| {
            for connection in config.saml.values_mut() {
                connection.saml.decryption = vec![newer.clone(), older.clone()];
            }
        })
        .await;
    assert_signs_in(&bridge, ENTRA).await;
    assert_signs_in(&bridge, ADFS).await;
    let sealed = bridge
        .fake
        .saved()
        .iter()
        .all(|answer| answer.before_encryption.is_some());
    assert!(sealed, "the fake encrypted every one");
}

#[tokio::test]
async fn one_person_is_the_same_subject_every_time_and_twins_of_one_name_are_two() {
    let bridge = TestBridge::start().await;
    let mut subjects = Vec::new();
    for person in ["sam-sample-ward", "sam-sample-ward", "sam-sample-records"] {
        let mut visitor = bridge.visitor();
        visitor.sign_in(ENTRA, person).await;
        subjects.push(token(&bridge, &mut visitor).await.sub);
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], subjects[2]);
}

#[tokio::test]
async fn somebody_without_mail_or_second_factor_or_of_many_alphabets_is_described_as_they_are() {
    let bridge = TestBridge::start().await;
    let mut told = Vec::new();
    for person in ["nell-nomail", "pat-password", "sian-ffug"] {
        let mut visitor = bridge.visitor();
        visitor.sign_in(ENTRA, person).await;
        told.push(token(&bridge, &mut visitor).await);
    }
    // Without a mailbox the UPN is shown, which proves no more than any other address.
    assert_eq!(told[0].email.as_deref(), Some("nell.nomail@fake.nhs.net.invalid"));
    assert_eq!(told[0].email_verified, Some(false));
    assert_eq!((told[0].mfa, told[1].mfa), (Some(true), Some(false)));
    assert_eq!(told[2].name.as_deref(), Some("Siân Ó Ffug-Łątka <例子> & 🩺"));
}

#[tokio::test]
async fn the_key_set_has_the_key_in_use_and_the_next_one() {
    let bridge = TestBridge::start().await;
    let keys = bridge.visitor().open("/oauth2/jwks.json").await;
    let keys = keys.json();
    let keys = keys["keys"].as_array().expect("a list");
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
    assert!(keys.iter().all(|key| key.get("d").is_none()), "no private part");
}
