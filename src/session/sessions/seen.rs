//! What is asked most: about the same person again and again, at every picture of a page.
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

/// How many octets of records are remembered with the sessions that were read from them: some ten thousand sessions, fewer
/// where people have many roles.
const ROOM: u64 = 8 * 1024 * 1024;
/// How long.
const REMEMBERED: Duration = Duration::minutes(5);

/// Sessions as they were read a moment ago, each with the octets it was read from.
#[derive(Debug)]
pub(super) struct ReadBefore(Recent<Sid, (Arc<[u8]>, Arc<Session>)>);

impl Sessions {
    /// The live session of `by`, with `note` taken of it.
    pub(super) async fn note(
        &self,
        by: By<'_>,
        note: Note<'_>,
    ) -> Result<Option<Arc<Session>>, SessionError> {
        let Some(record) = self.store.get(&by.sid().key()).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let session = self.read_before.session(by.sid(), &record, now)?;
        if !self.is_live(by, &session, now) {
            return Ok(None);
        }
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
        Self(Recent::new(ROOM, |(record, _session)| {
            u32::try_from(record.len()).unwrap_or(u32::MAX)
        }))
    }
}
