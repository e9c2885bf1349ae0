//! Signing out: here at once, and at the upstream where the connection does that.

use time::Duration;

use crate::journey::failure::SignInFailure;
use crate::journey::sign_in::SignIns;
use crate::journey::way::Upstream;
use crate::platform::random;
use crate::session::record::Session;
use crate::session::ticket::SessionTicket;
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::pending::BrowserSecret;

/// How long a browser may take at the upstream's own page.
const PATIENCE: Duration = Duration::minutes(10);

/// Somebody who signs out.
#[derive(Debug, Clone, Copy)]
pub struct SigningOut<'a> {
    /// What opens the session.
    pub ticket: &'a SessionTicket,
    /// The secret of the browser: only it may bring the upstream's answer.
    pub browser: &'a BrowserSecret,
    /// Where to go afterwards; judged safe.
    pub return_to: &'a str,
}

impl SignIns {
    /// Ends the session, and gives the address at which the upstream ends its own, if it shall. Whatever becomes of that,
    /// nobody is signed in here any more.
    pub async fn sign_out(&self, leaving: SigningOut<'_>) -> Result<Option<String>, SignInFailure> {
        let Some(session) = self.sessions.end(leaving.ticket).await? else {
            return Ok(None);
        };
        match self.upstream_end(&session, leaving).await {
            Ok(address) => Ok(address),
            Err(cause) => {
                tracing::warn!(reason = %cause, "signed out here, and not at the upstream");
                Ok(None)
            }
        }
    }

    async fn upstream_end(
        &self,
        session: &Session,
        leaving: SigningOut<'_>,
    ) -> Result<Option<String>, SignInFailure> {
        let Some(way) = self.way(session.person().connection()) else {
            return Ok(None);
        };
        match &way.upstream {
            Upstream::OpenId(party) => self.open_id_end(party, session, leaving.return_to).await,
            Upstream::Saml(provider) => {
                let leaving = (leaving.browser, leaving.return_to);
                let address = self.leave_for_logout(provider, session, leaving).await;
                address.map_err(|cause| SignInFailure::Unavailable(cause.to_string()))
            }
        }
    }

    async fn open_id_end(
        &self,
        party: &RelyingParty,
        session: &Session,
        return_to: &str,
    ) -> Result<Option<String>, SignInFailure> {
        let Some(open_id) = session.person().upstream_session().open_id.as_ref() else {
            return Ok(None);
        };
        let now = self.clock.now();
        let state = random::token(self.random.as_ref())?;
        let address = party.end_session_address(open_id, &state, now).await;
        let address = address.map_err(|cause| SignInFailure::Unavailable(cause.to_string()))?;
        if address.is_some() {
            let place = return_to.as_bytes();
            self.store.put_new(&key(&state), place, now + PATIENCE).await?;
        }
        Ok(address)
    }

    /// The origin to which signing out of `session` leads, if the upstream ends its session too: a page must allow its
    /// form to lead there.
    pub async fn sign_out_origin(&self, session: &Session) -> Option<String> {
        let address = match &self.way(session.person().connection())?.upstream {
            Upstream::OpenId(party) => party.end_session_endpoint(self.clock.now()).await.ok()??,
            Upstream::Saml(provider) => {
                session.person().upstream_session().name_id.as_ref()?;
                provider.logout_destination()?
            }
        };
        Some(url::Url::parse(&address).ok()?.origin().ascii_serialization())
    }

    /// Where somebody wanted to go who comes back from the upstream's sign-out with `state`; only once.
    pub async fn back_from_sign_out(&self, state: &str) -> Result<Option<String>, SignInFailure> {
        let place = self.store.take(&key(state)).await?;
        Ok(place.and_then(|place| String::from_utf8(place).ok()))
    }
}

/// The store never sees a state, only its hash.
fn key(state: &str) -> String {
    format!(
        "sign-out:{}",
        hex::encode(crate::platform::digest::sha256(state.as_bytes()))
    )
}
