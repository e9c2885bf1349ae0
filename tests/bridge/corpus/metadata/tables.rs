//! How the index says a thing and how we do; and where we hold the index to be wrong.

use serde_json::Value;

use super::documents::Document;

/// The beginning of a reason of the index, and what one of our sentences says of it.
const REASONS: &[(&str, &[&str])] = &[
    (
        "XML not well-formed",
        &["cannot be read", "before the XML declaration"],
    ),
    ("root element is", &["the root element is"]),
    (
        "no identity provider in the aggregate",
        &[
            "no entity of the aggregate is an identity provider",
            "the root element is",
        ],
    ),
    ("no IDPSSODescriptor", &["no IDPSSODescriptor"]),
    ("no entityID", &["no entityID"]),
    ("no SingleSignOnService", &["SingleSignOnService"]),
    ("no readable signing certificate", &["no signing certificate"]),
    (
        "no usable identity provider in the aggregate",
        &[
            "no identity provider of the aggregate is of use",
            "no signing certificate",
        ],
    ),
    ("the metadata signature does not verify", &["does not verify"]),
    // Of an aggregate without one that can be used, the sentence tells of the first.
    (
        "validUntil has passed",
        &[
            "validUntil has passed",
            "no identity provider of the aggregate is of use",
        ],
    ),
];

/// Documents that the index holds usable, what our verdict says of them, and the clause by which we hold it wrong.
/// The same list is in `fixtures/README.md`.
const DISPUTED: &[(&str, &str, &str)] = &[
    (
        "metadata/samael/idp_metadata_nested.xml",
        "validUntil has passed",
        "SAML Metadata 2.3.2: validUntil of an EntityDescriptor inside an aggregate ends it; it passed in 2017, and both \
         entities have one entityID",
    ),
    (
        "metadata/identitymodel/ReferenceMetadata.L74.xml",
        "is a template",
        "SAML Core 1.3.2, RFC 2396 2.4.3: braces stand in no URI; no assertion ever carries this entityID",
    ),
];

/// A warning of the index, and how ours says it.
const WARNINGS: &[(&str, &str)] = &[
    (
        "a signing certificate that has expired at this instant",
        "expired on",
    ),
    ("a signing key shorter than RSA-2048", "below RSA-2048"),
    ("a plain http single sign-on address", "a plain http address"),
    ("metadata signed with SHA-1", "is made with SHA-1"),
];

/// True if one of our reasons says what this reason of the index says.
pub(super) fn says(verdict: &Value, reason: &str) -> bool {
    let found = REASONS
        .iter()
        .find(|(beginning, _)| reason.starts_with(beginning));
    let sentences = found
        .unwrap_or_else(|| panic!("no sentence is named for the reason {reason:?}"))
        .1;
    let ours = verdict["reasons"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    ours.into_iter()
        .any(|ours| sentences.iter().any(|sentence| ours.contains(sentence)))
}

/// The warnings of the index that ours does not say.
pub(super) fn silent_warnings(document: &Document, verdict: &Value) -> Vec<String> {
    let ours = verdict["warnings"].to_string();
    let silent = document.warnings.iter().filter(|warning| {
        let found = WARNINGS.iter().find(|(theirs, _)| theirs == warning);
        !found.is_some_and(|(_, sentence)| ours.contains(sentence))
    });
    silent
        .map(|warning| format!("{}: no warning of {warning}: {ours}", document.file))
        .collect()
}

/// What our verdict says of a document whose verdict in the index we hold to be wrong.
pub(super) fn disputed(file: &str) -> Option<&'static str> {
    DISPUTED
        .iter()
        .find(|(disputed, _, _)| *disputed == file)
        .map(|(_, sentence, _)| *sentence)
}

#[test]
fn every_disputed_document_is_named_in_the_readme_with_its_clause() {
    let readme = include_str!("../../../../fixtures/README.md");
    for (file, _, clause) in DISPUTED {
        assert!(
            readme.contains(file) && readme.contains(clause),
            "{file} is not in fixtures/README.md"
        );
    }
}
