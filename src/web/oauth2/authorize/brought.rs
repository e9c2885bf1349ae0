//! By which way a request comes: a browser brings it, or only a reference to what was pushed before.

use axum::response::Response;

use crate::downstream::application::{Application, Login, PushedUse};
use crate::downstream::authorization::parameters::Parameters;
use crate::downstream::authorization::pushed::PushedRequests;
use crate::downstream::authorization::refusal::{AuthorizationError, Nowhere, Refusal};
use crate::web::error;
use crate::web::oauth2::authorize::nowhere;
use crate::web::state::WebState;

/// By which way a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brought {
    /// A browser brought it, and may have changed it.
    ByBrowser,
    /// The application pushed it, and proved to be itself.
    ByApplication,
}

/// RFC 9126 5: where everything is pushed, nothing else is taken.
pub(super) fn may_come(application: &Application, way: Brought) -> Result<(), Refusal> {
    let must_push = |login: &Login| login.pushed == PushedUse::Required;
    if way == Brought::ByBrowser && application.login.as_ref().is_some_and(must_push) {
        return Err(AuthorizationError::InvalidRequest.because("this application pushes its requests first"));
    }
    Ok(())
}

/// What stands behind a reference that we gave (RFC 9126 4), or the parameters as they are.
pub(super) async fn pushed(
    state: &WebState,
    parameters: Parameters,
) -> Result<(Parameters, Brought), Box<Response>> {
    let reference = parameters
        .value("request_uri")
        .filter(|uri| PushedRequests::is_ours(uri));
    let Some(reference) = reference else {
        return Ok((parameters, Brought::ByBrowser));
    };
    let client_id = parameters.value("client_id").unwrap_or_default();
    match state.pushed.take(client_id, reference).await {
        Ok(Some(pushed)) => Ok((pushed, Brought::ByApplication)),
        Ok(None) => Err(Box::new(nowhere::page(state, Nowhere::PushedRequest))),
        Err(cause) => Err(Box::new(error::unavailable(state, &cause))),
    }
}
