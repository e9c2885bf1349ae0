//! The same warning on a page of an application: another origin of the same site, under the strictest policy.

use fantoccini::key::Key;
use nhsmail_bridge::platform::origin::Origin;
use time::Duration;

use super::application::Application;
use super::{assert_no_complaints, enter, sign_in};
use crate::browser::{Browser, Script, Width};
use crate::support::TestBridge;

async fn beside_a_bridge(is_listed: impl FnOnce(&Origin) -> Vec<Origin>) -> (TestBridge, Application) {
    let application = Application::start().await;
    let listed = is_listed(&application.origin);
    let bridge = TestBridge::configured(|config| {
        config.web.return_to = listed;
    })
    .await;
    application.beside(bridge.origin());
    (bridge, application)
}

#[tokio::test]
async fn ap_11_gv_10_an_application_warns_with_one_line_and_gets_its_people_back() {
    let (bridge, application) = beside_a_bridge(|origin| vec![origin.clone()]).await;
    let browser = Browser::start(Width::Narrow, Script::On).await;
    sign_in(&browser, &bridge).await;
    let shifts = application.origin.at("/shifts/7?week=2");
    bridge.clock.advance(Duration::seconds(13 * 60 + 10));
    browser.open(&shifts).await;
    assert_eq!(browser.text("dialog[open] button").await, "Stay logged in");
    browser.press(Key::Enter).await;
    browser.there_is("dialog:not([open])").await;

    bridge.clock.advance(Duration::seconds(14 * 60 + 59));
    browser.ask("window.dispatchEvent(new Event('focus'))").await;
    browser.there_is("dialog[open]").await;
    bridge.clock.advance(Duration::SECOND);
    browser.there_is("a[href^='/sign-in']").await;
    assert_eq!(browser.text("h1").await, "We logged you out");
    // The refused question after the end is a line of Chromium's own.
    let complaints = browser.complaints().await;
    assert!(
        complaints.iter().all(|line| line.contains("401")),
        "{complaints:#?}"
    );

    enter(&browser, "Log in again").await;
    enter(&browser, "Log in with NHSmail").await;
    browser.text("#people").await;
    enter(&browser, "Amara Example").await;
    browser.wait_for_url(&shifts).await;
    assert_no_complaints(&browser).await;
}

#[tokio::test]
async fn ap_11_an_application_that_is_not_listed_learns_nothing_and_nobody_is_sent_away() {
    let (bridge, application) = beside_a_bridge(|_origin| Vec::new()).await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    sign_in(&browser, &bridge).await;
    browser.open(&application.origin.at("/shifts/7")).await;
    bridge.clock.advance(Duration::hours(1));
    browser.ask("window.dispatchEvent(new Event('focus'))").await;
    let refused = "fetch(document.scripts[0].src.replace(/assets.*/, 'session'), { credentials: 'include' })\
                   .then(() => done('read'), () => done('refused'))";
    assert_eq!(browser.ask_later(refused).await, "refused");
    assert_eq!(browser.text("h1").await, "Rota /shifts/7");
}
