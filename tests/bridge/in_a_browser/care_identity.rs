//! A Care Identity in Chromium: chosen, proven, working in one role and then in another, and gone again; by keyboard.

use fantoccini::key::Key;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::identity::settings::roles::Picker;

use super::{MOST_TABS, assert_accessible, assert_no_complaints, enter};
use crate::browser::{Browser, Script, Width};
use crate::support::{CIS2, TestBridge};

const IS_RADIO: &str = "return document.activeElement.type === 'radio'";
const LABEL: &str = "return document.activeElement.labels[0].textContent.trim()";
const CHECKED: &str = "return document.activeElement.checked";
const TEXT: &str = "return document.body.innerText";

/// Goes to the radio buttons and selects the one with this label: the space bar selects where the focus is, an arrow
/// the next.
pub(super) async fn select(browser: &Browser, label: &str) {
    reach_the_radios(browser).await;
    for _ in 0..MOST_TABS {
        if browser.ask(LABEL).await == label {
            return check(browser).await;
        }
        browser.press(Key::Down).await;
    }
    unreachable!("the keyboard does not reach {label} at {}", browser.url().await);
}

async fn check(browser: &Browser) {
    if browser.ask(CHECKED).await == false {
        browser.press(Key::Space).await;
    }
}

async fn reach_the_radios(browser: &Browser) {
    for _ in 0..MOST_TABS {
        if browser.ask(IS_RADIO).await == true {
            return;
        }
        browser.press(Key::Tab).await;
    }
}

async fn shows(browser: &Browser, words: &str) -> bool {
    let text = browser.ask(TEXT).await;
    text.as_str().is_some_and(|text| text.contains(words))
}

pub(crate) fn we_ask(config: &mut Config) {
    let cis2 = config.oidc.get_mut(CIS2).expect("a door");
    cis2.person.roles.picker = Picker::Ours;
}

/// From the door to our role picker, as somebody with several roles.
pub(crate) async fn reach_the_picker(browser: &Browser) {
    assert_eq!(browser.text("legend").await, "Select your login method");
    select(browser, "Security key").await;
    enter(browser, "Continue").await;
    assert_eq!(browser.text("#people").await, "People");
    enter(browser, "Priya Tester").await;
    browser.text("input[name=role]").await;
}

#[tokio::test]
async fn gv_10_a_keyboard_leads_through_a_care_identity_its_roles_and_out_again() {
    let bridge = TestBridge::with_cis2(we_ask).await;
    let browser = Browser::start(Width::Narrow, Script::On).await;
    browser.open(bridge.url("/").as_str()).await;
    assert_accessible(&browser, "the chooser with two kinds of door").await;
    enter(&browser, "Log in with my Care Identity").await;
    reach_the_picker(&browser).await;
    assert_accessible(&browser, "our role picker").await;
    enter(&browser, "Continue").await;
    assert_eq!(
        browser.text(".nhsuk-error-summary__heading").await,
        "There is a problem"
    );
    assert_accessible(&browser, "our role picker without a choice").await;
    select(&browser, "Nurse Access Role").await;
    enter(&browser, "Continue").await;

    browser.wait_for_url(bridge.url("/").as_str()).await;
    assert!(shows(&browser, "Nurse Access Role").await);
    assert_accessible(&browser, "who is signed in with a Care Identity").await;
    enter(&browser, "Change role").await;
    browser.wait_for_url(bridge.url("/change-role").as_str()).await;
    assert_accessible(&browser, "the change of role").await;
    select(&browser, "Systems Support Access Role").await;
    enter(&browser, "Continue").await;

    browser.wait_for_url(bridge.url("/").as_str()).await;
    assert!(shows(&browser, "Systems Support Access Role").await);
    enter(&browser, "Log out").await;
    browser.wait_for_url(bridge.url("/signed-out").as_str()).await;
    assert_accessible(&browser, "signed out").await;
    assert_no_complaints(&browser).await;
}
