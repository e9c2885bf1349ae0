//! Answers: a page, a redirect, JSON; each with its security headers.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::headers::{PagePolicy, no_store};
use crate::web::state::WebState;

/// A page without script, all of whose forms stay with us.
pub(crate) fn page(state: &WebState, status: StatusCode, html: String) -> Response {
    (status, PagePolicy::plain(state.transport()).headers(), html).into_response()
}

/// Sends the browser on by GET. An address that is no header value sends it to our front page.
pub(crate) fn see_other(state: &WebState, address: &str) -> Response {
    let mut headers = no_store(state.transport());
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, location);
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// JSON that nobody keeps.
pub(crate) fn json(state: &WebState, status: StatusCode, value: &impl serde::Serialize) -> Response {
    let mut headers = no_store(state.transport());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    match serde_json::to_vec(value) {
        Ok(octets) => (status, headers, octets).into_response(),
        Err(_cause) => (StatusCode::INTERNAL_SERVER_ERROR, headers).into_response(),
    }
}

/// Nothing but a status and headers.
pub(crate) fn bare(state: &WebState, status: StatusCode, more: HeaderMap) -> Response {
    let mut headers = no_store(state.transport());
    headers.extend(more);
    (status, headers).into_response()
}
