//! The fake's own cookie: which services a browser is signed in to.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::platform::random::{NoRandomness, Random, is_token, token};

const NAME: &str = "fake-nhsmail";

/// The browser, if it was here before.
pub(super) fn known(headers: &HeaderMap) -> Option<String> {
    let cookies = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == NAME && is_token(value)).then(|| value.to_owned())
    })
}

/// The browser, old or new.
pub(super) fn known_or_new(headers: &HeaderMap, random: &dyn Random) -> Result<String, NoRandomness> {
    known(headers).map_or_else(|| token(random), Ok)
}

/// Lets the browser be known again.
pub(super) fn remember(mut answer: Response, browser: &str) -> Response {
    // No SameSite=Lax: messages are posted here from other sites.
    let cookie = format!("{NAME}={browser}; HttpOnly; Path=/");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}
