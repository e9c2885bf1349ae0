//! `POST /oauth2/revoke`: an application gives back what it was granted (RFC 7009).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::downstream::active::Revoked;
use crate::web::answer;
use crate::web::oauth2::client::Asked;
use crate::web::oauth2::cors;
use crate::web::oauth2::posted::Posted;
use crate::web::oauth2::refusal::Refusal;
use crate::web::state::WebState;

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/revoke";

/// Ends the grant of a token of the client that asks. About a token that is unknown or another's the answer is the same.
pub(crate) async fn revoke(State(state): State<WebState>, posted: Posted) -> Response {
    let ended = ended(&posted.asked(&state, PATH)).await;
    let answer = ended.unwrap_or_else(|refused| *refused);
    cors::readable(&state, posted.headers(), answer)
}

async fn ended(asked: &Asked<'_>) -> Result<Response, Box<Response>> {
    let state = asked.state;
    let client = asked.client().await?;
    let token = asked.parameters.needed("token");
    let token = token.map_err(|refusal| Box::new(refusal.answer_plainly(state)))?;
    match state.books().revoke(token, client.client_id()).await {
        Ok(Revoked::Grant | Revoked::Nothing) => Ok(answer::json(state, StatusCode::OK, &json!({}))),
        Ok(Revoked::Cannot) => {
            let description = "a token of the session ends with the session";
            let refusal = Refusal::bad_request("unsupported_token_type", description);
            Ok(refusal.answer_plainly(state))
        }
        Err(cause) => Ok(Refusal::unavailable().answer(state, &cause)),
    }
}
