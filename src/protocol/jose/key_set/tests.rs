//! Good keys of a set are kept beside bad ones (attack O24), and one key is found or none.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::X509;
use serde_json::json;

use super::*;
use crate::platform::random::SeededRandom;
use crate::protocol::jose::es256::Es256Key;
use crate::protocol::jose::signer::Signer;

fn set(keys: &[Value]) -> KeySet {
    KeySet::read(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

fn ec() -> Value {
    let key = Es256Key::draw(&SeededRandom::from_seed(1)).unwrap();
    serde_json::to_value(key.public()).unwrap()
}

fn rsa(bits: u32) -> Value {
    let key = Rsa::generate(bits).unwrap();
    let number = |octets: Vec<u8>| URL_SAFE_NO_PAD.encode(octets);
    json!({ "kty": "RSA", "kid": "rsa", "n": number(key.n().to_vec()), "e": number(key.e().to_vec()) })
}

fn with(mut jwk: Value, name: &str, value: Value) -> Value {
    jwk[name] = value;
    jwk
}

fn without(mut jwk: Value, names: &[&str]) -> Value {
    for name in names {
        jwk.as_object_mut().unwrap().remove(*name);
    }
    jwk
}

/// A certificate with the key of `signer`, as `x5c` wants it.
fn certificate(signer: &Signer) -> Value {
    let key = PKey::private_key_from_pem(signer.to_pem().unwrap().expose()).unwrap();
    let mut builder = X509::builder().unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(1).unwrap()).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    json!([STANDARD.encode(builder.build().to_der().unwrap())])
}

#[test]
fn o24_each_bad_key_is_left_aside_for_its_reason_and_the_good_one_beside_it_is_kept() {
    let good = rsa(2048);
    let cases = [
        (json!("a key"), Unusable::Shape),
        (with(good.clone(), "kid", json!(7)), Unusable::Shape),
        (with(good.clone(), "key_ops", json!("verify")), Unusable::Shape),
        (
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "AAAA" }),
            Unusable::UnknownType,
        ),
        (with(ec(), "crv", json!("P-521")), Unusable::UnknownType),
        (without(good.clone(), &["kty"]), Unusable::UnknownType),
        (json!({ "kty": "oct", "k": "c2VjcmV0" }), Unusable::Symmetric),
        (with(good.clone(), "d", json!("AQAB")), Unusable::Private),
        (with(ec(), "d", json!("AQAB")), Unusable::Private),
        (
            with(good.clone(), "use", json!("enc")),
            Unusable::NotForSignatures,
        ),
        (
            with(good.clone(), "key_ops", json!(["sign"])),
            Unusable::NotForSignatures,
        ),
        (
            with(good.clone(), "alg", json!("RSA-OAEP")),
            Unusable::NotForSignatures,
        ),
        (
            with(good.clone(), "alg", json!("ES256")),
            Unusable::OtherAlgorithm,
        ),
        (
            with(good.clone(), "alg", json!("HS256")),
            Unusable::OtherAlgorithm,
        ),
        (with(ec(), "alg", json!("ES384")), Unusable::OtherAlgorithm),
        (with(good.clone(), "e", json!("AQ")), Unusable::NotAKey),
        (with(good.clone(), "e", json!("Ag")), Unusable::NotAKey),
        (
            with(good.clone(), "n", json!("not+base64/url")),
            Unusable::NotAKey,
        ),
        (without(good.clone(), &["n"]), Unusable::NotAKey),
        (with(ec(), "y", json!("AAAA")), Unusable::NotAKey),
        (rsa(1024), Unusable::Weak),
        (with(good.clone(), "x5c", json!([])), Unusable::OtherCertificate),
        (
            with(good.clone(), "x5c", json!(["AAAA"])),
            Unusable::OtherCertificate,
        ),
    ];
    for (bad, reason) in cases {
        let set = set(&[bad.clone(), good.clone()]);
        assert_eq!(set.keys().len(), 1, "{bad}");
        assert_eq!(set.skipped()[0].reason, reason, "{bad}");
    }
}

