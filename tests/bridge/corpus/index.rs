//! The index of `fixtures/saml`: every message with its configuration and its verdict.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use openssl::x509::X509;
use serde::Deserialize;
use time::OffsetDateTime;

/// Read once for all tests of this binary.
pub(crate) static INDEX: LazyLock<Index> =
    LazyLock::new(|| serde_json::from_slice(&read("index.json")).expect("index.json has the shape of Index"));

/// What `.ci/copy-corpus` wrote.
#[derive(Debug, Deserialize)]
pub(crate) struct Index {
    pub(crate) certificates: Vec<CopiedFile>,
    pub(crate) private_keys: Vec<CopiedFile>,
    pub(crate) cases: Vec<Case>,
}

/// A certificate or key beside the messages.
#[derive(Debug, Deserialize)]
pub(crate) struct CopiedFile {
    pub(crate) file: String,
    pub(crate) sha256: String,
}

/// One message or document. The fields that its kind does not use are empty.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) file: String,
    pub(crate) kind: String,
    pub(crate) repo: String,
    pub(crate) commit: String,
    pub(crate) path: String,
    pub(crate) license: String,
    pub(crate) sha256: String,
    pub(crate) expected: String,
    pub(crate) sp: Option<ServiceProvider>,
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    #[serde(default)]
    pub(crate) needs_if_repaired: Vec<String>,
    #[serde(default)]
    pub(crate) reasons: Vec<String>,
    #[serde(default)]
    pub(crate) isolated: bool,
    #[serde(default)]
    pub(crate) live: bool,
    pub(crate) result: Option<Identity>,
    pub(crate) derived_from: Option<String>,
    pub(crate) attack: Option<String>,
    pub(crate) must_not_yield: Option<MustNotYield>,
    #[serde(default)]
    pub(crate) variants: Vec<Variant>,
    #[serde(default)]
    pub(crate) verified: BTreeMap<String, serde_json::Value>,
    pub(crate) encrypted: Option<bool>,
    #[serde(default)]
    pub(crate) signed: String,
    #[serde(default)]
    pub(crate) signatures: Vec<SignatureFacts>,
}

/// The whole configuration to judge a response by.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ServiceProvider {
    pub(crate) idp_entity_id: Option<String>,
    pub(crate) sp_entity_id: Option<String>,
    pub(crate) acs_url: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) now: String,
    pub(crate) idp_certs: Vec<String>,
    pub(crate) sp_keys: Vec<String>,
}

/// Who an accepted message says has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Identity {
    pub(crate) name_id: Option<String>,
    pub(crate) name_id_format: Option<String>,
    pub(crate) session_index: Option<String>,
    pub(crate) authn_context: Option<String>,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, Vec<String>>,
}

/// One `ds:Signature` of a message.
#[derive(Debug, Deserialize)]
pub(crate) struct SignatureFacts {
    pub(crate) verifies_with: Option<String>,
}

/// What an attack wanted to smuggle in.
#[derive(Debug, Deserialize)]
pub(crate) struct MustNotYield {
    pub(crate) name_id: Option<String>,
}

/// The same file with one setting changed.
#[derive(Debug, Deserialize)]
pub(crate) struct Variant {
    pub(crate) change: Change,
    pub(crate) expected: String,
    pub(crate) reason: String,
}

/// The setting that a variant changes; exactly one is there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    pub(crate) now: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) acs: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) idp: Option<String>,
    pub(crate) idp_certs: Option<Vec<String>>,
}

impl Index {
    /// The cases of one kind, in the order of the index.
    pub(crate) fn of_kind(&'static self, kind: &'static str) -> impl Iterator<Item = &'static Case> {
        self.cases.iter().filter(move |case| case.kind == kind)
    }
}

impl Case {
    /// The message, byte for byte.
    pub(crate) fn message(&self) -> Vec<u8> {
        read(&self.file)
    }
}

/// A file of `fixtures/saml`.
pub(crate) fn read(file: &str) -> Vec<u8> {
    std::fs::read(path_of(file)).unwrap_or_else(|error| panic!("fixtures/saml/{file}: {error}"))
}

/// Where a file of `fixtures/saml` lies.
pub(crate) fn path_of(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/saml")
        .join(file)
}

/// A certificate of the index as DER.
pub(crate) fn certificate(file: &str) -> Vec<u8> {
    let parsed = X509::from_pem(&read(file)).expect("certificates are kept as PEM");
    parsed
        .to_der()
        .expect("a certificate that was read can be written")
}

/// An instant of the index.
pub(crate) fn instant(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}
