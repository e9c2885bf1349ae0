//! The places of a store, counted exactly, whoever comes and goes at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use time::OffsetDateTime;

/// The places of one store.
pub(super) struct Places {
    taken: AtomicUsize,
    limit: usize,
    /// The second from which a walk through all records may find something to clear away.
    sweep_from: AtomicI64,
}

impl Places {
    /// So many, all free.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            taken: AtomicUsize::new(0),
            limit,
            sweep_from: AtomicI64::new(i64::MIN),
        }
    }

    /// How many there are.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// True if a sweep is worth its walk; the caller then walks, noting what it leaves.
    pub(super) fn begin_sweep(&self, now: OffsetDateTime) -> bool {
        let is_due = self.sweep_from.load(Ordering::SeqCst) <= now.unix_timestamp();
        if is_due {
            self.sweep_from.store(i64::MAX, Ordering::SeqCst);
        }
        is_due
    }

    /// A record that expires at `expires_at` is worth a walk in the second after.
    pub(super) fn note_expiry(&self, expires_at: OffsetDateTime) {
        let second = expires_at.unix_timestamp().saturating_add(1);
        self.sweep_from.fetch_min(second, Ordering::SeqCst);
    }
}

/// One record's place, given back exactly once: when moka says the record has left, for whatever reason, or when the
/// record was never put.
pub(super) struct Place {
    places: Arc<Places>,
    is_left: AtomicBool,
}

impl Place {
    /// A place, if one is free. It is taken before the record is seen by anybody, so it cannot be given back before.
    pub(super) fn take(places: &Arc<Places>) -> Option<Self> {
        let next = |taken: usize| (taken < places.limit).then_some(taken + 1);
        places
            .taken
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, next)
            .ok()?;
        Some(Self::taken(places))
    }

    /// A place beside the one that is about to be given back.
    pub(super) fn squeeze_in(places: &Arc<Places>) -> Self {
        places.taken.fetch_add(1, Ordering::SeqCst);
        Self::taken(places)
    }

    fn taken(places: &Arc<Places>) -> Self {
        Self {
            places: Arc::clone(places),
            is_left: AtomicBool::new(false),
        }
    }

    /// Gives the place back, unless that has been done.
    pub(super) fn leave(&self) {
        if !self.is_left.swap(true, Ordering::SeqCst) {
            self.places.taken.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}
