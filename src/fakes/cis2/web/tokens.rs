//! Discovery, keys, the token endpoint and the user info.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::fakes::cis2::form::Fields;
use crate::fakes::cis2::provider::Provider;
use crate::fakes::cis2::received::{Endpoint, Received};
use crate::fakes::cis2::user_info::UserInfo;

/// The discovery document.
pub(super) async fn discovery(State(provider): State<Arc<Provider>>) -> Response {
    Json(provider.discovery()).into_response()
}

/// The key set.
pub(super) async fn keys(State(provider): State<Arc<Provider>>) -> Response {
    let document = provider.keys().document();
    Json(document).into_response()
}

/// The token endpoint.
pub(super) async fn exchange(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let is_form = text(&headers, CONTENT_TYPE.as_str())
        .is_some_and(|stated| stated.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        let said = json!({ "error": "invalid_request", "error_description": "A form is expected" });
        return (StatusCode::BAD_REQUEST, Json(said)).into_response();
    }
    match provider
        .exchange(&body, text(&headers, AUTHORIZATION.as_str()))
        .await
    {
        Ok(tokens) => Json(tokens).into_response(),
        Err(refusal) => {
            let (status, error, description) = refusal.told();
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            let said = json!({ "error": error, "error_description": description });
            (status, Json(said)).into_response()
        }
    }
}

/// The user info endpoint.
pub(super) async fn user_info(State(provider): State<Arc<Provider>>, headers: HeaderMap) -> Response {
    let bearer = text(&headers, AUTHORIZATION.as_str()).and_then(|header| header.strip_prefix("Bearer "));
    let grant = bearer.and_then(|token| provider.grant_of(token));
    let reason = match (bearer, &grant) {
        (None, _) => Some("there is no access token".to_owned()),
        (Some(_), None) => Some("the access token is unknown, revoked or older than an hour".to_owned()),
        (Some(_), Some(_)) => None,
    };
    let at = provider.now();
    provider.memory().receive(Received {
        endpoint: Endpoint::UserInfo,
        at,
        parameters: Fields::default().without_secrets(),
        authentication: None,
        reason,
    });
    let Some(grant) = grant else {
        let said = json!({
            "error": "invalid_token",
            "error_description": "The access token provided is expired, revoked, malformed, or invalid for other reasons.",
        });
        let challenge = [(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")];
        return (StatusCode::UNAUTHORIZED, challenge, Json(said)).into_response();
    };
    match provider.user_info(&grant) {
        Ok(UserInfo::Plain(claims)) => Json(claims).into_response(),
        Ok(UserInfo::Signed(token)) => ([(CONTENT_TYPE, "application/jwt")], token).into_response(),
        Err(cause) => (StatusCode::INTERNAL_SERVER_ERROR, cause.to_string()).into_response(),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
