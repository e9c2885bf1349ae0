//! What every store must do with indexes, as one test each; `store_contract!` runs them with the others.

use std::sync::Arc;

use time::Duration;

use crate::platform::store::contract::{AT_ONCE, LATER, Make, START, crowd};
use crate::platform::store::{Store, StoreError};

async fn filed(store: &Arc<dyn Store>, index: &str) -> Vec<String> {
    let mut entries = store.filed(index).await.unwrap();
    entries.sort_unstable();
    entries
}

pub(crate) async fn what_is_filed_is_found_under_its_index_and_no_other(make: Make<'_>) {
    let (store, _) = make(10);
    assert!(filed(&store, "i").await.is_empty());
    for (index, entry) in [("i", "b"), ("i", "a"), ("j", "a"), ("", ""), ("i\0a", "c")] {
        assert_eq!(store.file(index, entry, LATER).await, Ok(()));
    }
    for _ in 0..2 {
        assert_eq!(filed(&store, "i").await, ["a", "b"]);
        assert_eq!(filed(&store, "j").await, ["a"]);
        assert_eq!(filed(&store, "").await, [""]);
    }
    assert!(filed(&store, "I").await.is_empty());
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
    store.file("i", "soon", START + Duration::MINUTE).await.unwrap();
    store.file("i", "late", LATER).await.unwrap();
    store.file("i", "never", START).await.unwrap();
    assert_eq!(filed(&store, "i").await, ["late", "soon"]);
    clock.set(START + Duration::MINUTE);
    assert_eq!(filed(&store, "i").await, ["late"]);
    clock.set(LATER);
    assert!(filed(&store, "i").await.is_empty());
    store.file("i", "soon", LATER + Duration::MINUTE).await.unwrap();
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
    let (store, _) = make(AT_ONCE * 4);
    for round in 0..10 {
        let index = format!("index-{round}");
        crowd(|n| {
            let (store, index) = (Arc::clone(&store), index.clone());
            async move {
                let (kept, gone) = (format!("kept-{n}"), format!("gone-{n}"));
                store.file(&index, &gone, LATER).await.unwrap();
                store.file(&index, &kept, LATER).await.unwrap();
                store.unfile(&index, &gone).await.is_ok()
            }
        })
        .await;
        let left = filed(&store, &index).await;
        assert_eq!(left.len(), AT_ONCE);
        for entry in left {
            assert!(entry.starts_with("kept-"), "{entry}");
            store.unfile(&index, &entry).await.unwrap();
        }
    }
}

pub(crate) async fn entries_take_room_and_give_it_back(make: Make<'_>) {
    let (store, _) = make(2);
    store.file("i", "a", LATER).await.unwrap();
    store.put_new("x", b"", LATER).await.unwrap();
    assert_eq!(store.put_new("y", b"", LATER).await, Err(StoreError::Full));
    store.unfile("i", "a").await.unwrap();
    assert_eq!(store.put_new("y", b"", LATER).await, Ok(true));
    store.delete("x").await.unwrap();
    assert_eq!(store.file("j", "b", LATER).await, Ok(()));
    assert_eq!(store.put_new("z", b"", LATER).await, Err(StoreError::Full));
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
