//! What every store must do, as one test each. `store_contract!(make)` runs them against the stores that
//! `make(limit)` gives together with the clock they go by.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::sync::Barrier;

use crate::platform::clock::{Clock, SettableClock};
use crate::platform::store::{Store, StoreError};

/// Where the clock of every store under test begins.
pub(crate) const START: OffsetDateTime = datetime!(2026-05-01 09:00:00 UTC);
/// When records of no interest expire.
pub(crate) const LATER: OffsetDateTime = datetime!(2026-05-01 10:00:00 UTC);
pub(crate) const AT_ONCE: usize = 64;

/// One test for each promise, against the stores of `$make`.
macro_rules! store_contract {
    ($make:path) => {
        $crate::platform::store::contract::store_contract!($make => contract:
            what_is_put_is_read_any_number_of_times,
            what_is_deleted_is_gone,
            a_second_put_is_refused_and_changes_nothing,
            of_many_puts_at_once_one_succeeds,
            of_many_takes_at_once_one_gets_it,
            a_record_is_absent_from_the_instant_it_expires,
            an_expired_record_is_neither_taken_nor_replaced_but_makes_way,
            a_record_that_has_expired_before_it_is_put_is_never_there,
            what_is_live_can_be_replaced_and_lives_as_long_as_the_new_record_says,
            what_is_absent_cannot_be_replaced,
            what_was_taken_is_not_brought_back_by_a_change_under_way,
            keys_and_values_are_octets_and_never_mixed_up,
            a_full_store_refuses_the_new_and_keeps_the_old,
            a_full_store_still_knows_a_replay_and_goes_on_with_a_session,
            room_is_made_by_deleting_and_by_taking,
            room_is_made_by_expiring,
            the_limit_is_exact_when_many_put_at_once,
            the_count_is_right_after_a_crowd,
        );
        $crate::platform::store::contract::store_contract!($make => contract_of_indexes:
            what_is_filed_is_found_under_its_index_and_no_other,
            what_is_filed_again_is_there_once_with_its_new_end,
            each_entry_expires_by_itself,
            what_is_unfiled_is_gone_and_the_rest_stays,
            an_index_and_a_record_of_one_name_never_meet,
            nothing_filed_at_once_is_lost,
            an_entry_takes_the_room_of_a_record_and_gives_it_back,
            a_full_store_refuses_a_new_entry_and_prolongs_an_old_one,
            expired_entries_make_room,
            the_limit_is_exact_when_many_file_at_once,
        );
    };
    ($make:path => $contract:ident: $($promise:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() {
                $crate::platform::store::$contract::$promise(&|limit| {
                    let (store, clock) = $make(limit);
                    (store as std::sync::Arc<dyn $crate::platform::store::Store>, clock)
                })
                .await;
            }
        )*
    };
}
pub(crate) use store_contract;

pub(crate) type Make<'a> = &'a (dyn Fn(usize) -> (Arc<dyn Store>, SettableClock) + Sync);

pub(crate) async fn what_is_put_is_read_any_number_of_times(make: Make<'_>) {
    let (store, _) = make(10);
    assert_eq!(store.get("a").await, Ok(None));
    assert_eq!(store.put_new("a", b"one", LATER).await, Ok(true));
    for _ in 0..3 {
        assert_eq!(store.get("a").await, Ok(Some(b"one".to_vec())));
    }
}

pub(crate) async fn what_is_deleted_is_gone(make: Make<'_>) {
    let (store, _) = make(10);
    assert_eq!(store.put_new("a", b"one", LATER).await, Ok(true));
    for _ in 0..2 {
        assert_eq!(store.delete("a").await, Ok(()), "deleting nothing is no error");
        assert_eq!(store.get("a").await, Ok(None));
    }
    assert_eq!(store.put_new("a", b"two", LATER).await, Ok(true));
}

pub(crate) async fn a_second_put_is_refused_and_changes_nothing(make: Make<'_>) {
    let (store, clock) = make(10);
    assert_eq!(store.put_new("a", b"one", LATER).await, Ok(true));
    let far = LATER + Duration::HOUR;
    assert_eq!(store.put_new("a", b"two", far).await, Ok(false));
    assert_eq!(store.get("a").await, Ok(Some(b"one".to_vec())));
    clock.set(LATER);
    assert_eq!(store.get("a").await, Ok(None), "nor was its life prolonged");
}

pub(crate) async fn of_many_puts_at_once_one_succeeds(make: Make<'_>) {
    let (store, _) = make(AT_ONCE * 2);
    for round in 0..20 {
        let key = format!("assertion-{round}");
        let successes = crowd(|n| {
            let (store, key) = (Arc::clone(&store), key.clone());
            async move { store.put_new(&key, &[n], LATER).await.unwrap() }
        });
        assert_eq!(successes.await, 1);
    }
}

