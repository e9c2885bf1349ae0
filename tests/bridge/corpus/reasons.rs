//! Which of our rules says what a reason of the corpus says. The corpus and the rules were written by different
//! people; this table is where they meet.

/// The beginning of a reason, and the rules of which one or more must refuse for it.
const REASONS: &[(&str, &[&str])] = &[
    // Reading stops at the first flaw, and some of these files hold a comment before the flaw.
    (
        "XML not well-formed",
        &["document-well-formed", "document-encoding", "document-comment"],
    ),
    ("DOCTYPE", &["document-doctype"]),
    ("root element is not samlp:Response", &["response-root"]),
    ("Response Version is not 2.0", &["response-version"]),
    ("Response has no ID", &["response-id"]),
    ("duplicate ID in the document", &["document-unique-ids"]),
    ("Response: ID is not unique", &["document-unique-ids"]),
    ("Assertion: ID is not unique", &["document-unique-ids"]),
    ("a Response inside the Response", &["response-parts"]),
    ("more than one Issuer in Response", &["response-parts"]),
    ("no Assertion", &["assertion-one"]),
    ("2 Assertions", &["assertion-one"]),
    ("an Assertion in an unexpected place", &["assertion-place"]),
    ("a Signature in an unexpected place", &["signature-place"]),
    ("more than one Signature on", &["signature-place"]),
    (
        "neither Response nor Assertion is signed",
        &["signature-present", "opened-signature-present"],
    ),
    ("Response: SignedInfo count", &["signature-parts"]),
    ("Assertion: SignedInfo count", &["signature-parts"]),
    ("Response: 0 SignedInfo", &["signature-parts"]),
    ("Assertion: 0 SignedInfo", &["signature-parts"]),
    ("Assertion: ds:Object inside the signature", &["signature-parts"]),
    (
        "Response: child nodes inside DigestValue",
        &["signature-values-plain", "document-comment"],
    ),
    (
        "Assertion: child nodes inside DigestValue",
        &["signature-values-plain", "document-comment"],
    ),
    ("Response: comment inside SignedInfo", &["document-comment"]),
    ("Assertion: comment inside SignedInfo", &["document-comment"]),
    ("Response: 0 References", &["signature-one-reference"]),
    ("Response: 2 References", &["signature-one-reference"]),
    ("Assertion: 0 References", &["signature-one-reference"]),
    ("Response: Reference URI", &["signature-reference-parent"]),
    (
        "Assertion: Reference URI",
        &["signature-reference-parent", "opened-signature-shape"],
    ),
    (
        "Response: signed element has no ID",
        &["signature-reference-parent"],
    ),
    (
        "Assertion: signed element has no ID",
        &["signature-reference-parent"],
    ),
    ("Response: c14n method", &["signature-canonicalisation"]),
    ("Assertion: c14n method", &["signature-canonicalisation"]),
    (
        "Response: no enveloped-signature transform",
        &["signature-transforms"],
    ),
    ("Response: more than two transforms", &["signature-transforms"]),
    ("Assertion: more than two transforms", &["signature-transforms"]),
    ("Response: signature alg", &["signature-algorithm-known"]),
    ("Assertion: signature alg", &["signature-algorithm-known"]),
    ("Response: digest alg", &["signature-algorithm-known"]),
    ("Assertion: digest alg", &["signature-algorithm-known"]),
    // A value that is no base64, a comment or an instruction inside a value: refused before any mathematics.
    (
        "Response: signature does not verify",
        &[
            "response-signature-verifies",
            "signature-values-plain",
            "document-comment",
            "document-processing-instruction",
        ],
    ),
    (
        "Assertion: signature does not verify",
        &[
            "assertion-signature-verifies",
            "signature-values-plain",
            "document-comment",
            "document-processing-instruction",
        ],
    ),
    (
        "EncryptedAssertion without exactly one EncryptedData",
        &["encryption-parts"],
    ),
    ("cannot decrypt the EncryptedAssertion", &["assertion-opens"]),
    ("Destination", &["response-destination"]),
    ("Response Issuer mismatch", &["response-issuer"]),
    ("Response InResponseTo mismatch", &["response-in-response-to"]),
    ("status is", &["response-status"]),
    ("no Status/StatusCode", &["response-status"]),
    ("Assertion Version is not 2.0", &["assertion-version"]),
    ("Assertion has no Issuer", &["assertion-issuer"]),
    ("Assertion Issuer mismatch", &["assertion-issuer"]),
    ("no Subject", &["subject-present"]),
    ("NameID is empty", &["name-id-not-empty"]),
    ("no SubjectConfirmation", &["confirmation-bearer"]),
    ("SubjectConfirmation method", &["confirmation-bearer"]),
    ("bearer SubjectConfirmation without data", &["confirmation-data"]),
    ("Recipient", &["confirmation-recipient"]),
    (
        "SubjectConfirmationData NotOnOrAfter missing",
        &["confirmation-not-on-or-after"],
    ),
    (
        "SubjectConfirmationData expired",
        &["confirmation-not-on-or-after"],
    ),
    ("SubjectConfirmationData NotBefore", &["confirmation-not-before"]),
    (
        "SubjectConfirmationData InResponseTo mismatch",
        &["confirmation-in-response-to"],
    ),
    ("no Conditions", &["conditions-present"]),
    ("Conditions NotBefore in the future", &["conditions-not-before"]),
    ("Conditions expired", &["conditions-not-on-or-after"]),
    ("Audience mismatch", &["audience-names-us"]),
    ("no AuthnStatement", &["authn-statement-present"]),
    ("SessionNotOnOrAfter passed", &["session-not-on-or-after"]),
    (
        "bad datetime",
        &[
            "response-issue-instant",
            "assertion-issue-instant",
            "confirmation-not-on-or-after",
            "conditions-not-before",
            "conditions-not-on-or-after",
            "authn-instant",
            "session-not-on-or-after",
        ],
    ),
];

