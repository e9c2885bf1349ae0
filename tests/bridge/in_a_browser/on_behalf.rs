//! An application of others asks by OpenID Connect who is there, in Chromium: choice, login, answer, and the pages that
//! say why somebody may not come in; by keyboard, with scripts and without.

use nhsmail_bridge::config::Config;
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use url::Url;

use super::application::Application;
use super::care_identity::{reach_the_picker, select, we_ask};
use super::{assert_accessible, assert_no_complaints, enter};
use crate::browser::{Browser, Script, Width};
use crate::support::TestBridge;

/// RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Somebody whom an application has sent here.
pub(crate) struct Sent {
    bridge: TestBridge,
    application: Application,
    pub(crate) browser: Browser,
    callback: String,
    script: Script,
}

impl Sent {
    /// An application with these requirements sends somebody here.
    pub(crate) async fn by(change: impl FnOnce(&mut Settings), width: Width, script: Script) -> Self {
        let application = Application::start().await;
        let callback = application.origin.at("/callback");
        let mut settings = Settings::new("Northfield Rota");
        settings.redirect_uris = vec![callback.clone()];
        settings.client_authentication = Some(AuthenticationMethod::None);
        settings.simulated = true;
        change(&mut settings);
        let bridge = TestBridge::with_cis2(|config: &mut Config| {
            config.applications.insert("rota".to_owned(), settings);
            we_ask(config);
        })
        .await;
        application.beside(bridge.origin());
        let browser = Browser::start(width, script).await;
        let asked = bridge.url(&format!(
            "/oauth2/authorize?client_id=rota&response_type=code&scope=openid&redirect_uri={callback}\
             &state=s-1&nonce=n-1&code_challenge={CHALLENGE}&code_challenge_method=S256"
        ));
        browser.open(asked.as_str()).await;
        Self {
            bridge,
            application,
            browser,
            callback,
            script,
        }
    }

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

    /// Through the door of NHSmail; without a script two pages need a press more.
    pub(crate) async fn logs_in_with_nhsmail(&self) {
        enter(&self.browser, "Log in with NHSmail").await;
        assert_eq!(self.browser.text("#people").await, "People");
        enter(&self.browser, "Amara Example").await;
        if self.script == Script::Off {
            self.browser.there_is("input[name=SAMLResponse]").await;
            enter(&self.browser, "Continue").await;
            self.browser.there_is("input[name=again]").await;
            enter(&self.browser, "Continue").await;
        }
    }

    /// The answer as it reached the application.
    async fn answer(&self) -> Url {
        self.browser.there_is("a[href$='/sign-out']").await;
        let url = self.browser.url().await;
        assert!(url.as_str().starts_with(&self.callback), "{url}");
        url
    }
}

fn value(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs.find_map(|(known, value)| (known == name).then(|| value.into_owned()))
}

async fn arrives_with_nhsmail(width: Width, script: Script) {
    let sent = Sent::by(|_settings| {}, width, script).await;
    sent.looks_right("the choice of a door for an application").await;
    sent.logs_in_with_nhsmail().await;
    let answer = sent.answer().await;
    assert!(value(&answer, "code").is_some(), "{answer}");
    assert_eq!(value(&answer, "state").as_deref(), Some("s-1"));
    assert_no_complaints(&sent.browser).await;
}

#[tokio::test]
async fn gv_10_ap_08_an_application_gets_its_answer_by_keyboard_with_script() {
    arrives_with_nhsmail(Width::Wide, Script::On).await;
}

#[tokio::test]
async fn gv_10_ap_08_an_application_gets_its_answer_by_keyboard_without_script() {
    arrives_with_nhsmail(Width::Narrow, Script::Off).await;
}

#[tokio::test]
async fn gv_10_ap_08_an_application_gets_its_answer_after_a_role_was_picked() {
    for script in [Script::On, Script::Off] {
        let sent = Sent::by(|_settings| {}, Width::Narrow, script).await;
        enter(&sent.browser, "Log in with my Care Identity").await;
        reach_the_picker(&sent.browser).await;
        sent.looks_right("the choice of a role for an application").await;
        select(&sent.browser, "Nurse Access Role").await;
        enter(&sent.browser, "Continue").await;
        let answer = sent.answer().await;
        assert!(value(&answer, "code").is_some(), "{answer}");
        assert_no_complaints(&sent.browser).await;
    }
}

/// Only this organisation may use the application, and nobody of the cast works there.
pub(crate) fn of_another_organisation(settings: &mut Settings) {
    settings.requires.organisations = vec!["Z99Z9".to_owned()];
}

#[tokio::test]
async fn gv_10_who_may_not_come_in_reads_why_and_goes_back_to_the_application() {
    for script in [Script::On, Script::Off] {
        let sent = Sent::by(of_another_organisation, Width::Narrow, script).await;
        sent.logs_in_with_nhsmail().await;
        sent.browser.there_is(".bridge-reference").await;
        sent.looks_right("the page of a policy").await;
        enter(&sent.browser, "Go back to Northfield Rota").await;
        let answer = sent.answer().await;
        assert_eq!(
            value(&answer, "error").as_deref(),
            Some("access_denied"),
            "{answer}"
        );
        assert!(value(&answer, "code").is_none());
    }
}

#[tokio::test]
async fn gv_10_ap_09_an_application_hears_of_the_end_in_a_frame_and_the_person_reads_that_it_did() {
    let in_a_frame = |settings: &mut Settings| {
        let callback = settings.redirect_uris.first().expect("an address");
        settings.frontchannel_logout_uri = Some(callback.replace("/callback", "/out"));
    };
    for script in [Script::On, Script::Off] {
        let sent = Sent::by(in_a_frame, Width::Narrow, script).await;
        sent.logs_in_with_nhsmail().await;
        sent.answer().await;
        enter(&sent.browser, "Leave").await;
        sent.browser
            .wait_for_url(sent.bridge.url("/sign-out").as_str())
            .await;
        enter(&sent.browser, "Log out").await;
        sent.browser.there_is("iframe").await;
        sent.browser.is_loaded().await;
        sent.looks_right("the page after logging out of an application")
            .await;
        let said = sent.browser.text("main").await;
        assert!(said.contains("You have also logged out of:"), "{said}");
        assert!(said.contains("Northfield Rota"), "{said}");
        assert!(sent.application.was_opened("/out"));
    }
}
