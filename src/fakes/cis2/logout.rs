//! Logout: sessions end, and their clients are told over the back channel.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::fakes::cis2::LogoutKind;
use crate::fakes::cis2::memory::Session;
use crate::fakes::cis2::provider::{NoAnswer, Provider};
use crate::fakes::fence::{self, OutOfBounds};
use crate::platform::outbound::Send;

/// Which logout token to send to whom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogoutOrder {
    /// What it is like.
    pub kind: LogoutKind,
    /// To which client; absent: to the last that the session told.
    pub client_id: Option<String>,
    /// About which session; absent: about the newest.
    pub sid: Option<String>,
}

/// One logout token that was sent, and what the client answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// What it was like.
    pub kind: LogoutKind,
    /// When, by the clock of the fake.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// To which client.
    pub client_id: String,
    /// Where.
    pub address: String,
    /// About which session.
    pub sid: String,
    /// The status of the answer; absent: nobody answered.
    pub status: Option<u16>,
    /// The header `Cache-Control` of the answer.
    pub cache_control: Option<String>,
    /// The body of the answer, or why there was none.
    pub body: String,
}

/// Why no logout token was sent.
#[derive(Debug, thiserror::Error)]
pub enum NoLogout {
    /// Nobody is signed in there.
    #[error("there is no such session")]
    NoSession,
    /// No client that has an address.
    #[error("the client has no back-channel logout URI")]
    NoAddress,
    /// The address may be that of a live service.
    #[error(transparent)]
    OutOfBounds(#[from] OutOfBounds),
    /// The fake could not do its part.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
}

impl LogoutOrder {
    /// A logout token of this kind about the newest session, to its last client.
    pub fn of(kind: LogoutKind) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }
}

impl Provider {
    /// Sends what is ordered, twice if it is to be a replay. The session stays.
    pub(super) async fn send_logout(&self, order: &LogoutOrder) -> Result<Vec<Delivered>, NoLogout> {
        let session = self.session_for(order).ok_or(NoLogout::NoSession)?;
        let client_id = order.client_id.as_ref().or(session.clients.last());
        let client_id = client_id.ok_or(NoLogout::NoAddress)?;
        let token = self.logout_token(order.kind, client_id, &session)?;
        let times = if order.kind == LogoutKind::Replayed { 2 } else { 1 };
        let mut sent = Vec::new();
        for _ in 0..times {
            sent.push(self.deliver(order.kind, client_id, &session.sid, &token).await?);
        }
        Ok(sent)
    }

    /// Ends a session and tells every client of it that has an address.
    pub(super) async fn end_session(&self, sid: &str) -> Result<Vec<Delivered>, NoLogout> {
        let session = self.memory().end_session(sid).ok_or(NoLogout::NoSession)?;
        let mut sent = Vec::new();
        for client_id in &session.clients {
            let token = self.logout_token(LogoutKind::Good, client_id, &session)?;
            match self.deliver(LogoutKind::Good, client_id, sid, &token).await {
                Ok(delivered) => sent.push(delivered),
                Err(NoLogout::NoAddress) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(sent)
    }

    fn session_for(&self, order: &LogoutOrder) -> Option<Session> {
        let memory = self.memory();
        let fits = |session: &&Session| match &order.sid {
            Some(sid) => session.sid == *sid,
            None => !session.clients.is_empty(),
        };
        memory.sessions.iter().rev().find(fits).cloned()
    }

    async fn deliver(
        &self,
        kind: LogoutKind,
        client_id: &str,
        sid: &str,
        token: &str,
    ) -> Result<Delivered, NoLogout> {
        let address = self
            .memory()
            .client(client_id)
            .and_then(|client| client.backchannel_logout_uri.clone())
            .ok_or(NoLogout::NoAddress)?;
        fence::within(&[&address])?;
        let form = [("logout_token".to_owned(), token.to_owned())];
        let at = self.now();
        let reply = self.outbound.ask(&address, Send::Form(&form), &[]).await;
        let (status, cache_control, body) = match reply {
            Ok(reply) => (
                Some(reply.status),
                reply.header("cache-control").map(str::to_owned),
                reply.text(),
            ),
            Err(cause) => (None, None, cause.to_string()),
        };
        let delivered = Delivered {
            kind,
            at,
            client_id: client_id.to_owned(),
            address,
            sid: sid.to_owned(),
            status,
            cache_control,
            body,
        };
        self.memory().send(delivered.clone());
        Ok(delivered)
    }
}
