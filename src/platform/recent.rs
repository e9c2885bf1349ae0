//! `Recent`: things that were made a moment ago and may be of use once more. Bounded: what is least asked for goes first.
//!
//! It saves work and decides nothing. Whoever asks judges first whether what they find may still be told.

use std::fmt;
use std::hash::Hash;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::sync::Cache;
use time::OffsetDateTime;

/// Things of a moment ago, each good until an instant of its own. Prints nothing of them.
pub struct Recent<K, V> {
    kept: Cache<K, Kept<V>>,
}

#[derive(Clone)]
struct Kept<V> {
    thing: V,
    good_until: OffsetDateTime,
    /// How long it is kept at most, measured from its making.
    keep_for: Duration,
}

impl<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Recent<K, V> {
    /// Keeps things that weigh about `most` together, each what `weight` says.
    pub fn new(most: u64, weight: fn(&V) -> u32) -> Self {
        let kept = Cache::builder()
            .max_capacity(most)
            .weigher(move |_key, kept: &Kept<V>| weight(&kept.thing))
            .expire_after(ByThing)
            .build();
        Self { kept }
    }

    /// What was kept under `key`, if it is still good at the instant `now`.
    pub fn find(&self, key: &K, now: OffsetDateTime) -> Option<V> {
        let kept = self.kept.get(key)?;
        (now < kept.good_until).then_some(kept.thing)
    }

    /// Keeps `thing`, made at the instant `now`, until `good_until`.
    pub fn keep(&self, key: K, thing: V, (now, good_until): (OffsetDateTime, OffsetDateTime)) {
        let kept = Kept {
            thing,
            good_until,
            keep_for: Duration::try_from(good_until - now).unwrap_or(Duration::ZERO),
        };
        self.kept.insert(key, kept);
    }
}

/// moka goes by the machine's own time: it clears away, and judges nothing.
struct ByThing;

impl<K, V> Expiry<K, Kept<V>> for ByThing {
    fn expire_after_create(&self, _key: &K, kept: &Kept<V>, _at: Instant) -> Option<Duration> {
        Some(kept.keep_for)
    }

    fn expire_after_update(
        &self,
        _key: &K,
        kept: &Kept<V>,
        _at: Instant,
        _left: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.keep_for)
    }
}

impl<K, V> fmt::Debug for Recent<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recent(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-01 09:00:00 UTC);

    #[test]
    fn a_thing_is_found_until_the_instant_it_is_good_for() {
        let recent = Recent::new(100, |_thing| 1);
        let until = NOW + time::Duration::MINUTE;
        recent.keep("a", 1, (NOW, until));
        assert_eq!(recent.find(&"a", NOW), Some(1));
        assert_eq!(recent.find(&"b", NOW), None);
        assert_eq!(recent.find(&"a", until - time::Duration::NANOSECOND), Some(1));
        assert_eq!(recent.find(&"a", until), None);
        recent.keep("a", 2, (NOW, until + time::Duration::MINUTE));
        assert_eq!(recent.find(&"a", until), Some(2));
    }

    #[test]
    fn there_are_never_many_more_than_were_asked_for() {
        let recent = Recent::new(1000, |_thing| 10);
        for key in 0..10_000 {
            recent.keep(key, key, (NOW, NOW + time::Duration::HOUR));
        }
        recent.kept.run_pending_tasks();
        assert!(recent.kept.entry_count() <= 100, "{}", recent.kept.entry_count());
    }
}
