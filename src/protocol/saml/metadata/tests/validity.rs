//! How long a document may be used.

use super::*;
use crate::protocol::saml::instant;
use time::{Duration, OffsetDateTime};

fn until(at: OffsetDateTime) -> String {
    let text = instant::write(at);
    document().replacen("ID=\"_1\"", &format!("validUntil=\"{text}\""), 1)
}

#[test]
fn md_03_valid_until_that_has_passed_is_refused_to_the_second() {
    assert!(read(&until(NOW + Duration::seconds(1))).is_ok());
    for passed in [NOW, NOW - Duration::seconds(1)] {
        assert_eq!(flaws(&until(passed)), [MetadataFlaw::ValidUntilPassed(passed)]);
    }
}

#[test]
fn md_03_an_absurdly_distant_valid_until_is_refused_and_a_far_one_warned_about() {
    let absurd = NOW + Duration::days(40_000);
    assert_eq!(flaws(&until(absurd)), [MetadataFlaw::ValidUntilAbsurd(absurd)]);
    let far = verdict(&until(NOW + Duration::days(800)));
    assert!(
        far.usable
            && far
                .warnings
                .iter()
                .any(|it| it.contains("more than a year ahead"))
    );
    let near = verdict(&until(NOW + Duration::days(30)));
    assert!(!near.warnings.iter().any(|it| it.contains("validUntil")));
}

#[test]
fn md_03_a_missing_valid_until_is_accepted_with_a_warning() {
    let verdict = verdict(&document());
    assert!(verdict.usable && verdict.warnings.iter().any(|it| it.starts_with("no validUntil")));
    assert_eq!(verdict.valid_until, None);
}

#[test]
fn md_03_an_unreadable_valid_until_is_refused_and_not_taken_for_none() {
    for text in [
        "",
        "soon",
        "2027-01-01",
        "2027-01-01T00:00:00",
        "2027-13-01T00:00:00Z",
    ] {
        let document = document().replacen("ID=\"_1\"", &format!("validUntil=\"{text}\""), 1);
        assert!(
            matches!(
                flaws(&document).as_slice(),
                [MetadataFlaw::ValidUntilUnreadable { .. }]
            ),
            "{text}"
        );
    }
}

#[test]
fn md_03_the_valid_until_of_an_aggregate_holds_for_all_that_is_in_it() {
    let (soon, later) = (NOW + Duration::days(1), NOW + Duration::days(9));
    let outer = |at| format!("validUntil=\"{}\"", instant::write(at));
    let document = aggregate(&outer(soon), &aggregate("", &until(later)));
    let at = |now| judge(document.as_bytes(), Some(IDP), now);
    assert_eq!(at(NOW).valid_until, Some(soon));
    assert!(!at(soon).usable);
    let inner = aggregate(&outer(later), &until(soon));
    assert_eq!(judge(inner.as_bytes(), Some(IDP), NOW).valid_until, Some(soon));
}
