//! The store in this process, on moka.
//!
//! moka throws records out when it is full, which would turn a full replay memory into an open door. So it gets
//! no capacity of its own: this store counts its records, refuses new ones at the limit, and moka only clears
//! away what has expired.

mod indexes;
mod places;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::Expiry;
use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;
use time::OffsetDateTime;

use crate::platform::clock::Clock;
use crate::platform::store::memory::indexes::Indexes;
use crate::platform::store::memory::places::{Place, Places};
use crate::platform::store::{Store, StoreError};

/// How much longer than a record is good moka keeps it. The machine's clock may be set back by so much, as far as we
/// grant others to be off, and nothing seen is forgotten too soon.
const MARGIN: Duration = Duration::from_secs(300);
/// moka is not asked to keep anything longer than this.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Records in the memory of this process; gone when it ends.
#[derive(Clone)]
pub struct MemoryStore {
    records: Cache<String, Record>,
    indexes: Arc<Indexes>,
    places: Arc<Places>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Record {
    value: Arc<[u8]>,
    expires_at: OffsetDateTime,
    /// How long moka keeps it, measured from its writing.
    keep_for: Duration,
    place: Arc<Place>,
}

impl MemoryStore {
    /// An empty store for at most `limit` live records, judging expiry by `clock`.
    pub fn new(limit: usize, clock: Arc<dyn Clock>) -> Self {
        let records = Cache::builder()
            .expire_after(ByRecord)
            .eviction_listener(|_key, record: Record, _cause| record.place.leave())
            .build();
        Self {
            records,
            indexes: Arc::default(),
            places: Arc::new(Places::new(limit)),
            clock,
        }
    }

    fn record(&self, value: &[u8], expires_at: OffsetDateTime, place: Place) -> Record {
        self.places.note_expiry(expires_at);
        let left = Duration::try_from(expires_at - self.clock.now()).unwrap_or(Duration::ZERO);
        Record {
            value: value.into(),
            expires_at,
            keep_for: left.saturating_add(MARGIN).min(LONGEST),
            place: Arc::new(place),
        }
    }

