//! The store in this process.
//!
//! Nothing live is ever thrown out to make room, which would turn a full replay memory into an open door: at the limit
//! new records are refused. So this is a map with a count and not a cache.
//!
//! It is made to be small, for a busy region has a million sessions: a key is kept as sixteen octets of its hash, a value as
//! it is, an instant in eight octets.

mod drawers;
mod entries;
mod instant;
mod places;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use crate::platform::clock::Clock;
use crate::platform::store::memory::drawers::{Drawers, Expiring, Left};
use crate::platform::store::memory::entries::Entries;
use crate::platform::store::memory::instant::Instant;
use crate::platform::store::memory::places::Places;
use crate::platform::store::{Store, StoreError};

/// How much longer than a record is good it is kept, while there is room. The machine's clock may be set back by so much,
/// as far as we grant others to be off, and nothing seen is forgotten too soon.
const MARGIN: Duration = Duration::seconds(300);
/// What has expired, and its margin with it, is cleared away by the next who puts something into the same drawer; this long
/// passes at least between two such walks. So a quiet bridge keeps what has expired until somebody comes.
const PAUSE: Duration = Duration::MINUTE;
/// The same when the store is full.
const PAUSE_WHEN_FULL: Duration = Duration::SECOND;

/// Records in the memory of this process; gone when it ends.
#[derive(Clone)]
pub struct MemoryStore(Arc<Parts>);

struct Parts {
    records: Drawers<Record>,
    indexes: Drawers<Entries>,
    places: Places,
    /// Whoever finds the store full waits for whoever is making room.
    clearing: Mutex<()>,
    clock: Arc<dyn Clock>,
}

struct Record {
    value: Box<[u8]>,
    expires_at: Instant,
}

impl MemoryStore {
    /// An empty store for at most `limit` live records, judging expiry by `clock`.
    pub fn new(limit: usize, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Parts {
            records: Drawers::default(),
            indexes: Drawers::default(),
            places: Places::new(limit),
            clearing: Mutex::default(),
            clock,
        }))
    }
}

impl Parts {
    fn now(&self) -> Instant {
        self.clock.now().into()
    }

    /// Puts if nothing live is there; `None`: something would have to be put, and there is no place for it.
    fn try_put(&self, key: &str, value: &[u8], expires_at: Instant) -> Option<bool> {
        let now = self.now();
        let mut drawer = self.records.open(key);
        self.places.give_back(drawer.tidy(now, MARGIN, PAUSE));
        let record = Record {
            value: value.into(),
            expires_at,
        };
        match drawer.found() {
            Some(there) if there.is_live_at(now) => return Some(false),
            Some(expired) => *expired = record,
            None => {
                if !self.places.take() {
                    return None;
                }
                drawer.insert(record);
            }
        }
        drawer.note_expiry(expires_at);
        Some(true)
    }

    /// Files if there is a place; `None`: there is none.
    fn try_file(&self, index: &str, entry: &str, expires_at: Instant) -> Option<()> {
        let mut drawer = self.indexes.open(index);
        self.places.give_back(drawer.tidy(self.now(), MARGIN, PAUSE));
        let is_known = match drawer.found() {
            Some(entries) => entries.prolong(entry, expires_at),
            None => false,
        };
        if !is_known {
            if !self.places.take() {
                return None;
            }
            match drawer.found() {
                Some(entries) => entries.add(entry, expires_at),
                None => drawer.insert(Entries::of(entry, expires_at)),
            }
        }
        drawer.note_expiry(expires_at);
        Some(())
    }

    /// Takes out what is there.
    fn remove(&self, key: &str) -> Option<Record> {
        let removed = self.records.open(key).remove();
        self.places.give_back(usize::from(removed.is_some()));
        removed
    }

    /// Clears away everything that has expired. It walks through all of it, so it does so only where something can have
    /// expired since the last walk, and at most once a second.
    fn clear(&self) {
        let _turn = self.clearing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        let give_back = |dropped| self.places.give_back(dropped);
        self.records.clear(now, PAUSE_WHEN_FULL, give_back);
        self.indexes.clear(now, PAUSE_WHEN_FULL, give_back);
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn put_new(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError> {
        let put = || self.0.try_put(key, value, expires_at.into());
        if let Some(is_put) = put() {
            return Ok(is_put);
        }
        self.0.clear();
        put().ok_or(StoreError::Full)
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.0.now();
        let mut drawer = self.0.records.open(key);
        let record = drawer.found().filter(|record| record.is_live_at(now));
        Ok(record.map(|record| record.value.to_vec()))
    }

    async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.0.now();
        let record = self.0.remove(key).filter(|record| record.is_live_at(now));
        Ok(record.map(|record| record.value.into_vec()))
    }

    async fn replace(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError> {
        let (now, expires_at) = (self.0.now(), expires_at.into());
        let mut drawer = self.0.records.open(key);
        let Some(record) = drawer.found().filter(|record| record.is_live_at(now)) else {
            return Ok(false);
        };
        *record = Record {
            value: value.into(),
            expires_at,
        };
        drawer.note_expiry(expires_at);
        Ok(true)
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.0.remove(key);
        Ok(())
    }

    async fn file(&self, index: &str, entry: &str, expires_at: OffsetDateTime) -> Result<(), StoreError> {
        let file = || self.0.try_file(index, entry, expires_at.into());
        if file().is_some() {
            return Ok(());
        }
        self.0.clear();
        file().ok_or(StoreError::Full)
    }

    async fn filed(&self, index: &str) -> Result<Vec<String>, StoreError> {
        let now = self.0.now();
        let mut drawer = self.0.indexes.open(index);
        Ok(drawer
            .found()
            .map_or_else(Vec::new, |entries| entries.live_at(now)))
    }

    async fn unfile(&self, index: &str, entry: &str) -> Result<(), StoreError> {
        let mut drawer = self.0.indexes.open(index);
        let Some(entries) = drawer.found() else {
            return Ok(());
        };
        self.0.places.give_back(usize::from(entries.remove(entry)));
        if entries.is_empty() {
            drawer.remove();
        }
        Ok(())
    }
}

impl Record {
    fn is_live_at(&self, now: Instant) -> bool {
        self.expires_at > now
    }
}

impl Expiring for Record {
    fn drop_expired(&mut self, now: Instant) -> Left {
        let is_live = self.is_live_at(now);
        Left {
            dropped: usize::from(!is_live),
            next_expiry: is_live.then_some(self.expires_at),
        }
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("limit", &self.0.places.limit())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
