//! `POST /oauth2/introspect`: whether a token is worth something at this moment (RFC 7662).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::downstream::active::NotActive;
use crate::downstream::client_authentication::AuthenticatedClient;
use crate::web::answer;
use crate::web::oauth2::posted::Posted;
use crate::web::oauth2::refusal::Refusal;
use crate::web::state::WebState;

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/introspect";

/// Answers a client that holds a secret or a key, about tokens that were issued to it or are meant for it. Of all others
/// nothing is said but that they are not active.
pub(crate) async fn introspect(State(state): State<WebState>, posted: Posted) -> Response {
    let asked = posted.asked(&state, PATH);
    let client = match asked.client().await {
        Ok(client) => client,
        Err(refused) => return *refused,
    };
    if client.is_public() {
        // Anybody could ask under its name.
        let reason = format!("{}: a public client asked about a token", client.client_id());
        return Refusal::invalid_client().answer(&state, &reason);
    }
    let token = match asked.parameters.needed("token") {
        Ok(token) => token,
        Err(refusal) => return refusal.answer_plainly(&state),
    };
    match told(&state, &client, token).await {
        Ok(said) => answer::json(&state, StatusCode::OK, &said),
        Err(cause) => Refusal::unavailable().answer(&state, &cause),
    }
}

async fn told(state: &WebState, client: &AuthenticatedClient, token: &str) -> Result<Value, NotActive> {
    let inactive = json!({ "active": false });
    if let Some(refreshes) = state.books().refreshes(token, client.client_id()).await? {
        return Ok(json!({
            "active": true,
            "client_id": client.client_id(),
            "scope": refreshes.scope,
            "exp": refreshes.until.unix_timestamp(),
        }));
    }
    match state.books().active(token).await {
        Ok(active) if active.concerns(client.application()) => {
            let mut said = json!(active.claims);
            if let Value::Object(said) = &mut said {
                let kind = if active.claims.cnf.is_some() {
                    "DPoP"
                } else {
                    "Bearer"
                };
                said.insert("active".to_owned(), true.into());
                said.insert("token_type".to_owned(), kind.into());
            }
            Ok(said)
        }
        Err(cause @ (NotActive::Grant(_) | NotActive::Session(_))) => Err(cause),
        Ok(_) | Err(_) => Ok(inactive),
    }
}
