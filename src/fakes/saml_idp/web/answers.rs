//! The answers that were given: a list, a file for each, and the button that sends one again.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use serde::Deserialize;

use crate::fakes::replay::{Replay, Stamping, replay as send_again};
use crate::fakes::saml_idp::idp::Idp;
use crate::fakes::saml_idp::web::pages::{Answers, Replayed, Trouble, shown};

/// The list, newest first.
pub(super) async fn list(State(idp): State<Arc<Idp>>) -> Response {
    let mut answers = idp.memory().saved();
    answers.reverse();
    shown(&Answers { answers: &answers })
}

/// One answer as the file that `replay` reads.
pub(super) async fn file(State(idp): State<Arc<Idp>>, Path(id): Path<String>) -> Response {
    let id = id.trim_end_matches(".json");
    let Some(saved) = idp.memory().saved_as(id) else {
        return Trouble::nowhere().page();
    };
    match saved.to_json() {
        Ok(json) => {
            let name = format!("attachment; filename=\"{}.json\"", saved.id);
            (
                [
                    (CONTENT_TYPE, "application/json".to_owned()),
                    (CONTENT_DISPOSITION, name),
                ],
                json,
            )
                .into_response()
        }
        Err(cause) => (StatusCode::INTERNAL_SERVER_ERROR, cause.to_string()).into_response(),
    }
}

/// What the button sends.
#[derive(Debug, Deserialize)]
pub(super) struct ReplayForm {
    stamp: StampWord,
    /// Another assertion consumer service; empty: the same.
    #[serde(default)]
    acs_url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StampWord {
    Verbatim,
    Restamp,
}

/// Sends one answer again and shows what came of it.
pub(super) async fn replay(
    State(idp): State<Arc<Idp>>,
    Path(id): Path<String>,
    Form(form): Form<ReplayForm>,
) -> Response {
    let Some(saved) = idp.memory().saved_as(&id) else {
        return Trouble::nowhere().page();
    };
    let stamping = match form.stamp {
        StampWord::Verbatim => Stamping::Verbatim,
        StampWord::Restamp => Stamping::Restamp {
            at: idp.now(),
            keys: &idp.keys,
            sign_in: None,
            random: &*idp.random,
        },
    };
    let order = Replay {
        saved: &saved,
        acs_url: Some(form.acs_url.as_str())
            .filter(|given| !given.is_empty())
            .unwrap_or(&saved.question.acs_url),
        stamping,
    };
    match send_again(&order).await {
        Ok(report) => shown(&Replayed {
            id: &id,
            report: report.to_string(),
        }),
        Err(cause) => Trouble::ours(&cause.to_string()).page(),
    }
}