/// The reason of a variant, and the rules of which one or more must refuse for it.
const VARIANTS: &[(&str, &[&str])] = &[
    (
        "expired",
        &[
            "confirmation-not-on-or-after",
            "conditions-not-on-or-after",
            "session-not-on-or-after",
        ],
    ),
    (
        "not yet valid",
        &[
            "conditions-not-before",
            "response-issue-instant",
            "assertion-issue-instant",
            "authn-instant",
        ],
    ),
    (
        "audience is another SP",
        &["audience-names-us", "name-id-qualifier"],
    ),
    (
        "Recipient/Destination is another URL",
        &["response-destination", "confirmation-recipient"],
    ),
    (
        "InResponseTo is not the pending request",
        &["response-in-response-to", "confirmation-in-response-to"],
    ),
    (
        "Issuer is not the configured IdP",
        &["response-issuer", "assertion-issuer"],
    ),
    (
        "signed by a key that is not trusted",
        &["response-signature-verifies", "assertion-signature-verifies"],
    ),
];

/// The rules that may say what this reason says.
pub(crate) fn rules_of_reason(reason: &str) -> &'static [&'static str] {
    rules_in(REASONS, reason)
}

/// The rules that may say what this reason of a variant says.
pub(crate) fn rules_of_variant(reason: &str) -> &'static [&'static str] {
    rules_in(VARIANTS, reason)
}

/// The longest beginning decides: `no Subject` is another reason than `no SubjectConfirmation`.
fn rules_in(table: &'static [(&str, &[&str])], reason: &str) -> &'static [&'static str] {
    let found = table
        .iter()
        .filter(|(beginning, _)| reason.starts_with(beginning));
    let longest = found.max_by_key(|(beginning, _)| beginning.len());
    longest
        .unwrap_or_else(|| panic!("no rule is named for the reason {reason:?}"))
        .1
}
