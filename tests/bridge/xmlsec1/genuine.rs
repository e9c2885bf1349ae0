//! xmlsec1 judges the genuine messages as the corpus says: the ground on which it may judge ours.

use std::io::Write;
use tempfile::NamedTempFile;

use crate::corpus::index::{Case, INDEX, path_of};
use crate::corpus::judge::STRANGER;
use crate::xmlsec1::{SignedElement, opened, verify};

#[test]
fn xmlsec1_verifies_every_signature_of_the_genuine_messages() {
    let mut signatures = 0;
    for case in accepted() {
        for (element, verified) in &case.verified {
            let certificate = verified["cert"]
                .as_str()
                .expect("each signature names its certificate");
            let opened = opened_if_needed(case, SignedElement::parse(element));
            let file = opened
                .as_ref()
                .map_or_else(|| path_of(&case.file), |file| file.path().to_owned());
            let digested = verify(&[file], &path_of(certificate), SignedElement::parse(element));
            assert!(digested.is_ok(), "{} {element}: {digested:?}", case.file);
            signatures += 1;
        }
    }
    println!("xmlsec1: {signatures} signatures of genuine messages verified");
    assert!(
        signatures > 150,
        "the corpus has more genuine signatures than {signatures}"
    );
}

#[test]
fn xmlsec1_refuses_a_genuine_message_with_the_key_of_somebody_else() {
    let case = accepted()
        .find(|case| case.verified.contains_key("Response"))
        .expect("one signs the Response");
    let stranger = path_of(STRANGER);
    assert!(verify(&[path_of(&case.file)], &stranger, SignedElement::Root).is_err());
}

#[test]
fn xmlsec1_refuses_a_genuine_message_with_one_changed_letter() {
    let case = accepted()
        .find(|case| case.verified.contains_key("Response"))
        .expect("one signs the Response");
    let certificate = case.verified["Response"]["cert"]
        .as_str()
        .expect("each signature names its certificate");
    let changed = String::from_utf8(case.message())
        .expect("it is UTF-8")
        .replacen("Success", "Succesz", 1);
    let file = written(changed.as_bytes());
    assert!(
        verify(
            &[file.path().to_owned()],
            &path_of(certificate),
            SignedElement::Root
        )
        .is_err()
    );
}

/// The messages that a correct service provider can accept.
fn accepted() -> impl Iterator<Item = &'static Case> {
    INDEX.of_kind("response").filter(|case| case.expected != "reject")
}

/// A signature inside an `EncryptedAssertion` can be looked at only after it was opened.
fn opened_if_needed(case: &Case, element: SignedElement) -> Option<NamedTempFile> {
    if element == SignedElement::Root || case.encrypted != Some(true) {
        return None;
    }
    let keys = case.sp.iter().flat_map(|sp| &sp.sp_keys);
    let inside = keys
        .map(|key| opened(&[path_of(&case.file)], &path_of(key)))
        .find_map(Result::ok);
    let inside = inside.unwrap_or_else(|| panic!("{}: no key opens it", case.file));
    Some(written(&inside[0]))
}

fn written(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes).expect("a temporary file can be written");
    file
}
