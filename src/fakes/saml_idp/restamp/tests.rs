//! A new stamp changes what a stamp is, and nothing else.

use super::*;
use crate::fakes::cast::member;
use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::answer::{Asked, Order, answer};
use crate::fakes::saml_idp::saved::{Kind, SavedQuestion, Unsealed};
use crate::fakes::saml_idp::{Manner, OutOfBounds, Signatures};
use crate::platform::random::SeededRandom;
use crate::protocol::saml::encryption::{Container, DecryptionKey};
use crate::protocol::saml::signature::{SelfSigned, Signature, VerificationKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::OnceLock;
use time::macros::datetime;

const THEN: OffsetDateTime = datetime!(2026-05-01 9:00 UTC);
const NOW: OffsetDateTime = datetime!(2027-03-04 5:06:07 UTC);

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys::make(THEN).unwrap())
}

fn saved(
    personality: Personality,
    manner: Manner,
    mischief: Mischief,
    certificate: Option<Vec<u8>>,
) -> SavedAnswer {
    let asked = Asked {
        request_id: Some("_old".to_owned()),
        acs_url: "http://127.0.0.1:1/acs?a=1&b=2".to_owned(),
        audience: "urn:old&".to_owned(),
        name_id_format: None,
        force_authn: false,
        encryption_certificate: certificate.clone(),
    };
    let order = Order {
        personality,
        member: member("amara-example").unwrap(),
        asked: &asked,
        manner,
        mischief,
        at: THEN,
    };
    let given = answer(&order, keys(), &SeededRandom::from_seed(1)).unwrap();
    SavedAnswer {
        kind: Kind::FakeAnswer1,
        id: "0001".to_owned(),
        personality,
        at: THEN,
        person: None,
        mischief,
        question: SavedQuestion {
            request_id: asked.request_id.clone(),
            acs_url: asked.acs_url.clone(),
            audience: asked.audience.clone(),
            relay_state: None,
        },
        message: STANDARD.encode(given.message),
        before_encryption: given.unsealed.map(|unsealed| Unsealed {
            message: STANDARD.encode(unsealed),
            certificate: STANDARD.encode(certificate.unwrap()),
        }),
    }
}

fn stamp() -> Stamp {
    Stamp {
        at: NOW,
        acs_url: "http://127.0.0.1:2/acs".to_owned(),
        question: Some(("_new".to_owned(), "urn:new".to_owned())),
    }
}

fn again(saved: &SavedAnswer) -> String {
    restamp(saved, &stamp(), keys(), &SeededRandom::from_seed(2)).unwrap()
}

fn verifies(element: ElementRef<'_, '_>, personality: Personality) -> bool {
    let pem = keys().signing(personality).certificate_pem().unwrap();
    let key = VerificationKey::from_certificate(&pem).unwrap();
    let signature = element.children().find_map(Signature::at);
    signature.is_some_and(|signature| signature.provable().unwrap().verify(&[key]).is_ok())
}

#[test]
fn a_new_stamp_has_new_ids_instants_question_and_signatures() {
    for personality in Personality::ALL {
        for signatures in [Signatures::Assertion, Signatures::Response, Signatures::Both] {
            let manner = Manner {
                signatures,
                ..Manner::default()
            };
            let saved = saved(personality, manner, Mischief::Honest, None);
            let (old, new) = (saved.xml().unwrap(), again(&saved));
            let (before, after) = (Outline::of(&old).unwrap(), Outline::of(&new).unwrap());
            assert_ne!(before.response, after.response);
            assert!(
                !new.contains(&before.assertions[0]) && !new.contains("_old") && !new.contains("urn:old")
            );
            assert!(
                new.contains(" IssueInstant=\"2027-03-04T05:06:07.000Z\""),
                "{new}"
            );
            assert!(new.contains(&format!(" SessionIndex=\"{}\"", after.assertions[0])));
            assert_eq!(new.matches(" InResponseTo=\"_new\"").count(), 2);
            assert!(!new.contains("127.0.0.1:1") && new.contains("<Audience>urn:new</Audience>"));
            let tree = read(new.as_bytes(), &Reading::MESSAGE).unwrap();
            let root = tree.root().unwrap();
            assert_eq!(verifies(root, personality), signatures.on_response());
            let assertion = root.child(ASSERTION, "Assertion").unwrap();
            assert_eq!(verifies(assertion, personality), signatures.on_assertion());
        }
    }
}

#[test]
fn what_was_wrong_on_purpose_stays_wrong() {
    let of = |mischief| again(&saved(Personality::Entra, Manner::default(), mischief, None));
    assert!(of(Mischief::WrongAudience).contains("<Audience>https://another.example.test/</Audience>"));
    assert!(of(Mischief::WrongRecipient).contains(" Recipient=\"https://another.example.test/acs\""));
    assert!(of(Mischief::CommentInNameId).contains("<!-- -->"));
    assert!(!of(Mischief::Unsigned).contains("Signature"));
    assert!(of(Mischief::ErrorStatus).contains("AADSTS75011"));
}

#[test]
fn an_encrypted_answer_is_encrypted_again_for_the_same_service() {
    let own = SelfSigned::example().make().unwrap();
    let manner = Manner {
        signatures: Signatures::Both,
        ..Manner::default()
    };
    let certificate = Some(own.certificate_pem().unwrap());
    let saved = saved(Personality::Adfs, manner, Mischief::Honest, certificate);
    assert!(saved.xml().unwrap().contains("<EncryptedAssertion"));
    let new = again(&saved);
    let tree = read(new.as_bytes(), &Reading::MESSAGE).unwrap();
    assert!(verifies(tree.root().unwrap(), Personality::Adfs));
    let sealed = tree
        .root()
        .unwrap()
        .child(ASSERTION, "EncryptedAssertion")
        .unwrap();
    let key = DecryptionKey::read(&own.private_pem().unwrap()).unwrap();
    let inner = Container::at(sealed).open(&[key]).unwrap();
    let tree = read(inner.as_bytes(), &Reading::MESSAGE).unwrap();
    assert!(verifies(tree.root().unwrap(), Personality::Adfs));
    assert!(inner.contains(" InResponseTo=\"_new\""));
}

#[test]
fn nothing_is_stamped_for_a_live_service() {
    let saved = saved(Personality::Entra, Manner::default(), Mischief::Honest, None);
    let live = Stamp {
        acs_url: "https://rota.nhs.uk/acs".to_owned(),
        ..stamp()
    };
    let said = restamp(&saved, &live, keys(), &SeededRandom::from_seed(2));
    assert!(matches!(
        said,
        Err(NoStamp::Answer(NoAnswer::OutOfBounds(OutOfBounds { .. })))
    ));
}
