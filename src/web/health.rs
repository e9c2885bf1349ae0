//! Alive and ready, on the management listener only.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::journey::way::Way;
use crate::protocol::saml::second_judge;
use crate::web::state::WebState;

/// `GET /healthz`: the process runs.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: somebody could sign in now; 503 if not. Says how many judges there are.
pub(crate) async fn ready(State(state): State<WebState>) -> Response {
    let store = state.store.get("readiness").await;
    let ways: Vec<&str> = state.sign_ins.open_ways().map(Way::name).collect();
    let is_ready = store.is_ok() && !ways.is_empty();
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let report = json!({
        "ready": is_ready,
        "store": if store.is_ok() { "answers" } else { "away" },
        "connections": ways,
        "judges": if second_judge::IS_PRESENT { 2 } else { 1 },
    });
    (status, Json(report)).into_response()
}
