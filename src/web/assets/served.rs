//! The two files as answers.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::assets::{session_warning, stylesheet};
use crate::web::headers::for_ever;
use crate::web::state::WebState;

/// The stylesheet, which may be kept for ever.
pub(crate) async fn styles(State(state): State<WebState>, asked: HeaderMap) -> Response {
    let sheet = stylesheet();
    let mut headers = for_ever(state.transport());
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/css; charset=utf-8"),
    );
    tagged(&asked, headers, &sheet.etag, sheet.css)
}

/// The script, which is asked for again after five minutes, so that a new version reaches every page. Applications of
/// the same site may load it; from another site it could not ask about the session anyway.
pub(crate) async fn warning(State(state): State<WebState>, asked: HeaderMap) -> Response {
    let script = session_warning();
    let mut headers = for_ever(state.transport());
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("cache-control", "public, max-age=300"),
        ("cross-origin-resource-policy", "same-site"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    tagged(&asked, headers, &script.etag, script.js)
}

fn tagged(asked: &HeaderMap, mut headers: HeaderMap, etag: &str, text: &'static str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, tag);
    }
    let known = asked.get(header::IF_NONE_MATCH);
    if known.is_some_and(|tag| tag.as_bytes() == etag.as_bytes()) {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, text).into_response()
    }
}
