//! Leaving: the question, the end, and the way back from the upstream's own page.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use crate::journey::return_to::ReturnTo;
use crate::session::record::Session;
use crate::web::forms::{csrf_token, own_form};
use crate::web::headers::PagePolicy;
use crate::web::pages::{Page as _, SignOut, SignedOut, Trouble};
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, places};

/// Where somebody is who has signed out.
const SIGNED_OUT: &str = "/signed-out";

/// Where to go after signing out.
#[derive(Debug, Deserialize)]
pub(crate) struct Leaving {
    return_to: Option<String>,
}

/// What the upstream's sign-out brings back.
#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    state: Option<String>,
}

/// `GET /sign-out`: asks first, because a link alone must not end a session.
pub(crate) async fn ask(
    State(state): State<WebState>,
    Query(query): Query<Leaving>,
    headers: HeaderMap,
) -> Response {
    let return_to = query.return_to.as_deref().and_then(|text| state.return_to(text));
    let Some(ticket) = cookies::ticket(&headers, state.transport()) else {
        return signed_out_page(&state);
    };
    let found = match state.sessions.find(&ticket).await {
        Ok(found) => found,
        Err(cause) => return error::unavailable(&state, &cause),
    };
    let page = SignOut {
        frame: &state.frame,
        action: "/sign-out",
        csrf_token: &csrf_token(ticket.expose()),
        return_to: return_to.as_ref().map(ReturnTo::as_str),
        door: found.as_ref().map(|session| session.person().door()),
    };
    let places = places_after(&state, found.as_ref()).await;
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let policy = PagePolicy {
        transport: state.transport(),
        script: None,
        form_action: &places,
    };
    let mut answer = answer::page(&state, StatusCode::OK, page.html());
    answer.headers_mut().extend(policy.headers());
    answer
}

/// Where the form's answer may lead: to an application, or to the upstream that ends its own session.
async fn places_after(state: &WebState, session: Option<&Session>) -> Vec<String> {
    let mut places = places::of_applications(state);
    if let Some(session) = session {
        places.extend(state.sign_ins.sign_out_origin(session).await);
    }
    places
}

/// `POST /sign-out`: ends the session here, and leads to the upstream where that ends its own.
pub(crate) async fn end(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ticket) = cookies::ticket(&headers, state.transport()) else {
        return answer::see_other(&state, SIGNED_OUT);
    };
    let Some(form) = own_form(&headers, &body, &ticket) else {
        return error::problem(&state, &Trouble::FormExpired, None);
    };
    let place = form.once("return_to").and_then(|text| state.return_to(&text));
    let place = place.as_ref().map_or(SIGNED_OUT, ReturnTo::as_str);
    let upstream = match state.sign_ins.sign_out(&ticket, place).await {
        Ok(upstream) => upstream,
        Err(failure) => return error::unavailable(&state, &failure),
    };
    tracing::info!(upstream_too = upstream.is_some(), "signed out");
    let mut answer = answer::see_other(&state, upstream.as_deref().unwrap_or(place));
    cookies::set(answer.headers_mut(), cookies::take_ticket(state.transport()));
    answer
}

/// `GET /signed-out`: also where the upstream sends the browser after its own sign-out.
pub(crate) async fn ended(State(state): State<WebState>, Query(back): Query<Back>) -> Response {
    let Some(known) = back.state else {
        return signed_out_page(&state);
    };
    match state.sign_ins.back_from_sign_out(&known).await {
        Ok(Some(place)) => answer::see_other(&state, &place),
        Ok(None) => signed_out_page(&state),
        Err(failure) => error::unavailable(&state, &failure),
    }
}

fn signed_out_page(state: &WebState) -> Response {
    let page = SignedOut {
        frame: &state.frame,
        start_again: "/",
        door: None,
        upstream_sign_out: None,
    };
    answer::page(state, StatusCode::OK, page.html())
}
