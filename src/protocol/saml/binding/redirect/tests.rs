//! What HTTP-Redirect must read and must refuse, each attack beside its valid twin.

use super::received::Unproven;
use super::*;
use crate::protocol::saml::binding::BindingFlaw;
use crate::protocol::saml::limits::REDIRECT_OCTETS;
use crate::protocol::saml::signature::{KeyKind, SelfSigned, VerificationKey};

const MESSAGE: &str = "<samlp:AuthnRequest ID=\"_1\">é</samlp:AuthnRequest>";

fn key(kind: KeyKind) -> (SigningKey, VerificationKey) {
    let key = SelfSigned {
        kind,
        ..SelfSigned::example()
    }
    .make()
    .unwrap();
    let der = STANDARD.decode(key.certificate_base64().unwrap()).unwrap();
    (key, VerificationKey::from_certificate(&der).unwrap())
}

fn flaw(query: &str) -> BindingFlaw {
    ReceivedRedirect::read(query).unwrap_err()
}

/// The query of a message that is compressed already.
fn query_of(deflated: &[u8]) -> String {
    let field = STANDARD.encode(deflated);
    format!("SAMLRequest={}", field.replace('+', "%2B").replace('=', "%3D"))
}

/// The query with its escapes as ADFS writes them: `%3d`.
fn in_lower_case(query: &str) -> String {
    let mut parts = query.split('%');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |before, part| {
        let (escape, rest) = part.split_at(2);
        before + "%" + &escape.to_lowercase() + rest
    })
}

/// A query in lower case, signed over exactly its octets.
fn signed_in_lower_case(query: &str, key: &SigningKey, algorithm: SignatureAlgorithm) -> String {
    let mut signed = format!("{query}&SigAlg=");
    push_escaped(algorithm.uri(), &mut signed);
    let mut signed = in_lower_case(&signed);
    let value = STANDARD.encode(sign_octets(key, algorithm, signed.as_bytes()).unwrap());
    let mut escaped = String::new();
    push_escaped(&value, &mut escaped);
    signed.push_str("&Signature=");
    signed.push_str(&in_lower_case(&escaped));
    signed
}

#[test]
fn sp_02_a_request_survives_http_redirect_with_its_relay_state() {
    let relay_state = "opaque &=%+ é";
    let query = Redirect::of(MessageKind::Request, MESSAGE)
        .with_relay_state(Some(relay_state))
        .query();
    for query in [in_lower_case(&query), query] {
        let received = ReceivedRedirect::read(&query).unwrap();
        assert_eq!(received.kind, MessageKind::Request);
        assert_eq!(received.message, MESSAGE.as_bytes());
        assert_eq!(received.relay_state.as_deref(), Some(relay_state));
        assert!(!received.is_signed());
        assert_eq!(received.verify(&[]), Err(Unproven::Unsigned));
    }
}

#[test]
fn a_destination_keeps_the_query_it_has() {
    assert_eq!(redirect_address("https://idp/sso", "a=1"), "https://idp/sso?a=1");
    assert_eq!(
        redirect_address("https://idp/sso?b=2", "a=1"),
        "https://idp/sso?b=2&a=1"
    );
}

#[test]
fn a_signed_query_verifies_over_the_octets_as_received_even_in_lower_case() {
    for (kind, uri) in [
        (
            KeyKind::Rsa2048,
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        ),
        (
            KeyKind::P256,
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        ),
    ] {
        let algorithm = SignatureAlgorithm::from_uri(uri).unwrap();
        let ((own, trusted), (_, stranger)) = (key(kind), key(kind));
        let redirect = Redirect::of(MessageKind::Request, MESSAGE).with_relay_state(Some("a/b="));
        for query in [
            redirect.signed_query(&own, algorithm).unwrap(),
            signed_in_lower_case(&redirect.query(), &own, algorithm),
        ] {
            let received = ReceivedRedirect::read(&query).unwrap();
            assert_eq!(received.verify(std::slice::from_ref(&trusted)), Ok(()));
            assert_eq!(
                received.verify(std::slice::from_ref(&stranger)),
                Err(Unproven::Signature)
            );
            assert_eq!(received.verify(&[]), Err(Unproven::Signature));
        }
    }
}

