//! Every algorithm offered signs and is judged; none is taken for another.

use std::sync::LazyLock;

use jsonwebtoken::crypto::{sign, verify};
use openssl::ec::PointConversionForm;

use super::*;

const OFFERED: [Algorithm; 11] = [
    Algorithm::HS256,
    Algorithm::HS384,
    Algorithm::HS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

static RSA: LazyLock<(EncodingKey, DecodingKey)> = LazyLock::new(|| rsa_pair(2048));

fn rsa_pair(bits: u32) -> (EncodingKey, DecodingKey) {
    let key = Rsa::generate(bits).unwrap();
    let public = DecodingKey::from_rsa_raw_components(&key.n().to_vec(), &key.e().to_vec());
    (
        EncodingKey::from_rsa_der(&key.private_key_to_der().unwrap()),
        public,
    )
}

fn pair(algorithm: Algorithm) -> (EncodingKey, DecodingKey) {
    install();
    match algorithm.family() {
        AlgorithmFamily::Hmac => {
            let secret = b"a secret that two parties share";
            (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret))
        }
        AlgorithmFamily::Rsa => RSA.clone(),
        AlgorithmFamily::Ec | AlgorithmFamily::Ed => ec_pair(curve(algorithm).unwrap().name),
    }
}

fn ec_pair(curve: openssl::nid::Nid) -> (EncodingKey, DecodingKey) {
    let group = EcGroup::from_curve_name(curve).unwrap();
    let key = EcKey::generate(&group).unwrap();
    let mut context = BigNumContext::new().unwrap();
    let form = PointConversionForm::UNCOMPRESSED;
    let point = key.public_key().to_bytes(&group, form, &mut context).unwrap();
    let der = PKey::from_ec_key(key).unwrap().private_key_to_pkcs8().unwrap();
    (EncodingKey::from_ec_der(&der), DecodingKey::from_ec_der(&point))
}

#[test]
fn every_algorithm_signs_what_it_accepts_and_refuses_a_changed_message() {
    for algorithm in OFFERED {
        let (private, public) = pair(algorithm);
        let signature = sign(b"message", &private, algorithm).unwrap();
        assert!(
            verify(&signature, b"message", &public, algorithm).unwrap(),
            "{algorithm:?}"
        );
        assert!(
            !verify(&signature, b"messagf", &public, algorithm).unwrap(),
            "{algorithm:?}"
        );
        let cut: String = signature.chars().skip(4).collect();
        assert!(
            !verify(&cut, b"message", &public, algorithm).unwrap_or(false),
            "{algorithm:?}"
        );
        assert!(
            !verify("", b"message", &public, algorithm).unwrap_or(false),
            "{algorithm:?}"
        );
    }
}

#[test]
fn no_algorithm_is_accepted_for_another_with_the_same_key() {
    for made in OFFERED {
        for judged in OFFERED.into_iter().filter(|judged| *judged != made) {
            let (private, public) = pair(made);
            let signature = sign(b"message", &private, made).unwrap();
            let accepted = verify(&signature, b"message", &public, judged).unwrap_or(false);
            assert!(!accepted, "{made:?} was accepted for {judged:?}");
        }
    }
}

#[test]
fn a_public_key_is_never_taken_for_a_shared_secret() {
    let (_, public) = pair(Algorithm::ES256);
    let as_secret = EncodingKey::from_secret(public.try_get_as_bytes().unwrap());
    let signature = sign(b"message", &as_secret, Algorithm::HS256).unwrap();
    assert!(verify(&signature, b"message", &public, Algorithm::HS256).is_err());
}

#[test]
fn zero_is_no_signature_on_a_curve() {
    let (_, public) = pair(Algorithm::ES256);
    let zeros = "A".repeat(86);
    assert!(!verify(&zeros, b"message", &public, Algorithm::ES256).unwrap_or(false));
}

#[test]
fn a_point_off_the_curve_and_one_at_infinity_are_no_keys() {
    install();
    let mut off = vec![4; 65];
    off[64] = 5;
    for octets in [off, vec![0], vec![0; 65], Vec::new()] {
        let key = DecodingKey::from_ec_der(&octets);
        assert!(
            verify("AAAA", b"message", &key, Algorithm::ES256).is_err(),
            "{octets:?}"
        );
    }
}

#[test]
fn a_small_rsa_key_neither_signs_nor_judges() {
    install();
    let (private, public) = rsa_pair(1024);
    assert!(sign(b"message", &private, Algorithm::RS256).is_err());
    assert!(verify("AAAA", b"message", &public, Algorithm::RS256).is_err());
}

#[test]
fn eddsa_is_not_offered() {
    install();
    let key = DecodingKey::from_ed_der(&[0; 32]);
    assert!(verify("AAAA", b"message", &key, Algorithm::EdDSA).is_err());
}
