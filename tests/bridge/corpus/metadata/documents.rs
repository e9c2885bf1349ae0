//! The metadata cases of the index.

use serde::Deserialize;
use serde_json::Value;

use crate::corpus::index::read;

#[derive(Debug, Deserialize)]
struct Documents {
    cases: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Document {
    pub(super) file: String,
    pub(super) expected: String,
    pub(super) at: Option<String>,
    #[serde(default)]
    pub(super) reasons: Vec<String>,
    #[serde(default)]
    pub(super) isolated: bool,
    #[serde(default)]
    pub(super) warnings: Vec<String>,
    pub(super) entity_id: Option<String>,
    pub(super) idp: Option<Provider>,
    #[serde(default)]
    pub(super) idp_entities: Vec<Entity>,
    #[serde(default)]
    pub(super) variants: Vec<Variant>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Provider {
    pub(super) sso: Vec<Endpoint>,
    pub(super) signing_certs: Vec<Certificate>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Endpoint {
    pub(super) location: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Certificate {
    pub(super) sha256_12: String,
}

/// One identity provider of an aggregate.
#[derive(Debug, Deserialize)]
pub(super) struct Entity {
    #[serde(rename = "entity_id")]
    pub(super) name: Option<String>,
    pub(super) signing_certs: Vec<String>,
    pub(super) problems: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Variant {
    pub(super) change: Change,
    pub(super) expected: String,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Change {
    pub(super) now: String,
}

/// Every metadata document, in the order of the index.
pub(super) fn documents() -> Vec<Document> {
    let index: Documents = serde_json::from_slice(&read("index.json")).expect("the index lists its cases");
    let metadata = index.cases.into_iter().filter(|case| case["kind"] == "metadata");
    metadata
        .map(|case| serde_json::from_value(case).expect("a metadata case has the shape of Document"))
        .collect()
}
