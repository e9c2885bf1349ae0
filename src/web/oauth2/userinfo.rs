//! `GET|POST /oauth2/userinfo`: who the person is, for whoever brings an access token (OpenID Connect Core 5.3).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::downstream::active::{Active, NotActive};
use crate::downstream::application::Application;
use crate::downstream::application::scope::Scope;
use crate::web::answer;
use crate::web::oauth2::bearer::{self, Brought, Said};
use crate::web::oauth2::cors;
use crate::web::oauth2::refusal::Refusal;
use crate::web::state::WebState;

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/userinfo";

/// Answers whoever brings a token that was issued for `openid` and whose session lives.
pub(crate) async fn userinfo(State(state): State<WebState>, headers: HeaderMap) -> Response {
    let answer = match bearer::brought(&headers) {
        Some(Brought::Bearer(token)) => told(&state, token).await,
        None => bearer::refused(&state, Said::NoToken, &"no token was brought"),
    };
    cors::readable(&state, &headers, answer)
}

async fn told(state: &WebState, token: &str) -> Response {
    let active = match state.books().active(token).await {
        Ok(active) => active,
        Err(cause @ (NotActive::Grant(_) | NotActive::Session(_))) => {
            return Refusal::unavailable().answer(state, &cause);
        }
        Err(cause) => return bearer::refused(state, Said::InvalidToken, &cause),
    };
    let scopes = active.scopes();
    if !scopes.contains(&Scope::OpenId) {
        let reason = "the token was not issued for openid";
        return bearer::refused(state, Said::InsufficientScope, &reason);
    }
    let Active {
        application, session, ..
    } = active;
    let application = Application {
        scopes,
        ..Application::clone(&application)
    };
    match state.tokens.userinfo(&session, &application) {
        Ok(claims) => answer::json(state, StatusCode::OK, &claims),
        Err(cause) => Refusal::unavailable().answer(state, &cause),
    }
}
