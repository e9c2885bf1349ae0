//! The questions that each personality objects to, each beside one that it hears.

use super::*;
use crate::platform::random::SystemRandom;
use crate::protocol::saml::authn_request::Question;
use crate::protocol::saml::binding::{MessageKind, Redirect};
use crate::protocol::saml::signature::{SelfSigned, SignatureAlgorithm};
use time::macros::datetime;

const SSO: &str = "http://127.0.0.1:8082/entra/saml2";
const ACS: &str = "http://127.0.0.1:8080/saml/nhsmail/acs";

fn question() -> Question {
    Question {
        destination: SSO.to_owned(),
        acs_url: ACS.to_owned(),
        issuer: "urn:bridge".to_owned(),
        name_id_format: None,
        authn_contexts: Vec::new(),
        force_authn: false,
        is_passive: false,
    }
}

fn xml(question: &Question) -> String {
    let now = datetime!(2026-05-01 9:00 UTC);
    question.ask(now, &SystemRandom).unwrap().to_xml()
}

fn hear(personality: Personality, services: &[ServiceProvider], xml: &str) -> Result<Heard, Objection> {
    hear_all(personality, services, xml, None).1
}

fn hear_all(
    personality: Personality,
    services: &[ServiceProvider],
    xml: &str,
    redirect: Option<&ReceivedRedirect>,
) -> (Option<Received>, Result<Heard, Objection>) {
    let hearing = Hearing {
        personality,
        sso: SSO,
        services,
        at: datetime!(2026-05-01 9:00 UTC),
    };
    hearing.hear(&Arrived {
        message: xml.as_bytes(),
        redirect,
        relay_state: None,
    })
}

fn code(personality: Personality, services: &[ServiceProvider], xml: &str) -> &'static str {
    hear(personality, services, xml).unwrap_err().code
}

#[test]
fn an_honest_question_is_heard_by_both() {
    for personality in Personality::ALL {
        let (received, heard) = hear_all(personality, &[], &xml(&question()), None);
        let heard = heard.unwrap();
        assert!(heard.refusal.is_none());
        assert_eq!(
            (heard.asked.acs_url.as_str(), heard.asked.audience.as_str()),
            (ACS, "urn:bridge")
        );
        assert_eq!(received.unwrap().signature, RequestSignature::Unsigned);
    }
}

#[test]
fn entra_objects_to_what_it_does_not_support() {
    let plain = xml(&question());
    let id = plain.split("ID=\"").nth(1).unwrap().split('"').next().unwrap();
    let format = Question {
        name_id_format: Some("urn:other".to_owned()),
        ..question()
    };
    for (changed, expected) in [
        ("nonsense".to_owned(), "AADSTS75005"),
        (plain.replace(id, "1abc"), "AADSTS7500529"),
        (
            plain.replace("bindings:HTTP-POST", "bindings:HTTP-Artifact"),
            "AADSTS75003",
        ),
        (plain.replace("8082/entra/saml2", "8082/elsewhere"), "AADSTS75008"),
        (xml(&format), "AADSTS75016"),
    ] {
        assert_eq!(code(Personality::Entra, &[], &changed), expected, "{changed}");
    }
}

#[test]
fn adfs_objects_to_a_qualified_issuer() {
    let qualified = xml(&question()).replace("<saml:Issuer ", "<saml:Issuer NameQualifier=\"a\" ");
    assert_eq!(code(Personality::Adfs, &[], &qualified), "MSIS7074");
}

#[test]
fn who_is_registered_is_heard_with_the_registered_address_alone() {
    let known = [ServiceProvider::new("urn:bridge", ACS)];
    let other = Question {
        issuer: "urn:other".to_owned(),
        ..question()
    };
    let elsewhere = Question {
        acs_url: "http://127.0.0.1:1/".to_owned(),
        ..question()
    };
    assert!(hear(Personality::Entra, &known, &xml(&question())).is_ok());
    assert_eq!(code(Personality::Entra, &known, &xml(&other)), "AADSTS700016");
    assert_eq!(code(Personality::Entra, &known, &xml(&elsewhere)), "AADSTS50011");
    assert_eq!(code(Personality::Adfs, &known, &xml(&other)), "MSIS7007");
    assert_eq!(code(Personality::Adfs, &known, &xml(&elsewhere)), "MSIS3200");
}

#[test]
fn who_must_sign_is_heard_with_a_good_signature_alone() {
    let (own, stranger) = (
        SelfSigned::example().make().unwrap(),
        SelfSigned::example().make().unwrap(),
    );
    let known = [ServiceProvider {
        request_certificates: vec![own.certificate_pem().unwrap()],
        ..ServiceProvider::new("urn:bridge", ACS)
    }];
    let xml = xml(&question());
    for (key, verified) in [(&own, true), (&stranger, false)] {
        let query = Redirect::of(MessageKind::Request, &xml)
            .signed_query(key, SignatureAlgorithm::RSA_SHA256)
            .unwrap();
        let redirect = ReceivedRedirect::read(&query).unwrap();
        let (_, heard) = hear_all(Personality::Entra, &known, &xml, Some(&redirect));
        assert_eq!(
            heard.map_err(|objection| objection.code).err(),
            (!verified).then_some("AADSTS76020")
        );
    }
    assert_eq!(code(Personality::Entra, &known, &xml), "AADSTS76021");
    assert_eq!(code(Personality::Adfs, &known, &xml), "MSIS0038");
}

#[test]
fn some_questions_are_answered_with_a_status_that_says_no() {
    let passive = Question {
        is_passive: true,
        ..question()
    };
    let certificate = Question {
        authn_contexts: vec!["urn:oasis:names:tc:SAML:2.0:ac:classes:X509".to_owned()],
        ..question()
    };
    let transient = Question {
        name_id_format: Some(FORMAT_TRANSIENT.to_owned()),
        ..question()
    };
    let refusal = |personality, question: &Question| hear(personality, &[], &xml(question)).unwrap().refusal;
    assert_eq!(refusal(Personality::Entra, &passive), Some(Status::NO_PASSIVE));
    assert!(refusal(Personality::Entra, &certificate).is_some());
    assert_eq!(refusal(Personality::Entra, &transient), None);
    assert_eq!(
        refusal(Personality::Adfs, &transient),
        Some(Status::INVALID_NAME_ID_POLICY)
    );
}
