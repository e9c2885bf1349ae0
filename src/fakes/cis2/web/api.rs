//! The same for programs, as JSON.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use time::Duration;

use crate::fakes::cast::CAST;
use crate::fakes::cis2::cast::CARE_IDENTITIES;
use crate::fakes::cis2::keys::KeyStep;
use crate::fakes::cis2::logout::{Delivered, LogoutOrder, NoLogout};
use crate::fakes::cis2::provider::Provider;
use crate::fakes::cis2::{Client, Manner, Mischief, NextAnswer};

type Read<T> = Result<Json<T>, JsonRejection>;

/// `POST /fake/api/next-answer`: `{"mischief": "expired", "person": "amara-example", "role": "555200000211"}`.
pub(super) async fn next_answer(State(provider): State<Arc<Provider>>, next: Read<NextAnswer>) -> Response {
    let next = match next {
        Ok(Json(next)) => next,
        Err(rejection) => return refused(&rejection.body_text()),
    };
    let stranger = next
        .person
        .as_deref()
        .filter(|key| provider.shape.person(key).is_none());
    if let Some(person) = stranger {
        return refused(&format!("there is nobody called {person}"));
    }
    provider.memory().script(next);
    StatusCode::NO_CONTENT.into_response()
}

/// `POST /fake/api/manner`: `{"levels": "numbers", "single": "object"}`.
pub(super) async fn manner(State(provider): State<Arc<Provider>>, manner: Read<Manner>) -> Response {
    match manner {
        Ok(Json(manner)) => {
            provider.memory().manner = manner;
            StatusCode::NO_CONTENT.into_response()
        }
        Err(rejection) => refused(&rejection.body_text()),
    }
}

/// How far the clock of the fake goes ahead of the machine's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockChange {
    ahead_seconds: i64,
}

/// `POST /fake/api/clock`: `{"ahead_seconds": -600}`.
pub(super) async fn clock(State(provider): State<Arc<Provider>>, change: Read<ClockChange>) -> Response {
    const MOST: i64 = 10 * 366 * 86_400;
    match change {
        Ok(Json(change)) if (-MOST..=MOST).contains(&change.ahead_seconds) => {
            provider.memory().ahead = Duration::seconds(change.ahead_seconds);
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(_) => refused("the clock goes at most ten years ahead or back"),
        Err(rejection) => refused(&rejection.body_text()),
    }
}

/// `POST /fake/api/clients`: registers a client, in the place of one with the same id.
pub(super) async fn client(State(provider): State<Arc<Provider>>, client: Read<Client>) -> Response {
    match client {
        Ok(Json(client)) => {
            provider.memory().register(client);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(rejection) => refused(&rejection.body_text()),
    }
}

/// A step of a key roll-over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyOrder {
    step: KeyStep,
}

/// `POST /fake/api/keys`: `{"step": "announce"}`, `sign-with-newest`, `drop-others` or `surprise`.
pub(super) async fn keys(State(provider): State<Arc<Provider>>, order: Read<KeyOrder>) -> Response {
    match order {
        Ok(Json(order)) => match provider.step(order.step) {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(cause) => (StatusCode::INTERNAL_SERVER_ERROR, cause.to_string()).into_response(),
        },
        Err(rejection) => refused(&rejection.body_text()),
    }
}

/// `POST /fake/api/logout`: `{"kind": "wrong-aud"}`; answers what the client said.
pub(super) async fn logout(State(provider): State<Arc<Provider>>, order: Read<LogoutOrder>) -> Response {
    match order {
        Ok(Json(order)) => sent(provider.send_logout(&order).await),
        Err(rejection) => refused(&rejection.body_text()),
    }
}

/// Which session ends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndOrder {
    sid: String,
}

/// `POST /fake/api/end-session`: `{"sid": "…"}`; answers what the clients said.
pub(super) async fn end_session(State(provider): State<Arc<Provider>>, order: Read<EndOrder>) -> Response {
    match order {
        Ok(Json(order)) => sent(provider.end_session(&order.sid).await),
        Err(rejection) => refused(&rejection.body_text()),
    }
}

fn sent(sent: Result<Vec<Delivered>, NoLogout>) -> Response {
    match sent {
        Ok(sent) => Json(sent).into_response(),
        Err(cause) => refused(&cause.to_string()),
    }
}

/// `GET /fake/api/received`: everything it was asked so far, with the true reasons.
pub(super) async fn received(State(provider): State<Arc<Provider>>) -> Response {
    Json(provider.memory().received()).into_response()
}

/// `GET /fake/api/cast`: everybody.
pub(super) async fn cast(State(provider): State<Arc<Provider>>) -> Response {
    if provider.shape.is_cis2() {
        Json(CARE_IDENTITIES).into_response()
    } else {
        Json(CAST).into_response()
    }
}

/// `GET /fake/api/sessions`: who is signed in.
pub(super) async fn sessions(State(provider): State<Arc<Provider>>) -> Response {
    let memory = provider.memory();
    let each = memory.sessions.iter();
    let shown: Vec<_> = each
        .map(|session| {
            json!({
                "sid": session.sid,
                "person": session.person.key(),
                "authenticator": session.authenticator,
                "since": session.since.unix_timestamp(),
                "role": session.role,
                "clients": session.clients,
            })
        })
        .collect();
    Json(shown).into_response()
}

/// `GET /fake/api/logouts`: every logout token that was sent so far, with the answers.
pub(super) async fn logouts(State(provider): State<Arc<Provider>>) -> Response {
    Json(provider.memory().sent()).into_response()
}

fn refused(why: &str) -> Response {
    let mischiefs: Vec<_> = Mischief::all().map(Mischief::word).collect();
    (
        StatusCode::BAD_REQUEST,
        Json(json!({ "error": why, "mischiefs": mischiefs })),
    )
        .into_response()
}
