//! Every key set of the corpus: the good keys are kept, each other is left aside for its reason.

use std::collections::BTreeSet;

use nhsmail_bridge::protocol::jose::key_set::KeySet;
use nhsmail_bridge::protocol::jose::public_key::Unusable;

use super::index::{INDEX, read};

/// Keys that the index calls usable and we leave aside: file, kid, our reason. `fixtures/README.md` has the clauses.
const LEFT_ASIDE: &[(&str, &str, Unusable)] = &[
    (
        CERTIFICATION,
        "8090008e-6361-4a43-87a0-b5e587452bf5",
        Unusable::UnknownType,
    ),
    (
        CERTIFICATION,
        "0e596a8c-7996-4d0c-9570-3c9b0b24cfce",
        Unusable::UnknownType,
    ),
    (
        CERTIFICATION,
        "ff82bc1a-249d-4beb-9544-1e133b566480",
        Unusable::NotForSignatures,
    ),
    (
        CERTIFICATION,
        "ac0b707f-702f-49c9-8a08-55cff93864f0",
        Unusable::NotForSignatures,
    ),
    ("pyoidc/jwks/jwks0.json", "abc", Unusable::Weak),
    (
        "spring-security/jwks/OAuth2ResourceServerConfigurerTests-Default.jwks",
        "one",
        Unusable::Private,
    ),
    (
        "identitymodel/jwks/JsonWebKeySet.json",
        "kriMPdmBvx68skT8-mPAB3BseeA",
        Unusable::NotForSignatures,
    ),
    (BAD_BASE64, "NGTFvdK-fythEuLwjpwAJOM9n-A", Unusable::NotAKey),
    (BAD_BASE64, "kriMPdmBvx68skT8-mPAB3BseeA", Unusable::NotAKey),
    (
        END_TO_END,
        "999b2be9-6213-436b-b12b-637b0176be41",
        Unusable::NotAKey,
    ),
    (END_TO_END, "kriMPdmBvx68skT8-mPAB3BseeA", Unusable::NotAKey),
];

const CERTIFICATION: &str = "oidcc/jwks/openid-certification-jwks.json";
const BAD_BASE64: &str = "identitymodel/jwks/JsonWebKeySetBadBase64Data.json";
const END_TO_END: &str = "identitymodel/jwks/JsonWebKeySetEnd2End.json";

#[test]
fn oi_07_good_keys_are_kept_and_the_others_left_aside_for_their_reason() {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in INDEX.of_kind("jwks") {
        let set = KeySet::read(&read(&case.file)).unwrap_or_default();
        let of_file = |file: &str| case.file == format!("oidc/{file}");
        let mut expected: BTreeSet<&str> = case.usable_kids.iter().map(String::as_str).collect();
        for (_, kid, reason) in LEFT_ASIDE.iter().filter(|(file, ..)| of_file(file)) {
            expected.remove(kid);
            let ours = set
                .skipped()
                .iter()
                .find(|skipped| skipped.kid.as_deref() == Some(kid));
            assert_eq!(
                ours.map(|skipped| skipped.reason),
                Some(*reason),
                "{} {kid}",
                case.file
            );
        }
        let usable: BTreeSet<&str> = set.keys().iter().filter_map(|key| key.kid()).collect();
        if usable != expected {
            wrong.push(format!("{}: {usable:?}, skipped {:?}", case.file, set.skipped()));
        }
        count += 1;
    }
    println!("tokens: {count} key sets read");
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
