//! The fakes from outside: what they serve, what other software makes of it, what replay does with it.

mod before_the_bridge;
pub(crate) mod cis2;
mod pages;
mod replaying;
mod sample_application;
mod serving;
mod signatures;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use nhsmail_bridge::fakes::browser::{Browser, Page};
use nhsmail_bridge::fakes::saml_idp::{FakeSamlIdp, Personality, Settings};
use nhsmail_bridge::platform::clock::SettableClock;
use nhsmail_bridge::platform::random::SeededRandom;

use crate::support::{START, keys_of_the_fake};

/// A service provider that nobody runs.
const ACS: &str = "http://127.0.0.1:9/acs";
const AUDIENCE: &str = "urn:example:rota";

fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// Everything about it repeats.
fn repeatable() -> Settings {
    Settings {
        clock: Arc::new(SettableClock::at(START)),
        random: Arc::new(SeededRandom::from_seed(7)),
        key_folder: Some(keys_of_the_fake()),
        ..Settings::listening(loopback())
    }
}

async fn start(settings: Settings) -> FakeSamlIdp {
    FakeSamlIdp::start(settings).await.expect("the fake starts")
}

/// Goes to the page that asks who signs in, of a sign-in that nobody asked for.
async fn begin(browser: &mut Browser, fake: &FakeSamlIdp, personality: Personality, acs: &str) -> Page {
    let start = format!("{}{}/start", fake.page(), personality.word());
    let page = browser.open(&start).await.expect("the page");
    let form = page.form_with("relay_state").expect("the form for any service");
    let fields = [("audience", AUDIENCE), ("acs_url", acs), ("relay_state", "")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    browser
        .submit(&page, &form, fields.to_vec())
        .await
        .expect("the next page")
}

/// The Response that the page of the fake would bring to the service.
async fn answer_about(fake: &FakeSamlIdp, personality: Personality, person: &str) -> String {
    let mut browser = Browser::new().expect("a browser");
    let who = begin(&mut browser, fake, personality, ACS).await;
    let page = browser.press(&who, person).await.expect("an answer");
    assert_eq!(page.heading(), "Continue to the service", "{}", page.words());
    fake.saved()
        .pop()
        .expect("a saved answer")
        .xml()
        .expect("a message")
}
