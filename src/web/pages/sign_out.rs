//! The pages of leaving: the question, the confirmation, and the truth where it is only half done.

use askama::Template;

use crate::upstream::verified::Door;
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
    /// What the form brings along besides.
    pub fields: &'a [(String, String)],
    /// The application that asks for it, where one does.
    pub asked_by: Option<&'a str>,
    /// The applications that the person will be logged out of.
    pub applications: &'a [&'a str],
    /// The kind of account they used, if that is known.
    pub door: Option<Door>,
}

/// After signing out, where no address to return to was given.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "signed_out.html")]
pub struct SignedOut<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// Where to sign in again.
    pub start_again: &'a str,
    /// The kind of account they used, if that is known.
    pub door: Option<Door>,
    /// Where they can leave the identity provider too: a path of ours, or its address for signing out.
    pub upstream_sign_out: Option<&'a str>,
}

/// After signing out, where the identity provider did not end its session everywhere.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "only_here.html")]
pub struct OnlyHere<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// The identity provider, in the words of the chooser.
    pub provider: &'a str,
    /// Whether it ended its own session, and only could not tell every other service.
    pub partly: bool,
    /// What a person reads out to the helpdesk.
    pub reference: &'a str,
    /// Where they wanted to go, judged safe already.
    pub go_on: &'a str,
}

impl Heading for OnlyHere<'_> {
    fn heading(&self) -> &'static str {
        "You are logged out here, but perhaps not everywhere"
    }
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

impl SignedOut<'_> {
    /// What the link to the identity provider's own sign-out says.
    fn upstream(&self) -> &'static str {
        match self.door {
            Some(Door::Nhsmail) => "Log out of Microsoft on this computer",
            Some(Door::Cis2) => "Log out of NHS CIS2 on this computer",
            None => "Log out of that account on this computer",
        }
    }
}
