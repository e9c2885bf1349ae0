//! What is fetched when, and what serves meanwhile.

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
