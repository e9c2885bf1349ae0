//! Which keys are taken, and from where.

use super::*;

fn with_keys(keys: &[String]) -> String {
    entity(
        &format!("entityID=\"{IDP}\""),
        &role(&(keys.concat() + &services())),
    )
}

#[test]
fn md_06_every_signing_key_is_read_and_one_without_a_use_counts_for_both() {
    let (old, new, both, theirs) = (certificate(), certificate(), certificate(), certificate());
    let document = with_keys(&[
        key_descriptor("use=\"encryption\"", &theirs),
        key_descriptor("use=\"signing\"", &old),
        key_descriptor("use=\"signing\"", &new),
        key_descriptor("", &both),
    ]);
    assert_eq!(
        fingerprints(&document),
        [&old, &new, &both].map(|it| fingerprint(it))
    );
    let keys = read(&document).unwrap().keys().len();
    assert_eq!(keys, 3, "the encryption key verifies nothing");
}

#[test]
fn md_06_one_certificate_written_twice_is_one_key() {
    let one = certificate();
    let folded = one
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap());
    let folded: Vec<_> = folded.collect();
    let document = with_keys(&[
        key_descriptor("use=\"signing\"", &one),
        key_descriptor("use=\"signing\"", &format!("\n{}\n  ", folded.join("\n  "))),
    ]);
    assert_eq!(fingerprints(&document), [fingerprint(&one)]);
}

#[test]
fn md_06_several_certificates_in_one_key_descriptor_are_all_read() {
    let (one, two) = (certificate(), certificate());
    let pair = format!("{one}</ds:X509Certificate><ds:X509Certificate>{two}");
    let document = with_keys(&[key_descriptor("use=\"signing\"", &pair)]);
    assert_eq!(fingerprints(&document), [&one, &two].map(|it| fingerprint(it)));
}

#[test]
fn keys_of_another_role_are_never_read() {
    let theirs = key_descriptor("use=\"signing\"", &certificate());
    let other =
        format!("<md:SPSSODescriptor protocolSupportEnumeration=\"urn:x\">{theirs}</md:SPSSODescriptor>");
    let document = entity(&format!("entityID=\"{IDP}\""), &(other + &role(&services())));
    assert_eq!(flaws(&document), [MetadataFlaw::NoKey { unreadable: 0 }]);
}

#[test]
fn junk_is_left_out_by_name_and_refused_when_nothing_else_is_there() {
    let good = certificate();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{good}\n-----END CERTIFICATE-----\n");
    let pem_in_base64 = openssl::base64::encode_block(pem.as_bytes());
    for junk in ["", "%%%", "AAAA", &pem, &pem_in_base64, ED25519] {
        let junk = key_descriptor("use=\"signing\"", junk);
        assert_eq!(
            flaws(&with_keys(std::slice::from_ref(&junk))),
            [MetadataFlaw::NoKey { unreadable: 1 }]
        );
        let beside = verdict(&with_keys(&[key_descriptor("use=\"signing\"", &good), junk]));
        assert!(beside.usable);
        assert_eq!(beside.signing_certs.len(), 1);
        let named =
            |warning: &String| warning.starts_with("X509Certificate 1 of KeyDescriptor 2 is left out");
        assert!(beside.warnings.iter().any(named), "{:?}", beside.warnings);
    }
}

#[test]
fn a_key_descriptor_of_an_unknown_use_or_without_a_certificate_is_left_out() {
    let document = with_keys(&[
        key_descriptor("use=\"signing\"", &certificate()),
        key_descriptor("use=\"anything\"", &certificate()),
        "<md:KeyDescriptor use=\"signing\"/>".to_owned(),
    ]);
    let verdict = verdict(&document);
    assert_eq!(verdict.signing_certs.len(), 1);
    for left_out in ["KeyDescriptor 2 is left out", "KeyDescriptor 3 is left out"] {
        assert!(
            verdict
                .warnings
                .iter()
                .any(|warning| warning.starts_with(left_out))
        );
    }
}

#[test]
fn md_07_the_dates_of_a_certificate_decide_nothing_and_are_warned_about() {
    let since_1970 = (NOW - time::OffsetDateTime::UNIX_EPOCH).whole_days();
    for (days, word) in [
        (10, "expired on 1970-01-11"),
        (since_1970 + 59, "expires on"),
        (since_1970 + 62, ""),
    ] {
        let certificate = key_of("example", days).certificate_base64().unwrap();
        let verdict = verdict(&document_of(IDP, &certificate));
        assert!(verdict.usable, "{:?}", verdict.reasons);
        let warned = verdict
            .warnings
            .iter()
            .any(|warning| warning.contains("the signing certificate"));
        assert_eq!(warned, !word.is_empty(), "{days}");
        assert!(verdict.warnings.iter().any(|warning| warning.contains(word)));
    }
}

#[test]
fn a_weak_key_and_a_fake_are_warned_about() {
    let weak = verdict(&document_of(IDP, RSA_1024));
    assert!(
        weak.usable
            && weak
                .warnings
                .iter()
                .any(|it| it.contains("RSA 1024: below RSA-2048"))
    );
    let fake = key_of(
        crate::protocol::saml::names::FAKE_CERTIFICATE_ORGANISATION,
        36_500,
    );
    let document = document_of(IDP, &fake.certificate_base64().unwrap());
    assert!(read(&document).unwrap().is_fake());
    assert!(
        verdict(&document)
            .warnings
            .iter()
            .any(|it| it.contains("a fake's"))
    );
    assert!(!read(&super::document()).unwrap().is_fake());
}
