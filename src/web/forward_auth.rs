//! `/auth/verify`: the question a reverse proxy asks about each request to an application.

mod admission;
mod caller;
mod lacks;
mod no;
mod paths;
mod question;
mod recent;
mod yes;

pub(crate) use admission::{application, is_at_our_host, still_unmet};
pub(crate) use question::{site_behind, transport_of};
pub use recent::RecentAnswers;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use url::form_urlencoded;

use crate::downstream::session_token::MintRefusal;
use crate::web::error;
use crate::web::state::WebState;

use admission::Verdict;
use no::Manner;
use question::{Dialect, Question};

/// `/auth/verify`: 200 with identity headers; else 401 or 403, or with `?redirect=1` what the browser shall get: pages
/// are sent to sign in.
pub(crate) async fn verify(State(state): State<WebState>, request: Request) -> Response {
    let (parts, _body) = request.into_parts();
    let mut said = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let manner = if said.any(|(name, value)| name == "redirect" && value == "1") {
        Manner::ForTheBrowser
    } else {
        Manner::ForTheProxy
    };
    answer(&state, &parts, Dialect::Headers, manner).await
}

/// `/auth/verify/…`: the same for a proxy that puts the path of the site behind ours.
pub(crate) async fn verify_path(State(state): State<WebState>, request: Request) -> Response {
    let (parts, _body) = request.into_parts();
    answer(&state, &parts, Dialect::Path, Manner::ForTheBrowser).await
}

/// `/auth/refusal`: what the browser shall get, for a proxy that was told no and can pass on nothing of it (nginx).
/// Whoever may come in by now is told to come again, and is told nothing else: this answer goes to the browser.
pub(crate) async fn refusal(State(state): State<WebState>, request: Request) -> Response {
    let (parts, _body) = request.into_parts();
    let question = Question::read(&state, &parts, Dialect::Headers);
    match admission::judge(&state, &question).await {
        Ok(Verdict::Admitted(..) | Verdict::Public) => no::not_by_us(&state),
        Ok(verdict) => no::answer(&state, &question, &verdict, Manner::ForTheBrowser),
        Err(cause) => error::unavailable(&state, &cause),
    }
}

async fn answer(state: &WebState, asked: &Parts, dialect: Dialect, manner: Manner) -> Response {
    let question = Question::read(state, asked, dialect);
    let verdict = match admission::judge(state, &question).await {
        Ok(verdict) => verdict,
        Err(cause) => return error::unavailable(state, &cause),
    };
    let (session, application) = match &verdict {
        Verdict::Admitted(session, application) => (session, application),
        Verdict::Public => return yes::public(state, &question),
        no @ (Verdict::NobodyThere | Verdict::NotAdmitted { .. } | Verdict::Refused(_)) => {
            return no::answer(state, &question, no, manner);
        }
    };
    match yes::admitted(state, &question, session, application) {
        Ok(answer) => answer,
        Err(MintRefusal::SessionIsOver) => no::answer(state, &question, &Verdict::NobodyThere, manner),
        Err(MintRefusal::Simulated) => crate::web::answer::bare(state, StatusCode::FORBIDDEN, no::nothing()),
        Err(cause) => error::unavailable(state, &cause),
    }
}
