//! xmlsec1's command line accepts what the fake signs: another program, other libraries, the same specification.

use nhsmail_bridge::fakes::mischief::Mischief;
use nhsmail_bridge::fakes::saml_idp::{FakeSamlIdp, Manner, Personality, Signatures};

use super::{answer_about, repeatable, start};
use crate::xmlsec1::{SignedElement, verify};

/// Whether xmlsec1 verifies the signature of `element` with this certificate and no key of the message.
fn accepts(document: &str, certificate: &str, element: SignedElement) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    };
    let (document, certificate) = (write("document.xml", document), write("key.pem", certificate));
    verify(&[document], &certificate, element).is_ok()
}

/// The signing certificate that an identity provider reads from the metadata, PEM.
fn certificate(metadata: &str) -> String {
    let role = metadata.split("<IDPSSODescriptor ").nth(1).expect("the role");
    let key = role
        .split("<KeyDescriptor use=\"signing\">")
        .nth(1)
        .expect("its key");
    let base64 = key.split("<X509Certificate>").nth(1).expect("a certificate");
    let base64 = base64.split('<').next().expect("its end");
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
}

async fn answer(fake: &FakeSamlIdp, personality: Personality, signatures: Signatures) -> String {
    let manner = Manner {
        signatures,
        ..Manner::default()
    };
    fake.set_manner(personality, manner);
    answer_about(fake, personality, "sian-ffug").await
}

#[tokio::test]
async fn xmlsec1_accepts_what_the_fake_signs_wherever_it_signs() {
    let fake = start(repeatable()).await;
    for personality in Personality::ALL {
        let metadata = fake.metadata(personality).expect("the metadata");
        let key = certificate(&metadata);
        assert!(
            accepts(&metadata, &key, SignedElement::Root),
            "the metadata of {personality:?}"
        );
        for (signatures, places) in [
            (Signatures::Assertion, vec![SignedElement::Assertion]),
            (Signatures::Response, vec![SignedElement::Root]),
            (
                Signatures::Both,
                vec![SignedElement::Assertion, SignedElement::Root],
            ),
        ] {
            let message = answer(&fake, personality, signatures).await;
            for place in places {
                assert!(
                    accepts(&message, &key, place),
                    "{personality:?} {signatures:?} {place:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn xmlsec1_refuses_what_the_fake_breaks_and_accepts_the_honest_twin() {
    let fake = start(repeatable()).await;
    let key = certificate(&fake.metadata(Personality::Adfs).expect("the metadata"));
    for (mischief, verdict) in [
        (Mischief::Honest, true),
        (Mischief::WrongKey, false),
        (Mischief::ChangedAfterSigning, false),
        (Mischief::CommentInNameId, true),
    ] {
        fake.next_answer(mischief);
        let message = answer_about(&fake, Personality::Adfs, "amara-example").await;
        assert_eq!(
            accepts(&message, &key, SignedElement::Assertion),
            verdict,
            "{mischief:?}"
        );
    }
}
