//! The warning before a session ends, on our own page: shown, heard, answered by keyboard, and true after a sleep.

use fantoccini::key::Key;
use time::Duration;

use super::{assert_accessible, assert_no_complaints, enter, sign_in};
use crate::browser::{Browser, Script, Width};
use crate::support::TestBridge;

/// What a browser tells a page whose window comes to the front, or whose computer wakes up.
const LOOK: &str = "window.dispatchEvent(new Event('focus'))";
const FOCUSED: &str = "return document.activeElement.textContent.trim()";
const SECONDS_LEFT: &str = "fetch('/session').then(a => a.json()).then(s => done(s.seconds_left), done)";
const STAY_ELSEWHERE: &str = "fetch('/session/extend', { method: 'POST' }).then(a => done(a.status), done)";

async fn signed_in(width: Width) -> (TestBridge, Browser) {
    let bridge = TestBridge::start().await;
    let browser = Browser::start(width, Script::On).await;
    sign_in(&browser, &bridge).await;
    (bridge, browser)
}

/// The clock goes on while nobody looks.
async fn after(bridge: &TestBridge, browser: &Browser, time: Duration) {
    bridge.clock.advance(time);
    browser.ask(LOOK).await;
}

const NEARLY: Duration = Duration::seconds(13 * 60 + 10);

#[tokio::test]
async fn gv_10_ap_11_a_dialog_warns_before_the_end_and_a_keyboard_stays_logged_in() {
    for width in [Width::Narrow, Width::Wide] {
        let (bridge, browser) = signed_in(width).await;
        after(&bridge, &browser, NEARLY).await;
        let heading = browser.text("dialog[open] h2").await;
        assert_eq!(heading, "You will be logged out soon");
        assert_eq!(browser.ask(FOCUSED).await, "Stay logged in");
        assert!(
            browser
                .text("dialog[role=alertdialog] [aria-live=polite]")
                .await
                .starts_with("We will log you out in less than 2 minutes")
        );
        assert_accessible(&browser, "the warning").await;
        let too_wide = "return document.documentElement.scrollWidth > window.innerWidth";
        assert_eq!(browser.ask(too_wide).await, false);
        assert_eq!(
            browser.ask_later(SECONDS_LEFT).await,
            110,
            "asking is no sign of life"
        );

        browser.press(Key::Enter).await;
        browser.there_is("dialog:not([open])").await;
        assert_eq!(browser.ask_later(SECONDS_LEFT).await, 900);
        assert_no_complaints(&browser).await;
    }
}

#[tokio::test]
async fn gv_10_the_keyboard_stays_inside_the_warning_and_escape_stays_logged_in() {
    let (bridge, browser) = signed_in(Width::Wide).await;
    after(&bridge, &browser, NEARLY).await;
    browser.there_is("dialog[open]").await;
    let is_behind = "const at = document.activeElement; return at !== document.body && !at.closest('dialog')";
    for _ in 0..4 {
        browser.press(Key::Tab).await;
        assert_eq!(browser.ask(is_behind).await, false);
    }
    browser.press(Key::Escape).await;
    browser.there_is("dialog:not([open])").await;
    assert_eq!(browser.ask_later(SECONDS_LEFT).await, 900);
}

#[tokio::test]
async fn ap_11_what_happens_in_another_window_closes_the_warning() {
    let (bridge, browser) = signed_in(Width::Wide).await;
    after(&bridge, &browser, NEARLY).await;
    browser.there_is("dialog[open]").await;
    assert_eq!(browser.ask_later(STAY_ELSEWHERE).await, 200);
    browser.ask(LOOK).await;
    browser.there_is("dialog:not([open])").await;
}

#[tokio::test]
async fn ap_11_who_does_nothing_is_led_to_a_page_that_says_why_and_back_again() {
    let (bridge, browser) = signed_in(Width::Narrow).await;
    after(&bridge, &browser, Duration::seconds(14 * 60 + 59)).await;
    let words = browser.text("dialog[open] [aria-live]").await;
    assert!(words.contains("less than 30 seconds"), "{words}");
    assert_eq!(browser.text("h1").await, "You are logged in");
    // The page asks again by itself.
    bridge.clock.advance(Duration::SECOND);
    browser.there_is("a[href^='/sign-in']").await;
    assert_eq!(browser.text("h1").await, "We logged you out");
    let said = browser.text("main").await;
    assert!(said.contains("you did nothing for 15 minutes"), "{said}");
    assert!(said.contains("protects patient information"), "{said}");
    assert_accessible(&browser, "the page after a time-out").await;

    enter(&browser, "Log in again").await;
    enter(&browser, "Log in with NHSmail").await;
    assert_eq!(browser.text("#people").await, "People");
}

#[tokio::test]
async fn ap_11_a_computer_that_slept_is_asked_for_nothing_but_shows_nothing_either() {
    let (bridge, browser) = signed_in(Width::Wide).await;
    after(&bridge, &browser, Duration::minutes(5)).await;
    after(&bridge, &browser, Duration::hours(3)).await;
    browser.there_is("a[href^='/sign-in']").await;
    assert_eq!(browser.url().await.path(), "/session/ended");
}

#[tokio::test]
async fn ap_11_a_session_that_cannot_last_longer_is_not_promised_to() {
    let bridge = TestBridge::configured(|config| {
        for door in config.saml.values_mut() {
            door.session.absolute = Duration::hours(1);
            door.session.idle = Duration::hours(1);
        }
    })
    .await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    sign_in(&browser, &bridge).await;
    after(&bridge, &browser, Duration::minutes(59)).await;
    let words = browser.text("dialog[open] [aria-live]").await;
    assert!(words.contains("cannot be made longer"), "{words}");
    assert_eq!(browser.ask(FOCUSED).await, "Continue");
    browser.press(Key::Enter).await;
    browser.there_is("dialog:not([open])").await;
    browser.ask(LOOK).await;
    bridge.clock.advance(Duration::minutes(1));
    browser.ask(LOOK).await;
    browser.there_is("a[href^='/sign-in']").await;
}

#[tokio::test]
async fn gv_10_the_warning_leads_out_too() {
    let (bridge, browser) = signed_in(Width::Narrow).await;
    after(&bridge, &browser, NEARLY).await;
    browser.there_is("dialog[open]").await;
    enter(&browser, "Log out").await;
    browser.wait_for_url(bridge.url("/sign-out").as_str()).await;
    enter(&browser, "Log out").await;
    browser.wait_for_url(bridge.url("/signed-out").as_str()).await;
}
