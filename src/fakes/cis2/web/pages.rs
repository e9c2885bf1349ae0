//! The pages. Plain HTML that works without script and says on every page that this is a fake.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::fakes::cis2::authenticator::Method;
use crate::fakes::cis2::cast::Role;
use crate::fakes::cis2::logout::Delivered;
use crate::fakes::cis2::person::Person;
use crate::fakes::cis2::{LogoutKind, Mischief, Received};
use crate::fakes::page::shown;

/// What this is and where things are.
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "front.html")]
pub(super) struct Front<'a> {
    pub(super) label: &'a str,
    pub(super) issuer: &'a str,
    pub(super) discovery: &'a str,
    /// Client id and method.
    pub(super) clients: Vec<(String, &'static str)>,
    pub(super) scripted: Vec<&'static str>,
    pub(super) asked: usize,
    pub(super) sessions: usize,
}

/// How do you want to sign in?
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "methods.html")]
pub(super) struct MethodPage<'a> {
    pub(super) client_id: &'a str,
    pub(super) ticket: &'a str,
    pub(super) methods: Vec<Method>,
    /// What was forgotten the last time.
    pub(super) complaint: Option<&'static str>,
}

/// Who signs in?
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "people.html")]
pub(super) struct PersonPage<'a> {
    pub(super) client_id: &'a str,
    pub(super) ticket: &'a str,
    pub(super) method: Method,
    /// What a script has decided already.
    pub(super) scripted: Option<Mischief>,
    pub(super) people: Vec<Person>,
    pub(super) mischiefs: Vec<Mischief>,
}

/// As which role?
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "roles.html")]
pub(super) struct RolePicker<'a> {
    pub(super) ticket: &'a str,
    pub(super) roles: &'a [Role],
}

/// Everything the fake was asked, with the true reasons.
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "received.html")]
pub(super) struct ReceivedPage<'a> {
    pub(super) received: &'a [Received],
}

/// Somebody who has signed in.
#[derive(Debug)]
pub(super) struct SessionLine {
    pub(super) sid: String,
    pub(super) person: String,
    pub(super) since: String,
    pub(super) clients: String,
}

/// Who is signed in, and which logout tokens were sent.
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "sessions.html")]
pub(super) struct SessionPage<'a> {
    pub(super) sessions: Vec<SessionLine>,
    pub(super) sent: &'a [Delivered],
    pub(super) kinds: &'a [LogoutKind],
}

/// What came of a logout.
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "told.html")]
pub(super) struct Told<'a> {
    pub(super) sent: &'a [Delivered],
}

/// A session has ended, and the client named no address.
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "signed_out.html")]
pub(super) struct SignedOut;

/// Something went wrong.
#[derive(Debug, Template)]
#[template(config = "src/fakes/cis2/pages/askama.toml", path = "trouble.html")]
pub(super) struct Trouble {
    heading: &'static str,
    words: String,
}

impl Trouble {
    /// What the provider says when there is nowhere safe to send an answer.
    pub(super) fn refused(why: &str) -> Self {
        Self {
            heading: "The request was refused",
            words: why.to_owned(),
        }
    }

    /// A request that is not remembered any more.
    pub(super) fn forgotten() -> Self {
        Self {
            heading: "Start again",
            words: "This page is too old, or nobody like that can sign in. Go back to the service and log in again."
                .to_owned(),
        }
    }

    /// A fault of the fake's own.
    pub(super) fn ours(why: &str) -> Self {
        Self {
            heading: "The fake gives no answer",
            words: why.to_owned(),
        }
    }

    /// The page.
    pub(super) fn page(&self) -> Response {
        (StatusCode::BAD_REQUEST, shown(self)).into_response()
    }
}
