//! When a session is over: pure functions of instants.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::session::settings::Settings;

/// The two ends of one session; it is over at the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifetime {
    #[serde(with = "crate::platform::instants")]
    last_seen: OffsetDateTime,
    #[serde(with = "crate::platform::instants")]
    ends_at: OffsetDateTime,
    idle_seconds: u32,
}

impl Lifetime {
    /// A life that begins at `now`. An upstream that named its own end (`SessionNotOnOrAfter`) bounds it: it may
    /// shorten our limits, never lengthen them. How long the assertion itself was good for plays no part.
    pub fn begin(limits: Settings, now: OffsetDateTime, upstream_end: Option<OffsetDateTime>) -> Self {
        let ours = now.saturating_add(limits.absolute);
        Self {
            last_seen: now,
            ends_at: upstream_end.map_or(ours, |theirs| theirs.min(ours)),
            idle_seconds: u32::try_from(limits.idle.whole_seconds()).unwrap_or(0),
        }
    }

    /// The same life with a sign of it at `now`. Time that runs backwards takes nothing away.
    #[must_use]
    pub fn seen(self, now: OffsetDateTime) -> Self {
        Self {
            last_seen: self.last_seen.max(now),
            ..self
        }
    }

    /// The instant at which it is over if nobody is seen before.
    pub fn over_at(&self) -> OffsetDateTime {
        self.last_seen.saturating_add(self.idle()).min(self.ends_at)
    }

    /// True if it is over.
    pub fn is_over_at(&self, now: OffsetDateTime) -> bool {
        self.over_at() <= now
    }

    /// True if a sign of life at `now` is worth writing down. Between two writings up to a minute passes, or a
    /// fifteenth of the idle limit where that is less; a session may be over so much earlier, never later.
    pub fn is_worth_noting(&self, now: OffsetDateTime) -> bool {
        let pause = Duration::MINUTE.min(self.idle() / 15);
        now - self.last_seen >= pause
    }

    /// The last sign of life written down.
    pub fn last_seen(&self) -> OffsetDateTime {
        self.last_seen
    }

    /// The instant beyond which nothing extends it.
    pub fn ends_at(&self) -> OffsetDateTime {
        self.ends_at
    }

    /// How long it lasts without a sign of life.
    pub fn idle(&self) -> Duration {
        Duration::seconds(i64::from(self.idle_seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const START: OffsetDateTime = datetime!(2026-05-01 09:00:00 UTC);

    fn life() -> Lifetime {
        Lifetime::begin(Settings::default(), START, None)
    }

    #[test]
    fn ap_11_a_session_is_over_after_15_minutes_without_a_sign_of_life() {
        let last_moment = START + Duration::minutes(15) - Duration::NANOSECOND;
        assert!(!life().is_over_at(last_moment));
        assert!(life().is_over_at(START + Duration::minutes(15)));
        let extended = life().seen(last_moment);
        assert!(!extended.is_over_at(last_moment + Duration::minutes(14)));
    }

    #[test]
    fn ap_11_nothing_extends_a_session_beyond_12_hours() {
        let mut life = life();
        for quarter in 1..200 {
            life = life.seen(START + Duration::minutes(10 * quarter));
        }
        assert!(!life.is_over_at(START + Duration::hours(12) - Duration::SECOND));
        assert!(life.is_over_at(START + Duration::hours(12)));
    }

    #[test]
    fn ap_11_the_upstreams_end_shortens_a_session_and_never_lengthens_it() {
        let hour = START + Duration::HOUR;
        let bounded = Lifetime::begin(Settings::default(), START, Some(hour));
        assert_eq!(bounded.ends_at(), hour);
        assert!(bounded.seen(hour - Duration::SECOND).is_over_at(hour));

        let day = START + Duration::DAY;
        let generous = Lifetime::begin(Settings::default(), START, Some(day));
        assert_eq!(generous.ends_at(), START + Duration::hours(12));
    }

    #[test]
    fn a_session_whose_end_is_past_is_over_at_once() {
        let bounded = Lifetime::begin(Settings::default(), START, Some(START - Duration::SECOND));
        assert!(bounded.is_over_at(START));
    }

    #[test]
    fn a_sign_of_life_is_written_at_most_once_a_minute_and_never_turns_time_back() {
        assert!(!life().is_worth_noting(START + Duration::seconds(59)));
        assert!(life().is_worth_noting(START + Duration::MINUTE));
        assert_eq!(life().seen(START - Duration::HOUR), life());
    }
}
