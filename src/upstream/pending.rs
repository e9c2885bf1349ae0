//! What we asked an upstream, kept until it answers.
//!
//! A pending sign-in is used once. It ties three things together: the browser that left, the question it carried,
//! and the place it wanted to return to. An answer without its question is refused, and so is an answer that
//! another browser brings.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::platform::random::{self, NoRandomness, Random};
use crate::platform::store::{Store, StoreError};
use crate::upstream::wish::Wish;

/// How long a person may take at the identity provider: a forgotten password, a telephone in another room.
pub const PATIENCE: Duration = Duration::minutes(30);

/// One question on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// The connection it went through.
    pub connection: String,
    /// What was asked.
    pub asked: Asked,
    /// What was asked for beyond signing in.
    #[serde(default)]
    pub wish: Wish,
    /// When we asked.
    #[serde(with = "time::serde::rfc3339")]
    pub asked_at: OffsetDateTime,
    /// Where the browser wants to go afterwards; judged safe when it was written.
    pub return_to: String,
}

/// What was asked, as far as the answer is judged by it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// By an `AuthnRequest` (SAML Core 3.4.1).
    AuthnRequest {
        /// Its `ID`.
        request_id: String,
        /// Whether we asked that the person prove themselves again.
        forced: bool,
    },
    /// By an authorization request (OpenID Connect Core 3.1.2.1). Neither value is ever shown to anybody else.
    Authorization {
        /// `nonce`: 256 random bits that the ID token must repeat.
        nonce: String,
        /// The `code_verifier` of RFC 7636, where PKCE is used.
        code_verifier: Option<String>,
    },
}

/// The secret that ties a browser to its pending sign-ins; it lives in a cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct BrowserSecret(String);

/// What became of the search for the question behind an answer.
#[derive(Debug)]
pub enum Claim {
    /// It was asked by this browser, and nobody can claim it again.
    Ours(PendingSignIn),
    /// It was asked by another browser, and is left to that one.
    AnotherBrowser,
    /// It was never asked, or too long ago, or is answered already.
    Unknown,
}

/// Why a question could not be noted or found.
#[derive(Debug, thiserror::Error)]
pub enum PendingError {
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No identifier could be drawn.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// What is in the store is no pending sign-in.
    #[error("a pending sign-in cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// The questions that are on their way.
#[derive(Debug, Clone)]
pub struct PendingSignIns {
    store: Arc<dyn Store>,
    random: Arc<dyn Random>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    browser: String,
    pending: PendingSignIn,
}

impl PendingSignIns {
    /// The questions in `store`.
    pub fn new(store: Arc<dyn Store>, random: Arc<dyn Random>) -> Self {
        Self { store, random }
    }

    /// Notes a question of `browser`. The handle goes out as `RelayState` or `state`: 64 characters that mean nothing
    /// to anyone else, within the 80 octets of SAML Bindings 3.4.3.
    pub async fn note(
        &self,
        pending: PendingSignIn,
        browser: &BrowserSecret,
    ) -> Result<String, PendingError> {
        let handle = random::token(self.random.as_ref())?;
        let expires_at = pending.asked_at + PATIENCE;
        let record = serde_json::to_vec(&Record {
            browser: browser.hash(),
            pending,
        })?;
        // A handle of 256 random bits is never there already.
        self.store.put_new(&key(&handle), &record, expires_at).await?;
        Ok(handle)
    }

