//! Which scripts may read our answers: those of public clients, which have no other place to ask from.
//!
//! The origins are those of their redirect URIs, exactly. Nothing here reads a cookie, so none is allowed to come along.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::downstream::application::{ClientAuthentication, Login};
use crate::web::answer;
use crate::web::state::WebState;

/// How long a browser may remember what it may send, in seconds.
const REMEMBERED: &str = "600";

/// `answer`, readable by the scripts of public clients.
pub(crate) fn readable(state: &WebState, asked: &HeaderMap, mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = admitted(state, asked) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("WWW-Authenticate, DPoP-Nonce"),
        );
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
    }
    answer
}

/// What a browser asks before it sends what no form could (Fetch 3.2.2).
pub(crate) async fn preflight(State(state): State<WebState>, asked: HeaderMap) -> Response {
    let mut may = HeaderMap::new();
    if admitted(&state, &asked).is_some() {
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "Authorization, Content-Type, DPoP",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
        ] {
            may.insert(name, HeaderValue::from_static(value));
        }
    }
    readable(&state, &asked, answer::bare(&state, StatusCode::NO_CONTENT, may))
}

fn admitted<'a>(state: &WebState, asked: &'a HeaderMap) -> Option<&'a HeaderValue> {
    let origin = asked.get(header::ORIGIN)?;
    let text = origin.to_str().ok()?;
    let logins = state
        .applications
        .all()
        .filter_map(|application| application.login.as_ref());
    let mut public = logins.filter(|login| matches!(login.authentication, ClientAuthentication::None));
    let is_of = |login: &Login| login.redirect_uris.iter().any(|uri| uri.origin() == text);
    public.any(is_of).then_some(origin)
}
