//! Signatures of documents: integrity, never trust.

use super::*;
use crate::protocol::saml::signature::{Family, Layout, SignatureAlgorithm, SigningKey, sign};

fn signed(document: &str, id: &str, key: &SigningKey) -> String {
    let algorithm = SignatureAlgorithm {
        family: Family::Ecdsa,
        ..SignatureAlgorithm::RSA_SHA256
    };
    sign(document, id, key, algorithm, Layout::Prefixed).unwrap()
}

fn is_refused_for_its_signature(document: &str) -> bool {
    let flaws = flaws(document);
    flaws
        .iter()
        .any(|flaw| matches!(flaw, MetadataFlaw::Signature { .. }))
}

#[test]
fn a_signature_that_is_there_must_verify() {
    let document = signed(&document(), "_1", &key());
    assert!(read(&document).is_ok());
    assert!(
        read(&document.replace("<md:", "<!-- a comment --><md:")).is_ok(),
        "comments are not signed"
    );
    assert!(is_refused_for_its_signature(
        &document.replace(SSO, "https://evil.example/")
    ));
    assert!(is_refused_for_its_signature(&document.replace("_1", "_2")));
    let (before, rest) = document.split_once("<X509Certificate>").unwrap();
    let keyless = before.to_owned() + "<X509Certificate>" + rest.split_once("</X509").unwrap().1;
    let keyless = keyless.replacen("<X509Certificate>Certificate>", "", 1);
    assert!(matches!(
        flaws(&keyless).as_slice(),
        [MetadataFlaw::Signature { why, .. }] if why.contains("KeyInfo")
    ));
}

#[test]
fn a_signature_that_names_another_element_proves_nothing() {
    let genuine = signed(&document(), "_1", &key());
    let signature = genuine
        .split_once("<ds:Signature")
        .unwrap()
        .1
        .split_once("</ds:Signature>")
        .unwrap()
        .0;
    let forged = entity(
        &format!("entityID=\"{IDP}\" ID=\"_9\""),
        &format!(
            "<ds:Signature{signature}</ds:Signature><md:Extensions>{genuine}</md:Extensions>{}",
            role(&(key_descriptor("", &certificate()) + &services()))
        ),
    );
    assert!(is_refused_for_its_signature(&forged));
}

#[test]
fn a_genuine_document_inside_a_forged_one_is_not_read() {
    let genuine = signed(&document(), "_1", &key());
    let own = certificate();
    let inside = role(&(key_descriptor("", &own) + &services()));
    let document = entity(
        &format!("entityID=\"{IDP}\""),
        &format!("<md:Extensions>{genuine}</md:Extensions>{inside}"),
    );
    assert_eq!(fingerprints(&document), [fingerprint(&own)]);
    assert!(
        verdict(&document)
            .warnings
            .iter()
            .any(|it| it.starts_with("a signature inside"))
    );
}

#[test]
fn a_signed_entity_in_an_unsigned_aggregate_is_checked_too() {
    let genuine = aggregate("", &signed(&document(), "_1", &key()));
    assert!(read(&genuine).is_ok());
    assert!(is_refused_for_its_signature(
        &genuine.replace(SSO, "https://evil.example/")
    ));
}

#[test]
fn a_broken_aggregate_spoils_every_entity_in_it_and_no_other() {
    let inner = aggregate(
        "ID=\"_5\"",
        &(document() + &document_of("urn:in", &certificate())),
    );
    let broken = signed(&inner, "_5", &key()).replace(SSO, "https://evil.example/");
    let document = aggregate("", &(broken + &document_of("urn:out", &certificate())));
    assert!(is_refused_for_its_signature(&document));
    let all = verdict(&document);
    assert!(
        all.warnings
            .contains(&"identity providers to choose from: urn:out".to_owned())
    );
    let spoilt = |warning: &&String| warning.contains("is of no use: the signature of EntitiesDescriptor");
    assert_eq!(all.warnings.iter().filter(spoilt).count(), 2);
}

#[test]
fn two_signatures_are_refused_and_sha_1_is_warned_about() {
    let once = signed(&document(), "_1", &key());
    let twice = signed(&once, "_1", &key());
    assert!(is_refused_for_its_signature(&twice));
    let rsa = crate::protocol::saml::signature::SelfSigned::example()
        .make()
        .unwrap();
    let old = sign(
        &document(),
        "_1",
        &rsa,
        SignatureAlgorithm::RSA_SHA1,
        Layout::Unprefixed,
    )
    .unwrap();
    let verdict = verdict(&old);
    assert!(verdict.usable && verdict.warnings.iter().any(|it| it.contains("SHA-1")));
}
