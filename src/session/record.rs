//! `Session`: what we remember of somebody who is signed in.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::identity::person::Person;
use crate::session::lifetime::Lifetime;

/// Which world the people and keys of a bridge belong to. None of one is ever valid in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Real people.
    Live,
    /// The integration environment of CIS2.
    Int,
    /// The deployment environment of CIS2.
    Dep,
    /// The official mock.
    Mock,
    /// Ours: fakes, demonstrations and tests.
    Test,
}

impl Environment {
    /// The word configuration and tokens use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Int => "int",
            Self::Dep => "dep",
            Self::Mock => "mock",
            Self::Test => "test",
        }
    }
}

/// One person, signed in. Prints no name and no identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub(in crate::session) sid: String,
    pub(in crate::session) person: Person,
    pub(in crate::session) environment: Environment,
    #[serde(with = "time::serde::rfc3339")]
    pub(in crate::session) began_at: OffsetDateTime,
    pub(in crate::session) lifetime: Lifetime,
    pub(in crate::session) shared_with: Vec<String>,
}

impl Session {
    /// The name applications know it by: 256 random bits that open nothing.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// Who is signed in.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// The world it belongs to.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// When the person signed in here.
    pub fn began_at(&self) -> OffsetDateTime {
        self.began_at
    }

    /// How long it lasts.
    pub fn lifetime(&self) -> &Lifetime {
        &self.lifetime
    }

    /// The applications that were told about it, by audience, in order of first telling.
    pub fn shared_with(&self) -> &[String] {
        &self.shared_with
    }
}
