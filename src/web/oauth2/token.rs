//! `POST /oauth2/token`: a code or a refresh token in, tokens out (RFC 6749 3.2).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::downstream::application::DpopUse;
use crate::downstream::client_authentication::AuthenticatedClient;
use crate::downstream::dpop::NoProof;
use crate::downstream::grants::{GrantError, Redemption};
use crate::downstream::session_token::MintRefusal;
use crate::downstream::token_endpoint::{RefreshRequest, TokenRefusal, TokenResponse};
use crate::web::answer;
use crate::web::oauth2::client::Asked;
use crate::web::oauth2::posted::Posted;
use crate::web::oauth2::refusal::Refusal;
use crate::web::oauth2::{cors, dpop};
use crate::web::state::WebState;

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/token";
/// What can be exchanged; discovery lists the same.
pub(crate) const GRANT_TYPES: [&str; 2] = ["authorization_code", "refresh_token"];

/// Answers an application, also one that runs in a browser.
pub(crate) async fn token(State(state): State<WebState>, posted: Posted) -> Response {
    let asked = posted.asked(&state, PATH);
    let answer = match asked.client().await {
        Ok(client) => given(&asked, &client).await,
        Err(refused) => *refused,
    };
    cors::readable(&state, posted.headers(), answer)
}

async fn given(asked: &Asked<'_>, client: &AuthenticatedClient) -> Response {
    let state = asked.state;
    let key = match key(asked, client).await {
        Ok(key) => key,
        Err(cause) => {
            let reason = format!("{}: {cause}", client.client_id());
            return dpop::refusal(state, &cause).answer(state, &reason);
        }
    };
    match exchanged(asked, client, key.as_deref()).await {
        Ok(Ok(tokens)) => answer::json(state, StatusCode::OK, &tokens),
        Ok(Err(cause)) => {
            let reason = format!("{}: {cause}", client.client_id());
            refusal(&cause).answer(state, &reason)
        }
        Err(refusal) => refusal.answer_plainly(state),
    }
}

/// The key that the request shows, before anything is spent.
async fn key(asked: &Asked<'_>, client: &AuthenticatedClient) -> Result<Option<String>, NoProof> {
    let shown = dpop::shown_with_form(asked).await?;
    let login = client.application().login.as_ref();
    let is_needed = login.is_some_and(|login| login.dpop == DpopUse::Required);
    if is_needed && shown.is_none() {
        return Err(NoProof::Rule("dpop-required"));
    }
    Ok(shown)
}

/// The outer error is about the request, the inner about what it asks for.
async fn exchanged(
    asked: &Asked<'_>,
    client: &AuthenticatedClient,
    dpop_jkt: Option<&str>,
) -> Result<Result<TokenResponse, TokenRefusal>, Refusal> {
    let (parameters, books) = (asked.parameters, asked.state.books());
    match parameters.needed("grant_type")? {
        "authorization_code" => {
            let redemption = Redemption {
                client_id: client.client_id(),
                redirect_uri: parameters.needed("redirect_uri")?,
                code_verifier: parameters.needed("code_verifier")?,
                dpop_jkt,
            };
            let code = parameters.needed("code")?;
            Ok(books.exchange(client, code, &redemption).await)
        }
        "refresh_token" => {
            let request = RefreshRequest {
                token: parameters.needed("refresh_token")?,
                scope: parameters.get("scope"),
                dpop_jkt,
            };
            Ok(books.refresh(client, &request).await)
        }
        _ => Err(Refusal::bad_request(
            "unsupported_grant_type",
            "grant_type is authorization_code or refresh_token",
        )),
    }
}

fn refusal(cause: &TokenRefusal) -> Refusal {
    match cause {
        TokenRefusal::Grant(cause) => of_grant(cause),
        TokenRefusal::SessionIsOver
        | TokenRefusal::Unmet(_)
        | TokenRefusal::Mint(MintRefusal::SessionIsOver | MintRefusal::Simulated) => Refusal::invalid_grant(),
        TokenRefusal::Scope => Refusal::bad_request("invalid_scope", "a scope was not granted"),
        TokenRefusal::Session(_) | TokenRefusal::Mint(_) => Refusal::unavailable(),
    }
}

fn of_grant(cause: &GrantError) -> Refusal {
    match cause {
        GrantError::Unreadable(_) | GrantError::Random(_) | GrantError::Store(_) => Refusal::unavailable(),
        GrantError::Unknown
        | GrantError::Reused
        | GrantError::OtherClient
        | GrantError::OtherRedirectUri
        | GrantError::WrongVerifier
        | GrantError::OtherKey
        | GrantError::Revoked => Refusal::invalid_grant(),
    }
}
