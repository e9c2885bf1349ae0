//! Sessions that end, and whoever must hear of it.

use crate::session::ended::{Cause, Ended};
use crate::session::octets;
use crate::session::record::Session;
use crate::session::sessions::{SessionError, Sessions};
use crate::session::sid::Sid;
use crate::session::ticket::SessionTicket;

impl Sessions {
    /// Ends the session of `ticket`, because the person logs out, and returns it if it was live.
    pub async fn end(&self, ticket: &SessionTicket) -> Result<Option<Session>, SessionError> {
        self.end_as(ticket, Cause::SignedOut).await
    }

    /// Ends the session of this name, and returns it if it was live.
    pub async fn end_named(&self, sid: &Sid, cause: Cause) -> Result<Option<Session>, SessionError> {
        self.close(&sid.key(), cause).await
    }

    /// Whoever has only an old ticket to a session that has been given a new one ends nothing.
    pub(super) async fn end_as(
        &self,
        ticket: &SessionTicket,
        cause: Cause,
    ) -> Result<Option<Session>, SessionError> {
        match self.read(ticket.into(), self.clock.now()).await? {
            Some(session) => self.end_named(session.sid(), cause).await,
            None => Ok(None),
        }
    }

    /// Takes the record in one step, so that of two ends at once one is told.
    pub(super) async fn close(&self, key: &str, cause: Cause) -> Result<Option<Session>, SessionError> {
        let Some(record) = self.store.take(key).await? else {
            return Ok(None);
        };
        let session = octets::read(&record)?;
        let was_live = !session.lifetime.is_over_at(self.clock.now());
        let ended = Ended { session, cause };
        // Before the store is asked again: if that fails, the session is over all the same.
        if let Some(listener) = self.listener.as_ref().filter(|_| was_live) {
            listener.ended(&ended);
        }
        self.unfile(&ended.session, key).await?;
        Ok(was_live.then_some(ended.session))
    }
}
