//! After logging out: which applications have heard of it, and frames for those that end their session there.

use askama::Template;

use crate::downstream::logout::Framed;
use crate::web::headers::Nonce;
use crate::web::pages::{Frame, Heading};

/// The last page of somebody who used applications.
#[derive(Debug, Template)]
#[template(config = "src/web/pages/askama.toml", path = "farewell.html")]
pub struct Farewell<'a> {
    /// What stands around the page.
    pub frame: &'a Frame,
    /// The applications that know of it.
    pub heard: &'a [String],
    /// Those that could not be told.
    pub unreached: &'a [String],
    /// The pages of those that end their session in a frame.
    pub frames: &'a [Framed],
    /// Where the person wanted to go, judged safe already.
    pub go_on: Option<&'a str>,
    /// What lets the script run that goes on when every frame is loaded; absent: only the person goes on.
    pub nonce: Option<&'a Nonce>,
}

impl Heading for Farewell<'_> {
    fn heading(&self) -> &'static str {
        if self.unreached.is_empty() {
            "You have logged out"
        } else {
            "You have logged out. Close the browser"
        }
    }
}
