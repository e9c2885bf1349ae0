//! `Sessions`: begin, find, touch, share, end; the typed wrapper around the store.
//!
//! A record is kept under the name of its session ([`Sid`]) and holds the hash of the secret
//! that opens it. So whoever knows the name alone, as applications do, can be answered and opens nothing.

mod ends;
mod live;
mod person;
mod replace;
mod seen;
mod upstream;

use std::collections::BTreeSet;
use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::Mutex;

use crate::identity::person::Person;
use crate::platform::clock::Clock;
use crate::platform::environment::Environment;
use crate::platform::random::{NoRandomness, Random};
use crate::platform::store::{Store, StoreError};
use crate::session::ended::{Cause, Listener};
use crate::session::lifetime::Lifetime;
use crate::session::octets::{self, RecordFlaw};
use crate::session::public_name::PublicName;
use crate::session::record::Session;
use crate::session::sessions::seen::ReadBefore;
use crate::session::settings::Settings;
use crate::session::sid::Sid;
use crate::session::ticket::{SessionTicket, TicketHash};

pub use replace::Replaced;

/// Changes of different sessions wait for each other only if they share one of so many locks.
const LOCKS: usize = 64;

/// Why a session could not be begun, found or changed. The caller refuses; nobody is waved through.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No ticket could be drawn.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// What is in the store is no session; somebody else writes there, or wrote in an older shape.
    #[error("a session record cannot be read")]
    Unreadable(#[from] RecordFlaw),
    /// The upstream vouched for a session that is already over.
    #[error("the upstream's session is already over")]
    OverBeforeItBegan,
    /// The upstream has said that this sign-in is over since the person proved themselves.
    #[error("the upstream has ended this sign-in")]
    EndedUpstream,
    /// A session is of one person, whatever else changes.
    #[error("the session belongs to another person")]
    AnotherPerson,
    /// A freshly drawn ticket was already in use, which chance does not do.
    #[error("a new ticket is already in use")]
    TicketInUse,
}

/// What holds for sessions of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How long they may last.
    pub limits: Settings,
    /// The world they belong to.
    pub environment: Environment,
}

/// All sessions of this bridge.
#[derive(Debug)]
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// The store has no compare-and-set: within this process a change reads and writes under a lock, so that an
    /// application that was told is never forgotten.
    changes: Vec<Mutex<()>>,
    /// The connections whose people may be here; absent: all.
    connections: Option<BTreeSet<String>>,
    /// Who hears of every end.
    listener: Option<Arc<dyn Listener>>,
    /// Under which name the world outside knows a person.
    names: Option<Arc<dyn PublicName>>,
    read_before: ReadBefore,
}

impl Sessions {
    /// The sessions in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            store,
            clock,
            random,
            changes: (0..LOCKS).map(|_| Mutex::new(())).collect(),
            connections: None,
            listener: None,
            names: None,
            read_before: ReadBefore::default(),
        }
    }

    /// The same, where `listener` hears of every session that ends before its time.
    #[must_use]
    pub fn told_to(mut self, listener: Arc<dyn Listener>) -> Self {
        self.listener = Some(listener);
        self
    }

    /// The same, where only the people of these connections may be: whoever came by another, which was switched off or
    /// taken away since, is nobody.
    #[must_use]
    pub fn of_connections(mut self, open: BTreeSet<String>) -> Self {
        self.connections = Some(open);
        self
    }

    /// Begins a session for `person` with a ticket nobody has had before.
    ///
    /// `old` is the ticket this browser came with. If the same person is there in the same role and has proven
    /// themselves once more, their session goes on: under its name, so that applications keep what they have, with a new
    /// ticket and a new life. Any other session of it ends: what was planted before a sign-in is worth nothing after it.
    pub async fn begin(
        &self,
        person: Person,
        terms: Terms,
        old: Option<&SessionTicket>,
    ) -> Result<(SessionTicket, Session), SessionError> {
        let now = self.clock.now();
        let lifetime = Lifetime::begin(terms.limits, now, person.proof().session_not_on_or_after());
        if lifetime.is_over_at(now) {
            return Err(SessionError::OverBeforeItBegan);
        }
        let mut session = Session {
            sid: Sid::draw(self.random.as_ref())?,
            opened_by: TicketHash::default(),
            person,
            environment: terms.environment,
            began_at: now,
            lifetime,
            shared_with: Vec::new(),
        };
        if let Some(old) = old {
            let previous = self.previous(old, now).await?;
            if let Some(previous) = previous.filter(|previous| previous.goes_on_as(&session))
                && let Some(renewed) = self.renew(&previous, &session).await?
            {
                return Ok(renewed);
            }
            self.end_as(old, Cause::Replaced).await?;
        }
        let ticket = self.open(&mut session).await?;
        Ok((ticket, session))
    }

    /// The session of the ticket that a browser came with. What cannot be read is of no use to anybody and goes.
    async fn previous(
        &self,
        old: &SessionTicket,
        now: OffsetDateTime,
    ) -> Result<Option<Session>, SessionError> {
        match self.read(old.into(), now).await {
            Err(SessionError::Unreadable(_)) => {
                self.store.delete(&old.sid().key()).await?;
                Ok(None)
            }
            read => read,
        }
    }

    /// Lets `previous` go on as `next`, under its own name and with a new ticket. `None`: it has ended meanwhile.
    async fn renew(
        &self,
        previous: &Session,
        next: &Session,
    ) -> Result<Option<(SessionTicket, Session)>, SessionError> {
        let sid = previous.sid();
        let ticket = SessionTicket::to(sid.clone(), self.random.as_ref())?;
        let renewed = self.change(sid.into(), |session| {
            *session = Session {
                sid: sid.clone(),
                opened_by: ticket.hash(),
                shared_with: std::mem::take(&mut session.shared_with),
                ..next.clone()
            };
        });
        let Some(renewed) = renewed.await? else {
            return Ok(None);
        };
        self.unfile_all_but(previous, &renewed).await?;
        if let Err(refusal) = self.must_not_be_ended(&renewed).await {
            self.end_named(sid, Cause::Upstream).await?;
            return Err(refusal);
        }
        Ok(Some((ticket, renewed)))
    }

    /// Writes `session` down with a new ticket to it. It is filed before and the upstream's ends are read after, so that
    /// an end that arrives meanwhile meets it in one place or the other.
    async fn open(&self, session: &mut Session) -> Result<SessionTicket, SessionError> {
        let ticket = SessionTicket::to(session.sid.clone(), self.random.as_ref())?;
        session.opened_by = ticket.hash();
        let session = &*session;
        let (key, record) = (session.sid.key(), octets::write(session)?);
        let over_at = session.lifetime.over_at();
        let opened = match self.file(session, &key, over_at).await {
            Ok(()) => match self.store.put_new(&key, &record, over_at).await {
                Ok(true) => self.must_not_be_ended(session).await,
                // The entries filed belong to somebody else's session now, and expire with it.
                Ok(false) => return Err(SessionError::TicketInUse),
                Err(cause) => Err(cause.into()),
            },
            Err(cause) => Err(cause),
        };
        if let Err(refusal) = opened {
            self.store.delete(&key).await?;
            self.unfile(session, &key).await?;
            return Err(refusal);
        }
        Ok(ticket)
    }
}

#[cfg(test)]
mod tests;
