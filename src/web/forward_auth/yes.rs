//! The answer that lets somebody in: who it is, in headers for the application.
//!
//! The set of headers is always whole, what is absent being empty: a proxy that copies them writes over whatever the
//! browser sent under their names. `Cookie` is among them, for an application must not see our tickets.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use time::{Duration, OffsetDateTime};

use crate::downstream::application::Application;
use crate::downstream::identity_headers::{TO_STRIP, identity_headers};
use crate::downstream::session_token::{MintRefusal, SessionToken};
use crate::session::record::Session;
use crate::web::cookies;
use crate::web::forward_auth::question::{Asker, Question};
use crate::web::headers::no_store;
use crate::web::state::WebState;

/// Lets `session` in.
///
/// # Errors
/// When no token can be written about it.
pub(crate) fn admitted(
    state: &WebState,
    question: &Question<'_>,
    session: &Session,
    application: &Application,
) -> Result<Response, MintRefusal> {
    let now = state.clock.now();
    let known = state.recent.find(session, application, now);
    if let Some(headers) = known {
        return Ok(let_in(question, headers));
    }
    let token = state.tokens.mint(session, &application.by_header())?;
    let headers = whole(state, written(&token));
    let good_until = now + half_life(&token, now);
    state
        .recent
        .keep((session, application), headers.clone(), (now, good_until));
    Ok(let_in(question, headers))
}

/// Lets anybody in, and names nobody.
pub(crate) fn public(state: &WebState, question: &Question<'_>) -> Response {
    let_in(question, whole(state, nobody()))
}

/// All headers of an answer, save the one that depends on what the browser sent.
fn whole(state: &WebState, said: HeaderMap) -> HeaderMap {
    let mut headers = no_store(state.transport());
    headers.extend(said);
    headers
}

fn let_in(question: &Question<'_>, mut headers: HeaderMap) -> Response {
    if question.asker == Asker::OurProxy {
        headers.insert(header::COOKIE, cookies::of_others(question.headers));
    }
    (StatusCode::OK, headers).into_response()
}

fn written(token: &SessionToken) -> HeaderMap {
    let mut said = nobody();
    for (name, value) in identity_headers(token) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            said.insert(HeaderName::from_static(name), value);
        }
    }
    said
}

fn nobody() -> HeaderMap {
    let names = TO_STRIP.into_iter();
    names
        .map(|name| (HeaderName::from_static(name), HeaderValue::from_static("")))
        .collect()
}

/// A token that is told again must still be of use to whoever gets it.
fn half_life(token: &SessionToken, now: OffsetDateTime) -> Duration {
    Duration::seconds(token.claims.exp - now.unix_timestamp()) / 2
}
