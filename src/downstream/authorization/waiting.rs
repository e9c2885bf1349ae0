//! Requests that wait while their person signs in.
//!
//! Each time the browser leaves for an upstream, the request is kept under a new handle that the browser does not see
//! before it comes back. So whoever brings that handle has signed in after the request, as it was asked.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::downstream::authorization::AuthorizationRequest;
use crate::downstream::authorization::judgement::{Asked, Needs};
use crate::downstream::authorization::kept::{Kept, NotKept};
use crate::platform::random::Random;
use crate::platform::store::Store;

/// How long somebody may take to sign in on behalf of an application, all steps together.
pub const PATIENCE: Duration = Duration::minutes(15);

/// A request that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// What was asked for.
    pub request: AuthorizationRequest,
    /// What the upstream was asked for on behalf of it; `None` where the browser has not left yet.
    pub asked_for: Option<Asked>,
    /// When it is forgotten.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
}

/// What became of the search for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It waits, and is this browser's.
    Ours(Box<Waiting>),
    /// It is another browser's, and is left to that one.
    AnotherBrowser,
    /// It was never there, or too long ago, or is answered.
    Unknown,
}

/// The requests that wait.
#[derive(Debug, Clone)]
pub struct WaitingRequests(Kept);

#[derive(Serialize, Deserialize)]
struct Record {
    browser: String,
    waiting: Waiting,
}

impl Waiting {
    /// A request that was just asked, before anybody has left.
    pub fn new(request: AuthorizationRequest, now: OffsetDateTime) -> Self {
        Self {
            request,
            asked_for: None,
            until: now + PATIENCE,
        }
    }

    /// The same request, on its way to an upstream that is asked for `needs` and for what was asked before.
    #[must_use]
    pub fn on_the_way(self, needs: Needs, now: OffsetDateTime) -> Self {
        let asked_for = match self.asked_for {
            // Who has left for a fresh proof need not prove themselves once more because a role is asked here after it.
            Some(before) if !needs.fresh => Asked {
                needs: before.needs.and(needs),
                left_at: before.left_at,
            },
            before => Asked {
                needs: before.map_or(needs, |before| before.needs.and(needs)),
                left_at: now,
            },
        };
        Self {
            asked_for: Some(asked_for),
            ..self
        }
    }

    /// True if the upstream was asked for all of `needs` on behalf of this request.
    pub fn was_asked_for(&self, needs: Needs) -> bool {
        self.asked_for.is_some_and(|asked| asked.needs.covers(needs))
    }
}

impl WaitingRequests {
    /// The requests in `store`.
    pub fn new(store: Arc<dyn Store>, random: Arc<dyn Random>) -> Self {
        Self(Kept::new("authorization-request", store, random))
    }

    /// Keeps a request of the browser whose secret has this hash, and gives its handle.
    pub async fn note(&self, waiting: &Waiting, browser: &str) -> Result<String, NotKept> {
        let record = Record {
            browser: browser.to_owned(),
            waiting: waiting.clone(),
        };
        self.0.note(&record, waiting.until).await
    }

    /// The request under `handle`, which stays there: the person may go back and choose another door.
    pub async fn find(&self, handle: &str, browser: Option<&str>) -> Result<Found, NotKept> {
        let record: Option<Record> = self.0.find(handle).await?;
        Ok(match record {
            Some(record) if browser.is_some_and(|hash| same(hash, &record.browser)) => {
                Found::Ours(Box::new(record.waiting))
            }
            Some(_) => Found::AnotherBrowser,
            None => Found::Unknown,
        })
    }

    /// The request under `handle`, for one caller only.
    pub async fn take(&self, handle: &str, browser: Option<&str>) -> Result<Found, NotKept> {
        match self.find(handle, browser).await? {
            Found::Ours(waiting) if self.0.take(handle).await? => Ok(Found::Ours(waiting)),
            Found::Ours(_) => Ok(Found::Unknown),
            other @ (Found::AnotherBrowser | Found::Unknown) => Ok(other),
        }
    }
}

/// Compared in constant time.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && openssl::memcmp::eq(one.as_bytes(), other.as_bytes())
}
