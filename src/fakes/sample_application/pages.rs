//! The pages of the application.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::fakes::sample_application::token::Decoded;
use crate::fakes::sample_application::verdict::Identity;

/// A page, or the sentence that it could not be written.
pub(super) fn shown(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(cause) => (StatusCode::INTERNAL_SERVER_ERROR, cause.to_string()).into_response(),
    }
}

/// The page that anybody may see.
#[derive(Debug, Template)]
#[template(config = "src/fakes/sample_application/askama.toml", path = "front.html")]
pub(super) struct Front<'a> {
    /// Who is signed in.
    pub(super) name: Option<&'a str>,
}

/// The page that only somebody who is signed in may see.
#[derive(Debug, Template)]
#[template(config = "src/fakes/sample_application/askama.toml", path = "rota.html")]
pub(super) struct Rota<'a> {
    pub(super) identity: &'a Identity,
    pub(super) token: Option<Decoded>,
    pub(super) sign_out: String,
}

/// The bridge did not help.
#[derive(Debug, Template)]
#[template(config = "src/fakes/sample_application/askama.toml", path = "trouble.html")]
pub(super) struct Trouble {
    pub(super) words: String,
}
