//! Metadata (SAML Metadata 2.0): an identity provider's is read and judged, ours is written.
//!
//! [`judge`] says everything about a document; [`IdpMetadata`] is a document that may be used, and only
//! [`IdpMetadata::read`] makes one. A signature is checked for integrity only: where a document came from is for
//! whoever fetched it to know.

mod document;
mod endpoint;
mod flaw;
mod idp;
mod keys;
mod ours;
mod signed;
mod validity;
mod verdict;
mod warning;

pub use endpoint::Endpoint;
pub use flaw::MetadataFlaw;
pub use idp::IdpMetadata;
pub(crate) use ours::OurMetadata;
pub use verdict::{MetadataVerdict, SigningCertificate, judge};
pub use warning::MetadataWarning;

/// What was noticed while a document was read.
#[derive(Debug, Clone, Default)]
struct Findings {
    flaws: Vec<MetadataFlaw>,
    warnings: Vec<MetadataWarning>,
}

impl Findings {
    fn refuse(&mut self, flaw: MetadataFlaw) {
        self.flaws.push(flaw);
    }

    fn warn(&mut self, warning: MetadataWarning) {
        // One address stands at several endpoints.
        let is_known =
            matches!(warning, MetadataWarning::PlainHttp { .. }) && self.warnings.contains(&warning);
        if !is_known {
            self.warnings.push(warning);
        }
    }

    fn extend(&mut self, others: &Self) {
        self.flaws.extend_from_slice(&others.flaws);
        self.warnings.extend_from_slice(&others.warnings);
    }
}

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod tests;
