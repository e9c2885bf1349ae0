//! The pages of the fake and of the sample application in a real browser: axe-core, reflow, and without script.

use super::cis2::Party;
use super::{answer_about, repeatable, sample_application, start};
use crate::browser::{Browser, Script, Width};
use crate::support::ENTRA;
use nhsmail_bridge::fakes::cis2::NextAnswer;
use nhsmail_bridge::fakes::saml_idp::Personality;

/// Opens a page and holds it to WCAG 2.2 AA and to a width of 320 pixels.
async fn judge(browser: &Browser, address: &str) {
    browser.open(address).await;
    judge_here(browser).await;
}

async fn judge_here(browser: &Browser) {
    let address = browser.url().await;
    let held_against = browser.axe().await;
    assert!(held_against.is_empty(), "{address}\n{}", held_against.join("\n"));
    let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(
        browser.ask(overflow).await,
        0,
        "{address} must be scrolled sideways"
    );
    let complaints = browser.complaints().await;
    // A page that says no has a status that says no, which the console repeats.
    let of_the_page = complaints
        .iter()
        .filter(|line| !line.contains("the server responded with a status of 4"));
    assert_eq!(of_the_page.count(), 0, "{address} {complaints:?}");
}

#[tokio::test]
async fn the_pages_of_the_fake_are_accessible_at_320_pixels() {
    let fake = start(repeatable()).await;
    answer_about(&fake, Personality::Entra, "sian-ffug").await;
    let browser = Browser::start(Width::Narrow, Script::On).await;
    let base = fake.page();
    for path in ["", "answers", "entra/start", "adfs/start", "entra/saml2"] {
        judge(&browser, &format!("{base}{path}")).await;
    }
    browser.open(&format!("{base}adfs/start")).await;
    browser
        .ask("document.getElementById('audience').value = 'urn:example:a-service-with-a-long-name-indeed'")
        .await;
    browser
        .ask("document.getElementById('acs_url').value = 'http://127.0.0.1:9/acs'")
        .await;
    browser.follow("form button").await;
    assert_eq!(browser.text("h1").await, "Who signs in?");
    judge_here(&browser).await;
}

#[tokio::test]
async fn the_pages_of_the_fake_cis2_are_accessible_at_320_pixels() {
    let party = Party::start().await;
    party.sign_in(NextAnswer::about("zoe-umlaut")).await;
    let browser = Browser::start(Width::Narrow, Script::On).await;
    let base = party.fake.page();
    let refused = party.request(&[("redirect_uri", "http://127.0.0.1:9/elsewhere")]);
    for address in [
        base.clone(),
        format!("{base}fake/received"),
        format!("{base}fake/sessions"),
        refused,
    ] {
        judge(&browser, &address).await;
    }
    judge(&browser, &party.request(&[])).await;
    browser.follow("form button").await;
    browser.wait_for_url(&format!("{base}fake/method")).await;
    assert_eq!(browser.text("#complaint").await, "Select a login method.");
    judge_here(&browser).await;
    browser.click("#method-security-key").await;
    browser.follow("form button").await;
    assert_eq!(browser.text("#people").await, "People");
    assert_eq!(browser.text("h1").await, "Who logs in?");
    judge_here(&browser).await;
    browser.follow("button[value='sixten-sixty']").await;
    browser.wait_for_url(&format!("{base}fake/person")).await;
    assert_eq!(browser.text("h1").await, "Select your role");
    judge_here(&browser).await;
}

#[tokio::test]
async fn a_person_signs_in_at_the_sample_application_with_and_without_script() {
    for script in [Script::On, Script::Off] {
        let bridge = sample_application::trusting().await;
        let application = sample_application::start(&bridge).await;
        let front = application.url();
        let browser = Browser::start(Width::Wide, script).await;
        browser
            .open(bridge.url(&format!("/sign-in?door={ENTRA}")).as_str())
            .await;
        browser.follow("button[value='amara-example']").await;
        if script == Script::Off {
            browser.there_is("#answer").await;
            assert_eq!(browser.text("h1").await, "Continue to the service");
            browser.follow("#answer button").await;
            // The page after has the same button; it is ours.
            browser
                .wait_for_url(bridge.url(&format!("/saml/{ENTRA}/acs")).as_str())
                .await;
            browser.follow("#answer button").await;
        }
        browser.wait_for_url(bridge.url("/").as_str()).await;
        browser.open(&front).await;
        assert_eq!(browser.text("#person").await, "Amara Example");
        if script == Script::On {
            judge_here(&browser).await;
            judge(&browser, &format!("{front}rota")).await;
        }
    }
}
