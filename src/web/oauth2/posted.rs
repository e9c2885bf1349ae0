//! A form that an application posts to one of our endpoints. Nobody has proven anything while it is read, so it is a small
//! one and must not take long; whatever is wrong with it is said in OAuth's words.

use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::web::oauth2::client::Asked;
use crate::web::oauth2::cors;
use crate::web::oauth2::parameters::Parameters;
use crate::web::oauth2::refusal::Refusal;
use crate::web::state::WebState;

/// The most octets of what an application sends to our endpoints: a client assertion and a request with room to spare.
const MOST: usize = 32 * 1024;
/// How long they may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// A form, and what came with it. Prints nothing of it.
pub(crate) struct Posted {
    parts: Parts,
    body: Bytes,
    parameters: Parameters,
}

impl Posted {
    /// The headers.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The form as it was sent.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The same as a request of an application to our endpoint at `path`.
    pub(crate) fn asked<'a>(&'a self, state: &'a WebState, path: &'a str) -> Asked<'a> {
        Asked {
            state,
            path,
            connection: &self.parts.extensions,
            headers: &self.parts.headers,
            parameters: &self.parameters,
        }
    }
}

impl FromRequest<WebState> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let read = match octets(to_bytes(body, MOST), PATIENCE).await {
            Ok(body) => Parameters::of_form(&parts.headers, &body).map(|parameters| (body, parameters)),
            Err(refusal) => Err(refusal),
        };
        match read {
            Ok((body, parameters)) => Ok(Self {
                parts,
                body,
                parameters,
            }),
            Err(refusal) => {
                let answer = refusal.answer_plainly(state);
                Err(cors::readable(state, &parts.headers, answer))
            }
        }
    }
}

async fn octets(
    read: impl Future<Output = Result<Bytes, axum::Error>>,
    patience: Duration,
) -> Result<Bytes, Refusal> {
    match tokio::time::timeout(patience, read).await {
        Ok(Ok(octets)) => Ok(octets),
        Ok(Err(_cause)) => {
            let description = "the body is larger than 32 KiB, or broke off";
            Err(Refusal::invalid_request(description).with_status(StatusCode::PAYLOAD_TOO_LARGE))
        }
        Err(_elapsed) => {
            let description = "the body took too long to arrive";
            Err(Refusal::invalid_request(description).with_status(StatusCode::REQUEST_TIMEOUT))
        }
    }
}

impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Posted(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_sends_too_slowly_is_waited_for_no_longer_and_who_sends_at_once_is_read() {
        let slow = octets(std::future::pending(), Duration::ZERO).await;
        assert_eq!(slow.unwrap_err().status(), StatusCode::REQUEST_TIMEOUT);
        let quick = async { Ok(Bytes::from_static(b"a=1")) };
        assert_eq!(octets(quick, Duration::ZERO).await.unwrap(), "a=1");
    }
}