    /// Puts if nothing live is there; `None`: something would have to be put, and there is no place for it.
    fn try_put(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Option<bool> {
        let now = self.clock.now();
        let mut is_full = false;
        let outcome = self.records.entry_by_ref(key).and_compute_with(|present| {
            if present.is_some_and(|entry| entry.value().is_live_at(now)) {
                return Op::Nop;
            }
            let place = Place::take(&self.places);
            is_full = place.is_none();
            place.map_or(Op::Nop, |place| Op::Put(self.record(value, expires_at, place)))
        });
        let is_put = matches!(outcome, CompResult::Inserted(_) | CompResult::ReplacedWith(_));
        (!is_full).then_some(is_put)
    }

    /// Files if there is a place; `None`: there is none.
    fn try_file(&self, index: &str, entry: &str, expires_at: OffsetDateTime) -> Option<()> {
        self.places.note_expiry(expires_at);
        let place = || Place::take(&self.places);
        self.indexes
            .file(index, (entry, expires_at), self.clock.now(), place)
    }

    /// Removes the record under `key` if `unwanted` says so. Every change of a record goes through moka's one-at-a-time
    /// `and_compute_with`, so that a change under way cannot bring back what has just been removed.
    fn remove_if(&self, key: &str, unwanted: impl Fn(&Record) -> bool) -> Option<Record> {
        let outcome = self.records.entry_by_ref(key).and_compute_with(|present| {
            let is_unwanted = present.is_some_and(|entry| unwanted(entry.value()));
            if is_unwanted { Op::Remove } else { Op::Nop }
        });
        match outcome {
            CompResult::Removed(entry) => Some(entry.into_value()),
            CompResult::Inserted(_)
            | CompResult::ReplacedWith(_)
            | CompResult::Unchanged(_)
            | CompResult::StillNone(_) => None,
        }
    }

    /// Clears away what the clock calls expired, wherever moka's own time stands. Walks through everything, so it
    /// does so only when something can have expired since the last walk, and at most once a second.
    fn sweep(&self) {
        let now = self.clock.now();
        if !self.places.begin_sweep(now) {
            return;
        }
        for (key, record) in &self.records {
            if record.is_live_at(now) {
                self.places.note_expiry(record.expires_at);
            } else {
                self.remove_if(&key, |record| !record.is_live_at(now));
            }
        }
        self.records.run_pending_tasks();
        self.indexes
            .sweep(now, |expires_at| self.places.note_expiry(expires_at));
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn put_new(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError> {
        if let Some(is_put) = self.try_put(key, value, expires_at) {
            return Ok(is_put);
        }
        self.sweep();
        self.try_put(key, value, expires_at).ok_or(StoreError::Full)
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.clock.now();
        let record = self.records.get(key).filter(|record| record.is_live_at(now));
        Ok(record.map(|record| record.value.to_vec()))
    }

    async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.clock.now();
        let record = self.remove_if(key, |_any| true);
        let record = record.filter(|record| record.is_live_at(now));
        Ok(record.map(|record| record.value.to_vec()))
    }

    async fn replace(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let outcome = self.records.entry_by_ref(key).and_compute_with(|present| {
            if present.is_none_or(|entry| !entry.value().is_live_at(now)) {
                return Op::Nop;
            }
            let place = Place::squeeze_in(&self.places);
            Op::Put(self.record(value, expires_at, place))
        });
        Ok(matches!(outcome, CompResult::ReplacedWith(_)))
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.remove_if(key, |_any| true);
        Ok(())
    }

    async fn file(&self, index: &str, entry: &str, expires_at: OffsetDateTime) -> Result<(), StoreError> {
        if self.try_file(index, entry, expires_at).is_some() {
            return Ok(());
        }
        self.sweep();
        self.try_file(index, entry, expires_at).ok_or(StoreError::Full)
    }

    async fn filed(&self, index: &str) -> Result<Vec<String>, StoreError> {
        Ok(self.indexes.filed(index, self.clock.now()))
    }

    async fn unfile(&self, index: &str, entry: &str) -> Result<(), StoreError> {
        self.indexes.unfile(index, entry);
        Ok(())
    }
}

impl Record {
    fn is_live_at(&self, now: OffsetDateTime) -> bool {
        self.expires_at > now
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("limit", &self.places.limit())
            .finish_non_exhaustive()
    }
}

struct ByRecord;

impl Expiry<String, Record> for ByRecord {
    fn expire_after_create(&self, _key: &String, record: &Record, _at: Instant) -> Option<Duration> {
        Some(record.keep_for)
    }

    fn expire_after_update(
        &self,
        _key: &String,
        record: &Record,
        _at: Instant,
        _left: Option<Duration>,
    ) -> Option<Duration> {
        Some(record.keep_for)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::SettableClock;
    use crate::platform::store::contract::{START, store_contract};

    fn store(limit: usize) -> (Arc<MemoryStore>, SettableClock) {
        let clock = SettableClock::at(START);
        let store = MemoryStore::new(limit, Arc::new(clock.clone()));
        (Arc::new(store), clock)
    }

    store_contract!(store);

    #[tokio::test]
    async fn a_full_store_walks_through_its_records_only_when_one_can_have_expired() {
        let (store, clock) = store(2);
        let (soon, late) = (START + time::Duration::MINUTE, START + time::Duration::HOUR);
        store.put_new("soon", b"", soon).await.unwrap();
        store.put_new("late", b"", late).await.unwrap();
        assert!(store.put_new("more", b"", late).await.is_err());
        assert!(!store.places.begin_sweep(START + time::Duration::seconds(59)));
        clock.set(soon + time::Duration::SECOND);
        assert!(store.places.begin_sweep(clock.now()));
    }
}