#[test]
fn a_signature_covers_the_relay_state_and_the_spelling_but_not_the_order() {
    let (key, trusted) = key(KeyKind::Rsa2048);
    let redirect = Redirect::of(MessageKind::Request, MESSAGE).with_relay_state(Some("a/b"));
    let signed = signed_in_lower_case(&redirect.query(), &key, SignatureAlgorithm::RSA_SHA256);
    let verify = |query: &str| {
        let received = ReceivedRedirect::read(query).unwrap();
        received.verify(std::slice::from_ref(&trusted))
    };
    let mut turned: Vec<_> = signed.split('&').collect();
    turned.reverse();
    assert_eq!(verify(&turned.join("&")), Ok(()));
    for changed in [
        signed.replace("RelayState=a%2fb", "RelayState=a%2fc"),
        signed.replace("RelayState=a%2fb", "RelayState=a%2Fb"),
        signed.replace("RelayState=a%2fb&", ""),
    ] {
        assert_ne!(changed, signed);
        assert_eq!(verify(&changed), Err(Unproven::Signature), "{changed}");
    }
    let sha1 = signed.replace(
        "2001%2f04%2fxmldsig-more%23rsa-sha256",
        "2000%2f09%2fxmldsig%23rsa-sha1",
    );
    assert_ne!(sha1, signed);
    assert_eq!(verify(&sha1), Err(Unproven::Algorithm));
    let half = signed.split("&Signature=").next().unwrap();
    assert_eq!(flaw(half), BindingFlaw::HalfSigned);
}

#[test]
fn what_two_readers_could_read_differently_is_refused() {
    let query = Redirect::of(MessageKind::Request, MESSAGE).query();
    let other = Redirect::of(MessageKind::Response, MESSAGE).query();
    assert_eq!(
        flaw(&format!("{query}&{query}")),
        BindingFlaw::Twice("SAMLRequest")
    );
    assert_eq!(flaw(&format!("{query}&{other}")), BindingFlaw::RequestAndResponse);
    assert_eq!(
        flaw(&format!("{query}&RelayState=a&RelayState=b")),
        BindingFlaw::Twice("RelayState")
    );
    assert_eq!(
        flaw(&format!("{query}&RelayStat%65=b")),
        BindingFlaw::HiddenName("RelayState")
    );
    assert_eq!(flaw(&format!("{query}&SAMLEncoding=zstd")), BindingFlaw::Encoding);
    assert_eq!(flaw("RelayState=a"), BindingFlaw::Missing("SAMLRequest"));
    assert_eq!(flaw("SAMLRequest=a+b%3D"), BindingFlaw::Base64);
}

#[test]
fn a_message_inflates_to_the_bound_and_not_beyond() {
    let of_size = |octets: usize| query_of(&deflate(&"a".repeat(octets)));
    assert!(ReceivedRedirect::read(&of_size(REDIRECT_OCTETS)).is_ok());
    assert_eq!(flaw(&of_size(REDIRECT_OCTETS + 1)), BindingFlaw::TooLarge);
    assert_eq!(flaw(&of_size(20 * 1024 * 1024)), BindingFlaw::TooLarge);
}

#[test]
fn a_broken_stream_and_octets_behind_its_end_are_refused() {
    let whole = deflate(MESSAGE);
    assert_eq!(
        ReceivedRedirect::read(&query_of(&whole)).unwrap().message,
        MESSAGE.as_bytes()
    );
    let cut = whole.split_last().unwrap().1;
    assert_eq!(flaw(&query_of(cut)), BindingFlaw::Deflate);
    let longer = [whole.as_slice(), b"x"].concat();
    assert_eq!(flaw(&query_of(&longer)), BindingFlaw::Deflate);
    assert_eq!(flaw(&query_of(MESSAGE.as_bytes())), BindingFlaw::Deflate);
}
