//! How often something went wrong, for each of many names.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

use crate::platform::clock::Clock;

/// More names than this are not kept; those of a period that is over make room first.
const MOST_NAMES: usize = 100_000;

/// Counts failures and nothing else: whoever succeeds is never held back by having succeeded often.
pub struct Failures {
    most: u32,
    period: Duration,
    clock: Arc<dyn Clock>,
    counted: Mutex<HashMap<String, Count>>,
}

/// The failures of one name since the first of them.
#[derive(Clone, Copy)]
struct Count {
    since: OffsetDateTime,
    failures: u32,
}

impl Failures {
    /// `most` failures in `period` are borne.
    pub fn new(most: u32, period: Duration, clock: Arc<dyn Clock>) -> Self {
        Self {
            most,
            period,
            clock,
            counted: Mutex::default(),
        }
    }

    /// True if `name` has failed as often as is borne.
    pub fn are_too_many(&self, name: &str) -> bool {
        let now = self.clock.now();
        let counted = self.counted();
        let count = counted.get(name).filter(|count| self.is_fresh(count, now));
        count.is_some_and(|count| count.failures >= self.most)
    }

    /// Counts one more of `name`.
    pub fn count(&self, name: &str) {
        let now = self.clock.now();
        let mut counted = self.counted();
        if counted.len() >= MOST_NAMES {
            counted.retain(|_, count| self.is_fresh(count, now));
        }
        let has_room = counted.len() < MOST_NAMES;
        let fresh = Count {
            since: now,
            failures: 1,
        };
        match counted.get_mut(name) {
            Some(count) if self.is_fresh(count, now) => count.failures = count.failures.saturating_add(1),
            Some(count) => *count = fresh,
            None if has_room => drop(counted.insert(name.to_owned(), fresh)),
            None => {}
        }
    }

    fn is_fresh(&self, count: &Count, now: OffsetDateTime) -> bool {
        now - count.since < self.period
    }

    fn counted(&self) -> MutexGuard<'_, HashMap<String, Count>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Failures(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::SettableClock;
    use time::macros::datetime;

    #[test]
    fn failures_are_counted_for_each_name_and_forgotten_after_a_period() {
        let clock = SettableClock::at(datetime!(2026-11-21 09:00 UTC));
        let failures = Failures::new(2, Duration::MINUTE, Arc::new(clock.clone()));
        failures.count("one");
        assert!(!failures.are_too_many("one"));
        failures.count("one");
        assert!(failures.are_too_many("one"));
        assert!(!failures.are_too_many("two"), "another name is not held back");
        clock.advance(Duration::MINUTE);
        assert!(!failures.are_too_many("one"));
        failures.count("one");
        assert!(!failures.are_too_many("one"), "a new period begins with none");
    }
}
