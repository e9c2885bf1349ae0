//! Every mischief against its honest twin, read with the strict reader and verified with the key of the metadata.

use super::*;
use crate::fakes::cast::member;
use crate::fakes::saml_idp::Signatures;
use crate::platform::random::SeededRandom;
use crate::protocol::saml::instant;
use crate::protocol::saml::names::{ASSERTION, PROTOCOL};
use crate::protocol::saml::signature::{Signature, VerificationKey};
use crate::protocol::saml::xml::{ElementRef, Reading, Tree, read};
use std::sync::OnceLock;
use time::Duration;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-05-01 9:00 UTC);
const ACS: &str = "https://bridge.example.test/saml/nhsmail/acs?a=1&b=2";

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys::make(NOW).unwrap())
}

fn asked() -> Asked {
    Asked {
        request_id: Some("_question".to_owned()),
        acs_url: ACS.to_owned(),
        audience: "urn:bridge:<nhsmail>".to_owned(),
        name_id_format: None,
        force_authn: false,
        encryption_certificate: None,
    }
}

fn write(personality: Personality, mischief: Mischief, manner: Manner, who: &str) -> String {
    let order = Order {
        personality,
        member: member(who).unwrap(),
        asked: &asked(),
        manner,
        mischief,
        at: NOW,
    };
    answer(&order, keys(), &SeededRandom::from_seed(1))
        .unwrap()
        .message
}

fn usual(personality: Personality, mischief: Mischief) -> String {
    write(personality, mischief, Manner::default(), "amara-example")
}

fn tree(xml: &str) -> Tree<'_> {
    // One mischief is a comment, which a reader of messages refuses.
    read(xml.as_bytes(), &Reading::METADATA).unwrap()
}

fn assertion<'t, 'a>(tree: &'t Tree<'a>) -> ElementRef<'t, 'a> {
    tree.root().unwrap().child(ASSERTION, "Assertion").unwrap()
}

fn verifies(element: ElementRef<'_, '_>, personality: Personality) -> bool {
    let pem = keys().signing(personality).certificate_pem().unwrap();
    let key = VerificationKey::from_certificate(&pem).unwrap();
    let signature = element.children().find_map(Signature::at);
    signature.is_some_and(|signature| signature.provable().unwrap().verify(&[key]).is_ok())
}

fn value(xml: &str, element: &str, attribute: &str) -> Option<String> {
    let tree = tree(xml);
    let found = tree.elements().find(|e| e.local() == element)?;
    found.attribute(attribute).map(str::to_owned)
}

fn content(xml: &str, element: &str) -> Option<String> {
    let tree = tree(xml);
    tree.elements()
        .find(|e| e.local() == element)
        .map(|e| e.text().into_owned())
}

fn attribute(xml: &str, name: &str) -> Vec<String> {
    let tree = tree(xml);
    let found = tree
        .elements()
        .find(|e| e.local() == "Attribute" && e.attribute("Name") == Some(name));
    found.map_or_else(Vec::new, |found| {
        found.children().map(|value| value.text().into_owned()).collect()
    })
}

fn after(xml: &str, element: &str, name: &str) -> Duration {
    instant::parse(&value(xml, element, name).unwrap()).unwrap() - NOW
}

#[test]
fn each_placement_signs_exactly_what_it_says() {
    for personality in Personality::ALL {
        for (signatures, on_response, on_assertion) in [
            (Signatures::Assertion, false, true),
            (Signatures::Response, true, false),
            (Signatures::Both, true, true),
        ] {
            let manner = Manner {
                signatures,
                ..Manner::default()
            };
            let xml = write(personality, Mischief::Honest, manner, "sian-ffug");
            let tree = tree(&xml);
            assert_eq!(verifies(tree.root().unwrap(), personality), on_response);
            assert_eq!(verifies(assertion(&tree), personality), on_assertion);
        }
    }
}

#[test]
fn entra_writes_its_windows_claims_and_spelling() {
    let xml = usual(Personality::Entra, Mischief::Honest);
    assert!(!xml.contains("<ds:") && !xml.contains("Consent"), "{xml}");
    assert_eq!(after(&xml, "Conditions", "NotBefore"), Duration::minutes(-5));
    assert_eq!(after(&xml, "Conditions", "NotOnOrAfter"), Duration::minutes(60));
    assert_eq!(
        after(&xml, "SubjectConfirmationData", "NotOnOrAfter"),
        Duration::minutes(60)
    );
    assert!(after(&xml, "AuthnStatement", "AuthnInstant") < Duration::hours(-23));
    assert_eq!(
        content(&xml, "NameID").as_deref(),
        Some("amara.example@fake.nhs.net.invalid")
    );
    let methods = attribute(&xml, "http://schemas.microsoft.com/claims/authnmethodsreferences");
    assert!(methods.contains(&"http://schemas.microsoft.com/claims/multipleauthn".to_owned()));
    let alone = write(
        Personality::Entra,
        Mischief::Honest,
        Manner::default(),
        "pat-password",
    );
    assert!(!alone.contains("multipleauthn"));
}

