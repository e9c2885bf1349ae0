//! The pages. Plain HTML that works without script and says on every page that this is a fake.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::fakes::cast::CastMember;
use crate::fakes::mischief::Mischief;
pub(super) use crate::fakes::page::shown;
use crate::fakes::saml_idp::logout::{LogoutMischief, SignedInAt, Told};
use crate::fakes::saml_idp::question::Objection;
use crate::fakes::saml_idp::saved::SavedAnswer;
use crate::fakes::saml_idp::{Personality, ServiceProvider};

/// Sends the one form of the page that brings an answer.
pub(super) async fn script() -> Response {
    let js = "document.getElementById(\"answer\").submit();\n";
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], js).into_response()
}

/// What this is and where things are.
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "front.html")]
pub(super) struct Front<'a> {
    pub(super) base: &'a str,
    pub(super) personalities: &'a [Personality],
    pub(super) scripted: Vec<&'static str>,
    pub(super) asked: usize,
    pub(super) answered: usize,
}

/// Who signs in?
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "pick.html")]
pub(super) struct Pick<'a> {
    pub(super) personality: &'a str,
    pub(super) service: &'a str,
    pub(super) ticket: &'a str,
    /// What a script has decided already.
    pub(super) scripted: Option<Mischief>,
    pub(super) cast: &'a [CastMember],
    pub(super) mischiefs: &'a [Mischief],
}

/// Brings an answer to the service, by itself or with a button.
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "deliver.html")]
pub(super) struct Deliver<'a> {
    pub(super) personality: &'a str,
    pub(super) acs_url: &'a str,
    pub(super) saml_response: &'a str,
    pub(super) relay_state: Option<&'a str>,
}

/// To which service?
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "start.html")]
pub(super) struct Start<'a> {
    pub(super) personality: Personality,
    pub(super) services: &'a [ServiceProvider],
}

/// The answers that were given.
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "answers.html")]
pub(super) struct Answers<'a> {
    pub(super) answers: &'a [SavedAnswer],
}

/// What came of sending one again.
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "replayed.html")]
pub(super) struct Replayed<'a> {
    pub(super) id: &'a str,
    pub(super) report: String,
}

/// Sign out?
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "leave.html")]
pub(super) struct Leave<'a> {
    pub(super) personality: Personality,
    pub(super) sessions: &'a [SignedInAt],
    pub(super) mischiefs: &'a [LogoutMischief],
}

/// Brings a logout message to a service, by itself or with a button.
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "bring.html")]
pub(super) struct Bring<'a> {
    pub(super) personality: &'a str,
    pub(super) address: &'a str,
    pub(super) field: &'a str,
    pub(super) message: &'a str,
    pub(super) relay_state: &'a str,
}

/// Everything is over.
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "signed_out.html")]
pub(super) struct SignedOut<'a> {
    pub(super) personality: &'a str,
    pub(super) told: &'a [Told],
}

/// Something went wrong.
#[derive(Debug, Template)]
#[template(config = "src/fakes/saml_idp/pages/askama.toml", path = "trouble.html")]
pub(super) struct Trouble {
    heading: String,
    code: &'static str,
    words: String,
    status: StatusCode,
}

impl Trouble {
    /// What the identity provider says on its own page.
    pub(super) fn objection(personality: Personality, objection: &Objection) -> Self {
        let heading = match personality {
            Personality::Entra => "Sorry, but we\u{2019}re having trouble signing you in.",
            Personality::Adfs => "An error occurred",
        };
        Self {
            heading: heading.to_owned(),
            code: objection.code,
            words: objection.words.clone(),
            status: StatusCode::BAD_REQUEST,
        }
    }

    /// A question that cannot be read.
    pub(super) fn not_understood(personality: Personality, why: &str) -> Self {
        let (code, words) = match personality {
            Personality::Entra => (
                "AADSTS75005",
                "The request is not a valid SAML 2.0 protocol message",
            ),
            Personality::Adfs => ("MSIS0018", "The SAML protocol message cannot be read"),
        };
        let words = format!("{words}: {why}.");
        Self::objection(personality, &Objection { code, words })
    }

    /// No question at all.
    pub(super) fn no_request(personality: Personality) -> Self {
        let code = match personality {
            Personality::Entra => "AADSTS750054",
            Personality::Adfs => "MSIS7065",
        };
        let words = "SAMLRequest or SAMLResponse must be present as a query string parameter.".to_owned();
        Self::objection(personality, &Objection { code, words })
    }

    /// A question that is not remembered any more.
    pub(super) fn forgotten() -> Self {
        Self::plain(
            "Start again",
            "This page is too old. Go back to the service and sign in again.",
        )
    }

    /// No such page.
    pub(super) fn nowhere() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::plain("There is nothing here", "The front page lists what there is.")
        }
    }

    /// A fault of the fake's own.
    pub(super) fn ours(why: &str) -> Self {
        Self::plain("The fake gives no answer", why)
    }

    fn plain(heading: &str, words: &str) -> Self {
        Self {
            heading: heading.to_owned(),
            code: "",
            words: words.to_owned(),
            status: StatusCode::BAD_REQUEST,
        }
    }

    /// The page.
    pub(super) fn page(&self) -> Response {
        (self.status, shown(self)).into_response()
    }
}
