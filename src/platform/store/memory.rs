//! The store in this process, on moka.
//!
//! moka throws records out when it is full, which would turn a full replay memory into an open door. So it gets
//! no capacity of its own: this store counts its records, refuses new ones at the limit, and moka only clears
//! away what has expired.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::Expiry;
use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;
use time::OffsetDateTime;

use crate::platform::clock::Clock;
use crate::platform::store::{Store, StoreError};

/// Records in the memory of this process; gone when it ends.
#[derive(Clone)]
pub struct MemoryStore {
    records: Cache<String, Record>,
    count: Arc<AtomicUsize>,
    limit: usize,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Record {
    value: Arc<[u8]>,
    expires_at: OffsetDateTime,
    /// How long moka keeps it, measured from its writing.
    keep_for: Duration,
}

impl MemoryStore {
    /// An empty store for at most `limit` live records, judging expiry by `clock`.
    pub fn new(limit: usize, clock: Arc<dyn Clock>) -> Self {
        let count = Arc::new(AtomicUsize::new(0));
        let removed = Arc::clone(&count);
        let records = Cache::builder()
            .expire_after(ByRecord)
            .eviction_listener(move |_key, _record, cause| {
                if cause != moka::notification::RemovalCause::Replaced {
                    removed.fetch_sub(1, Ordering::SeqCst);
                }
            })
            .build();
        Self {
            records,
            count,
            limit,
            clock,
        }
    }

    fn record(&self, value: &[u8], expires_at: OffsetDateTime) -> Record {
        let keep_for = Duration::try_from(expires_at - self.clock.now()).unwrap_or(Duration::ZERO);
        // moka must never drop a record before the clock says so, and may drop it a little later.
        Record {
            value: value.into(),
            expires_at,
            keep_for: keep_for.saturating_add(Duration::from_secs(60)),
        }
    }

    fn make_room(&self) -> Result<(), StoreError> {
        if self.count.load(Ordering::SeqCst) < self.limit {
            return Ok(());
        }
        self.sweep();
        if self.count.load(Ordering::SeqCst) < self.limit {
            Ok(())
        } else {
            Err(StoreError::Full)
        }
    }

    /// Clears away what the clock calls expired, wherever moka's own time stands.
    fn sweep(&self) {
        let now = self.clock.now();
        for (key, record) in &self.records {
            if record.expires_at <= now {
                self.records.invalidate(key.as_ref());
            }
        }
        self.records.run_pending_tasks();
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn put_new(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError> {
        self.make_room()?;
        let now = self.clock.now();
        let outcome = self
            .records
            .entry(key.to_owned())
            .and_compute_with(|present| match present {
                Some(entry) if entry.value().expires_at > now => Op::Nop,
                Some(_) | None => Op::Put(self.record(value, expires_at)),
            });
        if matches!(outcome, CompResult::Inserted(_)) {
            self.count.fetch_add(1, Ordering::SeqCst);
        }
        Ok(matches!(
            outcome,
            CompResult::Inserted(_) | CompResult::ReplacedWith(_)
        ))
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.clock.now();
        Ok(self
            .records
            .get(key)
            .filter(|r| r.expires_at > now)
            .map(|r| r.value.to_vec()))
    }

    async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.clock.now();
        Ok(self
            .records
            .remove(key)
            .filter(|r| r.expires_at > now)
            .map(|r| r.value.to_vec()))
    }

    async fn replace(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let outcome = self
            .records
            .entry(key.to_owned())
            .and_compute_with(|present| match present {
                Some(entry) if entry.value().expires_at > now => Op::Put(self.record(value, expires_at)),
                Some(_) | None => Op::Nop,
            });
        Ok(matches!(outcome, CompResult::ReplacedWith(_)))
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.records.invalidate(key);
        Ok(())
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("limit", &self.limit)
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
