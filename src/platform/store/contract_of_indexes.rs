//! What every store must do with indexes, as one test each; `store_contract!` runs them with the others.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::platform::store::contract::{AT_ONCE, LATER, Make, START, crowd};
use crate::platform::store::{Store, StoreError};

async fn filed(store: &Arc<dyn Store>, index: &str) -> Vec<String> {
    let mut entries = store.filed(index).await.unwrap();
    entries.sort_unstable();
    entries
}

async fn file_all(store: &Arc<dyn Store>, entries: &[(&str, &str, OffsetDateTime)]) {
    for (index, entry, until) in entries {
        assert_eq!(store.file(index, entry, *until).await, Ok(()));
    }
}

pub(crate) async fn what_is_filed_is_found_under_its_index_and_no_other(make: Make<'_>) {
    let (store, _) = make(10);
    let pairs = [("i", "b"), ("i", "a"), ("j", "a"), ("", ""), ("i\0a", "c")];
    file_all(&store, &pairs.map(|(index, entry)| (index, entry, LATER))).await;
    let expected: [(&str, &[&str]); 5] = [
        ("i", &["a", "b"]),
        ("j", &["a"]),
        ("", &[""]),
        ("I", &[]),
        ("i", &["a", "b"]),
    ];
    for (index, entries) in expected {
        assert_eq!(filed(&store, index).await, entries);
    }
}

pub(crate) async fn what_is_filed_again_is_there_once_with_its_new_end(make: Make<'_>) {
    let (store, clock) = make(10);
    let (soon, far) = (START + Duration::MINUTE, LATER + Duration::HOUR);
    for (entry, until) in [("longer", far), ("shorter", soon)] {
        store.file("i", entry, LATER).await.unwrap();
        store.file("i", entry, until).await.unwrap();
    }
    assert_eq!(filed(&store, "i").await, ["longer", "shorter"]);
    clock.set(soon);
    assert_eq!(filed(&store, "i").await, ["longer"]);
    clock.set(LATER);
    assert_eq!(filed(&store, "i").await, ["longer"]);
}

pub(crate) async fn each_entry_expires_by_itself(make: Make<'_>) {
    let (store, clock) = make(10);
    let soon = START + Duration::MINUTE;
    file_all(
        &store,
        &[("i", "soon", soon), ("i", "late", LATER), ("i", "never", START)],
    )
    .await;
    let lives: [(OffsetDateTime, &[&str]); 3] = [(START, &["late", "soon"]), (soon, &["late"]), (LATER, &[])];
    for (now, entries) in lives {
        clock.set(now);
        assert_eq!(filed(&store, "i").await, entries);
    }
    file_all(&store, &[("i", "soon", LATER + Duration::MINUTE)]).await;
    assert_eq!(filed(&store, "i").await, ["soon"], "what expired makes way");
}

pub(crate) async fn what_is_unfiled_is_gone_and_the_rest_stays(make: Make<'_>) {
    let (store, _) = make(10);
    for entry in ["a", "b"] {
        store.file("i", entry, LATER).await.unwrap();
    }
    for _ in 0..2 {
        assert_eq!(
            store.unfile("i", "a").await,
            Ok(()),
            "unfiling nothing is no error"
        );
        assert_eq!(filed(&store, "i").await, ["b"]);
    }
    store.unfile("j", "b").await.unwrap();
    assert_eq!(filed(&store, "i").await, ["b"]);
}

pub(crate) async fn an_index_and_a_record_of_one_name_never_meet(make: Make<'_>) {
    let (store, _) = make(10);
    store.put_new("x", b"record", LATER).await.unwrap();
    store.file("x", "entry", LATER).await.unwrap();
    store.delete("x").await.unwrap();
    assert_eq!(filed(&store, "x").await, ["entry"]);
    store.put_new("x", b"record", LATER).await.unwrap();
    store.unfile("x", "entry").await.unwrap();
    assert_eq!(store.get("x").await, Ok(Some(b"record".to_vec())));
}

pub(crate) async fn nothing_filed_at_once_is_lost(make: Make<'_>) {
    for _ in 0..10 {
        let (store, _) = make(AT_ONCE * 2);
        crowd(|n| {
            let store = Arc::clone(&store);
            async move { comes_and_stays(store.as_ref(), n).await }
        })
        .await;
        let left = filed(&store, "i").await;
        assert_eq!(left.len(), AT_ONCE);
        assert!(left.iter().all(|entry| entry.starts_with("kept-")));
    }
}

async fn comes_and_stays(store: &dyn Store, n: u8) -> bool {
    let (kept, gone) = (format!("kept-{n}"), format!("gone-{n}"));
    store.file("i", &gone, LATER).await.unwrap();
    store.file("i", &kept, LATER).await.unwrap();
    store.unfile("i", &gone).await.is_ok()
}

pub(crate) async fn an_entry_takes_the_room_of_a_record_and_gives_it_back(make: Make<'_>) {
    let (store, _) = make(1);
    file_all(&store, &[("i", "a", LATER)]).await;
    assert_eq!(store.put_new("x", b"", LATER).await, Err(StoreError::Full));
    store.unfile("i", "a").await.unwrap();
    assert_eq!(store.put_new("x", b"", LATER).await, Ok(true));
    assert_eq!(store.file("i", "a", LATER).await, Err(StoreError::Full));
    store.delete("x").await.unwrap();
    file_all(&store, &[("i", "a", LATER)]).await;
}

pub(crate) async fn a_full_store_refuses_a_new_entry_and_prolongs_an_old_one(make: Make<'_>) {
    let (store, clock) = make(1);
    store.file("i", "old", LATER).await.unwrap();
    for (index, entry) in [("i", "new"), ("j", "old")] {
        assert_eq!(store.file(index, entry, LATER).await, Err(StoreError::Full));
    }
    assert_eq!(store.file("i", "old", LATER + Duration::HOUR).await, Ok(()));
    clock.set(LATER);
    assert_eq!(filed(&store, "i").await, ["old"]);
}

pub(crate) async fn expired_entries_make_room(make: Make<'_>) {
    let (store, clock) = make(2);
    let soon = START + Duration::MINUTE;
    store.file("i", "a", soon).await.unwrap();
    store.file("j", "b", LATER).await.unwrap();
    assert_eq!(store.file("k", "c", LATER).await, Err(StoreError::Full));
    clock.set(soon + Duration::SECOND);
    assert_eq!(store.file("k", "c", LATER).await, Ok(()));
    assert_eq!(store.put_new("x", b"", LATER).await, Err(StoreError::Full));
}

pub(crate) async fn the_limit_is_exact_when_many_file_at_once(make: Make<'_>) {
    let (store, _) = make(AT_ONCE / 2);
    let successes = crowd(|n| {
        let store = Arc::clone(&store);
        async move {
            store
                .file(&format!("i{}", n % 3), &format!("{n}"), LATER)
                .await
                .is_ok()
        }
    });
    assert_eq!(successes.await, AT_ONCE / 2);
}
