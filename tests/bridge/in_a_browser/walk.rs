//! The whole way in Chromium by keyboard alone: a page of an application is wanted, a door chosen, a role picked, the
//! application used, its end warned of, and left; narrow and wide, with scripts and without.

use fantoccini::key::Key;
use time::Duration;

use super::application::Application;
use super::care_identity::{reach_the_picker, select, we_ask};
use super::{assert_accessible, assert_no_complaints, enter};
use crate::browser::{Browser, Script, Width};
use crate::support::TestBridge;

/// Somebody on the way.
struct Walk {
    bridge: TestBridge,
    browser: Browser,
    wanted: String,
    script: Script,
}

impl Walk {
    async fn begin(width: Width, script: Script) -> Self {
        let application = Application::start().await;
        let origin = application.origin.clone();
        let bridge = TestBridge::with_cis2(|config| {
            config.web.return_to.push(origin);
            we_ask(config);
        })
        .await;
        application.beside(bridge.origin());
        let browser = Browser::start(width, script).await;
        let wanted = application.origin.at("/shifts/7");
        browser
            .open(bridge.url(&format!("/?return_to={wanted}")).as_str())
            .await;
        Self {
            bridge,
            browser,
            wanted,
            script,
        }
    }

    /// axe-core is itself a script.
    async fn looks_right(&self, page: &str) {
        if self.script == Script::On {
            assert_accessible(&self.browser, page).await;
        }
        let too_wide = "return document.documentElement.scrollWidth > window.innerWidth";
        assert_eq!(
            self.browser.ask(too_wide).await,
            false,
            "{page} is wider than the window"
        );
    }

    async fn arrive(&self) {
        self.looks_right("the choice of a door").await;
        enter(&self.browser, "Log in with my Care Identity").await;
        reach_the_picker(&self.browser).await;
        self.looks_right("the choice of a role").await;
        select(&self.browser, "Nurse Access Role").await;
        enter(&self.browser, "Continue").await;
        self.browser.wait_for_url(&self.wanted).await;
        assert_eq!(self.browser.text("h1").await, "Rota /shifts/7");
    }

    /// With a script the application warns; without one, the bridge's own page does.
    async fn is_warned_and_stays(&self) {
        self.bridge.clock.advance(Duration::seconds(13 * 60 + 10));
        match self.script {
            Script::On => self.is_warned_by_the_application().await,
            Script::Off => self.is_warned_by_the_bridge().await,
        }
        self.bridge.clock.advance(Duration::minutes(14));
    }

    async fn is_warned_by_the_application(&self) {
        self.browser.ask("window.dispatchEvent(new Event('focus'))").await;
        self.browser.there_is("dialog[open]").await;
        self.looks_right("the warning of an application").await;
        self.browser.press(Key::Enter).await;
        self.browser.there_is("dialog:not([open])").await;
    }

    async fn is_warned_by_the_bridge(&self) {
        let home = self.bridge.url("/");
        self.browser.open(home.as_str()).await;
        let said = self.browser.text("main").await;
        assert!(
            said.contains("You will be logged out in less than 2 minutes"),
            "{said}"
        );
        enter(&self.browser, "Stay logged in").await;
        self.browser.there_is("main:not(:has(.nhsuk-inset-text))").await;
        self.browser.open(&self.wanted).await;
    }

    async fn leave(&self) {
        enter(&self.browser, "Leave").await;
        self.browser
            .wait_for_url(self.bridge.url("/sign-out").as_str())
            .await;
        self.looks_right("the question before logging out").await;
        enter(&self.browser, "Log out").await;
        self.browser
            .wait_for_url(self.bridge.url("/signed-out").as_str())
            .await;
        self.looks_right("the page after logging out").await;
        assert_no_complaints(&self.browser).await;
    }
}

async fn walk(width: Width, script: Script) {
    let walk = Walk::begin(width, script).await;
    walk.arrive().await;
    walk.is_warned_and_stays().await;
    walk.leave().await;
}

#[tokio::test]
async fn gv_10_the_whole_way_by_keyboard_at_320_pixels_with_script() {
    walk(Width::Narrow, Script::On).await;
}

#[tokio::test]
async fn gv_10_the_whole_way_by_keyboard_at_320_pixels_without_script() {
    walk(Width::Narrow, Script::Off).await;
}

#[tokio::test]
async fn gv_10_the_whole_way_by_keyboard_at_1280_pixels_with_script() {
    walk(Width::Wide, Script::On).await;
}

#[tokio::test]
async fn gv_10_the_whole_way_by_keyboard_at_1280_pixels_without_script() {
    walk(Width::Wide, Script::Off).await;
}
