//! The time, as a value: a clock of the machine and one that a test or a tester moves by hand.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

/// Tells the time, and waits for a time. Nothing else in the program asks the machine for either.
#[async_trait]
pub trait Clock: Debug + Send + Sync {
    /// The present instant, in UTC.
    fn now(&self) -> OffsetDateTime;

    /// Returns when this clock shows `instant` or later.
    async fn reach(&self, instant: OffsetDateTime);
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// Nobody waits longer in one go, so that a machine that slept or was set right is noticed.
const LONGEST_NAP: Duration = Duration::MINUTE;

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that waits for the machine's clock"
    )]
    async fn reach(&self, instant: OffsetDateTime) {
        loop {
            // A span that is over cannot be converted.
            let left = (instant - self.now()).min(LONGEST_NAP);
            match left.try_into() {
                Ok(nap) if left.is_positive() => tokio::time::sleep(nap).await,
                Ok(_) | Err(_) => return,
            }
        }
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct SettableClock(Arc<watch::Sender<OffsetDateTime>>);

impl SettableClock {
    /// A clock that stands at `start`.
    pub fn at(start: OffsetDateTime) -> Self {
        Self(Arc::new(watch::Sender::new(start)))
    }

    /// Moves the clock to `instant`.
    pub fn set(&self, instant: OffsetDateTime) {
        self.0.send_replace(instant);
    }

    /// Moves the clock by `step`, which may be negative.
    pub fn advance(&self, step: Duration) {
        self.0.send_modify(|at| *at += step);
    }
}

#[async_trait]
impl Clock for SettableClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.borrow()
    }

    async fn reach(&self, instant: OffsetDateTime) {
        // The sender is ours, so it cannot be gone.
        let mut shown = self.0.subscribe();
        let _reached = shown.wait_for(|shown| *shown >= instant).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOON: OffsetDateTime = datetime!(2026-05-01 12:00 UTC);

    #[tokio::test]
    async fn whoever_waits_for_a_time_waits_until_the_clock_is_moved_there() {
        let clock = SettableClock::at(NOON);
        clock.reach(NOON).await;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.reach(NOON + Duration::MINUTE).await;
                clock.now()
            }
        });
        clock.advance(Duration::seconds(59));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::SECOND);
        assert_eq!(waiting.await.unwrap(), NOON + Duration::MINUTE);
    }

    #[tokio::test]
    async fn the_machines_clock_does_not_wait_for_what_is_past() {
        SystemClock.reach(SystemClock.now() - Duration::DAY).await;
        let soon = SystemClock.now() + Duration::milliseconds(2);
        SystemClock.reach(soon).await;
        assert!(SystemClock.now() >= soon);
    }
}
