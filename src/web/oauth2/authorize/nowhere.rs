//! A request that cannot be answered, because there is nowhere safe to send the answer.

use axum::response::Response;

use crate::downstream::authorization::refusal::Nowhere;
use crate::web::error;
use crate::web::pages::Trouble;
use crate::web::state::WebState;

/// The page, and the reason in the log.
pub(super) fn page(state: &WebState, reason: Nowhere) -> Response {
    let reference = error::reference(state.random.as_ref());
    tracing::warn!(reference, %reason, "an authorization request that cannot be answered");
    let trouble = match reason {
        Nowhere::PushedRequest => Trouble::TookTooLong,
        Nowhere::NoClient
        | Nowhere::UnknownClient
        | Nowhere::NoRedirectUri
        | Nowhere::RedirectUri
        | Nowhere::TooLong => Trouble::ApplicationRequest {
            reason: reason.to_string(),
        },
    };
    error::problem(state, &trouble, Some(&reference))
}
