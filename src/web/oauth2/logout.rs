//! `GET` and `POST /oauth2/logout`: an application asks us to log somebody out (OpenID Connect RP-Initiated Logout 1.0).
//!
//! Anybody can send a browser here. So a session ends without a question only if the application shows an ID token that
//! we gave it about this very session; else the person is asked. Afterwards the browser goes to an address that is
//! registered, octet for octet, or stays here.

mod wish;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::session::SessionError;
use crate::session::record::Session;
use crate::session::ticket::SessionTicket;
use crate::web::forms::{Fields, csrf_token};
use crate::web::oauth2::logout::wish::Wish;
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, sign_out};

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/logout";

/// The browser is sent here with the wish in the query.
pub(crate) async fn get(
    State(state): State<WebState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let fields = Fields::of_query(query.as_deref().unwrap_or_default());
    let wish = Wish::read(&state, &fields);
    match signed_in(&state, &headers).await {
        Ok(Some((ticket, session))) if wish.is_proven_for(&session) => {
            leave(&state, &wish, (&ticket, &session)).await
        }
        Ok(Some((ticket, session))) => ask(&state, &wish, (&ticket, &session)).await,
        Ok(None) => gone(&state, &wish),
        Err(cause) => error::unavailable(&state, &cause),
    }
}

/// A form brings the wish: the application's page does, without our cookie, or the page of ours that asked.
pub(crate) async fn post(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(fields) = Fields::of(&headers, &body) else {
        return answer::see_other(&state, sign_out::SIGNED_OUT);
    };
    let wish = Wish::read(&state, &fields);
    match signed_in(&state, &headers).await {
        Ok(Some((ticket, session)))
            if fields.carries(&csrf_token(ticket.expose())) || wish.is_proven_for(&session) =>
        {
            leave(&state, &wish, (&ticket, &session)).await
        }
        // A form of another site brings no cookie of ours; a link does.
        Ok(_) => answer::see_other(&state, &wish.as_link()),
        Err(cause) => error::unavailable(&state, &cause),
    }
}

async fn signed_in(
    state: &WebState,
    headers: &HeaderMap,
) -> Result<Option<(SessionTicket, Session)>, SessionError> {
    let Some(ticket) = cookies::ticket(headers, state.transport()) else {
        return Ok(None);
    };
    let found = state.sessions.find(&ticket).await?;
    Ok(found.map(|session| (ticket, session)))
}

async fn leave(state: &WebState, wish: &Wish, here: (&SessionTicket, &Session)) -> Response {
    tracing::info!(application = wish.client_id(), "an application logs somebody out");
    let going = sign_out::Going {
        ticket: here.0,
        session: Some(here.1),
        place: wish.place(),
        asked_by: wish.client_id(),
    };
    sign_out::leave(state, going).await
}

/// Asks the person, with the wish once more in the form.
async fn ask(state: &WebState, wish: &Wish, here: (&SessionTicket, &Session)) -> Response {
    let question = sign_out::Question {
        action: PATH,
        fields: wish.fields(),
        asked_by: wish.label(),
        ticket: here.0,
        session: Some(here.1),
    };
    sign_out::question(state, &question).await
}

/// Nobody is logged in here: what the application wanted is done already.
fn gone(state: &WebState, wish: &Wish) -> Response {
    match wish.place() {
        Some(place) => answer::see_other(state, place),
        None => sign_out::signed_out_page(state),
    }
}
