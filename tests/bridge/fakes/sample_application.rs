//! The sample application: behind the bridge, nobody gets in without signing in.

use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::sample_application::{SampleApplication, Settings};
use nhsmail_bridge::platform::origin::Origin;

use super::loopback;
use crate::support::{ENTRA, TestBridge};

pub(super) async fn start(bridge: &TestBridge) -> SampleApplication {
    let settings = Settings {
        listen: loopback(),
        // Cookies are for a host: the application must be named like the bridge to be shown the bridge's.
        public: Some("http://localhost:0".parse().expect("an origin")),
        bridge: bridge.origin().clone(),
    };
    SampleApplication::start(settings)
        .await
        .expect("the application starts")
}

/// A bridge that believes what stands in front of the application, which is the application itself.
pub(super) async fn trusting() -> TestBridge {
    TestBridge::configured(|config| {
        config.web.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    })
    .await
}

#[tokio::test]
async fn a_stranger_is_sent_to_the_bridge_and_the_front_page_knows_nobody() {
    let bridge = trusting().await;
    let application = start(&bridge).await;
    let mut browser = Browser::new().expect("a browser");
    let front = browser.open(&application.url()).await.expect("the front page");
    assert!(front.words().contains("Nobody is signed in"), "{}", front.words());
    let rota = browser.open(&application.protected_url()).await.expect("a page");
    assert_eq!(rota.url.origin().ascii_serialization(), bridge.origin().as_str());
    assert_eq!(rota.heading(), "Choose how to log in");
}

#[tokio::test]
async fn whoever_is_signed_in_sees_the_page_and_the_token() {
    let bridge = trusting().await;
    let application = start(&bridge).await;
    let rota = application.protected_url();
    let mut browser = Browser::new().expect("a browser");
    let address = bridge.url(&format!("/sign-in?door={ENTRA}"));
    let who = browser.open(address.as_str()).await.expect("the fake's page");
    let answer = browser.press(&who, "amara-example").await.expect("the answer");
    let again = browser
        .press(&answer, "Continue")
        .await
        .expect("the page that sends it again");
    browser.press(&again, "Continue").await.expect("signed in");
    let page = browser.open(&rota).await.expect("the page");
    assert_eq!(page.heading(), "Rota of Amara Example", "{}", page.words());
    assert!(page.words().contains("\"alg\": \"ES256\""), "{}", page.words());
    assert!(page.words().contains("\"simulated\": true"), "{}", page.words());
}

#[tokio::test]
async fn a_bridge_that_is_away_is_said_to_be() {
    let bridge = Origin::parse("http://127.0.0.1:9").expect("an origin");
    let settings = Settings {
        listen: loopback(),
        public: None,
        bridge,
    };
    let application = SampleApplication::start(settings)
        .await
        .expect("the application starts");
    let mut browser = Browser::new().expect("a browser");
    for address in [application.url(), application.protected_url()] {
        let page = browser.open(&address).await.expect("a page");
        assert_eq!(page.status(), 502);
        assert_eq!(page.heading(), "The bridge did not help");
    }
}
