//! What is signed here is believed there, with the public half and nothing else.

use openssl::ec::{EcGroup, EcKey};
use serde_json::json;

use super::*;
use crate::protocol::jose::compact::Compact;
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::public_key::VerificationKey;

fn on_curve(algorithm: Algorithm, kid: Option<&str>) -> Signer {
    let group = EcGroup::from_curve_name(curve(algorithm).unwrap().name).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    Signer::from_pem(&key.private_key_to_pem_pkcs8().unwrap(), algorithm, kid).unwrap()
}

fn published(signer: &Signer) -> KeySet {
    let document = json!({ "keys": [signer.public_jwk()] });
    KeySet::read(document.to_string().as_bytes()).unwrap()
}

#[test]
fn every_algorithm_signs_what_its_published_half_verifies() {
    use Algorithm::{ES256, ES384, PS256, PS384, PS512, RS256, RS384, RS512};
    let rsa = Signer::generate_rsa(RS256, None).unwrap();
    let pem = rsa.to_pem().unwrap();
    for algorithm in [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384] {
        let signer = if curve(algorithm).is_some() {
            on_curve(algorithm, None)
        } else {
            Signer::from_pem(pem.expose(), algorithm, None).unwrap()
        };
        let token = signer.sign(Some("JWT"), &json!({ "sub": "someone" })).unwrap();
        let token = Compact::read(&token).unwrap();
        let keys = published(&signer);
        let key = keys.find(token.kid(), algorithm).unwrap();
        assert!(
            token.is_signed_by(VerificationKey::Public(key), algorithm),
            "{algorithm:?}"
        );
        assert_eq!((token.kid(), token.typ()), (signer.kid(), Some("JWT")));
    }
}

#[test]
fn the_kid_is_the_thumbprint_that_another_library_computes_or_the_one_given() {
    crate::protocol::jose::install();
    let given = Signer::generate_rsa(Algorithm::RS512, Some("b/O6Ov+y=")).unwrap();
    assert_eq!(given.kid(), Some("b/O6Ov+y="));
    for signer in [
        Signer::generate_rsa(Algorithm::RS512, None).unwrap(),
        on_curve(Algorithm::ES256, None),
        on_curve(Algorithm::ES384, None),
    ] {
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(signer.public_jwk().unwrap()).unwrap();
        let thumbprint = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256);
        assert_eq!(thumbprint.ok().as_deref(), signer.kid());
    }
}

#[test]
fn a_key_survives_its_pem_and_prints_its_name_only() {
    let signer = Signer::generate_rsa(Algorithm::RS512, Some("one")).unwrap();
    let pem = signer.to_pem().unwrap();
    let again = Signer::from_pem(pem.expose(), Algorithm::RS512, Some("one")).unwrap();
    assert_eq!(again.public_jwk(), signer.public_jwk());
    assert_eq!(format!("{signer:?}"), "Signer(Some(\"one\"))");
    let shared = Signer::from_secret(b"secret", Algorithm::HS256).unwrap();
    assert_eq!(format!("{shared:?}"), "Signer(None)");
    assert!(shared.public_jwk().is_none());
    assert!(matches!(shared.to_pem(), Err(SignerError::Shared)));
}

#[test]
fn xc_07_a_key_of_another_type_curve_or_size_makes_no_signer() {
    let rsa = Signer::generate_rsa(Algorithm::RS256, None)
        .unwrap()
        .to_pem()
        .unwrap();
    let p_256 = on_curve(Algorithm::ES256, None).to_pem().unwrap();
    let weak = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let weak = weak.private_key_to_pem_pkcs8().unwrap();
    let cases: [(&[u8], Algorithm); 6] = [
        (rsa.expose(), Algorithm::ES256),
        (rsa.expose(), Algorithm::HS256),
        (rsa.expose(), Algorithm::EdDSA),
        (p_256.expose(), Algorithm::RS256),
        (p_256.expose(), Algorithm::ES384),
        (&weak, Algorithm::RS256),
    ];
    for (pem, algorithm) in cases {
        let made = Signer::from_pem(pem, algorithm, None);
        assert!(matches!(made, Err(SignerError::DoesNotFit)), "{algorithm:?}");
    }
    let shared = Signer::from_secret(b"secret", Algorithm::RS256);
    assert!(matches!(shared, Err(SignerError::DoesNotFit)));
    let garbage = Signer::from_pem(b"-----BEGIN PRIVATE KEY-----", Algorithm::RS256, None);
    assert!(matches!(garbage, Err(SignerError::NotAKey)));
}
