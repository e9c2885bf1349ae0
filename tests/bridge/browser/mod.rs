//! A real browser, driven as a person would: headless Chromium through chromedriver.
//!
//! Chromium or axe-core missing fails the test with the command that brings it; nothing is passed over.

mod axe;
mod driver;
mod pages;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use self::driver::Driver;

/// How wide the window is; the height is that of a small laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// 320 pixels: a small telephone, and 1280 at a zoom of 400 % (WCAG 2.2, 1.4.10).
    Narrow,
    /// 1280 pixels.
    Wide,
}

/// Whether pages may run their scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    On,
    Off,
}

/// One browser with an empty profile, closed when dropped.
#[derive(Debug)]
pub(crate) struct Browser {
    client: Client,
    session: String,
    driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser.
    pub(crate) async fn start(width: Width, script: Script) -> Self {
        let driver = Driver::start();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let wanted = capabilities(width, script, &profile);
        let client = ClientBuilder::native()
            .capabilities(wanted)
            .connect(&driver.address())
            .await
            .expect("Chromium did not start: run `bash .ci/setup test`");
        let session = client.session_id().await.expect("a session").expect("its name");
        Self {
            client,
            session,
            driver,
            _profile: profile,
        }
    }

    /// Clicks the first element that the CSS selector finds, once it is there: the page may be on its way. What leads to another
    /// page is [`Browser::follow`].
    pub(crate) async fn click(&self, selector: &str) {
        let wait = self.client.wait();
        let element = wait.for_element(Locator::Css(selector)).await.expect(selector);
        element.click().await.expect("it can be clicked");
    }

    /// Presses a key, as a person does: it goes wherever the focus is at that moment. What leads to another page is
    /// [`Browser::press_away`].
    pub(crate) async fn press(&self, key: Key) {
        let value = char::from(key);
        let keyboard = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client
            .perform_actions(keyboard)
            .await
            .expect("the key is taken");
    }

    /// The text of the first element that the CSS selector finds, as a person sees it. If its page goes while it is read, that
    /// of the next.
    pub(crate) async fn text(&self, selector: &str) -> String {
        loop {
            let wait = self.client.wait();
            let element = wait.for_element(Locator::Css(selector)).await.expect(selector);
            match element.text().await {
                Ok(text) => return text,
                Err(cause) => assert!(cause.is_stale_element_reference(), "{selector}: {cause}"),
            }
        }
    }

    /// Runs a script as the tester, which the page's policy does not bind, and returns what it returns.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// The same with a script that answers later, by calling `done`.
    pub(crate) async fn ask_later(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        let answer = self.client.execute_async(&script, Vec::new()).await;
        answer.expect("the script answers")
    }

    /// What axe-core holds against the page, a line for each element; empty if nothing.
    pub(crate) async fn axe(&self) -> Vec<String> {
        axe::judge(&self.client).await
    }

    /// What Chromium complained of since the last call: blocked loads, refused scripts, missing files.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(BrowserLog).await.expect("the log");
        let lines = log.as_array().expect("a list");
        lines
            .iter()
            .filter_map(|line| line.get("message"))
            .map(Value::to_string)
            .collect()
    }

    /// The whole page as a PNG at three quarters of its size, also what is below the window.
    pub(crate) async fn whole_picture(&self) -> Vec<u8> {
        let size = "const page = document.documentElement; return [page.clientWidth, page.scrollHeight]";
        let (width, height) = serde_json::from_value(self.ask(size).await).expect("a size");
        let answer = self.client.issue_cmd(WholePicture { width, height }).await;
        let answer = answer.expect("a picture");
        let octets = answer.get("data").and_then(Value::as_str).expect("a picture");
        STANDARD.decode(octets).expect("base64")
    }

    /// The page as a PNG, for a person to look at.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a picture")
    }
}

impl Drop for Browser {
    /// Ends the session without the runtime, which may be gone: chromedriver then ends Chromium.
    fn drop(&mut self) {
        // A session that ended by itself needs no end, so that a failure here is none.
        let _ended = self.driver.end_session(&self.session);
    }
}

fn capabilities(width: Width, script: Script, profile: &TempDir) -> serde_json::Map<String, Value> {
    let (pixels, javascript) = (
        match width {
            Width::Narrow => 320,
            Width::Wide => 1280,
        },
        match script {
            Script::On => 1,
            Script::Off => 2,
        },
    );
    let wanted = json!({
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", format!("--user-data-dir={}", profile.path().display()),
            ],
            "prefs": { "profile.managed_default_content_settings.javascript": javascript },
            "mobileEmulation": {
                "deviceMetrics": { "width": pixels, "height": 800, "pixelRatio": 1.0, "mobile": false, "touch": false },
            },
        },
    });
    wanted.as_object().expect("an object").clone()
}

/// chromedriver's own command for a command of Chromium's own.
#[derive(Debug)]
struct WholePicture {
    width: u32,
    height: u32,
}

impl WebDriverCompatibleCommand for WholePicture {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _address: &Url) -> (Method, Option<String>) {
        let wanted = json!({
            "cmd": "Page.captureScreenshot",
            "params": {
                "format": "png",
                "captureBeyondViewport": true,
                "clip": { "x": 0, "y": 0, "width": self.width, "height": self.height, "scale": 0.75 },
            },
        });
        (Method::POST, Some(wanted.to_string()))
    }
}

/// chromedriver's own command for what stands in the console.
#[derive(Debug)]
struct BrowserLog;

impl WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _address: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
