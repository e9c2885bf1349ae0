//! The signing keys of a role: every certificate of every `KeyDescriptor` that is for signing or for both.

use std::collections::HashSet;

use time::{Duration, OffsetDateTime};

use crate::protocol::saml::metadata::{Findings, MetadataFlaw, MetadataWarning};
use crate::protocol::saml::names::{DSIG, METADATA};
use crate::protocol::saml::signature::{KeyFlaw, VerificationKey, base64};
use crate::protocol::saml::xml::ElementRef;

/// How long before the end of a certificate it is time to ask for the next one.
const SOON: Duration = Duration::days(60);

/// The keys in the order of the document, each once. A `KeyDescriptor` without `use` is for both purposes
/// (SAML Metadata 2.4.1.1).
pub(super) fn read(role: ElementRef<'_, '_>, findings: &mut Findings) -> Vec<VerificationKey> {
    let mut keys = Vec::new();
    let mut seen = HashSet::new();
    let mut unreadable = 0;
    for (descriptor, number) in role.children_named(METADATA, "KeyDescriptor").zip(1..) {
        let element = format!("KeyDescriptor {number}");
        if !is_for_signing(descriptor, &element, findings) {
            continue;
        }
        let mut certificates = certificates(descriptor).zip(1..).peekable();
        if certificates.peek().is_none() {
            findings.warn(MetadataWarning::NoCertificate { element });
            continue;
        }
        for (certificate, number) in certificates {
            match read_certificate(certificate) {
                Ok(key) if !seen.insert(key.fingerprint().to_owned()) => {}
                Ok(key) => keys.push(key),
                Err(flaw) => {
                    unreadable += 1;
                    let element = format!("X509Certificate {number} of {element}");
                    let why = flaw.to_string();
                    findings.warn(MetadataWarning::UnreadableCertificate { element, why });
                }
            }
        }
    }
    if keys.is_empty() {
        findings.refuse(MetadataFlaw::NoKey { unreadable });
    }
    keys
}

fn is_for_signing(descriptor: ElementRef<'_, '_>, element: &str, findings: &mut Findings) -> bool {
    match descriptor.attribute("use") {
        None | Some("signing") => true,
        Some("encryption") => false,
        Some(other) => {
            findings.warn(MetadataWarning::UnknownUse {
                element: element.to_owned(),
                use_: other.to_owned(),
            });
            false
        }
    }
}

/// The `X509Certificate`s of the `KeyInfo` in `around`.
pub(super) fn certificates<'t, 'a>(around: ElementRef<'t, 'a>) -> impl Iterator<Item = ElementRef<'t, 'a>> {
    around
        .children_named(DSIG, "KeyInfo")
        .flat_map(|info| info.children_named(DSIG, "X509Data"))
        .flat_map(|data| data.children_named(DSIG, "X509Certificate"))
}

/// Why an `X509Certificate` is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CertificateFlaw {
    /// XML Signature 4.5.4 wants base64 of DER.
    #[error("its content is not base64 of DER (PEM lines do not belong there)")]
    Encoding,
    /// The certificate or its key.
    #[error(transparent)]
    Key(#[from] KeyFlaw),
}

/// Reads base64 of DER, white space allowed. PEM inside base64 is junk, as it is to everyone else.
pub(super) fn read_certificate(element: ElementRef<'_, '_>) -> Result<VerificationKey, CertificateFlaw> {
    // DER of a certificate begins with a SEQUENCE.
    let der = base64(&element.text()).filter(|der| der.first() == Some(&0x30));
    let der = der.ok_or(CertificateFlaw::Encoding)?;
    Ok(VerificationKey::from_certificate(&der)?)
}

/// Says what is weak, late or false about the keys.
pub(super) fn remark(keys: &[VerificationKey], at: OffsetDateTime, findings: &mut Findings) {
    for key in keys {
        let (sha256, not_after) = (key.fingerprint().to_owned(), key.not_after());
        if not_after < at {
            findings.warn(MetadataWarning::CertificateExpired { sha256, not_after });
        } else if not_after - at <= SOON {
            findings.warn(MetadataWarning::CertificateExpires { sha256, not_after });
        }
        if !key.is_strong() {
            let (sha256, key) = (key.fingerprint().to_owned(), key.description());
            findings.warn(MetadataWarning::WeakKey { sha256, key });
        }
    }
}
