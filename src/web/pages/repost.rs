//! The page that sends an identity provider's answer once more, from our own address.
//!
//! The identity provider's POST comes from another site and so without our `SameSite=Lax` cookie. Sent again from
//! here it brings the cookie along, and the answer can be tied to the browser that asked.

use askama::Template;

use crate::web::headers::Nonce;
use crate::web::pages::{Frame, Heading};

/// The name of the field that marks the second sending; its value is `1`.
pub const AGAIN_FIELD: &str = "again";

/// The answer to the first POST at an assertion consumer service.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "repost.html")]
pub struct Repost<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// The path of the same assertion consumer service.
    pub action: &'a str,
    /// The field `SAMLResponse` as it came, base64.
    pub saml_response: &'a str,
    /// The field `RelayState` as it came, if it did.
    pub relay_state: Option<&'a str>,
    /// What lets the one script of the page run.
    pub nonce: &'a Nonce,
}

impl Heading for Repost<'_> {
    fn heading(&self) -> &'static str {
        "Finish logging in"
    }
}
