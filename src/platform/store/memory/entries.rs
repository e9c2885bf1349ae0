//! The entries of one index, each with its own end.

use std::collections::HashMap;

use crate::platform::store::memory::drawers::{Expiring, Left};
use crate::platform::store::memory::instant::Instant;

/// What is filed under one index. Nearly always that is one session, so one takes no map.
pub(super) enum Entries {
    One(Box<str>, Instant),
    Many(Box<Crowd>),
}

/// Entries by their names. In a box of its own, so that one entry takes no more room than it needs.
#[derive(Default)]
pub(super) struct Crowd(HashMap<Box<str>, Instant>);

impl Entries {
    /// One entry.
    pub(super) fn of(entry: &str, expires_at: Instant) -> Self {
        Self::One(entry.into(), expires_at)
    }

    /// True if there are none.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Many(all) if all.0.is_empty())
    }

    /// Gives an entry another end. `false`: it is not there.
    pub(super) fn prolong(&mut self, entry: &str, expires_at: Instant) -> bool {
        let end = match self {
            Self::One(only, end) => (**only == *entry).then_some(end),
            Self::Many(all) => all.0.get_mut(entry),
        };
        end.map(|end| *end = expires_at).is_some()
    }

    /// Adds an entry that is not there.
    pub(super) fn add(&mut self, entry: &str, expires_at: Instant) {
        let mut all = match std::mem::replace(self, Self::Many(Box::default())) {
            Self::One(only, end) => Box::new(Crowd(HashMap::from([(only, end)]))),
            Self::Many(all) => all,
        };
        all.0.insert(entry.into(), expires_at);
        *self = Self::Many(all);
    }

    /// Takes an entry out. `false`: it was not there.
    pub(super) fn remove(&mut self, entry: &str) -> bool {
        match self {
            Self::One(only, _) if **only != *entry => false,
            Self::One(..) => {
                *self = Self::Many(Box::default());
                true
            }
            Self::Many(all) => all.0.remove(entry).is_some(),
        }
    }

    /// What is live, in no order.
    pub(super) fn live_at(&self, now: Instant) -> Vec<String> {
        let live = |entry: &str, end: &Instant| (*end > now).then(|| entry.to_owned());
        match self {
            Self::One(only, end) => live(only, end).into_iter().collect(),
            Self::Many(all) => {
                let all = all.0.iter();
                all.filter_map(|(entry, end)| live(entry, end)).collect()
            }
        }
    }
}

impl Expiring for Entries {
    fn drop_expired(&mut self, now: Instant) -> Left {
        match self {
            Self::One(_, end) => {
                let is_live = *end > now;
                Left {
                    dropped: usize::from(!is_live),
                    next_expiry: is_live.then_some(*end),
                }
            }
            Self::Many(crowd) => {
                let all = &mut crowd.0;
                let before = all.len();
                all.retain(|_entry, end| *end > now);
                Left {
                    dropped: before - all.len(),
                    next_expiry: all.values().min().copied(),
                }
            }
        }
    }
}
