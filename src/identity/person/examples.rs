//! Invented people, normalised, for the tests of the rooms that come after.

use time::OffsetDateTime;

use crate::identity::normalise::{NormaliseRefusal, Normalised, normalise};
use crate::identity::person::Person;
use crate::identity::settings::Settings;
use crate::identity::settings::roles::{Picker, RoleSettings};
use crate::identity::undecided::Undecided;
use crate::upstream::verified::examples;
use crate::upstream::verified::examples::Example;
use crate::upstream::verified::{Assurance, OpenIdSession};

pub(crate) use crate::upstream::verified::examples::AT;

/// A clinician in Entra, with two factors and an organisation.
pub(crate) fn entra() -> Person {
    of_entra(examples::entra())
}

/// A pharmacist in ADFS.
pub(crate) fn adfs() -> Person {
    complete(examples::adfs(), &Settings::adfs()).unwrap()
}

/// The clinician in Entra, over OpenID Connect.
pub(crate) fn entra_oidc() -> Person {
    complete(examples::entra_oidc(), &Settings::entra_oidc()).unwrap()
}

/// The same, of whom Entra does not say when she logged in.
pub(crate) fn of_unknown_age() -> Person {
    let example = examples::entra_oidc().authenticated(|proof| proof.is_instant_stated = false);
    complete(example, &Settings::entra_oidc()).unwrap()
}

/// A nurse with a Care Identity, who chose one of two roles.
pub(crate) fn cis2() -> Person {
    of_cis2(examples::cis2())
}

/// The nurse, who proved herself at this authentication assurance level.
pub(crate) fn at_level(aal: u8) -> Person {
    of_cis2(examples::cis2().authenticated(|proof| proof.assurance = Some(Assurance { aal, ial: 3 })))
}

/// Somebody of `issuer`, known there as `subject` in the session `sid`, who proved themselves at `instant`.
pub(crate) fn known_upstream(
    issuer: &str,
    subject: &str,
    sid: Option<&str>,
    instant: OffsetDateTime,
) -> Person {
    let open_id = OpenIdSession {
        subject: subject.to_owned(),
        sid: sid.map(str::to_owned),
        id_token: "an.id.token".to_owned(),
    };
    let example = examples::cis2().issued_by(issuer).known_as(Some(open_id));
    of_cis2(example.authenticated(|proof| proof.instant = instant))
}

/// Somebody with a Care Identity.
pub(crate) fn of_cis2(example: Example) -> Person {
    complete(example, &Settings::cis2()).unwrap()
}

/// The nurse, who has not chosen and whom we are to ask.
pub(crate) fn undecided() -> Undecided {
    let example = examples::cis2().caring(|care| care.selected_role_id = None);
    let normalised = normalise(&example.vouch(), &Settings::cis2().with_roles(ours()));
    let Normalised::RoleChoice(undecided) = normalised.unwrap() else {
        panic!("a choice");
    };
    undecided
}

/// The settings of a connection with a picker of ours.
pub(crate) fn ours() -> RoleSettings {
    RoleSettings {
        picker: Picker::Ours,
        ..RoleSettings::default()
    }
}

/// Whoever needs not to be asked.
pub(crate) fn complete(example: Example, settings: &Settings) -> Result<Person, NormaliseRefusal> {
    match normalise(&example.vouch(), settings)? {
        Normalised::Complete(person) => Ok(person),
        Normalised::RoleChoice(_) => panic!("nobody is to be asked"),
    }
}

/// The pharmacist, vouched for by `issuer`.
pub(crate) fn of_adfs(issuer: &str) -> Person {
    let example = examples::adfs().issued_by(issuer);
    complete(example, &Settings::adfs()).unwrap()
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
    complete(example, &Settings::entra()).unwrap()
}
