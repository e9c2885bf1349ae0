//! What of a document is read, and what is refused.

use super::examples::*;
use super::{IdpMetadata, MetadataFlaw, MetadataVerdict, judge};
use crate::protocol::saml::signature::VerificationKey;

mod aggregates;
mod integrity;
mod keys;
mod ours;
mod schema;
mod shapes;
mod validity;

fn verdict(document: &str) -> MetadataVerdict {
    judge(document.as_bytes(), None, NOW)
}

fn read(document: &str) -> Result<IdpMetadata, Vec<MetadataFlaw>> {
    IdpMetadata::read(document.as_bytes(), Some(IDP), NOW)
}

fn flaws(document: &str) -> Vec<MetadataFlaw> {
    read(document).expect_err("something is wrong with it")
}

fn fingerprint(certificate: &str) -> String {
    let der = openssl::base64::decode_block(certificate).unwrap();
    VerificationKey::from_certificate(&der)
        .unwrap()
        .fingerprint()
        .to_owned()
}

fn fingerprints(document: &str) -> Vec<String> {
    let certificates = verdict(document).signing_certs;
    certificates
        .into_iter()
        .map(|certificate| certificate.sha256)
        .collect()
}
