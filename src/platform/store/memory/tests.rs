//! The contract, and what only this store promises: how it tidies up.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::{MARGIN, MemoryStore, PAUSE};
use crate::platform::clock::SettableClock;
use crate::platform::store::Store as _;
use crate::platform::store::contract::{LATER, START, store_contract};

fn store(limit: usize) -> (Arc<MemoryStore>, SettableClock) {
    let clock = SettableClock::at(START);
    let store = MemoryStore::new(limit, Arc::new(clock.clone()));
    (Arc::new(store), clock)
}

store_contract!(store);

/// How many records and entries are there, live or not.
fn there(store: &MemoryStore) -> usize {
    store.0.places.taken()
}

async fn put_many(store: &MemoryStore, prefix: &str, until: OffsetDateTime) {
    for n in 0..2_000 {
        let name = format!("{prefix}{n}");
        assert_eq!(store.put_new(&name, b"", until).await, Ok(true));
        assert_eq!(store.file(&name, "entry", until).await, Ok(()));
    }
}

#[tokio::test]
async fn what_expired_some_time_ago_is_cleared_away_by_whoever_puts_something() {
    let (store, clock) = store(100_000);
    put_many(&store, "old", LATER).await;
    clock.set(LATER + MARGIN - Duration::SECOND);
    put_many(&store, "new", LATER + Duration::HOUR).await;
    assert_eq!(there(&store), 8_000, "the clock may be set back yet");
    clock.advance(PAUSE);
    put_many(&store, "newer", LATER + Duration::HOUR).await;
    assert_eq!(there(&store), 8_000, "the old are gone");
}

#[tokio::test]
async fn what_was_seen_is_known_when_the_clock_is_set_back_by_less_than_the_margin() {
    for (set_back, is_forgotten) in [(MARGIN - Duration::SECOND, false), (MARGIN, true)] {
        let (store, clock) = store(100_000);
        put_many(&store, "seen", LATER).await;
        clock.set(LATER + set_back);
        put_many(&store, "new", LATER + Duration::HOUR).await;
        clock.set(LATER - Duration::SECOND);
        assert_eq!(store.put_new("seen1", b"", LATER).await, Ok(is_forgotten));
    }
}

#[tokio::test]
async fn a_full_store_walks_through_its_records_only_when_one_can_have_expired_and_once_a_second() {
    let (store, clock) = store(1);
    store.put_new("a", b"", LATER).await.unwrap();
    for (now, walks) in [
        (START, false),
        (LATER, true),
        (LATER, false),
        (LATER + Duration::SECOND, true),
    ] {
        clock.set(now);
        let before = there(&store);
        store.0.clear();
        assert_eq!(there(&store) < before, walks, "{now}");
        // In a drawer that has just been walked through, something that has expired already.
        drop(store.put_new("a", b"", START).await);
    }
}

#[tokio::test]
async fn a_full_store_finds_room_though_somebody_has_just_tidied_up() {
    let (store, clock) = store(8_000);
    // The first have expired long enough ago to be tidied up when the new ones come, the others only just.
    put_many(&store, "older", START).await;
    put_many(&store, "old", START + MARGIN).await;
    clock.set(START + MARGIN);
    put_many(&store, "new", LATER).await;
    put_many(&store, "newer", LATER).await;
    assert_eq!(there(&store), 8_000);
}
