//! The question that is asked most: a proxy's, about the same person at every picture of a page.
//!
//! The store is asked each time, so an end counts at once. What its octets mean need not be read anew while they are the
//! same octets.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::platform::recent::Recent;
use crate::session::octets::{self, RecordFlaw};
use crate::session::record::Session;
use crate::session::sessions::live::{By, Note};
use crate::session::sessions::{SessionError, Sessions};
use crate::session::sid::Sid;
use crate::session::ticket::SessionTicket;

/// How many sessions are remembered as they were read.
const ROOM: u64 = 8192;
/// How long.
const REMEMBERED: Duration = Duration::minutes(5);

/// Sessions as they were read a moment ago, each with the octets it was read from.
#[derive(Debug)]
pub(super) struct ReadBefore(Recent<Sid, (Arc<[u8]>, Arc<Session>)>);

impl Sessions {
    /// The live session of `ticket`, seen by the application `client_id`: a sign of life and a telling in one.
    pub async fn seen_by(
        &self,
        ticket: &SessionTicket,
        client_id: &str,
    ) -> Result<Option<Arc<Session>>, SessionError> {
        self.seen(ticket.into(), client_id).await
    }

    /// The same for whoever knows the name.
    pub async fn seen_named_by(
        &self,
        sid: &Sid,
        client_id: &str,
    ) -> Result<Option<Arc<Session>>, SessionError> {
        self.seen(sid.into(), client_id).await
    }

    async fn seen(&self, by: By<'_>, client_id: &str) -> Result<Option<Arc<Session>>, SessionError> {
        let Some(record) = self.store.get(&by.sid().key()).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let session = self.read_before.session(by.sid(), &record, now)?;
        if !self.is_live(by, &session, now) {
            return Ok(None);
        }
        let note = Note::seen_by(client_id, now);
        if !note.changes(&session) {
            return Ok(Some(session));
        }
        let changed = self.change(by, |session| note.apply(session)).await?;
        Ok(changed.map(Arc::new))
    }
}

impl ReadBefore {
    /// The session that `record` is, kept under the name `sid`.
    fn session(&self, sid: &Sid, record: &[u8], now: OffsetDateTime) -> Result<Arc<Session>, RecordFlaw> {
        if let Some((same, session)) = self.0.find(sid, now)
            && *same == *record
        {
            return Ok(session);
        }
        let session = Arc::new(octets::read(record)?);
        let known = (record.into(), Arc::clone(&session));
        self.0.keep(sid.clone(), known, (now, now + REMEMBERED));
        Ok(session)
    }
}

impl Default for ReadBefore {
    fn default() -> Self {
        Self(Recent::new(ROOM))
    }
}
