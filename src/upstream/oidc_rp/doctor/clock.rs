//! How far the provider's clock is from ours, by the `Date` of its answer.

use time::{Duration, OffsetDateTime};

use crate::platform::http_date;
use crate::platform::outbound::Reply;
use crate::upstream::checkup::{Asked, Check, Mend};

/// From here on somebody should look at the clock.
const NOTABLE: Duration = Duration::seconds(30);

/// Compares `reply`, which arrived at `now`, and says how far the provider's clock is ahead (behind, if negative).
/// `skew` is how far it may be off.
pub(super) fn compare(reply: &Reply, now: OffsetDateTime, skew: Duration) -> (Check, Option<Duration>) {
    let asked = Asked::new("clock", "the Date of the provider's answer");
    let Some(there) = reply.header("date").and_then(http_date::read) else {
        let mend = Mend::ours("Compare the clock of this machine with a time server.");
        return (
            asked.warning("it states none, so the clocks are not compared", mend),
            None,
        );
    };
    // A date has whole seconds.
    let ahead = Duration::seconds(there.unix_timestamp() - now.unix_timestamp());
    let apart = ahead.abs();
    let means = format!(
        "the provider's clock is {}; {} s are allowed",
        words(ahead),
        skew.whole_seconds()
    );
    let check = if apart > skew {
        asked.trouble(
            format!(
                "{means}: its tokens are refused here, and our assertions there, as expired or not yet good"
            ),
            Mend::ours("Set the clock of this machine by NTP. If it is right, tell the provider."),
        )
    } else if apart > NOTABLE {
        asked.warning(
            means,
            Mend::ours("Set the clock of this machine by NTP, before it is too far off."),
        )
    } else {
        asked.ok(means)
    };
    (check, Some(ahead))
}

fn words(ahead: Duration) -> String {
    let seconds = ahead.whole_seconds();
    match seconds {
        0 => "the same as ours".to_owned(),
        1.. => format!("{seconds} s ahead of ours"),
        _ => format!("{} s behind ours", seconds.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::checkup::Verdict;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-01 09:00 UTC);

    fn verdict(date: Option<&str>) -> (Verdict, Option<i64>) {
        let headers = date.map(|date| ("date".to_owned(), date.to_owned()));
        let reply = Reply {
            status: 200,
            headers: headers.into_iter().collect(),
            body: Vec::new(),
        };
        let (check, offset) = compare(&reply, NOW, Duration::seconds(60));
        (check.verdict, offset.map(Duration::whole_seconds))
    }

    #[test]
    fn half_a_minute_is_nothing_more_is_a_warning_and_more_than_the_skew_a_trouble() {
        for (date, expected) in [
            ("Fri, 01 May 2026 09:00:30 GMT", (Verdict::Ok, 30)),
            ("Fri, 01 May 2026 09:00:31 GMT", (Verdict::Warning, 31)),
            ("Fri, 01 May 2026 08:59:00 GMT", (Verdict::Warning, -60)),
            ("Fri, 01 May 2026 08:58:59 GMT", (Verdict::Trouble, -61)),
        ] {
            let (verdict, offset) = verdict(Some(date));
            assert_eq!((verdict, offset), (expected.0, Some(expected.1)), "{date}");
        }
        assert_eq!(verdict(None), (Verdict::Warning, None));
        assert_eq!(verdict(Some("today")), (Verdict::Warning, None));
    }
}
