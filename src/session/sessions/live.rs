//! Sessions that are live: found, seen, told to applications.

use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::MutexGuard;

use crate::session::octets;
use crate::session::record::Session;
use crate::session::sessions::{LOCKS, SessionError, Sessions};
use crate::session::sid::Sid;
use crate::session::ticket::SessionTicket;

/// By what a session is looked up: the browser's ticket, whose secret must be right, or the name alone.
#[derive(Debug, Clone, Copy)]
pub(super) enum By<'a> {
    Ticket(&'a SessionTicket),
    Name(&'a Sid),
}

/// What is noted of a session when somebody asks about it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Note<'a> {
    /// A sign of life, at this instant.
    seen_at: Option<OffsetDateTime>,
    /// An application that is told about it.
    told: Option<&'a str>,
}

impl Sessions {
    /// The live session of `ticket`, without a sign of life.
    pub async fn find(&self, ticket: &SessionTicket) -> Result<Option<Session>, SessionError> {
        self.live(ticket.into()).await
    }

    /// The live session of this name, without a sign of life. For whoever holds something that names the session, a
    /// code or a token, and has judged it.
    pub async fn find_named(&self, sid: &Sid) -> Result<Option<Session>, SessionError> {
        self.live(sid.into()).await
    }

    /// The live session of `ticket`, extended by a sign of life. Writes at most once a minute, so that a page with
    /// a hundred pictures behind forward-auth does not write a hundred times.
    pub async fn touch(&self, ticket: &SessionTicket) -> Result<Option<Arc<Session>>, SessionError> {
        self.note(ticket.into(), self.seen_now()).await
    }

    /// The same for whoever knows the name.
    pub async fn touch_named(&self, sid: &Sid) -> Result<Option<Arc<Session>>, SessionError> {
        self.note(sid.into(), self.seen_now()).await
    }

    /// Notes that the application `client_id` is told about the session of `ticket`, so that its end can be told too.
    pub async fn share(
        &self,
        ticket: &SessionTicket,
        client_id: &str,
    ) -> Result<Option<Arc<Session>>, SessionError> {
        self.note(ticket.into(), Note::told(client_id)).await
    }

    /// The same for whoever knows the name.
    pub async fn share_named(
        &self,
        sid: &Sid,
        client_id: &str,
    ) -> Result<Option<Arc<Session>>, SessionError> {
        self.note(sid.into(), Note::told(client_id)).await
    }

    /// The live session of `ticket`, seen by the application `client_id`: a sign of life and a telling in one.
    pub async fn seen_by(
        &self,
        ticket: &SessionTicket,
        client_id: &str,
    ) -> Result<Option<Arc<Session>>, SessionError> {
        self.note(ticket.into(), self.seen_now_by(client_id)).await
    }

    /// The same for whoever knows the name.
    pub async fn seen_named_by(
        &self,
        sid: &Sid,
        client_id: &str,
    ) -> Result<Option<Arc<Session>>, SessionError> {
        self.note(sid.into(), self.seen_now_by(client_id)).await
    }

    fn seen_now_by<'a>(&self, client_id: &'a str) -> Note<'a> {
        Note {
            told: Some(client_id),
            ..self.seen_now()
        }
    }

    fn seen_now(&self) -> Note<'static> {
        Note {
            seen_at: Some(self.clock.now()),
            told: None,
        }
    }

    async fn live(&self, by: By<'_>) -> Result<Option<Session>, SessionError> {
        let now = self.clock.now();
        let session = self.read(by, now).await?;
        Ok(session.filter(|session| self.is_live(by, session, now)))
    }

    /// True if `session`, which was read by its name, may be told at the instant `now`.
    pub(super) fn is_live(&self, by: By<'_>, session: &Session, now: OffsetDateTime) -> bool {
        let connections = self.connections.as_ref();
        by.opens_at(session, now)
            && connections.is_none_or(|open| open.contains(session.person().connection()))
    }

    /// Reads, changes and writes in one turn. If the session ends meanwhile it stays ended: the store replaces only
    /// what is live.
    pub(super) async fn change(
        &self,
        by: By<'_>,
        change: impl FnOnce(&mut Session),
    ) -> Result<Option<Session>, SessionError> {
        let key = by.sid().key();
        let _turn = self.turn(&key).await;
        let Some(mut session) = self.read(by, self.clock.now()).await? else {
            return Ok(None);
        };
        change(&mut session);
        let (record, over_at) = (octets::write(&session)?, session.lifetime.over_at());
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

    pub(super) async fn read(
        &self,
        by: By<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Session>, SessionError> {
        let record = self.store.get(&by.sid().key()).await?;
        let session = record.map(|record| octets::read(&record)).transpose()?;
        Ok(session.filter(|session| by.opens_at(session, now)))
    }
}

impl<'a> By<'a> {
    pub(super) fn sid(self) -> &'a Sid {
        match self {
            Self::Ticket(ticket) => ticket.sid(),
            Self::Name(sid) => sid,
        }
    }

    fn opens_at(self, session: &Session, now: OffsetDateTime) -> bool {
        let opens = match self {
            Self::Ticket(ticket) => ticket.is(&session.opened_by),
            Self::Name(_) => true,
        };
        opens && !session.lifetime.is_over_at(now)
    }
}

impl<'a> From<&'a SessionTicket> for By<'a> {
    fn from(ticket: &'a SessionTicket) -> Self {
        Self::Ticket(ticket)
    }
}

impl<'a> From<&'a Sid> for By<'a> {
    fn from(sid: &'a Sid) -> Self {
        Self::Name(sid)
    }
}

impl<'a> Note<'a> {
    /// An application is told.
    fn told(client_id: &'a str) -> Self {
        Self {
            seen_at: None,
            told: Some(client_id),
        }
    }

    /// True if `session` does not say so yet.
    pub(super) fn changes(&self, session: &Session) -> bool {
        let is_seen = self
            .seen_at
            .is_some_and(|at| session.lifetime.is_worth_noting(at));
        is_seen
            || self
                .told
                .is_some_and(|client_id| !session.is_shared_with(client_id))
    }

    /// Writes it into `session`.
    pub(super) fn apply(&self, session: &mut Session) {
        if let Some(at) = self.seen_at {
            session.lifetime = session.lifetime.seen(at);
        }
        if let Some(client_id) = self.told.filter(|told| !session.is_shared_with(told)) {
            session.shared_with.push(client_id.to_owned());
        }
    }
}
