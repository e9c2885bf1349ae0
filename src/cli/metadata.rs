//! `metadata show`: judges an identity provider's metadata. `metadata ours`: prints ours.

use time::OffsetDateTime;

use crate::protocol::saml::metadata::{MetadataVerdict, judge};

/// Judges `document` as the metadata of the identity provider `entity_id`, or of the only one in it, at the
/// instant `at`.
pub fn show(document: &[u8], entity_id: Option<&str>, at: OffsetDateTime) -> MetadataVerdict {
    judge(document, entity_id, at)
}
