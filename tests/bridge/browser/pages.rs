//! From page to page: a browser says that a click is done before the next page is there, so the tester waits for it.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use tokio::time::timeout;
use url::Url;

use super::Browser;

/// A page that is not there by now will not come; a machine under load may be that slow.
const LONGEST: Duration = Duration::from_secs(60);
/// What a page is marked with before it is left. The next page has a window of its own, without the mark.
const MARK: &str = "window.isLeft = true";
const IS_ANOTHER: &str = "return window.isLeft !== true && document.readyState === 'complete'";
const IS_LOADED: &str = "return document.readyState === 'complete'";

impl Browser {
    /// Opens an address and waits until it is loaded.
    pub(crate) async fn open(&self, address: &str) {
        self.client.goto(address).await.expect("the page opens");
    }

    /// Clicks what leads to another page, and waits until that is loaded.
    pub(crate) async fn follow(&self, selector: &str) {
        self.ask(MARK).await;
        self.click(selector).await;
        self.comes_to_be(IS_ANOTHER).await;
    }

    /// Presses a key where it leads to another page, and waits until that is loaded.
    pub(crate) async fn press_away(&self, key: Key) {
        self.ask(MARK).await;
        self.press(key).await;
        self.comes_to_be(IS_ANOTHER).await;
    }

    /// The address of the page.
    pub(crate) async fn url(&self) -> Url {
        self.client.current_url().await.expect("an address")
    }

    /// Waits until the browser is at `address` and the page is loaded.
    pub(crate) async fn wait_for_url(&self, address: &str) {
        let address = Url::parse(address).expect("an address");
        let waited = self.client.wait().for_url(&address).await;
        assert!(waited.is_ok(), "the browser stayed at {}", self.url().await);
        self.is_loaded().await;
    }

    /// Waits until the CSS selector finds something.
    pub(crate) async fn there_is(&self, selector: &str) {
        let waited = self.client.wait().for_element(Locator::Css(selector)).await;
        assert!(waited.is_ok(), "no {selector} at {}", self.url().await);
    }

    /// Waits until the page is there with all that it holds. Pages that may run no script are asked too.
    pub(crate) async fn is_loaded(&self) {
        self.comes_to_be(IS_LOADED).await;
    }

    /// Waits until a script returns true. A page that goes while it is asked has said nothing yet.
    pub(crate) async fn comes_to_be(&self, script: &str) {
        let asking = async {
            loop {
                match self.client.execute(script, Vec::new()).await {
                    Ok(answer) if answer == true => return,
                    Ok(_not_yet) => {}
                    Err(cause) => assert!(is_of_a_page_that_goes(&cause), "{script}: {cause}"),
                }
            }
        };
        let waited = timeout(LONGEST, asking).await;
        assert!(waited.is_ok(), "`{script}` stays untrue at {}", self.url().await);
    }
}

/// chromedriver's words are "aborted by navigation" and "execution context"; it files them under these.
fn is_of_a_page_that_goes(cause: &CmdError) -> bool {
    let CmdError::Standard(cause) = cause else {
        return false;
    };
    matches!(
        cause.error,
        ErrorStatus::JavascriptError | ErrorStatus::UnknownError | ErrorStatus::StaleElementReference
    )
}
