//! What the pages of all fakes share: the style, the headers, and buttons that other sites cannot press.

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

/// Every page is plain: no frame, no foreign script or style. A form may go to any address: that is what it is for.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The style of every page.
pub(super) async fn style() -> Response {
    let css = include_str!("fake.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

/// A page, or the sentence that it could not be written.
pub(super) fn shown(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(cause) => (StatusCode::INTERNAL_SERVER_ERROR, cause.to_string()).into_response(),
    }
}

/// Adds the headers of every answer.
pub(super) async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A browser says from which site a form was sent; a program says nothing, and needs no guarding.
pub(super) fn is_from(base: &str, headers: &HeaderMap) -> bool {
    let stated = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (stated("sec-fetch-site"), stated(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == base,
        (None, None) => true,
    }
}

/// The answer to a form of another site's.
pub(super) fn from_another_site() -> Response {
    (StatusCode::FORBIDDEN, "This form was sent by another site.\n").into_response()
}
