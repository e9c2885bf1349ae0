//! Published vectors: Project Wycheproof's for JSON web signatures, and the examples of RFC 7520.

use serde_json::json;

use super::*;
use crate::platform::secret::Secret;
use crate::protocol::jose::public_key::PublicKey;

/// Vectors on which we differ: group, number, why.
const DIFFERENT: &[(&str, u64, &str)] = &[
    (
        "rfc7520",
        346,
        "RFC 7517 4.4: the key is for PS256, the token says PS384",
    ),
    (
        "rfc7520WithKeyOps",
        350,
        "RFC 7517 4.4: the key is for PS256, the token says PS384",
    ),
    ("rfc7520", 347, "ES512 is not offered"),
    ("rfc7520WithKeyOps", 351, "ES512 is not offered"),
    (
        "base64",
        367,
        "the padding of its title is not in the vector: the octets are those of valid ones",
    ),
    (
        "base64",
        370,
        "the padding of its title is not in the vector: the octets are those of valid ones",
    ),
    ("base64", 372, "RFC 7515 2: no character but those of base64url"),
    ("base64", 373, "RFC 7515 2: no character but those of base64url"),
    (
        "jws_rsa_roca_key",
        46,
        "ROCA is a fault of the maker's key; no clause of JOSE asks for it, and OpenSSL does not look",
    ),
    ("jws_keyset", 48, "a set of shared secrets is no key set here"),
];

fn fixture(file: &str) -> Value {
    let path = format!("{}/fixtures/oidc/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// True if `token` is read, demands nothing, and is signed by the key with the algorithm it names.
fn verifies(token: &str, jwk: &Value) -> bool {
    // What these tokens carry is no claims.
    let Ok(token) = Compact::read_with(token, |_| Ok(Map::new())) else {
        return false;
    };
    let Some(algorithm) = token.algorithm().filter(|_| token.crit().is_none()) else {
        return false;
    };
    if jwk["kty"] == "oct" {
        let secret = URL_SAFE_NO_PAD.decode(jwk["k"].as_str().unwrap()).unwrap();
        let named = jwk["alg"].as_str().is_none_or(|alg| alg == token.alg());
        let is_hmac = matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512);
        return named
            && is_hmac
            && token.is_signed_by(VerificationKey::Shared(&Secret::new(secret)), algorithm);
    }
    let key = PublicKey::read(jwk);
    key.is_ok_and(|key| token.is_signed_by(VerificationKey::Public(&key), algorithm))
}

#[test]
fn every_vector_of_wycheproof_comes_out_as_published_but_for_those_listed() {
    let (mut valid, mut invalid, mut wrong) = (0, 0, Vec::new());
    for file in ["json_web_signature_test.json", "json_web_crypto_test.json"] {
        for group in fixture(&format!("wycheproof/{file}"))["testGroups"]
            .as_array()
            .unwrap()
        {
            let name = group["comment"].as_str().unwrap();
            let key = group.get("public").unwrap_or(&group["private"]);
            let signed = group["tests"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|test| test["jws"].is_string());
            for test in signed {
                let verified = verifies(test["jws"].as_str().unwrap(), key);
                let number = test["tcId"].as_u64().unwrap();
                let is_valid = test["result"] == "valid";
                let differs = DIFFERENT
                    .iter()
                    .any(|(group, id, _)| (*group, *id) == (name, number));
                if (verified == is_valid) == differs {
                    wrong.push(format!(
                        "{file} {name} {number}: {} {}",
                        test["comment"], test["result"]
                    ));
                }
                valid += u32::from(is_valid);
                invalid += u32::from(!is_valid);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert_eq!((valid, invalid), (50, 399));
}

#[test]
fn the_examples_of_rfc_7520_verify_where_their_algorithm_is_offered() {
    let hmac = fixture("jose-cookbook/jws_4_4.hmac-sha2_integrity_protection.json");
    assert!(verifies(
        hmac["output"]["compact"].as_str().unwrap(),
        &hmac["input"]["key"]
    ));
    // ES512 is not offered here, and a detached payload is another message.
    let curve = fixture("jose-cookbook/jws_4_3.ecdsa_signature.json");
    assert!(!verifies(
        curve["output"]["compact"].as_str().unwrap(),
        &curve["input"]["key"]
    ));
    let detached = fixture("jose-cookbook/jws_4_5.signature_with_detached_content.json");
    assert!(!verifies(
        detached["output"]["compact"].as_str().unwrap(),
        &detached["input"]["key"]
    ));
    let private = fixture("jose-cookbook/jwk_3_4.rsa_private_key.json");
    assert!(PublicKey::read(&private).is_err());
    let public = fixture("jose-cookbook/jwk_3_3.rsa_public_key.json");
    assert!(PublicKey::read(&public).is_ok() && PublicKey::read(&json!({})).is_err());
}
