//! How often people may leave.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use crate::platform::clock::Clock;
use crate::platform::rate::Rate;
use crate::upstream::pending::{BrowserSecret, PATIENCE};

/// How often people may leave and wait: per browser, per connection and per application, so that no browser and no link fills the
/// store with questions. Never per address, behind which a whole hospital may sit.
#[derive(Debug)]
pub struct Limits {
    browser: Rate,
    connection: Rate,
    asking_browser: Rate,
    application: Rate,
    strangers: Rate,
    waiting: Rate,
    waiting_browser: Rate,
}

/// Who waits for their login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Somebody who has proven nothing.
    Stranger,
    /// Somebody who is signed in, or was sent to be, and needs one step more.
    Known,
}

impl Limits {
    /// 30 departures and 120 requests of applications a minute for one browser, 300 a second for one application: all of
    /// NHSmail signing in within an hour is 420 a second, over many bridges. Browsers that bring no secret of ours are counted
    /// apart, so that a page full of links, which brings none, keeps out nobody who has been here before. Of a store of
    /// `max_records`, strangers who wait for applications fill a half at the most, and departures by all `connections`
    /// together a quarter: what is left is for those who are signed in.
    pub fn new(clock: &Arc<dyn Clock>, max_records: u64, connections: usize) -> Self {
        let rate = |burst: u32, period| {
            Rate::new(
                NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN),
                period,
                Arc::clone(clock),
            )
        };
        Self {
            browser: rate(30, Duration::from_secs(60)),
            connection: rate(
                leaving_each_second(max_records, connections),
                Duration::from_secs(1),
            ),
            asking_browser: rate(120, Duration::from_secs(60)),
            application: rate(300, Duration::from_secs(1)),
            strangers: rate(300, Duration::from_secs(1)),
            waiting: rate(waiting_each_second(max_records), Duration::from_secs(1)),
            waiting_browser: rate(60, Duration::from_secs(60)),
        }
    }

    /// Counts one more request of the application `client_id`, brought by `browser`, which has no secret yet where it comes
    /// for the first time. Never by address.
    pub fn allow_authorization(&self, browser: Option<&BrowserSecret>, client_id: &str) -> bool {
        match browser {
            Some(browser) => {
                self.asking_browser.allows(&browser.hash()) && self.application.allows(client_id)
            }
            None => self.strangers.allows(client_id),
        }
    }

    /// Counts one more request that is kept while the person of `browser` signs in: 60 a minute for one browser, and so
    /// many for all strangers together. Whoever gets a code at once is not counted.
    pub fn allow_waiting(&self, browser: &BrowserSecret, who: Waits) -> bool {
        self.waiting_browser.allows(&browser.hash())
            && match who {
                Waits::Stranger => self.waiting.allows(""),
                Waits::Known => true,
            }
    }

    pub(in crate::journey) fn allow(&self, browser: &BrowserSecret, connection: &str) -> bool {
        self.browser.allows(&browser.hash()) && self.connection.allows(connection)
    }
}

/// Half of the store, for requests that wait a quarter of an hour. All of NHSmail signing in within an hour is 420 a second.
fn waiting_each_second(max_records: u64) -> u32 {
    each_second(max_records / 2, 15 * 60, 50..=400)
}

/// A quarter of the store, shared by the connections, for as long as a departure is kept.
fn leaving_each_second(max_records: u64, connections: usize) -> u32 {
    let connections = u64::try_from(connections.max(1)).unwrap_or(u64::MAX);
    let kept_for = PATIENCE.whole_seconds().unsigned_abs();
    each_second(max_records / 4 / connections, kept_for, 20..=300)
}

