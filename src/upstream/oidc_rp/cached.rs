//! `Cached`: a document of the provider's, fetched when it is needed and kept when the provider is away.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

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
    /// Held by the one who fetches.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State<T> {
    held: Option<Held<T>>,
    failed: Option<(OffsetDateTime, Unfetched)>,
    /// When each asker was last surprised, and the document fetched for it.
    surprised: [Option<OffsetDateTime>; 2],
}

#[derive(Debug)]
struct Held<T> {
    document: Arc<T>,
    fetched_at: OffsetDateTime,
}

/// Who finds that a document lacks something. Anybody can post a logout token, so what those surprise us with is not
/// taken from what sign-ins may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// A token that the provider gave us for a code.
    SignIn,
    /// A token that somebody posted.
    Logout,
}

/// A document, and whether it was fetched this moment.
#[derive(Debug)]
pub(super) enum Renewed<T> {
    /// It was.
    Anew(Arc<T>),
    /// It is the one that was there.
    Held(Arc<T>),
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
                surprised: [None; 2],
            }),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// The document: the one that is held while it is fresh, else a new one, else the last good one. While one caller
    /// fetches, others go on with the last good one, and wait only where there is none.
    pub(super) async fn get<F>(&self, now: OffsetDateTime, fetch: F) -> Result<Arc<T>, Unfetched>
    where
        F: AsyncFnOnce() -> Result<T, Unfetched>,
    {
        if let Some(fresh) = self.state().held_within(FRESH_FOR, now) {
            return Ok(fresh);
        }
        let good = self.state().held_within(GOOD_FOR, now);
        let _turn = match (good, self.turn.try_lock()) {
            (_, Ok(turn)) => turn,
            (Some(good), Err(_taken)) => return Ok(good),
            (None, Err(_taken)) => self.turn.lock().await,
        };
        if let Some(fresh) = self.state().held_within(FRESH_FOR, now) {
            return Ok(fresh);
        }
        self.renew(now, fetch).await.map(Renewed::into_document)
    }

    /// The document anew, because it lacks what a token names; at most once in five minutes for each asker.
    pub(super) async fn get_anew<F>(
        &self,
        asker: Asker,
        now: OffsetDateTime,
        fetch: F,
    ) -> Result<Renewed<T>, Unfetched>
    where
        F: AsyncFnOnce() -> Result<T, Unfetched>,
    {
        let _turn = self.turn.lock().await;
        if let Some(held) = self.state().throttled(asker, now) {
            return Ok(Renewed::Held(held));
        }
        let renewed = self.renew(now, fetch).await?;
        if let Renewed::Anew(_) = renewed {
            // Only now: a fetch that failed or was broken off was none.
            *self.state().surprise(asker) = Some(now);
        }
        Ok(renewed)
    }

    /// In one's turn only.
    async fn renew<F>(&self, now: OffsetDateTime, fetch: F) -> Result<Renewed<T>, Unfetched>
    where
        F: AsyncFnOnce() -> Result<T, Unfetched>,
    {
        let paused = self.state().paused(now);
        let failure = match paused {
            Some(why) => why,
            None => match fetch().await {
                Ok(document) => return Ok(Renewed::Anew(self.state().hold(document, now))),
                Err(why) => {
                    tracing::warn!(document = why.what, reason = %why.why, "the provider's document was not renewed");
                    self.state().failed = Some((now, why.clone()));
                    why
                }
            },
        };
        let good = self.state().held_within(GOOD_FOR, now);
        good.map(Renewed::Held).ok_or(failure)
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Renewed<T> {
    fn into_document(self) -> Arc<T> {
        match self {
            Self::Anew(document) | Self::Held(document) => document,
        }
    }
}

impl<T> State<T> {
    fn held_within(&self, span: Duration, now: OffsetDateTime) -> Option<Arc<T>> {
        let held = self.held.as_ref()?;
        is_within(held.fetched_at, span, now).then(|| Arc::clone(&held.document))
    }

    /// Why nothing was fetched a moment ago.
    fn paused(&self, now: OffsetDateTime) -> Option<Unfetched> {
        let recent = self.failed.as_ref().filter(|(at, _)| is_within(*at, PAUSE, now));
        recent.map(|(_, why)| why.clone())
    }

    /// What `asker` has to do with, since it was surprised a moment ago.
    fn throttled(&mut self, asker: Asker, now: OffsetDateTime) -> Option<Arc<T>> {
        let last = (*self.surprise(asker))?;
        is_within(last, BETWEEN_SURPRISES, now)
            .then(|| self.held_within(GOOD_FOR, now))
            .flatten()
    }

    fn surprise(&mut self, asker: Asker) -> &mut Option<OffsetDateTime> {
        let [sign_in, logout] = &mut self.surprised;
        match asker {
            Asker::SignIn => sign_in,
            Asker::Logout => logout,
        }
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
            self.anew_for(Asker::SignIn, at).await
        }

        async fn anew_for(&self, asker: Asker, at: Duration) -> Result<u32, Unfetched> {
            let found = self.cached.get_anew(asker, NOW + at, async || self.fetch()).await;
            found.map(|renewed| *renewed.into_document())
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
    async fn oi_07_what_logout_tokens_ask_for_is_not_taken_from_sign_ins() {
        let provider = Provider::new();
        assert_eq!(provider.get(Duration::ZERO).await, Ok(1));
        assert_eq!(
            provider.anew_for(Asker::Logout, Duration::seconds(1)).await,
            Ok(2)
        );
        assert_eq!(
            provider.anew_for(Asker::Logout, Duration::seconds(2)).await,
            Ok(2)
        );
        assert_eq!(
            provider.anew_for(Asker::SignIn, Duration::seconds(3)).await,
            Ok(3)
        );
    }

    #[tokio::test]
    async fn oi_07_a_fetch_that_failed_or_was_broken_off_counts_as_none() {
        let provider = Provider::new();
        assert_eq!(provider.get(Duration::ZERO).await, Ok(1));
        provider.is_away.set(true);
        assert_eq!(provider.anew(Duration::seconds(1)).await, Ok(1));
        provider.is_away.set(false);
        assert_eq!(provider.anew(Duration::seconds(32)).await, Ok(3));
        let never = async || std::future::pending::<Result<u32, Unfetched>>().await;
        let later = NOW + Duration::seconds(400);
        let broken_off = provider.cached.get_anew(Asker::SignIn, later, never);
        assert!(futures_now(broken_off).await, "nothing came of it");
        assert_eq!(provider.anew(Duration::seconds(401)).await, Ok(4));
    }

    /// Polls once and drops.
    async fn futures_now<F: Future>(future: F) -> bool {
        tokio::select! {
            biased;
            _ = future => false,
            () = std::future::ready(()) => true,
        }
    }

    #[tokio::test]
    async fn while_one_asks_a_slow_provider_others_go_on_with_the_last_good_copy() {
        let provider = Provider::new();
        assert_eq!(provider.get(Duration::ZERO).await, Ok(1));
        let stale = Duration::hours(2);
        let slow = provider
            .cached
            .get(NOW + stale, async || std::future::pending().await);
        tokio::select! {
            biased;
            _ = slow => panic!("nobody answers"),
            found = provider.get(stale) => assert_eq!(found, Ok(1)),
        }
        assert_eq!(provider.fetches.get(), 1);
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