pub(crate) async fn of_many_takes_at_once_one_gets_it(make: Make<'_>) {
    let (store, _) = make(10);
    for _ in 0..20 {
        assert_eq!(store.put_new("code", b"once", LATER).await, Ok(true));
        let successes = crowd(|_| {
            let store = Arc::clone(&store);
            async move { store.take("code").await.unwrap().is_some() }
        });
        assert_eq!(successes.await, 1);
        assert_eq!(store.get("code").await, Ok(None));
    }
}

pub(crate) async fn a_record_is_absent_from_the_instant_it_expires(make: Make<'_>) {
    let (store, clock) = make(10);
    assert_eq!(store.put_new("a", b"", LATER).await, Ok(true));
    clock.set(LATER - Duration::MILLISECOND);
    assert_eq!(store.get("a").await, Ok(Some(Vec::new())));
    clock.set(LATER);
    assert_eq!(store.get("a").await, Ok(None));
}

pub(crate) async fn an_expired_record_is_neither_taken_nor_replaced_but_makes_way(make: Make<'_>) {
    let (store, clock) = make(10);
    for key in ["a", "b"] {
        assert_eq!(store.put_new(key, b"old", LATER).await, Ok(true));
    }
    clock.set(LATER);
    let far = LATER + Duration::HOUR;
    assert_eq!(store.replace("a", b"x", far).await, Ok(false));
    assert_eq!(store.put_new("a", b"new", far).await, Ok(true));
    assert_eq!(store.get("a").await, Ok(Some(b"new".to_vec())));
    assert_eq!(store.take("b").await, Ok(None));
}

pub(crate) async fn a_record_that_has_expired_before_it_is_put_is_never_there(make: Make<'_>) {
    let (store, _) = make(10);
    for expired in [START, START - Duration::DAY, OffsetDateTime::UNIX_EPOCH] {
        store.put_new("a", b"", expired).await.unwrap();
        assert_eq!(store.get("a").await, Ok(None));
        assert_eq!(store.take("a").await, Ok(None));
    }
}

pub(crate) async fn what_is_live_can_be_replaced_and_lives_as_long_as_the_new_record_says(make: Make<'_>) {
    let (store, clock) = make(10);
    let far = LATER + Duration::HOUR;
    for (key, until) in [("longer", far), ("shorter", START + Duration::MINUTE)] {
        assert_eq!(store.put_new(key, b"one", LATER).await, Ok(true));
        assert_eq!(store.replace(key, b"two", until).await, Ok(true));
        assert_eq!(store.get(key).await, Ok(Some(b"two".to_vec())));
    }
    clock.set(START + Duration::MINUTE);
    assert_eq!(store.get("shorter").await, Ok(None));
    clock.set(LATER);
    assert_eq!(store.get("longer").await, Ok(Some(b"two".to_vec())));
}

pub(crate) async fn what_is_absent_cannot_be_replaced(make: Make<'_>) {
    let (store, _) = make(10);
    assert_eq!(store.replace("a", b"x", LATER).await, Ok(false));
    assert_eq!(store.get("a").await, Ok(None));
}

pub(crate) async fn what_was_taken_is_not_brought_back_by_a_change_under_way(make: Make<'_>) {
    let (store, _) = make(10);
    for _ in 0..300 {
        assert_eq!(store.put_new("session", b"", LATER).await, Ok(true));
        let start = Arc::new(Barrier::new(3));
        let changing: Vec<_> = (0..2)
            .map(|_| {
                let (store, start) = (Arc::clone(&store), Arc::clone(&start));
                tokio::spawn(async move {
                    start.wait().await;
                    for _ in 0..5 {
                        store.replace("session", b"changed", LATER).await.unwrap();
                    }
                })
            })
            .collect();
        start.wait().await;
        assert!(store.take("session").await.unwrap().is_some());
        for change in changing {
            change.await.unwrap();
        }
        assert_eq!(store.get("session").await, Ok(None));
    }
}

pub(crate) async fn keys_and_values_are_octets_and_never_mixed_up(make: Make<'_>) {
    let (store, _) = make(10);
    let long = vec![7; 100_000];
    let values: [(&str, &[u8]); 6] = [
        ("", b"empty key"),
        ("a", b""),
        ("A", b"\0\xff\r\n"),
        ("a ", b"blank"),
        ("a\0", b"nul"),
        ("\u{e4}", &long),
    ];
    for (key, value) in values {
        assert_eq!(store.put_new(key, value, LATER).await, Ok(true), "{key:?}");
    }
    for (key, value) in values {
        assert_eq!(store.get(key).await, Ok(Some(value.to_vec())), "{key:?}");
    }
}

