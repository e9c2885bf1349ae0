//! What the corpus calls a need, who may grant it here, and the rules that refuse without it.

use std::collections::BTreeSet;

use super::index::Case;

/// Whether a connection may have a relaxation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Granted {
    /// Without asking.
    Always,
    /// Without asking, but only where the Response itself is not signed.
    UnsignedResponse,
    /// Without asking, but only where the Response is not signed and the assertion not encrypted.
    UnsignedResponseInTheClear,
    /// By this word of `--allow`.
    OnRequest(&'static str),
    /// By `--unsolicited` in the place of a request.
    ByUnsolicited,
    /// To nobody.
    Never,
}

/// A relaxation of the corpus with the rules of which one refuses a message for want of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    pub(crate) granted: Granted,
    pub(crate) rules: &'static [&'static str],
}

/// Every need of the corpus.
const NEEDS: &[(&str, Granted, &[&str])] = &[
    // A comment anywhere: refused, so that it can shorten nothing (XC-05).
    ("comment_policy", Granted::Never, &["document-comment"]),
    ("allow_signing_cert_outside_validity", Granted::Always, &[]),
    ("allow_rsa_pss", Granted::Always, &[]),
    ("allow_duplicate_attribute_names", Granted::Always, &[]),
    ("allow_encrypted_id", Granted::Always, &[]),
    // On in `explain`, as in the preset for ADFS.
    ("allow_no_nameid", Granted::Always, &["name-id-present"]),
    (
        "allow_missing_destination",
        Granted::UnsignedResponse,
        &["response-destination"],
    ),
    (
        "allow_no_response_issuer",
        Granted::UnsignedResponseInTheClear,
        &["response-issuer"],
    ),
    ("allow_unsolicited", Granted::ByUnsolicited, &["solicited"]),
    (
        "allow_missing_response_inresponseto",
        Granted::OnRequest("missing-response-inresponseto"),
        &["response-in-response-to"],
    ),
    (
        "allow_missing_scd_inresponseto",
        Granted::OnRequest("missing-scd-inresponseto"),
        &["confirmation-in-response-to"],
    ),
    (
        "allow_sha1",
        Granted::OnRequest("sha1"),
        &["signature-algorithm", "opened-signature-algorithm"],
    ),
    (
        "allow_rsa_1024",
        Granted::OnRequest("rsa-1024"),
        &["signing-key-strength"],
    ),
    ("allow_cbc", Granted::OnRequest("cbc"), &["encryption-algorithm"]),
    ("allow_3des", Granted::Never, &["encryption-algorithm-known"]),
    (
        "allow_rsa_1_5_key_transport",
        Granted::Never,
        &["encryption-key-transport"],
    ),
    ("allow_no_audience", Granted::Never, &["audience-present"]),
    (
        "allow_scd_notbefore",
        Granted::Never,
        &["confirmation-not-before"],
    ),
    (
        "allow_inclusive_c14n",
        Granted::Never,
        &[
            "signature-canonicalisation",
            "signature-transforms",
            "opened-signature-shape",
        ],
    ),
    ("ignore_spnamequalifier", Granted::Never, &["name-id-qualifier"]),
];

/// The needs of a case that `is_unmet`; what is granted without asking is met. A reject has the needs that it
/// would have without its fault.
pub(crate) fn unmet(case: &Case, is_unmet: impl Fn(Granted) -> bool) -> Vec<Need> {
    let needs = case
        .needs
        .iter()
        .chain(&case.needs_if_repaired)
        .map(|name| in_the_light_of(case, called(name)));
    needs.filter(|need| is_unmet(need.granted)).collect()
}

/// The rules of what nobody may relax and this case needs.
pub(crate) fn never_granted(case: &Case) -> BTreeSet<&'static str> {
    let needs = unmet(case, |granted| granted == Granted::Never);
    needs.iter().flat_map(|need| need.rules).copied().collect()
}

/// All words of `--allow`.
pub(crate) fn granted_on_request() -> Vec<String> {
    let words = NEEDS.iter().filter_map(|(_, granted, _)| match granted {
        Granted::OnRequest(word) => Some((*word).to_owned()),
        Granted::Always
        | Granted::UnsignedResponse
        | Granted::UnsignedResponseInTheClear
        | Granted::ByUnsolicited
        | Granted::Never => None,
    });
    words.collect()
}

/// What is granted on a condition is granted always or never to one message; and an `EncryptedID` that cannot be
/// opened is refused as a name that cannot be read, whatever it is encrypted with.
fn in_the_light_of(case: &Case, need: Need) -> Need {
    let has_encrypted_id = case
        .needs
        .iter()
        .chain(&case.needs_if_repaired)
        .any(|name| name == "allow_encrypted_id");
    let rules = match need.rules {
        ["encryption-algorithm"] if has_encrypted_id => &["encryption-algorithm", "name-id-present"],
        ["encryption-key-transport"] if has_encrypted_id => &["encryption-key-transport", "name-id-present"],
        rules => rules,
    };
    let signed = case.signed.contains("response");
    let granted = match need.granted {
        Granted::UnsignedResponse if signed => Granted::Never,
        Granted::UnsignedResponseInTheClear if signed || case.encrypted == Some(true) => Granted::Never,
        Granted::UnsignedResponse | Granted::UnsignedResponseInTheClear => Granted::Always,
        as_it_is @ (Granted::Always | Granted::OnRequest(_) | Granted::ByUnsolicited | Granted::Never) => {
            as_it_is
        }
    };
    Need { granted, rules }
}

fn called(name: &str) -> Need {
    let found = NEEDS.iter().find(|(known, _, _)| *known == name);
    let (_, granted, rules) = found.unwrap_or_else(|| panic!("{name} is in no table"));
    Need {
        granted: *granted,
        rules,
    }
}
