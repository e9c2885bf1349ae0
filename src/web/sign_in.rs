//! `GET /` and `GET /sign-in`: choose a door and leave through it.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use crate::upstream::pending::BrowserSecret;
use crate::upstream::verified::Door;
use crate::web::pages::{Chooser, DoorChoice, Page as _, Trouble};
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, session};

/// Where to go, and afterwards where to.
#[derive(Debug, Deserialize)]
pub(crate) struct Departure {
    door: Option<String>,
    return_to: Option<String>,
}

/// The chooser, or who is signed in already.
pub(crate) async fn front(
    State(state): State<WebState>,
    Query(query): Query<Departure>,
    headers: HeaderMap,
) -> Response {
    if query.return_to.is_none()
        && let Some(ticket) = cookies::ticket(&headers, state.transport())
    {
        match state.sessions.find(&ticket).await {
            Ok(Some(found)) => return session::page(&state, &ticket, &found),
            Ok(None) => {}
            Err(cause) => return error::unavailable(&state, &cause),
        }
    }
    chooser(&state, query.return_to.as_deref())
}

/// Leaves for the identity provider; without a door, for the only one or to the chooser.
pub(crate) async fn leave(
    State(state): State<WebState>,
    Query(query): Query<Departure>,
    headers: HeaderMap,
) -> Response {
    let return_to = match query.return_to.as_deref() {
        None => state.default_return_to().to_owned(),
        Some(text) => match state.return_to(text) {
            Some(place) => place.as_str().to_owned(),
            None => return error::problem(&state, &Trouble::ReturnNotAllowed, None),
        },
    };
    let only = || {
        let mut ways = state
            .sign_ins
            .open_ways()
            .map(|way| way.provider.name().to_owned());
        ways.next().filter(|_| ways.next().is_none())
    };
    match query.door.clone().or_else(only) {
        Some(door) => depart(&state, &headers, &door, &return_to).await,
        None => chooser(&state, query.return_to.as_deref()),
    }
}

/// Sends the browser out with a question that is tied to it.
pub(crate) async fn depart(state: &WebState, headers: &HeaderMap, door: &str, return_to: &str) -> Response {
    let browser = match cookies::browser(headers, state.transport()) {
        Some(known) => known,
        None => match BrowserSecret::draw(state.random.as_ref()) {
            Ok(fresh) => fresh,
            Err(cause) => return error::unavailable(state, &cause),
        },
    };
    match state.sign_ins.leave(door, return_to, &browser).await {
        Ok(address) => {
            let mut answer = answer::see_other(state, &address);
            // Written again each time, so that it lasts as long as the newest question.
            cookies::set(
                answer.headers_mut(),
                cookies::give_browser(&browser, state.transport()),
            );
            answer
        }
        Err(failure) => error::sign_in_failed(state, &failure, state.sign_ins.way(door)),
    }
}

fn chooser(state: &WebState, return_to: Option<&str>) -> Response {
    if return_to.is_some_and(|text| state.return_to(text).is_none()) {
        return error::problem(state, &Trouble::ReturnNotAllowed, None);
    }
    let doors: Vec<DoorChoice> = state
        .sign_ins
        .open_ways()
        .map(|way| {
            let label = &way.provider.settings().label;
            DoorChoice::usual(way.provider.name(), Door::Nhsmail, label)
        })
        .collect();
    let page = Chooser {
        frame: &state.frame,
        doors: &doors,
        return_to,
    };
    answer::page(state, StatusCode::OK, page.html())
}
