//! `Instant`: when something expires, in eight octets.

use time::{Duration, OffsetDateTime};

/// Nanoseconds since 1970. What lies beyond the year 2262 is that year, what lies before 1677 is that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(i64);

impl Instant {
    /// Before everything.
    pub(super) const FIRST: Self = Self(i64::MIN);
    /// After everything.
    pub(super) const LAST: Self = Self(i64::MAX);

    /// So much earlier.
    pub(super) fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(nanoseconds(by)))
    }

    /// True if `other` is at least `by` away, on either side.
    pub(super) fn is_apart(self, other: Self, by: Duration) -> bool {
        self.0.abs_diff(other.0) >= nanoseconds(by).unsigned_abs()
    }
}

fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.whole_nanoseconds()).unwrap_or(i64::MAX)
}

impl From<OffsetDateTime> for Instant {
    fn from(instant: OffsetDateTime) -> Self {
        let nanoseconds = instant.unix_timestamp_nanos();
        let limit = if nanoseconds < 0 { i64::MIN } else { i64::MAX };
        Self(i64::try_from(nanoseconds).unwrap_or(limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn instants_keep_their_order_to_the_nanosecond_and_at_the_ends_of_time() {
        let all = [
            datetime!(-9999-01-01 00:00 UTC),
            OffsetDateTime::UNIX_EPOCH,
            datetime!(2026-05-01 09:00:00 UTC),
            datetime!(2026-05-01 09:00:00 UTC) + Duration::NANOSECOND,
            datetime!(9999-12-31 23:59:59 UTC),
        ];
        let instants = all.map(Instant::from);
        assert!(instants.is_sorted_by(|a, b| a < b), "{instants:?}");
        assert_eq!((instants[0], instants[4]), (Instant::FIRST, Instant::LAST));
    }

    #[test]
    fn a_distance_is_one_whichever_way_the_clock_went() {
        let now = Instant::from(datetime!(2026-05-01 09:00:00 UTC));
        let earlier = now.before(Duration::MINUTE);
        assert!(now.is_apart(earlier, Duration::MINUTE) && earlier.is_apart(now, Duration::MINUTE));
        assert!(!now.is_apart(earlier, Duration::MINUTE + Duration::NANOSECOND));
        assert!(now.is_apart(Instant::FIRST, Duration::MAX));
    }
}
