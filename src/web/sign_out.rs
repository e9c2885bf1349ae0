//! Leaving: the question, the end, and the way back from the upstream's own page.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use crate::journey::return_to::ReturnTo;
use crate::journey::sign_out::SigningOut;
use crate::session::record::Session;
use crate::session::ticket::SessionTicket;
use crate::upstream::pending::BrowserSecret;
use crate::web::farewell::Farewell;
use crate::web::forms::{csrf_token, own_form};
use crate::web::headers::PagePolicy;
use crate::web::pages::{Page as _, SignOut, SignedOut, Trouble};
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, places};

/// Where somebody is who has signed out.
pub(crate) const SIGNED_OUT: &str = "/signed-out";

/// Where to go after signing out.
#[derive(Debug, Deserialize)]
pub(crate) struct Leaving {
    return_to: Option<String>,
}

/// What brings somebody back after signing out.
#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    /// What the upstream's sign-out brings.
    state: Option<String>,
    /// The handle of what is still to be done and said.
    end: Option<String>,
}

/// Somebody who leaves.
pub(crate) struct Going<'a> {
    /// What opens their session.
    pub(crate) ticket: &'a SessionTicket,
    /// The session, if it is live.
    pub(crate) session: Option<&'a Session>,
    /// Where they want to be afterwards; judged safe.
    pub(crate) place: Option<&'a str>,
    /// The application that asked for it, by its client id.
    pub(crate) asked_by: Option<&'a str>,
}

/// What somebody is asked who may leave.
pub(crate) struct Question<'a> {
    /// Where the form goes.
    pub(crate) action: &'static str,
    /// What it brings along.
    pub(crate) fields: &'a [(String, String)],
    /// The application that asks for it, as people call it.
    pub(crate) asked_by: Option<&'a str>,
    /// What opens their session.
    pub(crate) ticket: &'a SessionTicket,
    /// The session, if it is live.
    pub(crate) session: Option<&'a Session>,
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
    let return_to = return_to.map(|place| ("return_to".to_owned(), place.as_str().to_owned()));
    let asked = Question {
        action: "/sign-out",
        fields: return_to.as_slice(),
        asked_by: None,
        ticket: &ticket,
        session: found.as_ref(),
    };
    question(&state, &asked).await
}

/// The page that asks.
pub(crate) async fn question(state: &WebState, asked: &Question<'_>) -> Response {
    let took_part = asked.session.map(Session::shared_with).unwrap_or_default();
    let took_part = took_part.iter().filter_map(|name| state.applications.find(name));
    let page = SignOut {
        frame: &state.frame,
        action: asked.action,
        csrf_token: &csrf_token(asked.ticket.expose()),
        fields: asked.fields,
        asked_by: asked.asked_by,
        applications: &took_part
            .map(|application| application.label.as_str())
            .collect::<Vec<_>>(),
        door: asked.session.map(|session| session.person().door()),
    };
    let places = places_after(state, asked.session).await;
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let policy = PagePolicy {
        transport: state.transport(),
        script: None,
        form_action: &places,
    };
    let mut answer = answer::page(state, StatusCode::OK, page.html());
    answer.headers_mut().extend(policy.headers());
    answer
}

/// Where the form's answer may lead: to an application, or to the upstream that ends its own session.
pub(crate) async fn places_after(state: &WebState, session: Option<&Session>) -> Vec<String> {
    let mut places = places::of_applications(state);
    if let Some(session) = session {
        places.extend(state.sign_ins.sign_out_origin(session).await);
    }
    places
}

/// `POST /sign-out`: ends the session here, in the applications, and leads to the upstream where that ends its own.
pub(crate) async fn end(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ticket) = cookies::ticket(&headers, state.transport()) else {
        return answer::see_other(&state, SIGNED_OUT);
    };
    let Some(form) = own_form(&headers, &body, &ticket) else {
        return error::problem(&state, &Trouble::FormExpired, None);
    };
    let session = match state.sessions.find(&ticket).await {
        Ok(found) => found,
        Err(cause) => return error::unavailable(&state, &cause),
    };
    let place = form.once("return_to").and_then(|text| state.return_to(&text));
    let going = Going {
        ticket: &ticket,
        session: session.as_ref(),
        place: place.as_ref().map(ReturnTo::as_str),
        asked_by: None,
    };
    leave(&state, going).await
}

/// Ends the session. The browser goes to the upstream where that ends its own session, then to us where there is more to
/// do or to say, then where the person wanted to go.
pub(crate) async fn leave(state: &WebState, going: Going<'_>) -> Response {
    let place = place_after(state, &going).await;
    // A new one: whatever the old one still opens, a question on its way or a choice of a role, is the person's who leaves.
    let browser = match BrowserSecret::draw(state.random.as_ref()) {
        Ok(browser) => browser,
        Err(cause) => return error::unavailable(state, &cause),
    };
    let leaving = SigningOut {
        ticket: going.ticket,
        browser: &browser,
        return_to: &place,
    };
    let upstream = match state.sign_ins.sign_out(leaving).await {
        Ok(upstream) => upstream,
        Err(failure) => return error::unavailable(state, &failure),
    };
    tracing::info!(upstream_too = upstream.is_some(), "signed out");
    let mut answer = answer::see_other(state, upstream.as_deref().unwrap_or(&place));
    cookies::set(answer.headers_mut(), cookies::take_ticket(state.transport()));
    let cookie = cookies::give_browser(&browser, state.transport());
    cookies::set(answer.headers_mut(), cookie);
    answer
}

/// Where the browser goes when the upstream is done, or at once.
async fn place_after(state: &WebState, going: &Going<'_>) -> String {
    let farewell = going
        .session
        .and_then(|session| Farewell::to(state, session, going.asked_by, going.place));
    let handle = match farewell {
        Some(farewell) => farewell.keep(state).await,
        None => None,
    };
    match handle {
        Some(handle) => format!("{SIGNED_OUT}?end={handle}"),
        None => going.place.unwrap_or(SIGNED_OUT).to_owned(),
    }
}

/// `GET /signed-out`: also where the upstream sends the browser after its own sign-out.
pub(crate) async fn ended(State(state): State<WebState>, Query(back): Query<Back>) -> Response {
    if let Some(handle) = back.end {
        return match Farewell::find(&state, &handle).await {
            Some(farewell) => farewell.answer(&state).await,
            None => signed_out_page(&state),
        };
    }
    let Some(known) = back.state else {
        return signed_out_page(&state);
    };
    match state.sign_ins.back_from_sign_out(&known).await {
        Ok(Some(place)) => answer::see_other(&state, &place),
        Ok(None) => signed_out_page(&state),
        Err(failure) => error::unavailable(&state, &failure),
    }
}

/// Says that nobody is logged in here.
pub(crate) fn signed_out_page(state: &WebState) -> Response {
    let page = SignedOut {
        frame: &state.frame,
        start_again: "/",
        door: None,
        upstream_sign_out: None,
    };
    answer::page(state, StatusCode::OK, page.html())
}
