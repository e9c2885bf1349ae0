//! `Session`: what we remember of somebody who is signed in.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::identity::person::Person;
use crate::identity::role::Role;
use crate::platform::environment::Environment;
use crate::session::lifetime::Lifetime;
use crate::session::sid::Sid;
use crate::session::ticket::TicketHash;

/// One person, signed in. Prints no name and no identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub(in crate::session) sid: Sid,
    /// The hash of the ticket that opens it.
    pub(in crate::session) opened_by: TicketHash,
    pub(in crate::session) person: Person,
    pub(in crate::session) environment: Environment,
    #[serde(with = "crate::platform::instants")]
    pub(in crate::session) began_at: OffsetDateTime,
    pub(in crate::session) lifetime: Lifetime,
    pub(in crate::session) shared_with: Vec<String>,
}

impl Session {
    /// The name that applications know it by.
    pub fn sid(&self) -> &Sid {
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

    /// The applications that were told about it, by client id, in order of first telling.
    pub fn shared_with(&self) -> &[String] {
        &self.shared_with
    }

    pub(in crate::session) fn is_shared_with(&self, client_id: &str) -> bool {
        self.shared_with.iter().any(|known| known == client_id)
    }

    /// True if `next` is this session once more: the same person of the same connection, in the same role.
    pub(in crate::session) fn goes_on_as(&self, next: &Self) -> bool {
        let (now, then) = (&self.person, &next.person);
        now.account() == then.account()
            && now.connection() == then.connection()
            && now.role().map(Role::id) == then.role().map(Role::id)
            && self.environment == next.environment
    }
}
