//! The browser's own session: who is signed in, how long still, stay, leave.

mod ended;
mod reader;

pub(crate) use ended::{ENDED_PATH, ended, logged_out};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::downstream::session_token::MintRefusal;
use crate::identity::role::Role;
use crate::journey::way::Way;
use crate::session::record::Session;
use crate::session::ticket::SessionTicket;
use crate::upstream::verified::Door;
use crate::web::forms::{Fields, csrf_token};
use crate::web::headers::{Nonce, PagePolicy};
use crate::web::pages::{Page as _, SignedIn, Trouble, WorkingAs};
use crate::web::session::reader::Reader;
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, role, sign_out};

/// `GET /session`: the browser's own session as JSON. Asking is no sign of life.
pub(crate) async fn show(State(state): State<WebState>, headers: HeaderMap) -> Response {
    let found = match cookies::ticket(&headers, state.transport()) {
        Some(ticket) => state.sessions.find(&ticket).await,
        None => Ok(None),
    };
    let reader = Reader::of(&state, &headers);
    let answer = match found {
        Ok(Some(session)) => answer::json(&state, StatusCode::OK, &shown(&state, reader, &session)),
        Ok(None) => nobody(&state),
        Err(cause) => away(&state, &cause),
    };
    reader.shown(&headers, answer)
}

/// `GET /session/token`: the session token for an application on the same site.
pub(crate) async fn token(State(state): State<WebState>, headers: HeaderMap) -> Response {
    let answer = match cookies::ticket(&headers, state.transport()) {
        Some(ticket) => token_of(&state, &ticket).await,
        None => nobody(&state),
    };
    let reader = Reader::of(&state, &headers);
    reader.without_applications().shown(&headers, answer)
}

async fn token_of(state: &WebState, ticket: &SessionTicket) -> Response {
    let session = match state
        .sessions
        .share(ticket, &state.applications.by_default().client_id)
        .await
    {
        Ok(Some(session)) => session,
        Ok(None) => return nobody(state),
        Err(cause) => return away(state, &cause),
    };
    match state.tokens.mint(&session, state.applications.by_default()) {
        Ok(token) => {
            let seconds = token.claims.exp - state.clock.now().unix_timestamp();
            answer::json(
                state,
                StatusCode::OK,
                &json!({ "token": token.compact, "expires_in": seconds }),
            )
        }
        Err(MintRefusal::SessionIsOver) => nobody(state),
        Err(MintRefusal::Simulated) => answer::json(
            state,
            StatusCode::FORBIDDEN,
            &json!({ "error": "simulated people are not taken here" }),
        ),
        Err(cause) => away(state, &cause),
    }
}

/// `POST /session/extend`: a sign of life. A page's form goes back to the page, a script gets JSON.
pub(crate) async fn extend(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Fields::of(&headers, &body);
    let reader = Reader::of(&state, &headers);
    let ticket = cookies::ticket(&headers, state.transport());
    let Some(ticket) = ticket else {
        return nobody_to_extend(&state, &headers, form.as_ref());
    };
    if !is_own(reader, &headers, form.as_ref(), &ticket) {
        return match form {
            Some(_) => error::problem(&state, &Trouble::FormExpired, None),
            None => nobody(&state),
        };
    }
    let answer = match state.sessions.touch(&ticket).await {
        Ok(None) => return nobody_to_extend(&state, &headers, form.as_ref()),
        Ok(Some(_)) if form.is_some() => answer::see_other(&state, "/"),
        Ok(Some(session)) => answer::json(&state, StatusCode::OK, &shown(&state, reader, &session)),
        Err(cause) => away(&state, &cause),
    };
    reader.shown(&headers, answer)
}

/// A person whose session is over is shown the way in, not JSON.
fn nobody_to_extend(state: &WebState, headers: &HeaderMap, form: Option<&Fields>) -> Response {
    match form {
        Some(_) => answer::see_other(state, "/"),
        None => Reader::of(state, headers).shown(headers, nobody(state)),
    }
}

