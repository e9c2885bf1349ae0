//! A token is believed only if everything about it is as expected; each test changes one thing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::sign;
use serde_json::json;

use super::*;
use crate::platform::random::SeededRandom;
use crate::protocol::jose::es256::Es256Key;

const NOW: i64 = 1_777_626_000;

const EXPECTED: Expected<'static> = Expected {
    typ: "at+jwt",
    algorithms: &[Algorithm::ES256],
    issuer: "https://bridge.example.test",
    audience: "rota",
    skew: Duration::ZERO,
};

fn key(seed: u64) -> Es256Key {
    Es256Key::draw(&SeededRandom::from_seed(seed)).unwrap()
}

fn key_set(keys: &[&Es256Key]) -> JwkSet {
    let keys: Vec<_> = keys.iter().map(|key| key.public()).collect();
    serde_json::from_value(json!({ "keys": keys })).unwrap()
}

fn good_claims() -> Value {
    json!({ "iss": "https://bridge.example.test", "aud": "rota", "exp": NOW + 300, "iat": NOW, "sub": "someone" })
}

fn judged(token: &str, keys: &JwkSet) -> Result<Value, TokenRefusal> {
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    verify(token, keys, &EXPECTED, now)
}

fn judged_with(change: impl FnOnce(&mut Value)) -> Result<Value, TokenRefusal> {
    let mut claims = good_claims();
    change(&mut claims);
    let key = key(1);
    judged(&key.token("at+jwt", &claims).unwrap(), &key_set(&[&key]))
}

/// A token with any header at all, signed for real.
fn with_header(header: &Value) -> String {
    install();
    let key = key(1);
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(header), encode(&good_claims()));
    let pem = key.to_pem().unwrap();
    let der = openssl::pkey::PKey::private_key_from_pem(pem.expose()).unwrap();
    let private = EncodingKey::from_ec_der(&der.private_key_to_pkcs8().unwrap());
    let signature = sign(message.as_bytes(), &private, Algorithm::ES256).unwrap();
    format!("{message}.{signature}")
}

#[test]
fn a_token_that_is_all_it_should_be_is_believed() {
    assert_eq!(judged_with(|_| {}), Ok(good_claims()));
    let several = judged_with(|claims| claims["aud"] = json!(["other", "rota"]));
    assert!(several.is_ok());
}

#[test]
fn ap_03_a_token_of_another_type_is_refused() {
    let key = key(1);
    let keys = key_set(&[&key]);
    for typ in ["JWT", "at+JWT", "logout+jwt", ""] {
        let token = key.token(typ, &good_claims()).unwrap();
        assert_eq!(judged(&token, &keys), Err(TokenRefusal::WrongType), "{typ}");
    }
    let kid = key.kid();
    let untyped = with_header(&json!({ "alg": "ES256", "kid": kid }));
    assert_eq!(judged(&untyped, &keys), Err(TokenRefusal::WrongType));
}

#[test]
fn ap_03_issuer_audience_and_times_are_as_expected_or_the_token_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(Change, TokenRefusal); 10] = [
        (
            |c| c["iss"] = json!("https://bridge.example.test/"),
            TokenRefusal::WrongIssuer,
        ),
        (|c| c["iss"] = json!(null), TokenRefusal::WrongIssuer),
        (|c| c["aud"] = json!("rota2"), TokenRefusal::WrongAudience),
        (|c| c["aud"] = json!([]), TokenRefusal::WrongAudience),
        (|c| c["aud"] = json!(null), TokenRefusal::WrongAudience),
        (|c| c["exp"] = json!(NOW), TokenRefusal::Expired),
        (|c| c["exp"] = json!(null), TokenRefusal::Expired),
        (|c| c["exp"] = json!("9999999999"), TokenRefusal::Expired),
        (|c| c["iat"] = json!(NOW + 1), TokenRefusal::NotYet),
        (|c| c["nbf"] = json!("soon"), TokenRefusal::NotYet),
    ];
    for (change, refusal) in cases {
        assert_eq!(judged_with(change), Err(refusal));
    }
}

