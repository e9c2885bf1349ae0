//! Refusals at our endpoints, in the words of the standards: to the application an error and a reference, to the log the
//! reason, once, with the same reference.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use crate::web::state::WebState;
use crate::web::{answer, error};

/// What an application is told (RFC 6749 5.2). The description is one of our own sentences: nothing of the request comes
/// back in it.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    fn new(status: StatusCode, error: &'static str, description: &str) -> Self {
        Self {
            status,
            error,
            description: description.to_owned(),
            headers: Vec::new(),
        }
    }

    /// The request is not one (RFC 6749 5.2).
    pub(crate) fn invalid_request(description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// A parameter is missing.
    pub(crate) fn missing(name: &'static str) -> Self {
        Self::invalid_request(&format!("{name} is missing"))
    }

    /// The client did not prove to be it. Whoever tried a header is told which scheme is known.
    pub(crate) fn invalid_client() -> Self {
        let description = "the client did not prove itself by the method it is registered for";
        let mut refusal = Self::new(StatusCode::UNAUTHORIZED, "invalid_client", description);
        let challenge = HeaderValue::from_static("Basic realm=\"nhsmail-bridge\", charset=\"UTF-8\"");
        refusal.headers.push((header::WWW_AUTHENTICATE, challenge));
        refusal
    }

    /// The code or refresh token is worth nothing.
    pub(crate) fn invalid_grant() -> Self {
        let description = "the code or refresh token is not valid, has been used, or its session is over";
        Self::new(StatusCode::BAD_REQUEST, "invalid_grant", description)
    }

    /// A word of the standards with a sentence of ours.
    pub(crate) fn bad_request(error: &'static str, description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description)
    }

    /// The client has failed or asked too often from where it is.
    pub(crate) fn too_many() -> Self {
        let description = "too many failures or requests from this address; wait a minute";
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut refusal = Self::new(status, "temporarily_unavailable", description);
        let wait = HeaderValue::from_static("60");
        refusal.headers.push((header::RETRY_AFTER, wait));
        refusal
    }

    /// A part we cannot do without is away.
    pub(crate) fn unavailable() -> Self {
        let description = "a part of the service is away; try again later";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut refusal = Self::new(status, "temporarily_unavailable", description);
        let wait = HeaderValue::from_static("30");
        refusal.headers.push((header::RETRY_AFTER, wait));
        refusal
    }

    /// The status.
    #[cfg(test)]
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The same under another status.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with one more header.
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The answer; `reason` goes to the log alone.
    pub(crate) fn answer(self, state: &WebState, reason: &dyn std::fmt::Display) -> Response {
        let reference = error::reference(state.random.as_ref());
        let error = self.error;
        if self.status.is_server_error() {
            tracing::error!(reference, error, %reason, "an application got no answer");
        } else {
            tracing::warn!(reference, error, %reason, "an application was refused");
        }
        let said = json!({
            "error": error,
            "error_description": format!("{} (reference {reference})", self.description),
        });
        let mut answer = answer::json(state, self.status, &said);
        answer.headers_mut().extend(self.headers);
        answer
    }

    /// The answer to a request that is none, whose reason is what it says.
    pub(crate) fn answer_plainly(self, state: &WebState) -> Response {
        let reason = self.description.clone();
        self.answer(state, &reason)
    }
}
