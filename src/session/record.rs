//! `Session`: what we remember of somebody who is signed in.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::identity::person::Person;
use crate::platform::environment::Environment;
use crate::session::lifetime::Lifetime;

/// One person, signed in. Prints no name and no identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

    /// Who is signed in, with what logout must name to their upstream.
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
