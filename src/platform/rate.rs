//! How often something may happen, for each of many names.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use time::OffsetDateTime;

use crate::platform::clock::Clock;

/// After so many questions, names that have been quiet are forgotten.
const FORGET_AFTER: u32 = 4096;

/// A limit that each name has for itself.
pub struct Rate {
    limiter: RateLimiter<String, HashMapStateStore<String>, Ticks, NoOpMiddleware<Duration>>,
    asked: AtomicU32,
}

impl Rate {
    /// `burst` at once, and as many again evenly over `period`.
    pub fn new(burst: NonZeroU32, period: Duration, clock: Arc<dyn Clock>) -> Self {
        let every = period / burst.get();
        let quota = Quota::with_period(every)
            .unwrap_or(Quota::per_second(burst))
            .allow_burst(burst);
        Self {
            limiter: RateLimiter::hashmap_with_clock(quota, Ticks(clock)),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts one more for `name`; false if that is too many.
    pub fn allows(&self, name: &str) -> bool {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&name.to_owned()).is_ok()
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rate(…)")
    }
}

/// Our clock, as the library wants one: the time since 1970, which never goes back in what it decides.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::try_from(self.0.now() - OffsetDateTime::UNIX_EPOCH).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::SettableClock;
    use time::macros::datetime;

    #[test]
    fn each_name_has_its_own_limit_and_it_grows_back_with_the_clock() {
        let clock = SettableClock::at(datetime!(2026-11-21 09:00 UTC));
        let rate = Rate::new(
            NonZeroU32::new(3).unwrap(),
            Duration::from_secs(60),
            Arc::new(clock.clone()),
        );
        assert!((0..3).all(|_| rate.allows("one")));
        assert!(!rate.allows("one"));
        assert!(rate.allows("two"), "another name is not held back");
        clock.advance(time::Duration::seconds(20));
        assert!(
            rate.allows("one"),
            "one of three is back after a third of the minute"
        );
        assert!(!rate.allows("one"));
    }

    #[test]
    fn names_that_were_quiet_are_forgotten() {
        let clock = SettableClock::at(datetime!(2026-11-21 09:00 UTC));
        let rate = Rate::new(NonZeroU32::MIN, Duration::from_secs(1), Arc::new(clock.clone()));
        for name in 0..FORGET_AFTER - 1 {
            assert!(rate.allows(&name.to_string()));
        }
        clock.advance(time::Duration::minutes(1));
        assert!(rate.allows("last"));
        assert!(rate.limiter.len() < 10, "{}", rate.limiter.len());
    }
}
