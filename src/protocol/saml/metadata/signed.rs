//! The signature of a document: it must verify if it is there, and it proves that nothing was changed since.
//!
//! The key is taken from the signature itself, so it says nothing about who signed (`keycloak#34132`): a pinned
//! key is for whoever fetches metadata.

use std::collections::HashMap;

use crate::protocol::saml::metadata::{Findings, MetadataFlaw, MetadataWarning, keys};
use crate::protocol::saml::names::DSIG;
use crate::protocol::saml::signature::{
    DigestAlgorithm, SHAPE, Signature, SignatureAlgorithm, VerificationKey,
};
use crate::protocol::saml::xml::{ElementRef, NodeId};

/// Checks the signature that `element` carries, if it carries one. The signature must cover exactly this element,
/// so that a genuine document inside a forged one proves nothing.
pub(super) fn check(element: ElementRef<'_, '_>, findings: &mut Findings) {
    let mut signatures = element.children_named(DSIG, "Signature");
    let Some(signature) = signatures.next() else {
        return;
    };
    let outcome = if signatures.next().is_some() {
        Err("there are two".to_owned())
    } else {
        verify(signature)
    };
    if let Err(why) = outcome {
        let element = element.local().to_owned();
        findings.refuse(MetadataFlaw::Signature { element, why });
    }
    if is_sha1(signature) {
        let element = element.local().to_owned();
        findings.warn(MetadataWarning::Sha1Signature { element });
    }
}

/// What became of the signatures of the aggregates inside a document: each is checked once, however many entities
/// stand in it.
#[derive(Debug, Default)]
pub(super) struct Aggregates {
    checked: HashMap<NodeId, Findings>,
}

impl Aggregates {
    /// Adds what is wrong with the aggregates around `entity`. The outermost element is the document's own matter.
    pub(super) fn check_around(&mut self, entity: ElementRef<'_, '_>, findings: &mut Findings) {
        let around = std::iter::successors(entity.parent(), |element| element.parent());
        for aggregate in around.filter(|element| element.parent().is_some()) {
            let checked = self.checked.entry(aggregate.id()).or_insert_with(|| {
                let mut own = Findings::default();
                check(aggregate, &mut own);
                own
            });
            findings.extend(checked);
        }
    }
}

fn verify(element: ElementRef<'_, '_>) -> Result<(), String> {
    let signature = Signature::at(element).ok_or("it is none")?;
    for (_, requirement) in SHAPE {
        requirement(&signature)
            .map_err(|flaw| format!("expected {}, found {}", flaw.expected, flaw.actual))?;
    }
    let provable = signature
        .provable()
        .ok_or("it is not of the shape that is verified")?;
    let own: Vec<VerificationKey> = keys::certificates(element)
        .filter_map(|certificate| keys::read_certificate(certificate).ok())
        .collect();
    if own.is_empty() {
        return Err("its KeyInfo holds no certificate that can be read".to_owned());
    }
    provable
        .verify(&own)
        .map(drop)
        .map_err(|broken| broken.to_string())
}

fn is_sha1(element: ElementRef<'_, '_>) -> bool {
    let Some(signature) = Signature::at(element) else {
        return false;
    };
    let algorithm = signature.algorithm_uri().and_then(SignatureAlgorithm::from_uri);
    let digest = signature.digest_uri().and_then(DigestAlgorithm::from_uri);
    algorithm.map(|algorithm| algorithm.digest) == Some(DigestAlgorithm::Sha1)
        || digest == Some(DigestAlgorithm::Sha1)
}
