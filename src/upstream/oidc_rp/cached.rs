//! `Cached`: a document of the provider's, fetched when it is needed and kept when the provider is away.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

/// A document is asked for again after so long; CIS2 says at most about an hour.
const FRESH_FOR: Duration = Duration::HOUR;
/// The last good copy serves so long while the provider cannot be reached.
const GOOD_FOR: Duration = Duration::DAY;
/// After a failure nobody waits for the provider again before so long.
const PAUSE: Duration = Duration::seconds(30);
/// An unknown `kid` makes us ask again at most so often, however many tokens name one.
const BETWEEN_SURPRISES: Duration = Duration::minutes(5);

/// A document of the type `T`, or why there is none.
#[derive(Debug)]
pub(super) struct Cached<T> {
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    held: Option<Held<T>>,
    failed: Option<(OffsetDateTime, Unfetched)>,
    surprised: Option<OffsetDateTime>,
}

#[derive(Debug)]
struct Held<T> {
    document: Arc<T>,
    fetched_at: OffsetDateTime,
}

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Unfetched {
    /// Which document.
    pub what: &'static str,
    /// What went wrong, without a secret.
    pub why: String,
}

impl<T> Cached<T> {
    /// Nothing yet.
    pub(super) fn empty() -> Self {
        Self {
            state: Mutex::new(State {
                held: None,
                failed: None,
                surprised: None,
            }),
        }
    }

    /// The document: the one that is held while it is fresh, else a new one, else the last good one. Whoever comes
    /// while one caller fetches waits for that fetch and starts none.
    pub(super) async fn get<F>(&self, now: OffsetDateTime, fetch: F) -> Result<Arc<T>, Unfetched>
    where
        F: AsyncFnOnce() -> Result<T, Unfetched>,
    {
        let mut state = self.state.lock().await;
        if let Some(held) = state.held_within(FRESH_FOR, now) {
            return Ok(held);
        }
        state.renew(now, fetch).await
    }

    /// The document anew, because it lacks what a token names; at most once in five minutes.
    pub(super) async fn get_anew<F>(&self, now: OffsetDateTime, fetch: F) -> Result<Arc<T>, Unfetched>
    where
        F: AsyncFnOnce() -> Result<T, Unfetched>,
    {
        let mut state = self.state.lock().await;
        let is_throttled = state
            .surprised
            .is_some_and(|last| is_within(last, BETWEEN_SURPRISES, now));
        match state.held_within(GOOD_FOR, now) {
            Some(held) if is_throttled => Ok(held),
            Some(_) | None => {
                state.surprised = Some(now);
                state.renew(now, fetch).await
            }
        }
    }
}

impl<T> State<T> {
    fn held_within(&self, span: Duration, now: OffsetDateTime) -> Option<Arc<T>> {
        let held = self.held.as_ref()?;
        is_within(held.fetched_at, span, now).then(|| Arc::clone(&held.document))
    }

    async fn renew<F>(&mut self, now: OffsetDateTime, fetch: F) -> Result<Arc<T>, Unfetched>
    where
        F: AsyncFnOnce() -> Result<T, Unfetched>,
    {
        let paused = self
            .failed
            .as_ref()
            .filter(|(at, _)| is_within(*at, PAUSE, now))
            .map(|(_, why)| why.clone());
        let failure = match paused {
            Some(why) => why,
            None => match fetch().await {
                Ok(document) => return Ok(self.hold(document, now)),
                Err(why) => {
                    tracing::warn!(document = why.what, reason = %why.why, "the provider's document was not renewed");
                    self.failed = Some((now, why.clone()));
                    why
                }
            },
        };
        self.held_within(GOOD_FOR, now).ok_or(failure)
    }

    fn hold(&mut self, document: T, now: OffsetDateTime) -> Arc<T> {
        let document = Arc::new(document);
        self.held = Some(Held {
            document: Arc::clone(&document),
            fetched_at: now,
        });
        self.failed = None;
        document
    }
}

/// True from `at` on until `span` has passed; a clock that was set back makes nothing fresh again.
fn is_within(at: OffsetDateTime, span: Duration, now: OffsetDateTime) -> bool {
    let age = now - at;
    age >= -PAUSE && age < span
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-01 09:00 UTC);

    fn away() -> Unfetched {
        Unfetched {
            what: "the key set",
            why: "nobody answers".to_owned(),
        }
    }

    /// A provider whose document is the number of the fetch, and that can be away.
    struct Provider {
        cached: Cached<u32>,
        fetches: Cell<u32>,
        is_away: Cell<bool>,
    }

    impl Provider {
        fn new() -> Self {
            Self {
                cached: Cached::empty(),
                fetches: Cell::new(0),
                is_away: Cell::new(false),
            }
        }

        fn fetch(&self) -> Result<u32, Unfetched> {
            self.fetches.set(self.fetches.get() + 1);
            if self.is_away.get() {
                Err(away())
            } else {
                Ok(self.fetches.get())
            }
        }

        async fn get(&self, at: Duration) -> Result<u32, Unfetched> {
            let found = self.cached.get(NOW + at, async || self.fetch()).await;
            found.map(|document| *document)
        }

        async fn anew(&self, at: Duration) -> Result<u32, Unfetched> {
            let found = self.cached.get_anew(NOW + at, async || self.fetch()).await;
            found.map(|document| *document)
        }
    }

    #[tokio::test]
    async fn oi_07_a_document_is_fetched_once_an_hour() {
        let provider = Provider::new();
        assert_eq!(provider.get(Duration::ZERO).await, Ok(1));
        assert_eq!(provider.get(Duration::minutes(59)).await, Ok(1));
        assert_eq!(provider.get(Duration::minutes(60)).await, Ok(2));
    }

    #[tokio::test]
    async fn oi_07_an_unknown_kid_asks_again_at_most_once_in_five_minutes() {
        let provider = Provider::new();
        assert_eq!(provider.get(Duration::ZERO).await, Ok(1));
        assert_eq!(provider.anew(Duration::seconds(1)).await, Ok(2));
        for second in 2..300 {
            assert_eq!(provider.anew(Duration::seconds(second)).await, Ok(2));
        }
        assert_eq!(provider.anew(Duration::seconds(301)).await, Ok(3));
    }

    #[tokio::test]
    async fn the_last_good_copy_serves_a_day_while_the_provider_is_away() {
        let provider = Provider::new();
        assert_eq!(provider.get(Duration::ZERO).await, Ok(1));
        provider.is_away.set(true);
        assert_eq!(provider.get(Duration::hours(2)).await, Ok(1));
        assert_eq!(provider.anew(Duration::hours(3)).await, Ok(1));
        assert_eq!(provider.get(Duration::hours(24)).await, Err(away()));
        provider.is_away.set(false);
        assert!(provider.get(Duration::hours(25)).await.is_ok());
    }

    #[tokio::test]
    async fn nobody_waits_again_for_a_provider_that_has_just_failed() {
        let provider = Provider::new();
        provider.is_away.set(true);
        for second in 0..30 {
            assert_eq!(provider.get(Duration::seconds(second)).await, Err(away()));
        }
        assert_eq!(provider.fetches.get(), 1);
        provider.is_away.set(false);
        assert_eq!(provider.get(Duration::seconds(30)).await, Ok(2));
    }
}
