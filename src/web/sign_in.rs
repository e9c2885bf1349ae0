//! `GET /` and `GET /sign-in`: choose a door and leave through it.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::journey::sign_in::Leaving;
use crate::platform::random::NoRandomness;
use crate::upstream::pending::BrowserSecret;
use crate::upstream::wish::Wish;
use crate::web::oauth2::authorize::doors::{self, Chosen};
use crate::web::pages::{Chooser, DoorChoice, LoggedOut, Page as _, Trouble};
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, session};

/// Where to go, and afterwards where to.
#[derive(Debug, Deserialize)]
pub(crate) struct Departure {
    door: Option<String>,
    return_to: Option<String>,
    role: Option<String>,
    request: Option<String>,
}

/// Where people choose a door and leave through it.
pub(crate) const PATH: &str = "/sign-in";

/// The word of `/sign-in?role=` with which the upstream asks for the role anew.
pub(crate) const CHANGE: &str = "change";

/// The chooser, or who is signed in already.
pub(crate) async fn front(
    State(state): State<WebState>,
    Query(query): Query<Departure>,
    headers: HeaderMap,
) -> Response {
    let mut logged_out = None;
    if let Some(ticket) = cookies::ticket(&headers, state.transport()) {
        match state.sessions.find(&ticket).await {
            Ok(Some(found)) if query.return_to.is_none() => {
                return session::page(&state, &ticket, &found).await;
            }
            Ok(Some(_here_already)) => {}
            Ok(None) => logged_out = Some(session::logged_out(&state)),
            Err(cause) => return error::unavailable(&state, &cause),
        }
    }
    chooser(&state, query.return_to.as_deref(), logged_out)
}

/// Leaves for the identity provider; without a door, for the only one or to the chooser.
pub(crate) async fn leave(
    State(state): State<WebState>,
    Query(query): Query<Departure>,
    headers: HeaderMap,
) -> Response {
    if let Some(handle) = query.request.as_deref() {
        let chosen = Chosen {
            handle,
            door: query.door.as_deref(),
            role: wish(query.role.as_deref()).role,
        };
        return doors::leave(&state, &headers, chosen).await;
    }
    let return_to = match query.return_to.as_deref() {
        None => state.default_return_to().to_owned(),
        Some(text) => match state.return_to(text) {
            Some(place) => place.as_str().to_owned(),
            None => return error::problem(&state, &Trouble::ReturnNotAllowed, None),
        },
    };
    let only = || {
        let mut ways = state.sign_ins.open_ways().map(|way| way.name().to_owned());
        ways.next().filter(|_| ways.next().is_none())
    };
    match query.door.clone().or_else(only) {
        Some(door) => {
            let wish = wish(query.role.as_deref());
            depart(&state, &headers, to(&door, wish, &return_to)).await
        }
        None => chooser(&state, query.return_to.as_deref(), None),
    }
}

fn wish(role: Option<&str>) -> Wish {
    match role {
        Some(CHANGE) => Wish::CHANGE_ROLE,
        Some(_) | None => Wish::SIGN_IN,
    }
}

/// The path that leaves through `door`.
pub(crate) fn address(door: &str, wish: Wish, return_to: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("door", door);
    if wish == Wish::CHANGE_ROLE {
        query.append_pair("role", CHANGE);
    }
    query.append_pair("return_to", return_to);
    format!("{PATH}?{}", query.finish())
}

/// Through `door`, to come back to `return_to`.
pub(crate) fn to<'a>(door: &'a str, wish: Wish, return_to: &'a str) -> Leaving<'a> {
    Leaving {
        door,
        wish,
        return_to,
    }
}

/// Sends the browser out with a question that is tied to it.
pub(crate) async fn depart(state: &WebState, headers: &HeaderMap, leaving: Leaving<'_>) -> Response {
    match browser(state, headers) {
        Ok(browser) => depart_as(state, &browser, leaving).await,
        Err(cause) => error::unavailable(state, &cause),
    }
}

/// What ties the browser to its questions: what it has, or something new.
pub(crate) fn browser(state: &WebState, headers: &HeaderMap) -> Result<BrowserSecret, NoRandomness> {
    match cookies::browser(headers, state.transport()) {
        Some(known) => Ok(known),
        None => BrowserSecret::draw(state.random.as_ref()),
    }
}

/// Sends the browser out that is tied to its question by `browser`.
pub(crate) async fn depart_as(state: &WebState, browser: &BrowserSecret, leaving: Leaving<'_>) -> Response {
    match state.sign_ins.leave(leaving, browser).await {
        Ok(address) => {
            let mut answer = answer::see_other(state, &address);
            // Written again each time, so that it lasts as long as the newest question.
            cookies::set(
                answer.headers_mut(),
                cookies::give_browser(browser, state.transport()),
            );
            answer
        }
        Err(failure) => error::sign_in_failed(state, &failure, state.sign_ins.way(leaving.door)),
    }
}

fn chooser(state: &WebState, return_to: Option<&str>, logged_out: Option<LoggedOut>) -> Response {
    if return_to.is_some_and(|text| state.return_to(text).is_none()) {
        return error::problem(state, &Trouble::ReturnNotAllowed, None);
    }
    let doors: Vec<DoorChoice> = state
        .sign_ins
        .open_ways()
        .map(|way| DoorChoice::usual(way.name(), way.door(), way.label()))
        .collect();
    let page = Chooser {
        frame: &state.frame,
        doors: &doors,
        return_to,
        logged_out,
        on_behalf: None,
    };
    answer::page(state, StatusCode::OK, page.html())
}