/// The page for somebody who is signed in and asked for nothing else.
pub(crate) async fn page(state: &WebState, ticket: &SessionTicket, session: &Session) -> Response {
    let person = session.person();
    let name = person.name();
    let way = state.sign_ins.way(person.connection());
    let nonce = match Nonce::draw(state.random.as_ref()) {
        Ok(nonce) => nonce,
        Err(cause) => return error::unavailable(state, &cause),
    };
    let page = SignedIn {
        frame: &state.frame,
        person: name
            .as_deref()
            .or(person.email())
            .unwrap_or("somebody without a name"),
        door: way.map_or("NHSmail", Way::label),
        organisation: person
            .organisation()
            .map(|organisation| organisation.code.as_str()),
        simulated: person.is_simulated(),
        time_left: session.lifetime().over_at() - state.clock.now(),
        csrf_token: &csrf_token(ticket.expose()),
        sign_out: "/sign-out",
        extend: can_last_longer(session).then_some("/session/extend"),
        care_identity: working_as(state, session),
        nonce: &nonce,
    };
    let places = sign_out::places_after(state, Some(session)).await;
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let policy = PagePolicy {
        transport: state.transport(),
        script: Some(&nonce),
        form_action: &places,
    };
    (StatusCode::OK, policy.headers_of_asking(), page.html()).into_response()
}

/// False if no sign of life helps any more.
fn can_last_longer(session: &Session) -> bool {
    session.lifetime().over_at() < session.lifetime().ends_at()
}

/// What only a Care Identity has.
fn working_as<'a>(state: &WebState, session: &'a Session) -> Option<WorkingAs<'a>> {
    let person = session.person();
    (person.door() == Door::Cis2).then(|| WorkingAs {
        role: person.role().map(|role| role.name().unwrap_or(role.code())),
        aal: person.proof().assurance().map(|assurance| assurance.aal),
        change_role: role::can_change(state, session).then_some(role::CHANGE_PATH),
    })
}

fn shown(state: &WebState, reader: Reader, session: &Session) -> serde_json::Value {
    let (lifetime, now) = (session.lifetime(), state.clock.now());
    let mut shown = json!({
        "signed_in": true,
        "seconds_left": (lifetime.over_at() - now).whole_seconds().max(0),
        "ends_in": (lifetime.ends_at() - now).whole_seconds().max(0),
    });
    if let (Reader::Ours | Reader::Listed, Some(shown)) = (reader, shown.as_object_mut()) {
        shown.extend(who(session));
    }
    shown
}

fn who(session: &Session) -> serde_json::Map<String, serde_json::Value> {
    let person = session.person();
    let who = json!({
        "name": person.name(),
        "door": person.door().as_str(),
        "connection": person.connection(),
        "organisation": person.organisation().map(|organisation| organisation.code.as_str()),
        "role": person.role().map(Role::code),
        "environment": session.environment().as_str(),
        "simulated": person.is_simulated(),
    });
    who.as_object().cloned().unwrap_or_default()
}

fn nobody(state: &WebState) -> Response {
    answer::json(state, StatusCode::UNAUTHORIZED, &json!({ "signed_in": false }))
}

fn away(state: &WebState, cause: &dyn std::fmt::Display) -> Response {
    let reference = error::reference(state.random.as_ref());
    tracing::error!(reference, %cause, "a session could not be read");
    let mut answer = answer::json(
        state,
        StatusCode::SERVICE_UNAVAILABLE,
        &json!({ "error": "try again later", "reference": reference }),
    );
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    answer
}

/// A request that changes something comes from our own page with its token, or from a script that may extend.
fn is_own(reader: Reader, headers: &HeaderMap, form: Option<&Fields>, ticket: &SessionTicket) -> bool {
    match form {
        Some(form) => form.carries(&csrf_token(ticket.expose())),
        None => reader.may_extend(headers),
    }
}
