//! The answers that were given: a list, a file for each, and the button that sends one again.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::fakes::saml_idp::idp::Idp;
use crate::fakes::saml_idp::web::pages::{Answers, Trouble, shown};

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
