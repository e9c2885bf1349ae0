//! The two pages of leaving: the question, and the confirmation.

use askama::Template;

use crate::web::pages::{Frame, Heading};

/// `GET /sign-out`: asks, because a link alone must not end a session.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "sign_out.html")]
pub struct SignOut<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// Where the form goes.
    pub action: &'a str,
    /// The token for the page's form.
    pub csrf_token: &'a str,
    /// Where the person wants to be afterwards, judged safe already.
    pub return_to: Option<&'a str>,
}

/// After signing out, where no address to return to was given.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "signed_out.html")]
pub struct SignedOut<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// Where to sign in again.
    pub start_again: &'a str,
}

impl Heading for SignOut<'_> {
    fn heading(&self) -> &'static str {
        "Do you want to log out?"
    }
}

impl Heading for SignedOut<'_> {
    fn heading(&self) -> &'static str {
        "You have logged out"
    }
}
