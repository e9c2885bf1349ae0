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
    everywhere: Rate,
}

impl Limits {
    /// 30 departures and 120 requests of applications a minute for one browser, 300 a second for one connection or
    /// application: all of NHSmail signing in within an hour is 420 a second, over many bridges. Browsers that bring no
    /// secret of ours are counted apart, so that a page full of links, which brings none, keeps out nobody who has been
    /// here before. All applications together have twice what one has, however many there are: what waits for a quarter
    /// of an hour while people sign in stays within half of the store.
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
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
            everywhere: rate(600, Duration::from_secs(1)),
        }
    }

    /// Counts one more request of the application `client_id`, brought by `browser`, which has no secret yet where it comes
    /// for the first time. Never by address.
    pub fn allow_authorization(&self, browser: Option<&BrowserSecret>, client_id: &str) -> bool {
        match browser {
            Some(browser) => {
                self.asking_browser.allows(&browser.hash())
                    && self.application.allows(client_id)
                    && self.everywhere.allows("known")
            }
            None => self.strangers.allows(client_id) && self.everywhere.allows("strangers"),
        }
    }

    pub(in crate::journey) fn allow(&self, browser: &BrowserSecret, connection: &str) -> bool {
        self.browser.allows(&browser.hash()) && self.connection.allows(connection)
    }
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
        let limits = Limits::new(&clock);
        let asked = (0..1000)
            .filter(|_| limits.allow_authorization(None, "rota"))
            .count();
        assert_eq!(asked, 300, "of those without a secret");
        let browser = BrowserSecret::draw(&SeededRandom::from_seed(1)).unwrap();
        assert!(limits.allow_authorization(Some(&browser), "rota"));
        assert!(limits.allow_authorization(None, "noticeboard"));
    }

    #[test]
    fn ap_15_strangers_fill_no_store_by_asking_for_many_applications() {
        let clock: Arc<dyn Clock> = Arc::new(SettableClock::at(datetime!(2026-05-01 09:00 UTC)));
        let limits = Limits::new(&clock);
        let names: Vec<String> = (0..50).map(|n| format!("application-{n}")).collect();
        let ask = |browser: Option<&BrowserSecret>| {
            let all = names.iter().cycle().take(5_000);
            all.filter(|name| limits.allow_authorization(browser, name))
                .count()
        };
        assert_eq!(ask(None), 600);
        let browsers = (0..5_000).map(|seed| BrowserSecret::draw(&SeededRandom::from_seed(seed)).unwrap());
        let known = browsers.zip(names.iter().cycle());
        let known = known.filter(|(browser, name)| limits.allow_authorization(Some(browser), name));
        assert_eq!(known.count(), 600, "though a secret can be made up");
    }
}
