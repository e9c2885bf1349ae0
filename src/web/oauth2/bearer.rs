//! Access tokens that are brought in the `Authorization` header, by whoever holds them (RFC 6750 2.1) or with a proof of
//! the key they are bound to (RFC 9449 7.1), and how we say that one is missing or worth nothing.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::downstream::dpop::ALGORITHMS;
use crate::web::oauth2::dpop;
use crate::web::state::WebState;
use crate::web::{answer, error};

/// The scope that UserInfo asks.
const SCOPE: &str = "openid";

/// How a token is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Whoever holds it may use it.
    Bearer,
    /// Only with a proof of its key.
    Dpop,
}

/// A token as it was brought. Never prints it.
#[derive(Clone, Copy)]
pub(crate) struct Brought<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) token: &'a str,
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nobody brought a token: no error is named (RFC 6750 3.1).
    NoToken,
    /// It is worth nothing.
    InvalidToken(Scheme),
    /// It was not issued for this.
    InsufficientScope(Scheme),
    /// Its proof is none.
    InvalidProof,
    /// Its proof needs a nonce of ours.
    UseNonce,
}

/// The token of a request that brings exactly one.
pub(crate) fn brought(headers: &HeaderMap) -> Option<Brought<'_>> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else {
        return None;
    };
    let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Scheme::Bearer,
        "dpop" => Scheme::Dpop,
        _ => return None,
    };
    (!token.is_empty()).then_some(Brought { scheme, token })
}

/// The answer; `reason` goes to the log alone.
pub(crate) fn refused(state: &WebState, said: Said, reason: &dyn std::fmt::Display) -> Response {
    let reference = error::reference(state.random.as_ref());
    tracing::warn!(reference, ?said, %reason, "an access token was refused");
    let mut headers = HeaderMap::new();
    for challenge in challenges(said, &reference) {
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            headers.append(header::WWW_AUTHENTICATE, challenge);
        }
    }
    if said == Said::UseNonce
        && let Some(nonce) = dpop::nonce(state)
    {
        headers.insert(dpop::NONCE, nonce);
    }
    let status = match said {
        Said::InsufficientScope(_) => StatusCode::FORBIDDEN,
        Said::NoToken | Said::InvalidToken(_) | Said::InvalidProof | Said::UseNonce => {
            StatusCode::UNAUTHORIZED
        }
    };
    answer::bare(state, status, headers)
}

fn challenges(said: Said, reference: &str) -> Vec<String> {
    match said {
        Said::NoToken => vec![challenge(Scheme::Bearer, ""), challenge(Scheme::Dpop, "")],
        Said::InvalidToken(scheme) => {
            let error = format!(", error=\"invalid_token\", error_description=\"reference {reference}\"");
            vec![challenge(scheme, &error)]
        }
        Said::InsufficientScope(scheme) => {
            let error = format!(", error=\"insufficient_scope\", scope=\"{SCOPE}\"");
            vec![challenge(scheme, &error)]
        }
        Said::InvalidProof => vec![challenge(Scheme::Dpop, ", error=\"invalid_dpop_proof\"")],
        Said::UseNonce => vec![challenge(Scheme::Dpop, ", error=\"use_dpop_nonce\"")],
    }
}

fn challenge(scheme: Scheme, error: &str) -> String {
    match scheme {
        Scheme::Bearer => format!("Bearer realm=\"nhsmail-bridge\"{error}"),
        Scheme::Dpop => {
            let algorithms = ALGORITHMS.map(|algorithm| format!("{algorithm:?}")).join(" ");
            format!("DPoP realm=\"nhsmail-bridge\"{error}, algs=\"{algorithms}\"")
        }
    }
}
