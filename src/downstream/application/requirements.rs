//! `Requirements`: what must hold of somebody who uses an application.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use crate::downstream::application::{Application, Simulated};
use crate::identity::person::{Door, Person};
use crate::session::record::Session;

/// What must hold of whoever uses an application. The default asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The doors they may have come through; empty: any.
    pub doors: Vec<Door>,
    /// The least authentication assurance level, 1 to 3. Only a Care Identity has one.
    pub minimum_aal: Option<u8>,
    /// Whether several factors must have been used.
    pub factors: Factors,
    /// The ODS codes of the organisations they may come from, in capitals; empty: any, or none.
    pub organisations: BTreeSet<String>,
    /// The job roles they may come in, such as `R8001` or `S8000:G8000:R8001`; empty: any, or none.
    pub roles: BTreeSet<String>,
    /// How long ago they may have proven themselves; absent: as long as the session lives.
    pub max_age: Option<Duration>,
}

/// How many factors somebody must have used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Factors {
    /// One will do.
    #[default]
    Any,
    /// Several; who is not known to have used several did not.
    Several,
}

/// What more must hold under some paths of an application behind a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRequirements {
    /// The beginning of the paths, with a slash in front; it ends at a slash or at the end of a path.
    pub prefix: String,
    /// Who may come there.
    pub access: PathAccess,
}

/// Who may come to a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathAccess {
    /// Anybody, signed in or not.
    Public,
    /// Whoever also fulfils this.
    Requires(Box<Requirements>),
}

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmet {
    /// A fake vouched for them.
    #[error("the application takes no simulated people")]
    Simulated,
    /// They came through another door.
    #[error("the application takes people of another door")]
    Door {
        /// Through which they may come.
        wanted: Vec<Door>,
    },
    /// Their login is worth less, or nobody says what it is worth.
    #[error("the authentication assurance level is too low")]
    Aal {
        /// What is asked.
        least: u8,
        /// What there is.
        had: Option<u8>,
    },
    /// They are not known to have used several factors.
    #[error("several factors are asked")]
    Factors,
    /// They proved themselves too long ago, or nobody says when.
    #[error("the login is too old")]
    Age,
    /// They come from another organisation, or none is known.
    #[error("the organisation is not one of those that are admitted")]
    Organisation,
    /// They come in another role, or in none.
    #[error("the role is not one of those that are admitted")]
    Role,
}

impl Application {
    /// Whether whoever is behind `session` may use this application at the instant `now`.
    ///
    /// # Errors
    /// The first thing that does not hold, those first that a person cannot mend by signing in again.
    pub fn admits(&self, session: &Session, now: OffsetDateTime) -> Result<(), Unmet> {
        if session.person().is_simulated() && self.simulated == Simulated::Refuse {
            return Err(Unmet::Simulated);
        }
        self.requires.judge(session, now)
    }
}

impl Requirements {
    /// Whether they hold of whoever is behind `session` at the instant `now`.
    ///
    /// # Errors
    /// The first that does not.
    pub fn judge(&self, session: &Session, now: OffsetDateTime) -> Result<(), Unmet> {
        let person = session.person();
        self.door(person)?;
        self.organisation(person)?;
        self.role(person)?;
        self.aal(person)?;
        self.several_factors(person)?;
        self.age(person, now)
    }

    fn door(&self, person: &Person) -> Result<(), Unmet> {
        if self.doors.is_empty() || self.doors.contains(&person.door()) {
            return Ok(());
        }
        Err(Unmet::Door {
            wanted: self.doors.clone(),
        })
    }

    fn organisation(&self, person: &Person) -> Result<(), Unmet> {
        let code = person
            .organisation()
            .map(|organisation| organisation.code.as_str());
        let is_admitted = code.is_some_and(|code| self.organisations.contains(&code.to_ascii_uppercase()));
        if self.organisations.is_empty() || is_admitted {
            Ok(())
        } else {
            Err(Unmet::Organisation)
        }
    }

    fn role(&self, person: &Person) -> Result<(), Unmet> {
        let is_admitted = person
            .role()
            .is_some_and(|role| self.roles.contains(role.code()) || self.roles.contains(role.full_code()));
        if self.roles.is_empty() || is_admitted {
            Ok(())
        } else {
            Err(Unmet::Role)
        }
    }

    fn aal(&self, person: &Person) -> Result<(), Unmet> {
        let had = person.assurance().map(|assurance| assurance.aal);
        match self.minimum_aal {
            Some(least) if had.is_none_or(|had| had < least) => Err(Unmet::Aal { least, had }),
            _ => Ok(()),
        }
    }

    fn several_factors(&self, person: &Person) -> Result<(), Unmet> {
        match self.factors {
            Factors::Several if person.proof().several_factors() != Some(true) => Err(Unmet::Factors),
            Factors::Several | Factors::Any => Ok(()),
        }
    }

    fn age(&self, person: &Person, now: OffsetDateTime) -> Result<(), Unmet> {
        let Some(longest) = self.max_age else {
            return Ok(());
        };
        match person.proof().proven_at() {
            Some(proven_at) if now - proven_at <= longest => Ok(()),
            Some(_) | None => Err(Unmet::Age),
        }
    }
}

#[cfg(test)]
mod tests;
