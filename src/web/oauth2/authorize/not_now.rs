//! What is said when nothing can be decided now. Where nobody may be asked (`prompt=none`) nobody looks at a page, so the
//! application is told instead (OpenID Connect Core 3.1.2.6).

use std::fmt::Display;

use axum::http::HeaderMap;
use axum::response::Response;

use crate::downstream::authorization::answer_place::AnswerPlace;
use crate::downstream::authorization::parameters::Parameters;
use crate::downstream::authorization::refusal::AuthorizationError;
use crate::downstream::authorization::{AuthorizationRequest, Prompt};
use crate::web::pages::Trouble;
use crate::web::state::WebState;
use crate::web::{answer, cookies, error};

/// A part that we cannot do without is away.
pub(super) fn unavailable(state: &WebState, request: &AuthorizationRequest, cause: &dyn Display) -> Response {
    if request.prompt != Prompt::None {
        return error::unavailable(state, cause);
    }
    tracing::error!(application = request.client_id, %cause, "an application got no answer");
    let refusal = AuthorizationError::TemporarilyUnavailable.because("a part of the service is away");
    let address = request.place.with_refusal(refusal, state.origin.as_str());
    answer::see_other(state, &address)
}

/// A page, or where nobody would look at one, word to the application. What was pushed is not looked at for it.
pub(super) fn too_many(state: &WebState, parameters: &Parameters) -> Response {
    let place = AnswerPlace::find(parameters, &state.applications);
    match place {
        Ok((_application, place)) if parameters.value("prompt") == Some("none") => {
            let refusal =
                AuthorizationError::TemporarilyUnavailable.because("too many requests; wait a minute");
            answer::see_other(state, &place.with_refusal(refusal, state.origin.as_str()))
        }
        Ok(_) | Err(_) => error::problem(state, &Trouble::TooMany, None),
    }
}

/// Only who names an application costs more than a look.
pub(super) fn is_too_much(state: &WebState, headers: &HeaderMap, parameters: &Parameters) -> bool {
    let client_id = parameters.value("client_id");
    let application = client_id.and_then(|client_id| state.applications.find(client_id));
    application.is_some_and(|application| {
        let browser = cookies::browser(headers, state.transport());
        let limits = &state.sign_ins.limits;
        !limits.allow_authorization(browser.as_ref(), &application.client_id)
    })
}
