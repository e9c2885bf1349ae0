//! Whether whoever is signed in will do for what an application asked, and what more an upstream could be asked for.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::downstream::application::Application;
use crate::downstream::application::requirements::{Factors, Requirements, Unmet};
use crate::downstream::authorization::refusal::{AuthorizationError, Refusal};
use crate::downstream::authorization::{AuthorizationRequest, Prompt};
use crate::identity::person::{Door, Person};
use crate::identity::role::Role;
use crate::session::record::Session;

/// How far the clock of an upstream may be off at most.
const MOST_SKEW: Duration = Duration::minutes(5);

/// What an upstream is asked for on behalf of an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// That the person prove themselves anew.
    pub fresh: bool,
    /// That the person choose another role.
    pub role: bool,
    /// The authentication assurance level, 1 to 3.
    pub least_aal: Option<u8>,
}

/// What an upstream was asked for, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What.
    pub needs: Needs,
    /// When the browser left the last time.
    #[serde(with = "time::serde::rfc3339")]
    pub left_at: OffsetDateTime,
}

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Person,
    /// Somebody else is signed in than the application expects (`id_token_hint`).
    #[error("somebody else is signed in than the application expects")]
    AnotherPerson,
    /// The person has not chosen a way to sign in since this was asked (`prompt=select_account`).
    #[error("the person was not asked which account to use")]
    Choice,
    /// The person has not proved themselves since this was asked (`prompt=login`).
    #[error("the person did not log in again")]
    FreshLogin,
    /// The login is older than `max_age`.
    #[error("the login is older than max_age")]
    MaxAge,
    /// The login is worth less than `acr_values` asks.
    #[error("the login is worth less than acr_values asks")]
    Aal {
        /// What is asked.
        least: u8,
    },
    /// The application's own requirements.
    #[error(transparent)]
    Requirement(#[from] Unmet),
}

impl Asked {
    /// True if a fresh proof was asked for and this is one. The upstream's answer was held against its own clock before;
    /// this keeps out a login from long before, whichever way it came here.
    fn was_answered_anew(self, session: &Session) -> bool {
        let proven_at = session.person().proof().proven_at();
        self.needs.fresh && proven_at.is_some_and(|at| at + MOST_SKEW >= self.left_at)
    }
}

impl Needs {
    /// What is asked of whoever signs in for `request`, whatever else may be missing.
    pub fn of(request: &AuthorizationRequest, application: &Application) -> Self {
        let requires = &application.requires;
        Self {
            fresh: request.wants_fresh_login(),
            role: false,
            least_aal: request
                .least_aal
                .max(requires.minimum_aal)
                .max(least_of(requires.factors)),
        }
    }

    /// Both in one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            fresh: self.fresh || other.fresh,
            role: self.role || other.role,
            least_aal: self.least_aal.max(other.least_aal),
        }
    }

    /// True if whoever was asked this was asked `other` as well.
    pub fn covers(self, other: Self) -> bool {
        self.and(other) == self
    }
}

/// Level 2 is where CIS2 asks for several factors.
fn least_of(factors: Factors) -> Option<u8> {
    match factors {
        Factors::Several => Some(2),
        Factors::Any => None,
    }
}

/// Whether the person of `session` may have a code for `request` at `now`. `asked_for` is what their upstream was asked for
/// since the request; `None`: they did not leave for one.
///
/// # Errors
/// The first thing that is missing, those first that nobody can mend by signing in again.
pub fn judge(
    request: &AuthorizationRequest,
    application: &Application,
    session: &Session,
    asked_for: Option<Asked>,
    now: OffsetDateTime,
) -> Result<(), Missing> {
    if request.prompt == Prompt::SelectAccount && asked_for.is_none() {
        return Err(Missing::Choice);
    }
    let has_proved_anew = asked_for.is_some_and(|asked| asked.was_answered_anew(session));
    match application.admits(session, now) {
        // An upstream's clock may be behind by more than the application allows; there is nothing newer to be had.
        Err(Unmet::Age) if has_proved_anew => {}
        admitted => admitted?,
    }
    level(request, session)?;
    if request.wants_fresh_login() && !has_proved_anew {
        return Err(Missing::FreshLogin);
    }
    let proven_at = session.person().proof().proven_at();
    let is_too_old = |longest: u32| proven_at.is_none_or(|at| now - at > Duration::seconds(longest.into()));
    if request.max_age.is_some_and(is_too_old) && !has_proved_anew {
        return Err(Missing::MaxAge);
    }
    Ok(())
}