#[test]
fn o24_a_certificate_is_of_the_same_key_or_the_key_is_left_aside() {
    let signer = |_| Signer::generate_rsa(Algorithm::RS256, None).unwrap();
    let (ours, other) = (signer(1), signer(2));
    let jwk = ours.public_jwk().unwrap();
    let own = set(&[with(jwk.clone(), "x5c", certificate(&ours))]);
    assert_eq!(own.keys().len(), 1);
    let foreign = set(&[with(jwk, "x5c", certificate(&other))]);
    assert_eq!(foreign.skipped()[0].reason, Unusable::OtherCertificate);
}

#[test]
fn oi_07_the_key_is_the_one_that_is_named_and_fits() {
    let (good, curve) = (rsa(2048), ec());
    let keys = set(&[good.clone(), curve.clone()]);
    let curve_kid = curve["kid"].as_str().unwrap();
    assert_eq!(
        keys.find(Some("rsa"), Algorithm::RS512).unwrap().kid(),
        Some("rsa")
    );
    assert!(keys.find(Some(curve_kid), Algorithm::ES256).is_ok());
    assert_eq!(
        keys.find(Some("rsa"), Algorithm::ES256).unwrap_err(),
        NoKey::DoesNotFit
    );
    assert_eq!(
        keys.find(Some("rsa"), Algorithm::HS256).unwrap_err(),
        NoKey::DoesNotFit
    );
    assert_eq!(
        keys.find(Some("RSA"), Algorithm::RS256).unwrap_err(),
        NoKey::Unknown
    );
    assert_eq!(
        keys.find(Some("../rsa"), Algorithm::RS256).unwrap_err(),
        NoKey::Unknown
    );
    assert!(keys.contains("rsa") && !keys.contains("enc"));
    let named = set(&[with(good, "alg", json!("RS256"))]);
    assert!(named.find(Some("rsa"), Algorithm::RS256).is_ok());
    assert_eq!(
        named.find(Some("rsa"), Algorithm::RS512).unwrap_err(),
        NoKey::DoesNotFit
    );
}

#[test]
fn o6_without_a_name_only_the_one_key_that_fits_is_taken_and_of_two_none() {
    let (good, curve) = (rsa(2048), ec());
    let mixed = set(&[good.clone(), curve.clone()]);
    assert!(mixed.find(None, Algorithm::RS256).is_ok());
    assert!(mixed.find(None, Algorithm::ES256).is_ok());
    assert_eq!(mixed.find(None, Algorithm::ES384).unwrap_err(), NoKey::DoesNotFit);
    let two = set(&[good.clone(), with(rsa(2048), "kid", json!("other"))]);
    assert_eq!(two.find(None, Algorithm::RS256).unwrap_err(), NoKey::Ambiguous);
    assert!(two.find(Some("rsa"), Algorithm::RS256).is_ok());
    let same_name = set(&[good.clone(), rsa(2048)]);
    assert_eq!(
        same_name.find(Some("rsa"), Algorithm::RS256).unwrap_err(),
        NoKey::Ambiguous
    );
    let of_two_kinds = set(&[good, with(curve, "kid", json!("rsa"))]);
    assert!(of_two_kinds.find(Some("rsa"), Algorithm::RS256).is_ok());
    assert_eq!(set(&[]).find(None, Algorithm::RS256).unwrap_err(), NoKey::Unknown);
}

#[test]
fn a_document_is_a_bounded_list_of_keys_and_may_be_empty() {
    assert!(set(&[]).is_empty());
    assert!(!set(&[ec()]).is_empty());
    let many = json!({ "keys": vec![json!({}); MOST_KEYS + 1] }).to_string();
    let long = format!("{{\"keys\":[]{}}}", " ".repeat(LARGEST));
    let cases: [(&[u8], KeySetFlaw); 7] = [
        (b"{}", KeySetFlaw::NoKeys),
        (b"{\"keys\":{}}", KeySetFlaw::NoKeys),
        (b"[]", KeySetFlaw::Json(JsonFlaw::NotAnObject)),
        (b"<html>", KeySetFlaw::Json(JsonFlaw::Malformed)),
        (
            b"{\"keys\":[],\"keys\":[]}",
            KeySetFlaw::Json(JsonFlaw::DuplicateMember),
        ),
        (many.as_bytes(), KeySetFlaw::TooLarge),
        (long.as_bytes(), KeySetFlaw::TooLarge),
    ];
    for (octets, flaw) in cases {
        assert_eq!(KeySet::read(octets).unwrap_err(), flaw);
    }
}
