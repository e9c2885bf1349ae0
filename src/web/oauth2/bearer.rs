//! Access tokens that are brought in the `Authorization` header (RFC 6750 2.1), and how we say that one is missing or
//! worth nothing (RFC 6750 3).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::web::state::WebState;
use crate::web::{answer, error};

/// The scope that UserInfo asks.
const SCOPE: &str = "openid";

/// A token as it was brought.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brought<'a> {
    /// As whoever holds it may use it.
    Bearer(&'a str),
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nobody brought a token: no error is named (RFC 6750 3.1).
    NoToken,
    /// It is worth nothing.
    InvalidToken,
    /// It was not issued for this.
    InsufficientScope,
}

/// The token of a request that brings exactly one.
pub(crate) fn brought(headers: &HeaderMap) -> Option<Brought<'_>> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else {
        return None;
    };
    let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" if !token.is_empty() => Some(Brought::Bearer(token)),
        _ => None,
    }
}

/// The answer; `reason` goes to the log alone.
pub(crate) fn refused(state: &WebState, said: Said, reason: &dyn std::fmt::Display) -> Response {
    let reference = error::reference(state.random.as_ref());
    tracing::warn!(reference, ?said, %reason, "an access token was refused");
    let (status, more) = match said {
        Said::NoToken => (StatusCode::UNAUTHORIZED, String::new()),
        Said::InvalidToken => (
            StatusCode::UNAUTHORIZED,
            format!(", error=\"invalid_token\", error_description=\"reference {reference}\""),
        ),
        Said::InsufficientScope => (
            StatusCode::FORBIDDEN,
            format!(", error=\"insufficient_scope\", scope=\"{SCOPE}\""),
        ),
    };
    let mut headers = HeaderMap::new();
    if let Ok(challenge) = HeaderValue::from_str(&format!("Bearer realm=\"nhsmail-bridge\"{more}")) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer::bare(state, status, headers)
}