fn level(request: &AuthorizationRequest, session: &Session) -> Result<(), Missing> {
    let had = session.person().assurance().map(|assurance| assurance.aal);
    match request.least_aal {
        Some(least) if had.is_none_or(|had| had < least) => Err(Missing::Aal { least }),
        Some(_) | None => Ok(()),
    }
}

impl Missing {
    /// What the upstream of `person` could be asked for to mend it; `None` where that would change nothing: another door
    /// is needed, another role that they do not have, another person.
    pub fn could_be_asked(&self, person: &Person, requires: &Requirements) -> Option<Needs> {
        let nothing = Needs::default();
        match self {
            Self::FreshLogin | Self::MaxAge | Self::Requirement(Unmet::Age) => Some(Needs {
                fresh: true,
                ..nothing
            }),
            Self::Requirement(Unmet::Aal { .. }) | Self::Aal { .. } => {
                (person.door() == Door::Cis2).then_some(nothing)
            }
            // A mailbox has no level to ask for: another login is all that can be asked.
            Self::Requirement(Unmet::Factors) => Some(Needs {
                fresh: person.door() == Door::Nhsmail,
                ..nothing
            }),
            Self::Requirement(Unmet::Organisation | Unmet::Role) => has_another_role(person, requires)
                .then_some(Needs {
                    role: true,
                    ..nothing
                }),
            Self::Person
            | Self::AnotherPerson
            | Self::Choice
            | Self::Requirement(Unmet::Simulated | Unmet::Door { .. }) => None,
        }
    }

    /// What the application is told where the person may not be asked (`prompt=none`).
    pub fn unasked(&self) -> Refusal {
        match self {
            Self::Requirement(Unmet::Organisation | Unmet::Role) => AuthorizationError::InteractionRequired
                .because("the person would have to choose another role"),
            Self::Choice => {
                AuthorizationError::InteractionRequired.because("the person would have to choose an account")
            }
            Self::Requirement(Unmet::Simulated) => self.told(),
            Self::Person
            | Self::AnotherPerson
            | Self::FreshLogin
            | Self::MaxAge
            | Self::Aal { .. }
            | Self::Requirement(Unmet::Door { .. } | Unmet::Aal { .. } | Unmet::Factors | Unmet::Age) => {
                AuthorizationError::LoginRequired.because("the person would have to log in")
            }
        }
    }

    /// What the application is told where the person was asked and it is missing all the same.
    pub fn told(&self) -> Refusal {
        match self {
            Self::FreshLogin
            | Self::MaxAge
            | Self::Aal { .. }
            | Self::Requirement(Unmet::Aal { .. } | Unmet::Factors | Unmet::Age) => {
                AuthorizationError::UnmetAuthenticationRequirements
                    .because("the person did not log in in the way that is needed")
            }
            Self::Person
            | Self::AnotherPerson
            | Self::Choice
            | Self::Requirement(Unmet::Simulated | Unmet::Door { .. } | Unmet::Organisation | Unmet::Role) => {
                AuthorizationError::AccessDenied
                    .because("the person may not use this application as they are")
            }
        }
    }

    /// The word for the log.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::AnotherPerson => "another-person",
            Self::Choice => "choice",
            Self::FreshLogin => "fresh-login",
            Self::MaxAge | Self::Requirement(Unmet::Age) => "age",
            Self::Aal { .. } | Self::Requirement(Unmet::Aal { .. }) => "assurance",
            Self::Requirement(Unmet::Simulated) => "simulated",
            Self::Requirement(Unmet::Door { .. }) => "door",
            Self::Requirement(Unmet::Factors) => "factors",
            Self::Requirement(Unmet::Organisation) => "organisation",
            Self::Requirement(Unmet::Role) => "role",
        }
    }
}

/// True if another role of theirs is one that the application takes.
fn has_another_role(person: &Person, requires: &Requirements) -> bool {
    let current = person.role().map(Role::id);
    let would_do = |role: &&Role| {
        let code = role.organisation().code.as_str().to_ascii_uppercase();
        let is_admitted = requires.roles.contains(role.code()) || requires.roles.contains(role.full_code());
        (requires.roles.is_empty() || is_admitted)
            && (requires.organisations.is_empty() || requires.organisations.contains(&code))
    };
    let mut others = person.roles().iter().filter(|role| Some(role.id()) != current);
    others.any(|role| would_do(&role))
}

#[cfg(test)]
mod tests;
