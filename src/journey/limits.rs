//! How often people may leave.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::platform::clock::Clock;
use crate::platform::rate::Rate;
use crate::upstream::pending::BrowserSecret;

/// How often people may leave: per browser, and per connection, so that nobody fills the store with questions.
/// Never per address, behind which a whole hospital may sit.
#[derive(Debug)]
pub struct Limits {
    browser: Rate,
    connection: Rate,
    asking_browser: Rate,
    application: Rate,
    strangers: Rate,
    waiting: Rate,
}

impl Limits {
    /// 30 departures and 120 requests of applications a minute for one browser, 300 a second for one connection or
    /// application: all of NHSmail signing in within an hour is 420 a second, over many bridges. Browsers that bring no
    /// secret of ours are counted apart, so that a page full of links, which brings none, keeps out nobody who has been
    /// here before. A store of `max_records` lets no more of them wait than would fill a half of it in a quarter of an
    /// hour, however many applications there are.
    pub fn new(clock: &Arc<dyn Clock>, max_records: u64) -> Self {
        let rate = |burst: u32, period| {
            Rate::new(
                NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN),
                period,
                Arc::clone(clock),
            )
        };
        Self {
            browser: rate(30, Duration::from_secs(60)),
            connection: rate(300, Duration::from_secs(1)),
            asking_browser: rate(120, Duration::from_secs(60)),
            application: rate(300, Duration::from_secs(1)),
            strangers: rate(300, Duration::from_secs(1)),
            waiting: rate(waiting_each_second(max_records), Duration::from_secs(1)),
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

    /// Counts one more request that is kept while its person signs in. Whoever is signed in already and gets a code at once
    /// is not counted.
    pub fn allow_waiting(&self) -> bool {
        self.waiting.allows("")
    }

    pub(in crate::journey) fn allow(&self, browser: &BrowserSecret, connection: &str) -> bool {
        self.browser.allows(&browser.hash()) && self.connection.allows(connection)
    }
}

/// A request waits for a quarter of an hour. Where the store is so small that this would be next to nothing, it is full
/// before anyway.
fn waiting_each_second(max_records: u64) -> u32 {
    let half_in_a_quarter_of_an_hour = max_records / 2 / 900;
    u32::try_from(half_in_a_quarter_of_an_hour.clamp(50, 1000)).unwrap_or(50)
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
        let limits = Limits::new(&clock, 2_000_000);
        let asked = (0..1000)
            .filter(|_| limits.allow_authorization(None, "rota"))
            .count();
        assert_eq!(asked, 300, "of those without a secret");
        let browser = BrowserSecret::draw(&SeededRandom::from_seed(1)).unwrap();
        assert!(limits.allow_authorization(Some(&browser), "rota"));
        assert!(limits.allow_authorization(None, "noticeboard"));
    }

    #[test]
    fn ap_15_what_waits_fills_half_of_a_store_at_the_most() {
        for (max_records, each_second) in [(1_000, 50), (900_000, 500), (2_000_000, 1000), (u64::MAX, 1000)] {
            let clock = SettableClock::at(datetime!(2026-05-01 09:00 UTC));
            let shared: Arc<dyn Clock> = Arc::new(clock.clone());
            let limits = Limits::new(&shared, max_records);
            let kept = || (0..5_000).filter(|_| limits.allow_waiting()).count();
            assert_eq!(kept(), each_second, "{max_records}");
            clock.advance(time::Duration::SECOND);
            assert_eq!(kept(), each_second, "{max_records}");
        }
    }
}