#[test]
fn a_changed_token_is_refused() {
    let key = key(1);
    let keys = key_set(&[&key]);
    let token = key.token("at+jwt", &good_claims()).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let mut claims = good_claims();
    claims["sub"] = json!("somebody else");
    let other = URL_SAFE_NO_PAD.encode(claims.to_string());
    let forged = format!("{header}.{other}.{signature}");
    assert_eq!(judged(&forged, &keys), Err(TokenRefusal::WrongSignature));
    let stripped = format!("{signed}.");
    assert_eq!(judged(&stripped, &keys), Err(TokenRefusal::WrongSignature));
    for garbage in ["", "a.b", "a.b.c", &format!("{token}.x")] {
        assert_eq!(judged(garbage, &keys), Err(TokenRefusal::Malformed), "{garbage}");
    }
}

#[test]
fn claims_of_another_shape_are_refused_after_everything_else_held() {
    #[derive(Debug, serde::Deserialize)]
    struct Wanted {
        #[expect(dead_code, reason = "only its absence matters")]
        nonce: String,
    }
    let key = key(1);
    let token = key.token("at+jwt", &good_claims()).unwrap();
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let read = verify::<Wanted>(&token, &key_set(&[&key]), &EXPECTED, now);
    assert_eq!(read.unwrap_err(), TokenRefusal::WrongClaims);
    let no_object = key.token("at+jwt", &json!(["iss"])).unwrap();
    assert!(judged(&no_object, &key_set(&[&key])).is_err());
}

#[test]
fn the_key_is_the_one_named_and_there_is_one_of_that_name() {
    let (ours, other) = (key(1), key(2));
    let token = ours.token("at+jwt", &good_claims()).unwrap();
    assert_eq!(judged(&token, &key_set(&[&other])), Err(TokenRefusal::NoKey));
    assert_eq!(
        judged(&token, &key_set(&[&ours, &ours])),
        Err(TokenRefusal::NoKey)
    );
    assert!(judged(&token, &key_set(&[&other, &ours])).is_ok());

    let mut disguised = key_set(&[&other]);
    disguised.keys[0].common.key_id = Some(ours.kid().to_owned());
    assert_eq!(judged(&token, &disguised), Err(TokenRefusal::WrongSignature));

    let mut for_encryption = key_set(&[&ours]);
    for_encryption.keys[0].common.public_key_use = Some(PublicKeyUse::Encryption);
    assert_eq!(judged(&token, &for_encryption), Err(TokenRefusal::NoKey));
}

#[test]
fn the_algorithm_comes_from_us_and_not_from_the_token() {
    let kid = key(1).kid().to_owned();
    let keys = key_set(&[&key(1)]);
    let header = |alg: &str| json!({ "alg": alg, "typ": "at+jwt", "kid": kid });
    assert!(judged(&with_header(&header("ES256")), &keys).is_ok());
    for other in ["HS256", "ES384", "RS256"] {
        let token = with_header(&header(other));
        assert_eq!(
            judged(&token, &keys),
            Err(TokenRefusal::WrongAlgorithm),
            "{other}"
        );
    }
    let none = with_header(&header("none"));
    assert_eq!(judged(&none, &keys), Err(TokenRefusal::Malformed));
    let critical = json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid, "crit": ["exp"] });
    assert_eq!(
        judged(&with_header(&critical), &keys),
        Err(TokenRefusal::Critical)
    );
    let without_kid = json!({ "alg": "ES256", "typ": "at+jwt" });
    assert_eq!(
        judged(&with_header(&without_kid), &keys),
        Err(TokenRefusal::NoKey)
    );
}

#[test]
fn skew_is_granted_both_ways_and_no_further() {
    let key = key(1);
    let token = key.token("at+jwt", &good_claims()).unwrap();
    let at = |seconds: i64| {
        let expected = Expected {
            skew: Duration::seconds(60),
            ..EXPECTED
        };
        let now = OffsetDateTime::from_unix_timestamp(NOW + seconds).unwrap();
        verify::<Value>(&token, &key_set(&[&key]), &expected, now)
    };
    assert!(at(359).is_ok() && at(-60).is_ok());
    assert_eq!(at(360), Err(TokenRefusal::Expired));
    assert_eq!(at(-61), Err(TokenRefusal::NotYet));
}
