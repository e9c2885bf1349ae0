//! Ends that come from upstream, and how they find their sessions.

use time::{Duration, OffsetDateTime};

use crate::session::ended::Cause;
use crate::session::octets;
use crate::session::record::Session;
use crate::session::sessions::{SessionError, Sessions};
use crate::session::upstream_end::{Handle, UpstreamEnd, vouched_at};

/// How long an end is remembered against sign-ins that are under way. Whatever holds a vouched-for person between the
/// upstream's word and [`Sessions::begin`] must not hold them longer.
const END_REMEMBERED: Duration = Duration::minutes(30);

impl Sessions {
    /// How long a vouched-for person may wait before their session begins; see [`Self::end_upstream`].
    pub const LONGEST_WAIT: Duration = END_REMEMBERED;

    /// Ends what the upstream says is over, and returns what was live, so that others can be told. A sign-in that
    /// began before the end and would become a session within half an hour is refused then
    /// ([`SessionError::EndedUpstream`]). Saying it again changes nothing, and whatever names no session of ours is
    /// no error.
    ///
    /// # Errors
    /// [`SessionError`] if the store is away or full: the end must be said again, for not everything may be over.
    pub async fn end_upstream(&self, end: &UpstreamEnd) -> Result<Vec<Session>, SessionError> {
        let mut ended = Vec::new();
        for handle in end.handles() {
            ended.extend(self.end_filed(&handle, end).await?);
        }
        Ok(ended)
    }

    async fn end_filed(&self, handle: &Handle, end: &UpstreamEnd) -> Result<Vec<Session>, SessionError> {
        // Before the sessions are listed, so that one that is just being opened is listed or finds the mark.
        let marked = self.mark(handle, end.issued_at).await;
        let mut ended = Vec::new();
        for key in self.store.filed(&handle.sessions()).await? {
            match self.reached_at(&key, end).await {
                Ok(true) => ended.extend(self.close(&key, Cause::Upstream).await?),
                // What cannot be read signs nobody in; it must not keep the others alive.
                Ok(false) | Err(SessionError::Unreadable(_)) => {}
                Err(cause) => return Err(cause),
            }
        }
        if marked.is_err() {
            // Where the store was full there is room now.
            self.mark(handle, end.issued_at).await?;
        }
        Ok(ended)
    }

    async fn reached_at(&self, key: &str, end: &UpstreamEnd) -> Result<bool, SessionError> {
        let record = self.store.get(key).await?;
        let session = record.map(|record| octets::read(&record)).transpose()?;
        Ok(session.is_some_and(|session| end.reaches(&session)))
    }

    pub(super) async fn mark(&self, handle: &Handle, issued_at: OffsetDateTime) -> Result<(), SessionError> {
        let until = self.clock.now().saturating_add(END_REMEMBERED);
        let instant = issued_at.unix_timestamp_nanos().to_string();
        Ok(self.store.file(&handle.ends(), &instant, until).await?)
    }

    /// Files `session`, kept under `key`, under every name by which it can be ended.
    pub(super) async fn file(
        &self,
        session: &Session,
        key: &str,
        over_at: OffsetDateTime,
    ) -> Result<(), SessionError> {
        for handle in self.handles(session) {
            self.store.file(&handle.sessions(), key, over_at).await?;
        }
        Ok(())
    }

    pub(super) async fn unfile(&self, session: &Session, key: &str) -> Result<(), SessionError> {
        for handle in self.handles(session) {
            self.store.unfile(&handle.sessions(), key).await?;
        }
        Ok(())
    }

    /// Takes `before` out of every index in which `after`, of the same name, is not.
    pub(super) async fn unfile_all_but(&self, before: &Session, after: &Session) -> Result<(), SessionError> {
        let kept = self.handles(after);
        for handle in self
            .handles(before)
            .iter()
            .filter(|handle| !kept.contains(handle))
        {
            self.store.unfile(&handle.sessions(), &before.sid().key()).await?;
        }
        Ok(())
    }

    /// Refuses a session of which was said, since the person proved themselves, that it is over: by the upstream, or by an
    /// administrator.
    pub(super) async fn must_not_be_ended(&self, session: &Session) -> Result<(), SessionError> {
        let vouched_at = vouched_at(session).unix_timestamp_nanos();
        for handle in self.handles(session) {
            let ends = self.store.filed(&handle.ends()).await?;
            // An instant that cannot be read is later than any.
            if ends
                .iter()
                .any(|end| end.parse().map_or(true, |end: i128| vouched_at <= end))
            {
                return Err(SessionError::EndedUpstream);
            }
        }
        Ok(())
    }
}
