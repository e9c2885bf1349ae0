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
mod tests;
