//! What became of telling applications that sessions are over.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::downstream::logout::{Progress, Told};
use crate::web::answer;
use crate::web::state::WebState;

/// As many as an operator looks through.
const SHOWN: usize = 200;

/// `GET /logouts`: the last notices, the newest first, and how many were heard and given up since the start. Says nothing
/// of people.
pub(crate) async fn show(State(state): State<WebState>) -> Response {
    let record = state.back_channel.record();
    let totals = record.totals();
    let latest: Vec<Value> = record.latest(SHOWN).iter().map(noted).collect();
    let shown = json!({
        "totals": { "told": totals.told, "given_up": totals.given_up },
        "latest": latest,
    });
    answer::json(&state, StatusCode::OK, &shown)
}

fn noted(told: &Told) -> Value {
    let mut noted = outcome(told);
    if let Some(fields) = noted.as_object_mut() {
        fields.insert("cause".to_owned(), told.cause.word().into());
        fields.insert("ended_at".to_owned(), instant(told.ended_at));
    }
    noted
}

/// What became of one notice.
pub(in crate::web::management) fn outcome(told: &Told) -> Value {
    let next_try = match told.progress {
        Progress::Again { at, .. } => instant(at),
        Progress::Waiting | Progress::Heard | Progress::GivenUp { .. } => Value::Null,
    };
    json!({
        "application": told.application,
        "result": told.progress.word(),
        "reason": told.progress.reason(),
        "tries": told.tries,
        "last_try": told.last_try.map(instant),
        "next_try": next_try,
    })
}

/// An instant that cannot be written is left out.
fn instant(at: OffsetDateTime) -> Value {
    at.format(&Rfc3339).map_or(Value::Null, Value::from)
}
