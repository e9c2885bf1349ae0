//! An administrator ends sessions.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::session::SessionError;
use crate::session::ended::Cause;
use crate::session::record::Session;
use crate::session::sid::Sid;
use crate::web::management::logouts;
use crate::web::state::WebState;
use crate::web::{answer, error};

/// Whose sessions shall end: one of the two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The `sid` of one session, as tokens and the log name it.
    sid: Option<String>,
    /// The `sub` of a person: all of their sessions. The one that is the same for every application.
    subject: Option<String>,
}

enum Which {
    One(Sid),
    AllOf(String),
}

/// `POST /sessions/end`: ends what is named, and says which sessions were live. Not there without a
/// `[web] management_token`.
pub(crate) async fn end(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(token) = &state.management_token else {
        return answer::json(&state, StatusCode::NOT_FOUND, &json!({ "error": "not_found" }));
    };
    if !token.is_shown_in(&headers) {
        tracing::warn!("audit: somebody without the management token asked to end sessions");
        return nobody(&state);
    }
    let Some(which) = serde_json::from_slice(&body).ok().and_then(Asked::which) else {
        let said = json!({
            "error": "invalid_request",
            "error_description": "JSON with either the sid of a session or the subject of a person is expected",
        });
        return answer::json(&state, StatusCode::BAD_REQUEST, &said);
    };
    match ended(&state, &which).await {
        Ok(ended) => {
            tracing::info!(
                by = which.word(),
                sessions = ended.len(),
                "audit: an administrator ended sessions"
            );
            state.back_channel.wait_for(ended.iter().map(Session::sid)).await;
            let ended: Vec<Value> = ended.iter().map(|session| told(&state, session)).collect();
            answer::json(&state, StatusCode::OK, &json!({ "ended": ended }))
        }
        Err(cause) => away(&state, &cause),
    }
}

async fn ended(state: &WebState, which: &Which) -> Result<Vec<Session>, SessionError> {
    match which {
        Which::One(sid) => {
            let ended = state.sessions.end_named(sid, Cause::Administrator).await?;
            Ok(ended.into_iter().collect())
        }
        Which::AllOf(subject) => state.sessions.end_person(subject, Cause::Administrator).await,
    }
}

/// A session that ended, and which of its applications have heard.
fn told(state: &WebState, session: &Session) -> Value {
    let told = state.back_channel.record().about(session.sid());
    json!({
        "sid": session.sid(),
        "connection": session.person().connection(),
        "applications": told.iter().map(logouts::outcome).collect::<Vec<_>>(),
    })
}

fn nobody(state: &WebState) -> Response {
    let said = json!({ "error": "invalid_token" });
    let mut answer = answer::json(state, StatusCode::UNAUTHORIZED, &said);
    let challenge = HeaderValue::from_static("Bearer");
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    answer
}

fn away(state: &WebState, cause: &SessionError) -> Response {
    let reference = error::reference(state.random.as_ref());
    tracing::error!(reference, %cause, "audit: an administrator could not end sessions");
    let said = json!({ "error": "temporarily_unavailable", "reference": reference });
    answer::json(state, StatusCode::SERVICE_UNAVAILABLE, &said)
}

impl Asked {
    fn which(self) -> Option<Which> {
        match (self.sid, self.subject) {
            (Some(sid), None) => Sid::parse(&sid).map(Which::One),
            (None, Some(subject)) => (!subject.trim().is_empty()).then_some(Which::AllOf(subject)),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

impl Which {
    fn word(&self) -> &'static str {
        match self {
            Self::One(_) => "sid",
            Self::AllOf(_) => "subject",
        }
    }
}
