//! One shape of token is read; each test shows another, and that a signature counts for one key and algorithm.

use serde_json::json;

use super::*;
use crate::platform::secret::Secret;
use crate::protocol::jose::signer::Signer;

fn signer() -> Signer {
    Signer::from_secret(b"a secret that two parties share!", Algorithm::HS256).unwrap()
}

fn shared() -> Secret {
    Secret::new(b"a secret that two parties share!".to_vec())
}

fn token() -> String {
    signer().sign(Some("JWT"), &json!({ "sub": "someone" })).unwrap()
}

fn signed(header: &Value, payload: &[u8]) -> String {
    let header = header.as_object().unwrap();
    signer().sign_with_header(header, payload).unwrap()
}

#[test]
fn a_token_gives_its_header_and_claims() {
    let header =
        json!({ "alg": "HS256", "kid": "b/O6Ov+y=", "typ": "JWT", "jku": "https://evil.example.test" });
    let read = Compact::read(&signed(&header, br#"{"sub":"someone"}"#)).unwrap();
    assert_eq!(read.algorithm(), Some(Algorithm::HS256));
    assert_eq!((read.kid(), read.typ()), (Some("b/O6Ov+y="), Some("JWT")));
    assert_eq!(read.claims().get("sub"), Some(&json!("someone")));
    assert_eq!(read.header().len(), 4);
    assert!(read.crit().is_none() && read.b64().is_none() && read.zip().is_none());
    assert!(read.is_signed_by(VerificationKey::Shared(&shared()), Algorithm::HS256));
}

#[test]
fn xc_07_a_signature_counts_for_its_key_and_its_algorithm_only() {
    let read = Compact::read(&token()).unwrap();
    let other = Secret::new(b"another secret of two parties!!!".to_vec());
    assert!(read.is_signed_by(VerificationKey::Shared(&shared()), Algorithm::HS256));
    assert!(!read.is_signed_by(VerificationKey::Shared(&other), Algorithm::HS256));
    assert!(!read.is_signed_by(VerificationKey::Shared(&shared()), Algorithm::HS512));
    let renamed = Compact::read(&signed(&json!({ "alg": "HS512" }), b"{}")).unwrap();
    for algorithm in [Algorithm::HS256, Algorithm::HS512] {
        assert!(!renamed.is_signed_by(VerificationKey::Shared(&shared()), algorithm));
    }
}

#[test]
fn o1_none_is_no_algorithm_however_it_is_written() {
    for alg in ["none", "None", "nOnE", "NONE", "", "hs256", "HS256 "] {
        let read = Compact::read(&signed(&json!({ "alg": alg }), b"{}")).unwrap();
        assert_eq!((read.alg(), read.algorithm()), (alg, None));
    }
}

#[test]
fn o8_every_other_form_of_a_token_is_refused() {
    let token = token();
    let (message, _) = token.rsplit_once('.').unwrap();
    let loose = format!("{message}.AB");
    let cases = [
        (message.to_owned(), TokenFlaw::NotThreeParts),
        (format!("{token}."), TokenFlaw::NotThreeParts),
        (format!("{token}.a.b"), TokenFlaw::NotThreeParts),
        (String::new(), TokenFlaw::NotThreeParts),
        ("{\"payload\":\"e30\"}".to_owned(), TokenFlaw::NotThreeParts),
        (format!("{token}\n"), TokenFlaw::NotBase64Url),
        (format!(" {token}"), TokenFlaw::NotBase64Url),
        (format!("{token}="), TokenFlaw::NotBase64Url),
        (format!("{message}.+/+/"), TokenFlaw::NotBase64Url),
        (loose, TokenFlaw::NotBase64Url),
        ("..".to_owned(), TokenFlaw::Header(JsonFlaw::Malformed)),
        (format!("{}.e30.AAAA", "A".repeat(LARGEST)), TokenFlaw::TooLong),
    ];
    for (token, flaw) in cases {
        assert_eq!(Compact::read(&token).err(), Some(flaw), "{token:.40}");
    }
}

#[test]
fn o8_the_parts_are_objects_and_each_member_is_there_once() {
    let plain = json!({ "alg": "HS256" });
    let cases: [(&[u8], JsonFlaw); 5] = [
        (b"[]", JsonFlaw::NotAnObject),
        (b"not json", JsonFlaw::Malformed),
        (b"\xef\xbb\xbf{}", JsonFlaw::Encoding),
        (br#"{"sub":"a","sub":"b"}"#, JsonFlaw::DuplicateMember),
        (b"", JsonFlaw::Malformed),
    ];
    for (payload, flaw) in cases {
        let read = Compact::read(&signed(&plain, payload));
        assert_eq!(read.err(), Some(TokenFlaw::Claims(flaw)));
    }
    let twice = URL_SAFE_NO_PAD.encode(br#"{"alg":"none","alg":"HS256"}"#);
    let read = Compact::read(&format!("{twice}.e30.AAAA"));
    assert_eq!(read.err(), Some(TokenFlaw::Header(JsonFlaw::DuplicateMember)));
}

#[test]
fn o6_a_name_is_text_or_absent() {
    let cases = [
        (json!({ "kid": "a" }), TokenFlaw::NoAlgorithm),
        (json!({ "alg": null }), TokenFlaw::NoAlgorithm),
        (json!({ "alg": ["HS256"] }), TokenFlaw::NoAlgorithm),
        (json!({ "alg": "HS256", "kid": ["a"] }), TokenFlaw::NotText),
        (json!({ "alg": "HS256", "kid": null }), TokenFlaw::NotText),
        (json!({ "alg": "HS256", "typ": 7 }), TokenFlaw::NotText),
    ];
    for (header, flaw) in cases {
        assert_eq!(
            Compact::read(&signed(&header, b"{}")).err(),
            Some(flaw),
            "{header}"
        );
    }
}

#[test]
fn a_token_prints_no_claim() {
    let printed = format!("{:?}", Compact::read(&token()).unwrap());
    assert!(
        !printed.contains("someone") && printed.contains("HS256"),
        "{printed}"
    );
}
