//! The whole sign-in in Chromium: the bridge on one site, the fake on another, nothing but a keyboard.

mod application;
pub(crate) mod care_identity;
pub(crate) mod on_behalf;
mod walk;
mod warning;
mod warning_of_an_application;

use fantoccini::key::Key;
use url::Url;

use crate::browser::{Browser, Script, Width};
use crate::support::{ENTRA, TestBridge};

/// More presses than this, and the keyboard does not reach it.
const MOST_TABS: usize = 40;
const FOCUSED: &str = "return document.activeElement.textContent.trim()";

/// Presses Tab until the focus is on the link or button with this text, then Enter, and waits for the page that it leads to.
async fn enter(browser: &Browser, text: &str) {
    for _ in 0..MOST_TABS {
        browser.press(Key::Tab).await;
        if browser.ask(FOCUSED).await == text {
            browser.press_away(Key::Enter).await;
            return;
        }
    }
    unreachable!("the keyboard does not reach {text} at {}", browser.url().await);
}

async fn assert_accessible(browser: &Browser, page: &str) {
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "{page}: {faults:#?}");
}

async fn assert_no_complaints(browser: &Browser) {
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Somebody signs in by keyboard; ends at our own page.
pub(crate) async fn sign_in(browser: &Browser, bridge: &TestBridge) {
    let leave = bridge.url(&format!("/sign-in?door={ENTRA}"));
    browser.open(leave.as_str()).await;
    enter(browser, "Amara Example").await;
    browser.wait_for_url(bridge.url("/").as_str()).await;
}

/// The page of the fake at this path.
fn at_the_fake(bridge: &TestBridge, path: &str) -> String {
    let page = Url::parse(&bridge.fake.page()).expect("an address");
    page.join(path).expect("an address").into()
}

#[tokio::test]
async fn gv_10_with_script_a_keyboard_leads_from_the_chooser_to_signed_out() {
    let bridge = TestBridge::start().await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    browser.open(bridge.url("/").as_str()).await;
    assert_accessible(&browser, "the chooser").await;
    enter(&browser, "Log in with NHSmail").await;
    assert_eq!(browser.text("#people").await, "People");
    enter(&browser, "Amara Example").await;

    browser.wait_for_url(bridge.url("/").as_str()).await;
    assert_eq!(browser.text(".nhsuk-summary-list__value").await, "Amara Example");
    assert_accessible(&browser, "who is signed in").await;
    browser.open(bridge.url("/sign-out").as_str()).await;
    assert_accessible(&browser, "the question before signing out").await;
    enter(&browser, "Log out").await;

    browser.wait_for_url(bridge.url("/signed-out").as_str()).await;
    assert_accessible(&browser, "signed out").await;
    assert_no_complaints(&browser).await;
    browser.open(bridge.url("/").as_str()).await;
    enter(&browser, "Log in with NHSmail").await;
    assert_eq!(
        browser.text("#people").await,
        "People",
        "nobody is signed in any more"
    );
}

#[tokio::test]
async fn gv_10_without_script_a_keyboard_leads_from_the_chooser_to_signed_out() {
    let bridge = TestBridge::start().await;
    let browser = Browser::start(Width::Narrow, Script::Off).await;
    browser.open(bridge.url("/").as_str()).await;
    enter(&browser, "Log in with NHSmail").await;
    assert_eq!(browser.text("#people").await, "People");
    enter(&browser, "Amara Example").await;
    browser.wait_for_url(&at_the_fake(&bridge, "/pick")).await;
    enter(&browser, "Continue").await;

    let acs = bridge.url(&format!("/saml/{ENTRA}/acs"));
    browser.wait_for_url(acs.as_str()).await;
    assert_eq!(browser.text("h1").await, "Finish logging in");
    enter(&browser, "Continue").await;

    browser.wait_for_url(bridge.url("/").as_str()).await;
    assert_eq!(browser.text(".nhsuk-summary-list__value").await, "Amara Example");
    enter(&browser, "Log out").await;
    browser.wait_for_url(bridge.url("/signed-out").as_str()).await;
    assert_no_complaints(&browser).await;
}

#[tokio::test]
async fn gv_10_a_deep_link_ends_at_its_page_and_coming_back_sends_nothing_twice() {
    let bridge = TestBridge::start().await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    let deep = bridge.application_url("/shifts/7");
    let leave = bridge.url(&format!("/sign-in?door={ENTRA}&return_to={deep}"));
    browser.open(leave.as_str()).await;
    enter(&browser, "Amara Example").await;
    browser.wait_for_url(deep.as_str()).await;
    assert_eq!(browser.text("h1").await, "Rota /shifts/7");
    assert_eq!(bridge.fake.saved().len(), 1);
}

#[tokio::test]
async fn gv_10_a_refusal_in_the_middle_is_a_page_that_passes_axe_and_leads_back() {
    let bridge = TestBridge::start().await;
    let browser = Browser::start(Width::Narrow, Script::On).await;
    bridge
        .fake
        .next_answer(nhsmail_bridge::fakes::mischief::Mischief::ErrorStatus);
    browser
        .open(bridge.url(&format!("/sign-in?door={ENTRA}")).as_str())
        .await;
    enter(&browser, "Amara Example").await;
    assert_eq!(browser.text(".bridge-reference").await.len(), 9);
    assert_accessible(&browser, "the refusal").await;
    enter(&browser, "Start again").await;
    browser.wait_for_url(bridge.url("/").as_str()).await;
}
