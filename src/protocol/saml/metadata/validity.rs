//! How long a document may be used.

use time::{Duration, OffsetDateTime};

use crate::protocol::saml::instant;
use crate::protocol::saml::metadata::{Findings, MetadataFlaw, MetadataWarning};
use crate::protocol::saml::xml::ElementRef;

/// Beyond this, `validUntil` promises no more than its absence.
const FAR: Duration = Duration::days(366);
/// Beyond this it is a mistake: no signing key is kept for as long.
const ABSURD: Duration = Duration::days(20 * 366);

/// The earliest `validUntil` of the role and of everything around it: an aggregate's holds for all inside (SAML
/// Metadata 2.3.1).
pub(super) fn read(
    role: ElementRef<'_, '_>,
    at: OffsetDateTime,
    findings: &mut Findings,
) -> Option<OffsetDateTime> {
    let around = std::iter::successors(Some(role), |element| element.parent());
    let mut earliest: Option<OffsetDateTime> = None;
    let mut is_readable = true;
    for element in around {
        let Some(text) = element.attribute("validUntil") else {
            continue;
        };
        if let Some(stated) = instant::parse(text.trim_ascii()) {
            earliest = Some(earliest.map_or(stated, |other| other.min(stated)));
        } else {
            is_readable = false;
            findings.refuse(MetadataFlaw::ValidUntilUnreadable {
                element: element.local().to_owned(),
                text: text.to_owned(),
            });
        }
    }
    match earliest {
        Some(until) if until <= at => findings.refuse(MetadataFlaw::ValidUntilPassed(until)),
        Some(until) if until - at > ABSURD => findings.refuse(MetadataFlaw::ValidUntilAbsurd(until)),
        Some(until) if until - at > FAR => findings.warn(MetadataWarning::FarValidUntil(until)),
        None if is_readable => findings.warn(MetadataWarning::NoValidUntil),
        Some(_) | None => {}
    }
    earliest
}
