//! `GET|POST /oauth2/userinfo`: who the person is, for whoever brings an access token (OpenID Connect Core 5.3).

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use crate::downstream::active::{Active, NotActive};
use crate::downstream::application::Application;
use crate::downstream::application::scope::Scope;
use crate::downstream::dpop::{NoProof, Request};
use crate::web::answer;
use crate::web::oauth2::bearer::{self, Brought, Said, Scheme};
use crate::web::oauth2::refusal::Refusal;
use crate::web::oauth2::{cors, dpop};
use crate::web::state::WebState;

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/userinfo";

/// Answers whoever brings a token that was issued for `openid` and whose session lives.
pub(crate) async fn userinfo(State(state): State<WebState>, method: Method, headers: HeaderMap) -> Response {
    let answer = match bearer::brought(&headers) {
        Some(brought) => match active(&state, &method, &headers, brought).await {
            Ok(active) => told(&state, active, brought.scheme),
            Err(refused) => *refused,
        },
        None => bearer::refused(&state, Said::NoToken, &"no token was brought"),
    };
    cors::readable(&state, &headers, answer)
}

/// What the token is worth, for whoever may use it.
async fn active(
    state: &WebState,
    method: &Method,
    headers: &HeaderMap,
    brought: Brought<'_>,
) -> Result<Active, Box<Response>> {
    let refused = |said, reason: &dyn std::fmt::Display| Box::new(bearer::refused(state, said, reason));
    let active = match state.books().active(brought.token).await {
        Ok(active) => active,
        Err(cause @ (NotActive::Grant(_) | NotActive::Session(_))) => {
            return Err(Box::new(Refusal::unavailable().answer(state, &cause)));
        }
        Err(cause) => return Err(refused(Said::InvalidToken(brought.scheme), &cause)),
    };
    let bound_to = active.claims.cnf.as_ref().map(|key| key.jkt.as_str());
    if brought.scheme == Scheme::Bearer && bound_to.is_none() {
        return Ok(active);
    }
    let address = format!("{}{PATH}", state.origin.as_str());
    let request = Request {
        method: method.as_str(),
        address: &address,
        access_token: Some(brought.token),
    };
    let shown = match dpop::shown(state, headers, &request).await {
        Ok(shown) => shown,
        Err(cause @ NoProof::Store(_)) => {
            return Err(Box::new(Refusal::unavailable().answer(state, &cause)));
        }
        Err(NoProof::NeedsNonce) => return Err(refused(Said::UseNonce, &NoProof::NeedsNonce)),
        Err(cause) => return Err(refused(Said::InvalidProof, &cause)),
    };
    if brought.scheme == Scheme::Dpop && bound_to.is_some() && shown.as_deref() == bound_to {
        return Ok(active);
    }
    let reason = "the token is bound to a key that was not shown, or to none";
    Err(refused(Said::InvalidToken(Scheme::Dpop), &reason))
}

fn told(state: &WebState, active: Active, scheme: Scheme) -> Response {
    let scopes = active.scopes();
    if !scopes.contains(&Scope::OpenId) {
        let reason = "the token was not issued for openid";
        return bearer::refused(state, Said::InsufficientScope(scheme), &reason);
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