pub(crate) async fn a_full_store_refuses_the_new_and_keeps_the_old(make: Make<'_>) {
    let store = full(make).await;
    for n in 0..100 {
        let key = format!("new-{n}");
        assert_eq!(store.put_new(&key, b"", LATER).await, Err(StoreError::Full));
    }
    for key in ["a", "b", "c"] {
        assert_eq!(store.get(key).await, Ok(Some(b"old".to_vec())));
    }
}

pub(crate) async fn a_full_store_still_knows_a_replay_and_goes_on_with_a_session(make: Make<'_>) {
    let store = full(make).await;
    assert_eq!(store.put_new("a", b"", LATER).await, Ok(false));
    assert_eq!(store.replace("b", b"newer", LATER).await, Ok(true));
    assert_eq!(store.get("b").await, Ok(Some(b"newer".to_vec())));
    assert_eq!(store.put_new("d", b"", LATER).await, Err(StoreError::Full));
}

pub(crate) async fn room_is_made_by_deleting_and_by_taking(make: Make<'_>) {
    let store = full(make).await;
    store.delete("a").await.unwrap();
    assert_eq!(store.put_new("d", b"", LATER).await, Ok(true));
    assert_eq!(store.put_new("e", b"", LATER).await, Err(StoreError::Full));
    store.take("b").await.unwrap();
    assert_eq!(store.put_new("e", b"", LATER).await, Ok(true));
    assert_eq!(store.put_new("f", b"", LATER).await, Err(StoreError::Full));
}

pub(crate) async fn room_is_made_by_expiring(make: Make<'_>) {
    let (store, clock) = make(2);
    let soon = START + Duration::MINUTE;
    for (key, until) in [("a", LATER), ("b", soon)] {
        assert_eq!(store.put_new(key, b"", until).await, Ok(true));
    }
    assert_eq!(store.put_new("c", b"", LATER).await, Err(StoreError::Full));
    clock.set(soon + Duration::SECOND);
    assert_eq!(store.put_new("c", b"", LATER).await, Ok(true));
    assert_eq!(store.put_new("d", b"", LATER).await, Err(StoreError::Full));
}

/// A store with three places and three records.
async fn full(make: Make<'_>) -> Arc<dyn Store> {
    let (store, _) = make(3);
    for key in ["a", "b", "c"] {
        assert_eq!(store.put_new(key, b"old", LATER).await, Ok(true));
    }
    store
}

pub(crate) async fn the_limit_is_exact_when_many_put_at_once(make: Make<'_>) {
    let (store, _) = make(AT_ONCE / 2);
    let successes = crowd(|n| {
        let store = Arc::clone(&store);
        async move { store.put_new(&format!("{n}"), b"", LATER).await == Ok(true) }
    });
    assert_eq!(successes.await, AT_ONCE / 2);
}

pub(crate) async fn the_count_is_right_after_a_crowd(make: Make<'_>) {
    let limit = 20;
    let (store, clock) = make(limit);
    for _ in 0..10 {
        let until = clock.now() + Duration::MINUTE;
        crowd(|n| {
            let store = Arc::clone(&store);
            async move { mill_about(store.as_ref(), usize::from(n), until).await }
        })
        .await;
        clock.advance(Duration::minutes(2));
    }
    for n in 0..limit {
        assert_eq!(
            store.put_new(&format!("last-{n}"), b"", LATER).await,
            Ok(true),
            "{n}"
        );
    }
    let one_more = store.put_new("one more", b"", LATER).await;
    assert_eq!(one_more, Err(StoreError::Full));
}

/// A bit of everything, on few keys.
async fn mill_about(store: &dyn Store, seed: usize, until: OffsetDateTime) -> bool {
    for step in 0..40 {
        let key = format!("key-{}", (seed * 7 + step * 13) % 30);
        match (seed + step) % 5 {
            0 | 1 => drop(store.put_new(&key, b"", until).await),
            2 => drop(store.replace(&key, b"", until).await),
            3 => drop(store.take(&key).await),
            _ => drop(store.delete(&key).await),
        }
    }
    true
}

/// How many of a crowd that all start at the same moment succeed.
pub(crate) async fn crowd<F, T>(task: F) -> usize
where
    F: Fn(u8) -> T,
    T: Future<Output = bool> + Send + 'static,
{
    let start = Arc::new(Barrier::new(AT_ONCE));
    let successes = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|n| {
            let task = task(u8::try_from(n).unwrap_or_default());
            let (start, successes) = (Arc::clone(&start), Arc::clone(&successes));
            tokio::spawn(async move {
                start.wait().await;
                if task.await {
                    successes.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    successes.load(Ordering::SeqCst)
}
