//! `POST /oauth2/par`: an application says what it will ask for before it sends the browser (RFC 9126).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::downstream::authorization::AuthorizationRequest;
use crate::downstream::authorization::answer_place::AnswerPlace;
use crate::downstream::authorization::parameters::Parameters as Request;
use crate::downstream::authorization::{pushed, rules};
use crate::web::answer;
use crate::web::oauth2::client::Asked;
use crate::web::oauth2::posted::Posted;
use crate::web::oauth2::refusal::Refusal;
use crate::web::oauth2::{cors, dpop};
use crate::web::state::WebState;

/// Where it is.
pub(crate) const PATH: &str = "/oauth2/par";

/// Keeps the request and gives a reference to it, good once and for a short time.
pub(crate) async fn push(State(state): State<WebState>, posted: Posted) -> Response {
    let pushed = pushed_by(&posted.asked(&state, PATH), posted.body()).await;
    let answer = pushed.unwrap_or_else(|refused| *refused);
    cors::readable(&state, posted.headers(), answer)
}

async fn pushed_by(asked: &Asked<'_>, body: &[u8]) -> Result<Response, Box<Response>> {
    let state = asked.state;
    let client = asked.client().await?;
    let key = dpop::shown_with_form(asked).await.map_err(|cause| {
        let reason = format!("{}: {cause}", client.client_id());
        Box::new(dpop::refusal(state, &cause).answer(state, &reason))
    })?;
    let request = request(asked, body, client.client_id());
    let request = request.and_then(|request| bound(request, key.as_deref()));
    let request = request.map_err(|refusal| Box::new(refusal.answer_plainly(state)))?;
    let now = state.clock.now();
    match state.pushed.push(client.client_id(), &request, now).await {
        Ok(request_uri) => {
            let life = pushed::LIFE.whole_seconds();
            let said = json!({ "request_uri": request_uri, "expires_in": life });
            Ok(answer::json(state, StatusCode::CREATED, &said))
        }
        Err(cause) => Err(Box::new(Refusal::unavailable().answer(state, &cause))),
    }
}

/// The request, judged by the same rules as one that a browser brings (RFC 9126 2.1).
fn request(asked: &Asked<'_>, body: &[u8], client_id: &str) -> Result<Request, Refusal> {
    if asked.parameters.get("request_uri").is_some() {
        return Err(Refusal::invalid_request("a request_uri cannot be pushed"));
    }
    let named = asked.parameters.get("client_id").unwrap_or(client_id);
    if named != client_id {
        return Err(Refusal::invalid_request("client_id is another client's"));
    }
    let text = std::str::from_utf8(body).map_err(|_cause| Refusal::invalid_request("the body is no text"))?;
    // What no rule reads has no place in the store, least of all what proves who the client is.
    let request = Request::read(text).only(&rules::KNOWN).naming(client_id);
    let found = AnswerPlace::find(&request, &asked.state.applications);
    let (application, place) = found.map_err(|nowhere| Refusal::invalid_request(&nowhere.to_string()))?;
    let judged = AuthorizationRequest::read(&request, application, place);
    judged.map_err(|refusal| Refusal::bad_request(refusal.error.as_str(), refusal.description))?;
    Ok(request)
}

/// The request, bound to the key that came with it as if its parameter had named it (RFC 9449 10.1).
fn bound(request: Request, key: Option<&str>) -> Result<Request, Refusal> {
    let Some(key) = key else {
        return Ok(request);
    };
    if request.value("dpop_jkt").is_some_and(|named| named != key) {
        let description = "dpop_jkt is not the key that the DPoP proof shows";
        return Err(Refusal::bad_request("invalid_dpop_proof", description));
    }
    Ok(request.bound_to(key))
}
