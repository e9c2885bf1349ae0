//! The upstream ends its session, and tells us behind the browser's back (Back-Channel Logout 1.0).

use time::Duration;

use crate::journey::sign_in::SignIns;
use crate::journey::way::Way;
use crate::platform::store::StoreError;
use crate::session::{SessionError, UpstreamEnd};
use crate::upstream::oidc_rp::logout::NotALogout;

/// How long a `jti` is remembered beyond the age at which its token is refused anyway.
const REMEMBERED: Duration = Duration::minutes(15);

/// Why no session was ended.
#[derive(Debug, thiserror::Error)]
pub enum LogoutFailure {
    /// No connection has this name, or it takes no logout tokens.
    #[error("no connection of this name takes logout tokens")]
    NoSuchDoor,
    /// The token is not believed, or cannot be judged: the provider must hear the difference, or it takes its own token
    /// for a bad one.
    #[error(transparent)]
    Refused(#[from] NotALogout),
    /// The token was used before.
    #[error("the logout token was used before")]
    Replayed,
    /// The sessions could not be ended.
    #[error(transparent)]
    Sessions(#[from] SessionError),
    /// The token cannot be remembered.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SignIns {
    /// Ends the sessions that a logout token names, and says how many. None is a success too: the person has logged
    /// out here before.
    pub async fn logged_out_upstream(&self, door: &str, token: &str) -> Result<usize, LogoutFailure> {
        // A connection that is switched off is told as well: what it let in before must still end.
        let party = self.way(door).and_then(Way::open_id);
        let party = party.filter(|party| party.settings().backchannel_logout.enabled);
        let party = party.ok_or(LogoutFailure::NoSuchDoor)?;
        let now = self.clock.now();
        let logout = party.judge_logout(token, now).await?;
        let used = used_key(&party.settings().issuer, &logout.jti);
        if !self.store.put_new(&used, b"", now + REMEMBERED).await? {
            return Err(LogoutFailure::Replayed);
        }
        let end = UpstreamEnd {
            issuer: party.settings().issuer.clone(),
            sid: logout.sid,
            subject: logout.subject,
            issued_at: logout.issued_at,
            saml: None,
        };
        match self.sessions.end_upstream(&end).await {
            Ok(ended) => Ok(ended.len()),
            Err(cause) => {
                // Nothing was done yet, so the provider may send the same token again.
                self.store.delete(&used).await?;
                Err(cause.into())
            }
        }
    }
}

fn used_key(issuer: &str, jti: &str) -> String {
    let name = [issuer.as_bytes(), b"\0", jti.as_bytes()].concat();
    format!(
        "logout-token:{}",
        hex::encode(crate::platform::digest::sha256(&name))
    )
}