    /// Looks for the question behind `handle` and takes it, if it is this browser's and went to `connection`.
    pub async fn claim(
        &self,
        handle: &str,
        browser: Option<&BrowserSecret>,
        connection: &str,
    ) -> Result<Claim, PendingError> {
        let Some(found) = self.store.get(&key(handle)).await? else {
            return Ok(Claim::Unknown);
        };
        let record: Record = serde_json::from_slice(&found)?;
        if record.pending.connection != connection {
            return Ok(Claim::Unknown);
        }
        if !browser.is_some_and(|browser| browser.is(&record.browser)) {
            return Ok(Claim::AnotherBrowser);
        }
        // Of two answers at once, one gets it.
        match self.store.take(&key(handle)).await? {
            Some(_) => Ok(Claim::Ours(record.pending)),
            None => Ok(Claim::Unknown),
        }
    }
}

/// The store never sees a handle, only its hash.
fn key(handle: &str) -> String {
    format!(
        "pending:{}",
        hex::encode(crate::platform::digest::sha256(handle.as_bytes()))
    )
}

impl BrowserSecret {
    /// A fresh secret of 256 random bits.
    pub fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        random::token(random).map(Self)
    }

    /// The secret of a cookie: 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        random::is_token(text).then(|| Self(text.to_owned()))
    }

    /// The value for the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the store and the limits know it by.
    pub fn hash(&self) -> String {
        hex::encode(crate::platform::digest::sha256(self.0.as_bytes()))
    }

    /// True if `hash` is that of this secret, compared in constant time.
    pub fn is(&self, hash: &str) -> bool {
        let own = self.hash();
        own.len() == hash.len() && openssl::memcmp::eq(own.as_bytes(), hash.as_bytes())
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AuthnRequest { .. } => "AuthnRequest(…)",
            Self::Authorization { .. } => "Authorization(…)",
        })
    }
}

impl std::fmt::Debug for BrowserSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BrowserSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::SettableClock;
    use crate::platform::random::SystemRandom;
    use crate::platform::store::MemoryStore;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 UTC);

    fn asked() -> PendingSignIn {
        PendingSignIn {
            connection: "nhsmail".to_owned(),
            asked: Asked::AuthnRequest {
                request_id: "_1".to_owned(),
                forced: false,
            },
            wish: Wish::SIGN_IN,
            asked_at: NOW,
            return_to: "/".to_owned(),
        }
    }

    async fn one_question() -> (PendingSignIns, SettableClock, BrowserSecret, String) {
        let clock = SettableClock::at(NOW);
        let store = Arc::new(MemoryStore::new(100, Arc::new(clock.clone())));
        let pending = PendingSignIns::new(store, Arc::new(SystemRandom));
        let browser = BrowserSecret::draw(&SystemRandom).unwrap();
        let handle = pending.note(asked(), &browser).await.unwrap();
        (pending, clock, browser, handle)
    }

    #[tokio::test]
    async fn sp_16_a_question_is_claimed_once_by_the_browser_that_asked_it() {
        let (pending, _, browser, handle) = one_question().await;
        let stranger = BrowserSecret::draw(&SystemRandom).unwrap();
        let by = |browser| pending.claim(&handle, browser, "nhsmail");
        assert!(matches!(
            by(Some(&stranger)).await.unwrap(),
            Claim::AnotherBrowser
        ));
        assert!(matches!(by(None).await.unwrap(), Claim::AnotherBrowser));
        assert!(matches!(by(Some(&browser)).await.unwrap(), Claim::Ours(p) if p == asked()));
        assert!(
            matches!(by(Some(&browser)).await.unwrap(), Claim::Unknown),
            "only once"
        );
    }

    #[tokio::test]
    async fn sp_16_a_question_is_forgotten_in_time_and_belongs_to_its_connection() {
        let (pending, clock, browser, handle) = one_question().await;
        assert!(matches!(
            pending.claim(&handle, Some(&browser), "other").await.unwrap(),
            Claim::Unknown
        ));
        clock.advance(PATIENCE);
        assert!(matches!(
            pending.claim(&handle, Some(&browser), "nhsmail").await.unwrap(),
            Claim::Unknown
        ));
    }

    #[tokio::test]
    async fn sp_27_the_handle_fits_into_relay_state() {
        let (_, _, _, handle) = one_question().await;
        assert!(handle.len() <= 80, "{handle}");
    }
}
