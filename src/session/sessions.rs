//! `Sessions`: begin, find, touch, share, end; the typed wrapper around the store.

mod replace;
mod upstream;

use std::collections::BTreeSet;
use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::{Mutex, MutexGuard};

use crate::identity::person::Person;
use crate::platform::clock::Clock;
use crate::platform::environment::Environment;
use crate::platform::random::{self, NoRandomness, Random};
use crate::platform::store::{Store, StoreError};
use crate::session::lifetime::Lifetime;
use crate::session::record::Session;
use crate::session::settings::Settings;
use crate::session::ticket::SessionTicket;

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
    Unreadable(#[source] serde_json::Error),
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
        }
    }

    /// The same, where only the people of these connections may be: whoever came by another, which was switched off or
    /// taken away since, is nobody.
    #[must_use]
    pub fn of_connections(mut self, open: BTreeSet<String>) -> Self {
        self.connections = Some(open);
        self
    }

    /// Begins a session for `person` with a ticket nobody has had before. The session of `old`, the ticket this
    /// browser came with, ends: what was planted before a sign-in is worth nothing after it.
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
        let session = Session {
            sid: random::token(self.random.as_ref())?,
            person,
            environment: terms.environment,
            began_at: now,
            lifetime,
            shared_with: Vec::new(),
        };
        if let Some(old) = old {
            // Whatever is in it, it goes; what cannot be read cannot be unfiled and expires.
            if let Some(record) = self.store.take(&old.key()).await?
                && let Ok(session) = read(&record)
            {
                self.unfile(&session, &old.key()).await?;
            }
        }
        let ticket = self.open(&session).await?;
        Ok((ticket, session))
    }

    /// Writes `session` down under a new ticket. It is filed before and the upstream's ends are read after, so that an
    /// end that arrives meanwhile meets it in one place or the other.
    async fn open(&self, session: &Session) -> Result<SessionTicket, SessionError> {
        let ticket = SessionTicket::draw(self.random.as_ref())?;
        let (key, record) = (ticket.key(), write(session)?);
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

    /// The live session of `ticket`, without a sign of life.
    pub async fn find(&self, ticket: &SessionTicket) -> Result<Option<Session>, SessionError> {
        let session = self.read(&ticket.key(), self.clock.now()).await?;
        Ok(session.filter(|session| self.is_open(session)))
    }

    fn is_open(&self, session: &Session) -> bool {
        let connections = self.connections.as_ref();
        connections.is_none_or(|open| open.contains(session.person().connection()))
    }

    /// The live session of `ticket`, extended by a sign of life. Writes at most once a minute, so that a page with
    /// a hundred pictures behind forward-auth does not write a hundred times.
    pub async fn touch(&self, ticket: &SessionTicket) -> Result<Option<Session>, SessionError> {
        let now = self.clock.now();
        let session = self.find(ticket).await?;
        match session {
            Some(session) if session.lifetime.is_worth_noting(now) => {
                self.change(ticket, |session| {
                    session.lifetime = session.lifetime.seen(now);
                })
                .await
            }
            live_or_none => Ok(live_or_none),
        }
    }

    /// Notes that `audience` is told about the session of `ticket`, so that its end can be told too.
    pub async fn share(
        &self,
        ticket: &SessionTicket,
        audience: &str,
    ) -> Result<Option<Session>, SessionError> {
        let knows = |session: &Session| session.shared_with.iter().any(|known| known == audience);
        match self.find(ticket).await? {
            Some(session) if !knows(&session) => {
                self.change(ticket, |session| {
                    if !knows(session) {
                        session.shared_with.push(audience.to_owned());
                    }
                })
                .await
            }
            live_or_none => Ok(live_or_none),
        }
    }

    /// Ends the session of `ticket` and returns it, if it was live, so that others can be told.
    pub async fn end(&self, ticket: &SessionTicket) -> Result<Option<Session>, SessionError> {
        self.close(&ticket.key()).await
    }

    async fn close(&self, key: &str) -> Result<Option<Session>, SessionError> {
        let Some(record) = self.store.take(key).await? else {
            return Ok(None);
        };
        let session = read(&record)?;
        self.unfile(&session, key).await?;
        let now = self.clock.now();
        Ok(Some(session).filter(|session| !session.lifetime.is_over_at(now)))
    }

    /// Reads, changes and writes in one turn. If the session ends meanwhile it stays ended: the store replaces only
    /// what is live.
    async fn change(
        &self,
        ticket: &SessionTicket,
        change: impl FnOnce(&mut Session),
    ) -> Result<Option<Session>, SessionError> {
        let key = ticket.key();
        let _turn = self.turn(&key).await;
        let Some(mut session) = self.read(&key, self.clock.now()).await? else {
            return Ok(None);
        };
        change(&mut session);
        let (record, over_at) = (write(&session)?, session.lifetime.over_at());
        // First, so that what lives longer can be found as long.
        self.file(&session, &key, over_at).await?;
        let written = self.store.replace(&key, &record, over_at).await?;
        if !written {
            self.unfile(&session, &key).await?;
        }
        Ok(written.then_some(session))
    }

    async fn turn(&self, key: &str) -> Option<MutexGuard<'_, ()>> {
        let spread: usize = key.bytes().map(usize::from).sum();
        match self.changes.get(spread % LOCKS) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }

    async fn read(&self, key: &str, now: OffsetDateTime) -> Result<Option<Session>, SessionError> {
        let record = self.store.get(key).await?;
        let session = record.map(|record| read(&record)).transpose()?;
        Ok(session.filter(|session| !session.lifetime.is_over_at(now)))
    }
}

fn write(session: &Session) -> Result<Vec<u8>, SessionError> {
    serde_json::to_vec(session).map_err(SessionError::Unreadable)
}

fn read(record: &[u8]) -> Result<Session, SessionError> {
    serde_json::from_slice(record).map_err(SessionError::Unreadable)
}

#[cfg(test)]
mod tests;
