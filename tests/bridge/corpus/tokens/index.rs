//! The index of `fixtures/oidc`: every token with its terms and its verdict.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

/// Read once for all tests of this binary.
pub(super) static INDEX: LazyLock<Index> =
    LazyLock::new(|| serde_json::from_slice(&read("oidc/index.json")).expect("it has the shape of Index"));

/// What `.ci/copy-corpus` wrote.
#[derive(Debug, Deserialize)]
pub(super) struct Index {
    pub(super) key_sets: Vec<CopiedFile>,
    pub(super) cases: Vec<Case>,
}

/// A key set beside the tokens.
#[derive(Debug, Deserialize)]
pub(super) struct CopiedFile {
    pub(super) file: String,
    pub(super) sha256: String,
}

/// One token or document. The fields that its kind does not use are empty.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    pub(super) file: String,
    pub(super) kind: String,
    pub(super) repo: String,
    pub(super) commit: String,
    pub(super) path: String,
    pub(super) license: String,
    pub(super) sha256: String,
    pub(super) expected: String,
    pub(super) claims: Option<Value>,
    pub(super) rp: Option<RelyingParty>,
    /// Of a discovery document; a list in one that is no good.
    pub(super) issuer: Option<Value>,
    #[serde(default)]
    pub(super) reasons: Vec<String>,
    #[serde(default)]
    pub(super) isolated: bool,
    #[serde(default)]
    pub(super) variants: Vec<Variant>,
    #[serde(default)]
    pub(super) usable_kids: Vec<String>,
}

/// The terms that a token is judged by.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RelyingParty {
    pub(super) issuer: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) now: String,
    pub(super) jwks: Option<String>,
    pub(super) client_secret_base64url: Option<String>,
    pub(super) allowed_algs: Vec<String>,
}

/// The same token with one setting changed.
#[derive(Debug, Deserialize)]
pub(super) struct Variant {
    pub(super) change: Change,
    pub(super) expected: String,
    pub(super) reason: String,
}

/// The setting that a variant changes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) now: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) algs: Option<Vec<String>>,
    /// Always null: none of the variants gives another.
    #[serde(rename = "client_secret")]
    pub(super) _client_secret: Option<String>,
    /// `an unrelated key of the same type`.
    pub(super) jwks: Option<String>,
    pub(super) received_as: Option<String>,
}

impl Index {
    /// The cases of one kind, in the order of the index.
    pub(super) fn of_kind(&'static self, kind: &'static str) -> impl Iterator<Item = &'static Case> {
        self.cases.iter().filter(move |case| case.kind == kind)
    }
}

/// A file of `fixtures`.
pub(super) fn read(file: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(file)).unwrap_or_else(|error| panic!("fixtures/{file}: {error}"))
}

/// The files below a folder of `fixtures`, named as the index names them.
pub(super) fn files_below(name: &str) -> Vec<String> {
    let entries = std::fs::read_dir(fixtures().join(name)).expect("the folder is part of the copy");
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.expect("the folder can be listed");
        let inner = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.extend(files_below(&inner));
        } else {
            files.push(inner);
        }
    }
    files
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}