#[test]
fn adfs_writes_its_windows_claims_and_spelling() {
    let xml = usual(Personality::Adfs, Mischief::Honest);
    assert!(xml.contains("<ds:Signature xmlns:ds=") && xml.contains("<KeyInfo xmlns="));
    assert!(xml.contains(" Consent=\"urn:oasis:names:tc:SAML:2.0:consent:unspecified\""));
    assert_eq!(
        after(&xml, "Conditions", "NotBefore"),
        Duration::milliseconds(-16)
    );
    assert_eq!(
        after(&xml, "SubjectConfirmationData", "NotOnOrAfter"),
        Duration::minutes(5)
    );
    assert_eq!(
        content(&xml, "Issuer").as_deref(),
        Some(Personality::Adfs.entity_id())
    );
    let nameless = write(
        Personality::Adfs,
        Mischief::Honest,
        Manner::default(),
        "nia-nameless",
    );
    assert_eq!(content(&nameless, "NameID"), None);
    assert!(content(&xml, "NameID").is_some());
}

#[test]
fn three_hundred_groups_are_a_link_at_entra_and_a_list_at_adfs() {
    let xml = |personality| write(personality, Mischief::Honest, Manner::default(), "gill-groups");
    let link = attribute(
        &xml(Personality::Entra),
        "http://schemas.microsoft.com/claims/groups.link",
    );
    assert_eq!(link.len(), 1);
    let groups = attribute(&xml(Personality::Adfs), "http://schemas.xmlsoap.org/claims/Group");
    assert_eq!(groups.len(), 300);
}

#[test]
fn every_mischief_differs_from_its_honest_twin_in_the_one_thing_it_names() {
    let honest = usual(Personality::Entra, Mischief::Honest);
    let of = |mischief| usual(Personality::Entra, mischief);
    let signed = |xml: &str| verifies(assertion(&tree(xml)), Personality::Entra);
    assert!(signed(&honest));
    for unsigned in [
        Mischief::Unsigned,
        Mischief::WrongKey,
        Mischief::ChangedAfterSigning,
    ] {
        assert!(!signed(&of(unsigned)), "{unsigned:?}");
    }
    assert!(of(Mischief::Sha1).contains("xmldsig#rsa-sha1") && signed(&of(Mischief::Sha1)));
    for (mischief, element, name) in [
        (Mischief::WrongRecipient, "SubjectConfirmationData", "Recipient"),
        (Mischief::WrongDestination, "Response", "Destination"),
        (Mischief::WrongQuestion, "Response", "InResponseTo"),
        (Mischief::Expired, "Conditions", "NotOnOrAfter"),
        (Mischief::NotYetValid, "Conditions", "NotBefore"),
    ] {
        let bent = of(mischief);
        assert!(signed(&bent), "{mischief:?}");
        assert_ne!(
            value(&bent, element, name),
            value(&honest, element, name),
            "{mischief:?}"
        );
    }
    for (mischief, element) in [
        (Mischief::WrongAudience, "Audience"),
        (Mischief::WrongIssuer, "Issuer"),
    ] {
        assert_ne!(
            content(&of(mischief), element),
            content(&honest, element),
            "{mischief:?}"
        );
    }
    assert_eq!(of(Mischief::TwoAssertions).matches("<Assertion ").count(), 2);
}

#[test]
fn a_comment_splits_the_name_id_and_the_signature_still_holds() {
    for personality in Personality::ALL {
        let xml = write(
            personality,
            Mischief::CommentInNameId,
            Manner::default(),
            "nia-nameless",
        );
        assert!(xml.contains("nia<!-- -->.nameless@"), "{xml}");
        assert!(verifies(assertion(&tree(&xml)), personality));
    }
}

#[test]
fn a_status_that_says_no_carries_no_assertion() {
    for mischief in [
        Mischief::ErrorStatus,
        Mischief::Responder,
        Mischief::InvalidNameIdPolicy,
        Mischief::NoPassive,
    ] {
        let xml = usual(Personality::Adfs, mischief);
        let tree = tree(&xml);
        assert!(!xml.contains("<Assertion"), "{mischief:?}");
        let status = tree.root().unwrap().child(PROTOCOL, "Status").unwrap();
        let code = status
            .child(PROTOCOL, "StatusCode")
            .unwrap()
            .attribute("Value")
            .unwrap();
        assert!(!code.ends_with(":Success"), "{code}");
    }
    assert!(usual(Personality::Entra, Mischief::ErrorStatus).contains(">AADSTS75011: "));
}

#[test]
fn nothing_is_signed_for_a_live_service_whichever_way_it_is_named() {
    for (acs_url, audience) in [
        ("https://rota.nhs.uk/acs", "urn:rota"),
        (ACS, "https://rota.nhs.net/"),
    ] {
        let live = Asked {
            acs_url: acs_url.to_owned(),
            audience: audience.to_owned(),
            ..asked()
        };
        for mischief in Mischief::ALL {
            let order = Order {
                personality: Personality::Entra,
                member: member("amara-example").unwrap(),
                asked: &live,
                manner: Manner::default(),
                mischief,
                at: NOW,
            };
            let said = answer(&order, keys(), &SeededRandom::from_seed(1));
            assert!(matches!(said, Err(NoAnswer::OutOfBounds(_))), "{mischief:?}");
        }
    }
}

#[test]
fn the_same_seed_and_instant_give_the_same_answer() {
    assert_eq!(
        usual(Personality::Adfs, Mischief::Honest),
        usual(Personality::Adfs, Mischief::Honest)
    );
}
