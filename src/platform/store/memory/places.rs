//! The places of a store, counted exactly, whoever comes and goes at once.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The places of one store. Whoever puts something takes one first; whoever takes something out gives it back after.
pub(super) struct Places {
    taken: AtomicUsize,
    limit: usize,
}

impl Places {
    /// So many, all free.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            taken: AtomicUsize::new(0),
            limit,
        }
    }

    /// How many there are.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// How many are taken.
    #[cfg(test)]
    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    /// Takes a place, if one is free.
    pub(super) fn take(&self) -> bool {
        let next = |taken: usize| (taken < self.limit).then_some(taken + 1);
        let taken = self.taken.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
        taken.is_ok()
    }

    /// Gives so many back.
    pub(super) fn give_back(&self, number: usize) {
        if number > 0 {
            self.taken.fetch_sub(number, Ordering::SeqCst);
        }
    }
}
