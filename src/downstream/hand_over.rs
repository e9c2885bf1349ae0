//! The hand-over: how somebody who is signed in with us becomes known at a site of another host.
//!
//! The site's proxy gives the browser a secret of its own and sends it here with a mark of it. Whoever is signed in
//! here is sent back with a code, and the browser turns the code into a ticket there. A code works once, for half a
//! minute, at one site, and only in the browser that has the secret of the mark: so nobody can be signed in as somebody
//! else by a link, and a code that is seen by others is worth nothing.

use std::fmt;
use std::sync::Arc;

use openssl::memcmp;
use serde::{Deserialize, Serialize};
use time::Duration;
use zeroize::Zeroizing;

use crate::platform::clock::Clock;
use crate::platform::digest::sha256;
use crate::platform::origin::Origin;
use crate::platform::random::{self, NoRandomness, Random};
use crate::platform::store::{Store, StoreError};
use crate::session::sid::Sid;

/// How long a code works: one redirect.
pub const PATIENCE: Duration = Duration::seconds(30);

/// Somebody on the way to a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// The site.
    pub site: Origin,
    /// The session that shall be known there.
    pub sid: Sid,
    /// Where the browser goes then: an address at the site, judged safe when it was written.
    pub place: String,
}

/// The secret of a browser at a site; it lives in a cookie there. Prints as `SiteBrowser(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteBrowser(Zeroizing<String>);

/// The SHA-256 of a [`SiteBrowser`], which everybody may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserMark(String);

/// Why nothing could be handed over.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No code could be drawn.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// What is in the store is none.
    #[error("a hand-over cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// Everybody who is on the way to a site.
#[derive(Debug, Clone)]
pub struct HandOvers {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    browser: BrowserMark,
    hand_over: HandOver,
}

impl HandOvers {
    /// Those in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { store, clock, random }
    }

    /// Notes one for the browser of `browser`, and gives the code.
    pub async fn note(&self, hand_over: HandOver, browser: BrowserMark) -> Result<String, HandOverError> {
        let code = random::token(self.random.as_ref())?;
        let record = serde_json::to_vec(&Record { browser, hand_over })?;
        let until = self.clock.now() + PATIENCE;
        // A code of 256 random bits is never there already.
        self.store.put_new(&key(&code), &record, until).await?;
        Ok(code)
    }

    /// Takes what `code` stands for, if it is meant for `site` and for this browser. It is spent in any case: a code
    /// that turns up elsewhere was stolen or planted.
    pub async fn take(
        &self,
        code: &str,
        site: &Origin,
        browser: Option<&SiteBrowser>,
    ) -> Result<Option<HandOver>, HandOverError> {
        let Some(found) = self.store.take(&key(code)).await? else {
            return Ok(None);
        };
        let Record {
            browser: mark,
            hand_over,
        } = serde_json::from_slice(&found)?;
        let is_this_browser = browser.is_some_and(|browser| browser.mark().is(&mark));
        Ok(Some(hand_over).filter(|hand_over| is_this_browser && hand_over.site == *site))
    }
}

impl SiteBrowser {
    /// A secret nobody has had before.
    pub fn draw(random: &dyn Random) -> Result<Self, NoRandomness> {
        random::token(random).map(|text| Self(Zeroizing::new(text)))
    }

    /// The secret that a browser sent: 64 hexadecimal digits, or none.
    pub fn parse(text: &str) -> Option<Self> {
        random::is_token(text).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text for the cookie. Every call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What others may see of it.
    pub fn mark(&self) -> BrowserMark {
        BrowserMark(hex::encode(sha256(self.0.as_bytes())))
    }
}

impl BrowserMark {
    /// The mark in an address: 64 hexadecimal digits, or none.
    pub fn parse(text: &str) -> Option<Self> {
        random::is_token(text).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && memcmp::eq(self.0.as_bytes(), other.0.as_bytes())
    }
}

/// The store never sees a code, only its hash.
fn key(code: &str) -> String {
    format!("hand-over/{}", hex::encode(sha256(code.as_bytes())))
}

impl fmt::Debug for SiteBrowser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteBrowser(…)")
    }
}

#[cfg(test)]
mod tests;