/// How many a second fill so many records within the seconds for which each is kept, within `bounds`: where the store is so small
/// that its share would be next to nothing, it is full before anyway.
fn each_second(records: u64, kept_for: u64, bounds: RangeInclusive<u64>) -> u32 {
    let (least, most) = bounds.into_inner();
    u32::try_from((records / kept_for).clamp(least, most)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::SettableClock;
    use crate::platform::random::SeededRandom;
    use time::macros::datetime;

    #[test]
    fn ap_15_a_page_full_of_links_keeps_out_nobody_who_has_been_here_before() {
        let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(datetime!(2026-05-01 09:00 UTC)));
        let limits = Limits::new(&clock, 2_000_000, 2);
        let asked = (0..1000)
            .filter(|_| limits.allow_authorization(None, "rota"))
            .count();
        assert_eq!(asked, 300, "of those without a secret");
        let browser = BrowserSecret::draw(&SeededRandom::from_seed(1)).unwrap();
        assert!(limits.allow_authorization(Some(&browser), "rota"));
        assert!(limits.allow_authorization(None, "noticeboard"));
    }

    #[test]
    fn ap_15_one_browser_and_one_application_ask_so_often_and_no_more() {
        let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(datetime!(2026-05-01 09:00 UTC)));
        let limits = Limits::new(&clock, 2_000_000, 2);
        let browsers: Vec<_> = (0..400)
            .map(|seed| BrowserSecret::draw(&SeededRandom::from_seed(seed)).unwrap())
            .collect();
        let greedy = browsers.first().unwrap();
        let asked = (0..200).filter(|_| limits.allow_authorization(Some(greedy), "rota"));
        assert_eq!(asked.count(), 120, "of one browser");
        let asked = browsers
            .iter()
            .filter(|it| limits.allow_authorization(Some(it), "noticeboard"));
        assert_eq!(asked.count(), 300, "for one application");
    }

    #[test]
    fn ap_15_strangers_who_wait_fill_half_of_a_store_at_the_most_and_keep_out_nobody_who_is_known() {
        let browsers: Vec<_> = (0..2_000)
            .map(|seed| BrowserSecret::draw(&SeededRandom::from_seed(seed)).unwrap())
            .collect();
        for (max_records, each_second) in [(90_000, 50), (180_000, 100), (2_000_000, 400)] {
            assert!(u64::from(each_second) * 900 <= max_records / 2, "{max_records}");
            let clock = SettableClock::at(datetime!(2026-05-01 09:00 UTC));
            let shared: Arc<dyn Clock> = Arc::new(clock.clone());
            let limits = Limits::new(&shared, max_records, 2);
            for _second in 0..2 {
                let kept = browsers
                    .iter()
                    .filter(|it| limits.allow_waiting(it, Waits::Stranger));
                assert_eq!(u32::try_from(kept.count()).unwrap(), each_second, "{max_records}");
                let mut known = browsers.iter().take(10);
                assert!(known.all(|browser| limits.allow_waiting(browser, Waits::Known)));
                clock.advance(time::Duration::SECOND);
            }
        }
    }

    #[test]
    fn ap_15_departures_fill_a_quarter_of_a_store_at_the_most_and_one_connection_keeps_nobody_from_another() {
        let browsers: Vec<_> = (0..1_000)
            .map(|seed| BrowserSecret::draw(&SeededRandom::from_seed(seed)).unwrap())
            .collect();
        for (max_records, connections, each_second) in [
            (2_000_000, 1, 277),
            (2_000_000, 2, 138),
            (8_000_000, 2, 300),
            (90_000, 1, 20),
        ] {
            let in_half_an_hour = u64::from(each_second) * 1800 * u64::try_from(connections).unwrap();
            let is_too_small = max_records < 4 * 1800 * 20;
            assert!(
                is_too_small || in_half_an_hour <= max_records / 4,
                "{max_records}"
            );
            let clock = SettableClock::at(datetime!(2026-05-01 09:00 UTC));
            let shared: Arc<dyn Clock> = Arc::new(clock.clone());
            let limits = Limits::new(&shared, max_records, connections);
            for _second in 0..2 {
                for door in ["nhsmail", "cis2"] {
                    let gone = browsers.iter().filter(|it| limits.allow(it, door));
                    assert_eq!(u32::try_from(gone.count()).unwrap(), each_second, "{max_records}");
                }
                clock.advance(time::Duration::SECOND);
            }
        }
    }

    #[test]
    fn ap_15_one_browser_takes_no_more_than_its_share_of_what_may_wait() {
        let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(datetime!(2026-05-01 09:00 UTC)));
        let limits = Limits::new(&clock, 2_000_000, 2);
        let greedy = BrowserSecret::draw(&SeededRandom::from_seed(1)).unwrap();
        let kept = (0..5_000).filter(|_| limits.allow_waiting(&greedy, Waits::Stranger));
        assert_eq!(kept.count(), 60);
        let other = BrowserSecret::draw(&SeededRandom::from_seed(2)).unwrap();
        assert!(limits.allow_waiting(&other, Waits::Stranger));
    }
}
