//! What an `AuthnRequest` of ours says, and what is refused as one.

use super::received::RequestFlaw;
use super::*;
use crate::platform::random::{SeededRandom, SystemRandom};
use std::collections::HashSet;
use time::macros::datetime;

fn question() -> Question {
    Question {
        destination: "https://idp.example.test/saml2?a=1&b=2".to_owned(),
        acs_url: "https://bridge.example.test/saml/nhsmail/acs".to_owned(),
        issuer: "urn:bridge:<nhsmail> & co".to_owned(),
        name_id_format: None,
        authn_contexts: Vec::new(),
        force_authn: false,
        is_passive: false,
    }
}

fn received(question: &Question) -> ReceivedAuthnRequest {
    let asked = question
        .ask(datetime!(2026-05-01 10:00 +1), &SeededRandom::from_seed(1))
        .unwrap();
    ReceivedAuthnRequest::read(asked.to_xml().as_bytes()).unwrap()
}

#[test]
fn sp_02_a_request_names_the_acs_address_byte_for_byte_and_asks_for_post() {
    let asked = question();
    let got = received(&asked);
    assert_eq!(got.acs_url.as_deref(), Some(asked.acs_url.as_str()));
    assert_eq!(got.protocol_binding.as_deref(), Some(BINDING_POST));
    assert_eq!((got.issuer, got.issuer_is_qualified), (asked.issuer, false));
}

#[test]
fn sp_03_a_request_has_a_long_id_a_utc_instant_and_its_destination() {
    let asked = question();
    let request = asked.ask(datetime!(2026-05-01 10:00 +1), &SystemRandom).unwrap();
    assert!(request.id().starts_with('_') && request.id().len() == 1 + 160 / 4);
    assert!(
        request
            .to_xml()
            .contains(" IssueInstant=\"2026-05-01T09:00:00.000Z\"")
    );
    let got = received(&asked);
    assert_eq!(got.destination, Some(asked.destination));
    assert_eq!(got.issue_instant, datetime!(2026-05-01 9:00 UTC));
}

#[test]
fn sp_03_ids_never_repeat_in_a_million_draws() {
    let (asked, now) = (question(), datetime!(2026-05-01 9:00 UTC));
    let mut seen = HashSet::with_capacity(1_000_000);
    for _ in 0..1_000_000 {
        let id = asked.ask(now, &SystemRandom).unwrap().id;
        // The first 128 bits are enough to tell them apart.
        let head = u128::from_str_radix(id.get(1..33).unwrap(), 16).unwrap();
        assert!(seen.insert(head), "{id}");
    }
}

#[test]
fn sp_04_name_id_policy_and_context_are_absent_unless_they_are_set() {
    let plain = question();
    let xml = plain
        .ask(datetime!(2026-05-01 9:00 UTC), &SystemRandom)
        .unwrap()
        .to_xml();
    for word in [
        "NameIDPolicy",
        "RequestedAuthnContext",
        "ForceAuthn",
        "IsPassive",
        "Subject",
        "Scoping",
    ] {
        assert!(!xml.contains(word), "{xml}");
    }
    let class = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
    let got = received(&Question {
        name_id_format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
        authn_contexts: vec![class.to_owned()],
        force_authn: true,
        is_passive: true,
        ..plain
    });
    assert_eq!(
        got.name_id_format.as_deref(),
        Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
    );
    assert_eq!(
        got.requested_context,
        Some(("exact".to_owned(), vec![class.to_owned()]))
    );
    assert!(got.force_authn && got.is_passive && !got.has_subject);
}

#[test]
fn what_is_no_authn_request_is_refused() {
    let asked = question();
    let xml = asked
        .ask(datetime!(2026-05-01 9:00 UTC), &SystemRandom)
        .unwrap()
        .to_xml();
    let flaw = |from: &str, to: &str| {
        let changed = xml.replace(from, to);
        assert_ne!(changed, xml, "{from}");
        ReceivedAuthnRequest::read(changed.as_bytes()).unwrap_err()
    };
    assert_eq!(flaw("Version=\"2.0\"", "Version=\"1.1\""), RequestFlaw::Kind);
    assert_eq!(flaw("AuthnRequest", "LogoutRequest"), RequestFlaw::Kind);
    assert_eq!(
        flaw("09:00:00.000Z", "yesterday"),
        RequestFlaw::Part("IssueInstant")
    );
    assert_eq!(flaw("saml:Issuer", "saml:Name"), RequestFlaw::Part("Issuer"));
    assert_eq!(flaw(" ID=", " Id="), RequestFlaw::Part("ID"));
    assert_eq!(
        flaw("ProtocolBinding", "IsPassive"),
        RequestFlaw::Part("IsPassive")
    );
}
