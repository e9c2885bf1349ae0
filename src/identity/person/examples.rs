//! Invented people, normalised, for the tests of the rooms that come after.

use time::OffsetDateTime;

use crate::identity::normalise::normalise;
use crate::identity::person::Person;
use crate::identity::settings::Settings;
use crate::upstream::verified::examples;
use crate::upstream::verified::examples::Example;

pub(crate) use crate::upstream::verified::examples::AT;

/// A clinician in Entra, with two factors and an organisation.
pub(crate) fn entra() -> Person {
    of_entra(examples::entra())
}

/// A pharmacist in ADFS.
pub(crate) fn adfs() -> Person {
    normalise(&examples::adfs().vouch(), &Settings::adfs()).unwrap()
}

/// The pharmacist, vouched for by `issuer`.
pub(crate) fn of_adfs(issuer: &str) -> Person {
    let example = examples::adfs().issued_by(issuer);
    normalise(&example.vouch(), &Settings::adfs()).unwrap()
}

/// The clinician, vouched for by a fake.
pub(crate) fn simulated() -> Person {
    of_entra(examples::entra().simulated())
}

/// The clinician, with no mailbox.
pub(crate) fn no_email() -> Person {
    of_entra(examples::no_email())
}

/// Somebody whose shown name is `name`.
pub(crate) fn called(name: &str) -> Person {
    let example = examples::entra().without(examples::DISPLAY_NAME);
    of_entra(example.stating(examples::DISPLAY_NAME, &[name]))
}

/// The clinician, whose upstream ends her session at `end`.
pub(crate) fn ending_at(end: OffsetDateTime) -> Person {
    let example = examples::entra();
    of_entra(example.authenticated(|proof| proof.session_not_on_or_after = Some(end)))
}

fn of_entra(example: Example) -> Person {
    normalise(&example.vouch(), &Settings::entra()).unwrap()
}
