//! The page that sends an identity provider's answer once more, from our own address.
//!
//! The identity provider's POST comes from another site and so without our `SameSite=Lax` cookie. Sent again from
//! here it brings the cookie along, and the answer can be tied to the browser that asked.

use askama::Template;

use crate::web::headers::Nonce;
use crate::web::pages::{Frame, Heading};

/// The name of the field that marks the second sending; its value is `1`.
pub const AGAIN_FIELD: &str = "again";

/// What the person was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reposted {
    /// Logging in.
    SignIn,
    /// Logging out.
    Logout,
}

/// The answer to the first POST at an assertion consumer service or a single logout service.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "repost.html")]
pub struct Repost<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// What the person was doing.
    pub purpose: Reposted,
    /// The path of the same service of ours.
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
        match self.purpose {
            Reposted::SignIn => "Finish logging in",
            Reposted::Logout => "Finish logging out",
        }
    }
}

impl Repost<'_> {
    fn sentence(&self) -> &'static str {
        match self.purpose {
            Reposted::SignIn => {
                "You have come back from the login page. Select Continue to finish logging in."
            }
            Reposted::Logout => "You have come back from logging out. Select Continue to finish.",
        }
    }
}
