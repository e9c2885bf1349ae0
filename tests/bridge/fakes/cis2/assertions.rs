//! The token endpoint believes nobody lightly, and tells only the tester why.

use nhsmail_bridge::fakes::cis2::{
    Authentication, Client, ClientKeys, ClientSecret, FakeCis2, NextAnswer, Verdict,
};
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::signer::Signer;
use serde_json::{Map, Value, json};
use time::Duration;

use super::{CALLBACK, CLIENT, Party, body, client, settings};

/// What is wrong with an assertion, and the words in which the tester reads it.
type Flaw = (fn(&mut Map<String, Value>), &'static str);

const FLAWS: [Flaw; 16] = [
    (|c| put(c, "iss", json!("an-api-key")), "iss is \"an-api-key\""),
    (|c| drop_claim(c, "iss"), "iss is missing"),
    (|c| drop_claim(c, "sub"), "sub is missing"),
    (|c| put(c, "sub", json!("somebody")), "should be the client id"),
    (|c| drop_claim(c, "aud"), "aud is missing"),
    (
        |c| put(c, "aud", json!("https://example.test/access_token")),
        "octet for octet",
    ),
    (
        |c| put(c, "aud", json!([c["aud"], "https://example.test"])),
        "octet for octet",
    ),
    (|c| drop_claim(c, "exp"), "exp is missing"),
    (|c| put(c, "exp", json!("soon")), "exp is missing or not a number"),
    (|c| shift(c, "exp", -180), "expired 0 s ago"),
    (|c| shift(c, "exp", -181), "expired 1 s ago"),
    (|c| shift(c, "exp", 121), "exp is 301 s ahead"),
    (|c| shift(c, "iat", 61), "61 s ahead"),
    (
        |c| put(c, "nbf", json!(c["iat"].as_i64().map(|iat| iat + 90))),
        "90 s ahead",
    ),
    (|c| drop_claim(c, "jti"), "jti is missing"),
    (|c| put(c, "jti", json!("")), "jti is missing"),
];

fn put(claims: &mut Map<String, Value>, name: &str, value: Value) {
    claims.insert(name.to_owned(), value);
}

fn drop_claim(claims: &mut Map<String, Value>, name: &str) {
    claims.remove(name);
}

fn shift(claims: &mut Map<String, Value>, name: &str, seconds: i64) {
    let stated = claims[name].as_i64().expect("a number");
    put(claims, name, json!(stated + seconds));
}

/// The client hears one sentence; the tester hears `reason`.
async fn is_refused(party: &Party, assertion: &str, reason: &str) {
    let code = party.code("amara-example").await;
    let reply = party.bring(&code, assertion).await;
    assert_eq!(reply.status, 401, "{reason}");
    let said = json!({ "error": "invalid_client", "error_description": "JWT is not valid" });
    assert_eq!(body(&reply), said, "{reason}");
    let seen = party
        .fake
        .received()
        .pop()
        .and_then(|received| received.authentication);
    let seen = seen.expect("a record");
    let told = seen.reason.unwrap_or_default();
    assert!(told.contains(reason), "{told:?} is not {reason:?}");
    assert_eq!(seen.verdict, Verdict::Refused);
    let json = body(
        &party
            .get(&format!("{}fake/api/received", party.fake.page()))
            .await,
    )
    .to_string();
    assert!(json.contains(&told.replace('"', "\\\"")), "{told}");
    let page = party
        .get(&format!("{}fake/received", party.fake.page()))
        .await
        .text();
    assert!(page.contains("What was received") && !page.contains(assertion) && !page.contains(&code));
    // The code was not used up by somebody who is not believed.
    party.tokens(&code).await;
}

#[tokio::test]
async fn each_wrong_claim_of_an_assertion_is_refused_with_one_sentence_and_the_true_reason_is_the_testers() {
    let party = Party::start().await;
    for (number, (bend, reason)) in FLAWS.into_iter().enumerate() {
        let mut claims = party.assertion_claims(&format!("flaw-{number}"));
        bend(&mut claims);
        let assertion = party.signer.sign(Some("JWT"), &claims).expect("an assertion");
        is_refused(&party, &assertion, reason).await;
    }
}

#[tokio::test]
async fn an_assertion_is_good_once_and_to_the_last_second() {
    let party = Party::start().await;
    let mut claims = party.assertion_claims("once");
    shift(&mut claims, "exp", 120);
    let assertion = party.signer.sign(None, &claims).expect("an assertion");
    let code = party.code("amara-example").await;
    assert_eq!(party.bring(&code, &assertion).await.status, 200);
    is_refused(&party, &assertion, "jti was used before").await;
    let mut claims = party.assertion_claims("array");
    let endpoint = claims["aud"].clone();
    put(&mut claims, "aud", json!([endpoint]));
    let assertion = party.signer.sign(None, &claims).expect("an assertion");
    let code = party.code("amara-example").await;
    assert_eq!(
        party.bring(&code, &assertion).await.status,
        200,
        "one in an array"
    );
}

#[tokio::test]
async fn a_key_that_is_not_the_clients_is_refused_and_the_tester_is_told_which_way() {
    let party = Party::start().await;
    let claims = |jti: &str| party.assertion_claims(jti);
    let stranger = Signer::generate_rsa(Algorithm::RS512, Some("stranger")).expect("a key");
    let impostor = Signer::generate_rsa(Algorithm::RS512, party.signer.kid()).expect("a key");
    let other_algorithm = Signer::generate_rsa(Algorithm::RS256, party.signer.kid()).expect("a key");
    let shared = Signer::from_secret(&[7; 64], Algorithm::HS256).expect("a secret");
    let header = json!({ "alg": "RS512" });
    let payload = Value::Object(claims("no-kid")).to_string();
    let no_kid = party
        .signer
        .sign_with_header(header.as_object().expect("an object"), payload.as_bytes());
    for (assertion, reason) in [
        (
            stranger.sign(None, &claims("1")),
            "kid \"stranger\" is not in the key set",
        ),
        (
            impostor.sign(None, &claims("2")),
            "the signature is not that of the key",
        ),
        (other_algorithm.sign(None, &claims("3")), "not for this algorithm"),
        (
            shared.sign(None, &claims("4")),
            "the algorithm HS256 is not one for this client",
        ),
        (no_kid, "kid is missing"),
    ] {
        is_refused(&party, &assertion.expect("an assertion"), reason).await;
    }
    is_refused(&party, "no token", "cannot be read").await;
    is_refused(&party, "e30.e30.", "cannot be read").await;
}

#[tokio::test]
async fn the_key_set_of_a_client_is_fetched_and_its_absence_is_a_reason_of_its_own() {
    let signer = Signer::generate_rsa(Algorithm::PS256, Some("party")).expect("a key");
    let nowhere = ClientKeys::JwksUri("http://127.0.0.1:9/jwks".to_owned());
    let unreached = Client {
        authentication: Authentication::PrivateKeyJwt(nowhere),
        ..client(&signer)
    };
    let party = Party::start_as(unreached, signer.clone()).await;
    let answer = party.scripted(NextAnswer::about("amara-example")).await;
    let assertion = signer
        .sign(None, &party.assertion_claims("1"))
        .expect("an assertion");
    let reply = party
        .bring(answer["code"].as_str().expect("a code"), &assertion)
        .await;
    assert_eq!(reply.status, 401);
    let reason = party.fake.received().pop().and_then(|received| received.reason);
    assert!(reason.is_some_and(|reason| reason.contains("was not reached")));
    // Another provider's key set stands in for the client's: it is a document of keys, and not with this one.
    let other = FakeCis2::start(settings(&party.clock))
        .await
        .expect("another fake");
    let elsewhere = ClientKeys::JwksUri(format!("{}/connect/jwk_uri", other.issuer()));
    party.fake.register(Client {
        authentication: Authentication::PrivateKeyJwt(elsewhere),
        ..client(&signer)
    });
    let answer = party.scripted(NextAnswer::about("amara-example")).await;
    let assertion = signer
        .sign(None, &party.assertion_claims("2"))
        .expect("an assertion");
    let reply = party
        .bring(answer["code"].as_str().expect("a code"), &assertion)
        .await;
    assert_eq!(reply.status, 401);
    let reason = party.fake.received().pop().and_then(|received| received.reason);
    assert_eq!(
        reason.as_deref(),
        Some("kid \"party\" is not in the key set of the client")
    );
}

#[tokio::test]
async fn every_algorithm_and_every_method_that_can_be_registered_works() {
    for algorithm in [Algorithm::RS256, Algorithm::RS512, Algorithm::PS256] {
        let signer = Signer::generate_rsa(algorithm, Some("party")).expect("a key");
        let party = Party::start_as(client(&signer), signer).await;
        party.sign_in(NextAnswer::about("amara-example")).await;
    }
    let secret = "50a6122b-6907-4a13-948e-f31d4c4714d5";
    let shared = Signer::from_secret(secret.as_bytes(), Algorithm::HS256).expect("a secret");
    let by_jwt = Authentication::ClientSecretJwt(ClientSecret::new(secret));
    let party = Party::start_as(Client::new(CLIENT, CALLBACK, by_jwt), shared).await;
    party.sign_in(NextAnswer::about("amara-example")).await;
}

#[tokio::test]
async fn a_secret_goes_in_the_form_or_in_the_header_as_it_was_registered() {
    let secret = "50a6122b-6907-4a13-948e-f31d4c4714d5";
    let signer = Signer::generate_rsa(Algorithm::RS256, None).expect("a key");
    let by_post = Authentication::ClientSecretPost(ClientSecret::new(secret));
    let party = Party::start_as(Client::new(CLIENT, CALLBACK, by_post), signer).await;
    for (given, status) in [(secret, 200), ("another", 401)] {
        let code = party.code("amara-example").await;
        let reply = party
            .token_request(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("client_id", CLIENT),
                ("client_secret", given),
            ])
            .await;
        assert_eq!(reply.status, status, "{}", reply.text());
    }
    let reasons = party
        .fake
        .received()
        .into_iter()
        .filter_map(|received| received.reason);
    assert_eq!(reasons.collect::<Vec<_>>(), ["the secret is another"]);
    let record = format!("{:?}", party.fake.received());
    assert!(!record.contains(secret));
}

#[tokio::test]
async fn a_code_is_good_once_for_a_minute_and_for_whom_it_was_given() {
    let party = Party::start().await;
    let bring = async |code: &str, jti: &str| {
        let assertion = party
            .signer
            .sign(None, &party.assertion_claims(jti))
            .expect("an assertion");
        party.bring(code, &assertion).await
    };
    let code = party.code("amara-example").await;
    let tokens = party.tokens(&code).await;
    assert_eq!(party.user_info(&tokens).await.status, 200);
    assert_eq!(bring(&code, "again").await.status, 400);
    assert_eq!(
        party.user_info(&tokens).await.status,
        401,
        "a code used twice takes its tokens along"
    );
    let code = party.code("amara-example").await;
    party.clock.advance(Duration::seconds(61));
    let reply = bring(&code, "old").await;
    assert_eq!(
        (reply.status, body(&reply)["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    assert_eq!(bring("no-such-code", "unknown").await.status, 400);
    let reasons: Vec<_> = party
        .fake
        .received()
        .into_iter()
        .filter_map(|received| received.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            "the code was used before; the tokens it gave are revoked",
            "the access token is unknown, revoked or older than an hour",
            "the code is older than 60 s",
            "the code was never given",
        ]
    );
}
