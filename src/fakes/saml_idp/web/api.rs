//! The same for programs, as JSON.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use time::Duration;

use crate::fakes::cast::{CAST, member};
use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::idp::Idp;
use crate::fakes::saml_idp::{Manner, NextAnswer, NextLogout, Personality};

/// `POST /api/next-answer`: `{"mischief": "expired", "personality": "adfs", "person": "amara-example"}`.
pub(super) async fn next_answer(
    State(idp): State<Arc<Idp>>,
    next: Result<Json<NextAnswer>, JsonRejection>,
) -> Response {
    let next = match next {
        Ok(Json(next)) => next,
        Err(rejection) => return refused(&rejection.body_text()),
    };
    if let Some(person) = next.person.as_deref().filter(|key| member(key).is_none()) {
        return refused(&format!("there is nobody called {person}"));
    }
    idp.memory().script(next);
    StatusCode::NO_CONTENT.into_response()
}

/// `POST /api/next-logout`: `{"mischief": "partial", "binding": "redirect"}`.
pub(super) async fn next_logout(
    State(idp): State<Arc<Idp>>,
    next: Result<Json<NextLogout>, JsonRejection>,
) -> Response {
    match next {
        Ok(Json(next)) => {
            idp.memory().script_logout(next);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(rejection) => refused(&rejection.body_text()),
    }
}

/// `GET /api/logouts`: every logout message so far.
pub(super) async fn logouts(State(idp): State<Arc<Idp>>) -> Response {
    Json(idp.memory().heard_logouts()).into_response()
}

/// `POST /api/manner/adfs`: `{"signatures": "both", "session_index": "absent"}`.
pub(super) async fn manner(
    State(idp): State<Arc<Idp>>,
    Path(word): Path<String>,
    manner: Result<Json<Manner>, JsonRejection>,
) -> Response {
    match (Personality::from_word(&word), manner) {
        (Some(personality), Ok(Json(manner))) => {
            idp.memory().set_manner(personality, manner);
            StatusCode::NO_CONTENT.into_response()
        }
        (None, _) => refused("the personalities are entra and adfs"),
        (_, Err(rejection)) => refused(&rejection.body_text()),
    }
}

/// How far the clock of the fake goes ahead of the machine's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockChange {
    ahead_seconds: i64,
}

/// `POST /api/clock`: `{"ahead_seconds": -600}`.
pub(super) async fn clock(
    State(idp): State<Arc<Idp>>,
    change: Result<Json<ClockChange>, JsonRejection>,
) -> Response {
    // Ten years either way keep every instant within the years that SAML can write.
    const MOST: i64 = 10 * 366 * 86_400;
    match change {
        Ok(Json(change)) if (-MOST..=MOST).contains(&change.ahead_seconds) => {
            idp.memory().ahead = Duration::seconds(change.ahead_seconds);
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(_) => refused("the clock goes at most ten years ahead or back"),
        Err(rejection) => refused(&rejection.body_text()),
    }
}

/// `GET /api/received`: every question so far.
pub(super) async fn received(State(idp): State<Arc<Idp>>) -> Response {
    Json(idp.memory().received()).into_response()
}

/// `GET /api/answers`: every saved answer so far.
pub(super) async fn answers(State(idp): State<Arc<Idp>>) -> Response {
    Json(idp.memory().saved()).into_response()
}

/// `GET /api/cast`: everybody.
pub(super) async fn cast() -> Response {
    Json(CAST).into_response()
}

fn refused(why: &str) -> Response {
    let mischiefs: Vec<_> = Mischief::ALL.into_iter().map(Mischief::word).collect();
    let said = serde_json::json!({ "error": why, "mischiefs": mischiefs });
    (StatusCode::BAD_REQUEST, Json(said)).into_response()
}
