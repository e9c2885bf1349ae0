//! The properties of the fuzz targets (tests/fuzz), asked of generated octets in every run of the suite, and of
//! every file that a fuzzer once found.

mod held;
mod octets;

use std::path::Path;

use nhsmail_bridge::upstream::saml_sp::explanation::Outcome;
use proptest::prelude::*;

type Property = fn(&[u8]);

/// Each target with the answer or document that its seeds grow from.
const TARGETS: [(&str, Property, &[u8]); 3] = [
    ("binding", held::binding, held::ANSWER),
    ("response", held::response, held::ANSWER),
    ("metadata", held::metadata, held::METADATA),
];

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        // What fails is kept as a file in tests/fuzz/regressions, where the fuzz targets begin with it too.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn any_octets_are_decoded_judged_or_refused(octets in octets::any(), target in 0..TARGETS.len()) {
        TARGETS[target].1(&octets);
    }

    #[test]
    fn anything_like_xml_is_judged_or_refused(text in octets::like_xml(), target in 0..TARGETS.len()) {
        TARGETS[target].1(text.as_bytes());
    }

    #[test]
    fn whatever_is_changed_in_an_answer_only_what_was_signed_is_accepted(octets in octets::changed(held::ANSWER)) {
        held::response(&octets);
    }

    #[test]
    fn whatever_is_changed_in_a_form_only_what_was_signed_is_accepted(octets in octets::changed(octets::FORM.as_bytes())) {
        held::binding(&octets);
    }

    #[test]
    fn whatever_is_changed_in_metadata_there_is_a_key_or_a_reason(octets in octets::changed(held::METADATA)) {
        held::metadata(&octets);
    }
}

#[test]
fn the_answer_itself_is_accepted_in_every_wrapping() {
    for octets in [held::ANSWER, octets::FORM.as_bytes(), octets::FIELD.as_bytes()] {
        let explanation = held::judged(octets).expect("it can be read");
        assert_eq!(explanation.verdict, Outcome::Accept);
    }
}

#[test]
fn without_its_signature_the_answer_is_nobodys() {
    let text = std::str::from_utf8(held::ANSWER).expect("it is text");
    let (before, rest) = text.split_once("<ds:Signature").expect("it is signed");
    let (_, after) = rest.split_once("</ds:Signature>").expect("it is signed");
    let explanation = held::judged(format!("{before}{after}").as_bytes()).expect("it can be read");
    assert_eq!(explanation.verdict, Outcome::Refuse);
    assert_eq!(explanation.identity, None);
}

#[test]
fn what_a_fuzzer_began_with_or_found_holds() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    for (name, property, _) in TARGETS {
        let mut count = 0;
        for kept in ["seeds", "regressions"] {
            let Ok(files) = std::fs::read_dir(fuzz.join(kept).join(name)) else {
                continue;
            };
            for file in files {
                let path = file.expect("readable").path();
                property(&std::fs::read(&path).expect("readable"));
                count += 1;
            }
        }
        assert!(count > 1, "{name} has {count} files");
    }
}
