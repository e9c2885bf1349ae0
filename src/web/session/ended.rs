//! `GET /session/ended`: where somebody is whose session is over without their doing.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use time::Duration;
use url::form_urlencoded::Serializer;

use crate::journey::return_to::ReturnTo;
use crate::web::pages::{LoggedOut, Page as _, SessionEnded, WhyEnded};
use crate::web::session::reader;
use crate::web::state::WebState;
use crate::web::{answer, cookies, error};

/// Where the page is. Applications send people here, so that it must stay where it is.
pub(crate) const ENDED_PATH: &str = "/session/ended";

/// Why it is over, and where the person was.
#[derive(Debug, Deserialize)]
pub(crate) struct Over {
    why: Option<String>,
    return_to: Option<String>,
}

/// The page that says so and leads back. Somebody who is signed in, in another window say, is led back at once. An
/// address that is not on the list is left out: whoever followed the link still learns what happened.
pub(crate) async fn ended(
    State(state): State<WebState>,
    Query(over): Query<Over>,
    headers: HeaderMap,
) -> Response {
    let return_to = over.return_to.as_deref().and_then(|text| state.return_to(text));
    if let Some(ticket) = cookies::ticket(&headers, state.transport()) {
        match state.sessions.find(&ticket).await {
            Ok(Some(_session)) => {
                let place = return_to.as_ref().map_or("/", ReturnTo::as_str);
                return answer::see_other(&state, place);
            }
            Ok(None) => {}
            Err(cause) => return error::unavailable(&state, &cause),
        }
    }
    let page = SessionEnded {
        frame: &state.frame,
        why: over.why.as_deref().map_or(WhyEnded::Idle, WhyEnded::read),
        idle: idle_of_all(&state),
        start_again: &start_again(&state, return_to.as_ref(), over.return_to.as_deref()),
    };
    answer::page(&state, StatusCode::OK, page.html())
}

/// For people who bring the ticket of a session that is over.
pub(crate) fn logged_out(state: &WebState) -> LoggedOut {
    LoggedOut {
        idle: idle_of_all(state),
    }
}

/// To the only door, or to the choice between them. An application that lets people log in by OpenID Connect asks for
/// it itself when its page is opened again.
fn start_again(state: &WebState, return_to: Option<&ReturnTo>, text: Option<&str>) -> String {
    if let Some(place) = return_to {
        let mut query = Serializer::new(String::new());
        query.append_pair("return_to", place.as_str());
        return format!("/sign-in?{}", query.finish());
    }
    let of_applications = reader::of_applications(state);
    let page = text.and_then(|text| ReturnTo::parse(text, &of_applications, &state.origin).ok());
    page.map_or("/sign-in".to_owned(), |page| page.as_str().to_owned())
}

/// The idle limit, if it is the same at every door: nobody knows any more which one the session came by.
fn idle_of_all(state: &WebState) -> Option<Duration> {
    let mut limits = state.sign_ins.open_ways().map(|way| way.session.idle);
    let first = limits.next()?;
    limits.all(|limit| limit == first).then_some(first)
}
