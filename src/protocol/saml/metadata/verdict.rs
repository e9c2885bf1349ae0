//! Everything that is to be said about a document, for people and for scripts.

use serde::Serialize;
use time::OffsetDateTime;

use crate::protocol::saml::metadata::document::{self, Choice};
use crate::protocol::saml::metadata::idp::{Provider, examine};
use crate::protocol::saml::metadata::{Endpoint, Findings, MetadataFlaw, MetadataWarning, signed};
use crate::protocol::saml::xml::ElementRef;

/// The verdict on a document as an identity provider's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MetadataVerdict {
    /// Whether it may be used.
    pub usable: bool,
    /// Everything against it.
    pub reasons: Vec<String>,
    /// What an operator should know besides.
    pub warnings: Vec<String>,
    /// The entity that is described; `None` if the document has none or several.
    pub entity_id: Option<String>,
    /// Where it signs people in.
    pub sso: Vec<Endpoint>,
    /// Where it signs people out.
    pub slo: Vec<Endpoint>,
    /// The certificates of its signing keys.
    pub signing_certs: Vec<SigningCertificate>,
    /// The instant from which the document may no longer be used.
    #[serde(with = "time::serde::rfc3339::option")]
    pub valid_until: Option<OffsetDateTime>,
}

/// One signing certificate, to be compared with a fingerprint that came another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SigningCertificate {
    /// SHA-256 of the DER, lower-case hexadecimal.
    pub sha256: String,
    /// Its last instant.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
}

/// Judges `document` as the metadata of the identity provider `entity_id`, or of the only one in it. Of an
/// aggregate of which none is chosen, it is asked whether one could be.
pub fn judge(document: &[u8], entity_id: Option<&str>, at: OffsetDateTime) -> MetadataVerdict {
    let mut findings = Findings::default();
    let tree = document::open(document);
    let root = tree.as_ref().map_err(Clone::clone).and_then(document::root);
    let provider = match root {
        Ok(root) => look(root, entity_id, at, &mut findings),
        Err(flaw) => {
            findings.refuse(flaw);
            Provider::default()
        }
    };
    MetadataVerdict::of(provider, &findings)
}

fn look(
    root: ElementRef<'_, '_>,
    entity_id: Option<&str>,
    at: OffsetDateTime,
    findings: &mut Findings,
) -> Provider {
    signed::check(root, findings);
    match document::choose(root, entity_id, findings) {
        Choice::One(entity) => {
            signed::Aggregates::default().check_around(entity, findings);
            examine(entity, at, findings)
        }
        Choice::Several(providers) => {
            look_at_each(root, &providers, at, findings);
            Provider::default()
        }
        Choice::Nothing => Provider::default(),
    }
}

/// An aggregate is of use if one of its identity providers could be chosen.
fn look_at_each(
    root: ElementRef<'_, '_>,
    providers: &[ElementRef<'_, '_>],
    at: OffsetDateTime,
    findings: &mut Findings,
) {
    let names = names_of(root);
    let mut aggregates = signed::Aggregates::default();
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for entity in providers {
        let mut own = Findings::default();
        aggregates.check_around(*entity, &mut own);
        let provider = examine(*entity, at, &mut own);
        let entity_id = provider.entity_id.unwrap_or_default();
        let count = names.get(entity_id.as_str()).copied().unwrap_or_default();
        if count > 1 {
            let entity_id = entity_id.clone();
            own.refuse(MetadataFlaw::Twice { entity_id, count });
        }
        match own.flaws.into_iter().next() {
            Some(flaw) => bad.push((entity_id, flaw)),
            None => good.push(entity_id),
        }
    }
    if good.is_empty() {
        if let Some((entity_id, why)) = bad.into_iter().next() {
            let why = Box::new(why);
            findings.refuse(MetadataFlaw::NoneUsable { entity_id, why });
        }
        return;
    }
    findings.warn(MetadataWarning::Several(good));
    for (entity_id, why) in bad {
        let why = why.to_string();
        findings.warn(MetadataWarning::UnusableProvider { entity_id, why });
    }
}

/// How many entities have each name.
fn names_of<'t>(root: ElementRef<'t, '_>) -> std::collections::HashMap<&'t str, usize> {
    let mut names = std::collections::HashMap::new();
    for entity in document::entities(root) {
        *names
            .entry(entity.attribute("entityID").unwrap_or_default())
            .or_default() += 1;
    }
    names
}

impl MetadataVerdict {
    fn of(provider: Provider, findings: &Findings) -> Self {
        let certificates = provider.keys.iter().map(|key| SigningCertificate {
            sha256: key.fingerprint().to_owned(),
            not_after: key.not_after(),
        });
        Self {
            usable: findings.flaws.is_empty(),
            reasons: findings.flaws.iter().map(ToString::to_string).collect(),
            warnings: findings.warnings.iter().map(ToString::to_string).collect(),
            entity_id: provider.entity_id,
            signing_certs: certificates.collect(),
            sso: provider.sso,
            slo: provider.slo,
            valid_until: provider.valid_until,
        }
    }
}
