//! Hand-overs that succeed and hand-overs that do not.

use super::*;
use crate::platform::clock::SettableClock;
use crate::platform::random::SystemRandom;
use crate::platform::store::MemoryStore;
use time::macros::datetime;

struct Scene {
    clock: SettableClock,
    all: HandOvers,
    browser: SiteBrowser,
}

fn scene() -> Scene {
    let clock = SettableClock::at(datetime!(2026-11-23 09:00 UTC));
    let by: Arc<dyn Clock> = Arc::new(clock.clone());
    let store = Arc::new(MemoryStore::new(100, Arc::clone(&by)));
    Scene {
        clock,
        all: HandOvers::new(store, by, Arc::new(SystemRandom)),
        browser: SiteBrowser::draw(&SystemRandom).unwrap(),
    }
}

fn rota() -> Origin {
    Origin::parse("https://rota.example.nhs.uk").unwrap()
}

fn to_the_rota() -> HandOver {
    HandOver {
        site: rota(),
        sid: Sid::parse(&"0a".repeat(16)).unwrap(),
        place: "https://rota.example.nhs.uk/shifts?day=1".to_owned(),
    }
}

impl Scene {
    async fn code(&self) -> String {
        self.all.note(to_the_rota(), self.browser.mark()).await.unwrap()
    }

    async fn taken(&self, code: &str, site: &Origin, browser: Option<&SiteBrowser>) -> Option<HandOver> {
        self.all.take(code, site, browser).await.unwrap()
    }
}

#[tokio::test]
async fn ap_12_a_code_works_once() {
    let scene = scene();
    let code = scene.code().await;
    assert_eq!(
        scene.taken(&code, &rota(), Some(&scene.browser)).await,
        Some(to_the_rota())
    );
    assert_eq!(scene.taken(&code, &rota(), Some(&scene.browser)).await, None);
}

#[tokio::test]
async fn ap_12_a_code_in_another_browser_or_at_another_site_is_worth_nothing_and_spent() {
    let scene = scene();
    let other = SiteBrowser::draw(&SystemRandom).unwrap();
    let elsewhere = Origin::parse("https://stores.example.nhs.uk").unwrap();
    for (site, browser) in [
        (&rota(), Some(&other)),
        (&rota(), None),
        (&elsewhere, Some(&scene.browser)),
    ] {
        let code = scene.code().await;
        assert_eq!(scene.taken(&code, site, browser).await, None);
        assert_eq!(
            scene.taken(&code, &rota(), Some(&scene.browser)).await,
            None,
            "spent"
        );
    }
}

#[tokio::test]
async fn ap_12_a_code_is_too_old_after_half_a_minute() {
    let scene = scene();
    let code = scene.code().await;
    scene.clock.advance(PATIENCE);
    assert_eq!(scene.taken(&code, &rota(), Some(&scene.browser)).await, None);
}

#[test]
fn a_secret_is_known_by_its_mark_and_never_printed() {
    let browser = SiteBrowser::draw(&SystemRandom).unwrap();
    assert_eq!(SiteBrowser::parse(browser.expose()), Some(browser.clone()));
    assert_eq!(BrowserMark::parse(browser.mark().as_str()), Some(browser.mark()));
    assert!(!browser.mark().as_str().contains(browser.expose()));
    assert_eq!(format!("{browser:?}"), "SiteBrowser(…)");
    assert!(SiteBrowser::parse("short").is_none() && BrowserMark::parse("x").is_none());
}
