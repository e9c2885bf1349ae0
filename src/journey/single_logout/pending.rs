//! A logout request of ours on its way, kept until it is answered. It is used once, and by the browser that left.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::journey::single_logout::SingleLogoutFailure;
use crate::platform::random::{self, Random};
use crate::platform::store::Store;
use crate::upstream::pending::BrowserSecret;

/// How long a browser may take at the identity provider's own pages.
const PATIENCE: Duration = Duration::minutes(10);

/// One request on its way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PendingLogout {
    /// The hash of the secret of the browser that left.
    browser: String,
    /// The connection it went through.
    connection: String,
    /// The `ID` that the answer must name.
    pub(super) request_id: String,
    /// Where the browser wants to go afterwards; judged safe when it was written.
    pub(super) return_to: String,
}

impl PendingLogout {
    pub(super) fn of(connection: &str, request_id: &str, return_to: &str, browser: &BrowserSecret) -> Self {
        Self {
            browser: browser.hash(),
            connection: connection.to_owned(),
            request_id: request_id.to_owned(),
            return_to: return_to.to_owned(),
        }
    }

    /// Writes it down. The handle goes out as `RelayState`: 64 characters that mean nothing to anyone else.
    pub(super) async fn note(
        &self,
        store: &dyn Store,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<String, SingleLogoutFailure> {
        let handle = random::token(random)?;
        let record = serde_json::to_vec(self)?;
        // A handle of 256 random bits is never there already.
        store.put_new(&key(&handle), &record, now + PATIENCE).await?;
        Ok(handle)
    }

    /// Takes the request behind `handle`, if this browser sent it through this connection. Of two answers at once, one
    /// gets it; what another browser brings is left to the one that asked.
    pub(super) async fn claim(
        store: &dyn Store,
        handle: &str,
        browser: &BrowserSecret,
        connection: &str,
    ) -> Result<Option<Self>, SingleLogoutFailure> {
        let Some(found) = store.get(&key(handle)).await? else {
            return Ok(None);
        };
        let found: Self = serde_json::from_slice(&found)?;
        if found.connection != connection || !browser.is(&found.browser) {
            return Ok(None);
        }
        let taken = store.take(&key(handle)).await?;
        Ok(taken.map(|_record| found))
    }
}

/// The store never sees a handle, only its hash.
fn key(handle: &str) -> String {
    format!(
        "saml-logout:{}",
        hex::encode(crate::platform::digest::sha256(handle.as_bytes()))
    )
}
