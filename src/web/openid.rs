//! The addresses of an OpenID Connect connection: the callback, our key set, back-channel logout.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use crate::journey::backchannel::LogoutFailure;
use crate::journey::failure::SignInFailure;
use crate::journey::sign_in::{Answer, Message};
use crate::journey::way::Way;
use crate::upstream::oidc_rp::answer::AnswerFlaw;
use crate::upstream::oidc_rp::logout::NotALogout;
use crate::web::forms::Fields;
use crate::web::pages::Trouble;
use crate::web::state::WebState;
use crate::web::{answer, arrival, cookies, error, proxies};

/// The one field of a back-channel logout request (Back-Channel Logout 1.0, 2.5).
const LOGOUT_TOKEN: &str = "logout_token";

/// `GET /oidc/{connection}/callback`: the browser brings the provider's answer. Nothing is judged before the browser
/// has shown that it is the one that asked.
pub(crate) async fn callback(
    State(state): State<WebState>,
    Path(door): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(way) = state.sign_ins.way(&door).filter(|way| way.open_id().is_some()) else {
        return error::problem(&state, &Trouble::NotFound, None);
    };
    let query = query.unwrap_or_default();
    let browser = cookies::browser(&headers, state.transport());
    let old_ticket = cookies::ticket(&headers, state.transport());
    let brought = Answer {
        door: &door,
        message: Message::OpenId { query: &query },
        browser: browser.as_ref(),
        old_ticket: old_ticket.as_ref(),
    };
    match state.sign_ins.arrive(brought).await {
        Ok(arrival) => arrival::arrived(&state, &headers, &door, arrival).await,
        // Somebody opened a bookmark: there is nothing to refuse.
        Err(failed) if is_bookmark(&failed.failure) => answer::see_other(&state, "/"),
        Err(failed) => error::arrival_failed(&state, &headers, &failed, way).await,
    }
}

fn is_bookmark(failure: &SignInFailure) -> bool {
    matches!(failure, SignInFailure::Answer(AnswerFlaw::Empty))
}

/// `GET /oidc/{connection}/jwks.json`: the public halves of our client keys, also of a connection that is switched
/// off: the provider fetches them before it lets us in. No login stands in front (OI-16).
pub(crate) async fn jwks(State(state): State<WebState>, Path(door): Path<String>) -> Response {
    let Some(party) = state.sign_ins.way(&door).and_then(Way::open_id) else {
        return error::problem(&state, &Trouble::NotFound, None);
    };
    let mut answer = answer::json(&state, StatusCode::OK, &party.key_set());
    let cached = HeaderValue::from_static("public, max-age=300");
    answer.headers_mut().insert(header::CACHE_CONTROL, cached);
    answer
}

/// `POST /oidc/{connection}/backchannel-logout`: no cookie, no login, no CSRF token; the signature is the proof.
///
/// 200 when the sessions that are named are ended, also when there are none; 400 when the token is not believed; 501
/// when sessions could not be ended, so that the provider knows (Back-Channel Logout 1.0, 2.8).
pub(crate) async fn backchannel_logout(
    State(state): State<WebState>,
    Path(door): Path<String>,
    connection: Extensions,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(party) = state.sign_ins.way(&door).and_then(Way::open_id) else {
        return error::problem(&state, &Trouble::NotFound, None);
    };
    let source = proxies::client(&state, &connection, &headers);
    let logout = &party.settings().backchannel_logout;
    // Where no network is listed, one that is not known is as good as any.
    let is_listed = source.map_or(logout.allowed_sources.is_empty(), |source| logout.admits(source));
    if !is_listed {
        tracing::warn!(
            connection = door,
            "a logout token from an address that is not on the list"
        );
        return said(&state, StatusCode::FORBIDDEN, "this address is not on the list");
    }
    let token = Fields::of(&headers, &body).and_then(|fields| fields.once(LOGOUT_TOKEN));
    let Some(token) = token else {
        return said(&state, StatusCode::BAD_REQUEST, "invalid_request");
    };
    match state.sign_ins.logged_out_upstream(&door, &token).await {
        Ok(ended) => {
            tracing::info!(connection = door, ended, "logged out by the upstream");
            answer::json(&state, StatusCode::OK, &json!({}))
        }
        Err(failure) => {
            let reference = error::reference(state.random.as_ref());
            tracing::warn!(reference, connection = door, reason = %failure, "a logout token ended nothing");
            said(&state, status_of(&failure), word_of(&failure))
        }
    }
}

fn status_of(failure: &LogoutFailure) -> StatusCode {
    match failure {
        LogoutFailure::NoSuchDoor => StatusCode::NOT_FOUND,
        LogoutFailure::Refused(NotALogout::Refused(_)) | LogoutFailure::Replayed => StatusCode::BAD_REQUEST,
        LogoutFailure::Refused(NotALogout::Unfetched(_))
        | LogoutFailure::Sessions(_)
        | LogoutFailure::Store(_) => StatusCode::NOT_IMPLEMENTED,
    }
}

fn word_of(failure: &LogoutFailure) -> &'static str {
    match failure {
        LogoutFailure::NoSuchDoor => "not_found",
        LogoutFailure::Refused(NotALogout::Refused(_)) | LogoutFailure::Replayed => "invalid_request",
        LogoutFailure::Refused(NotALogout::Unfetched(_))
        | LogoutFailure::Sessions(_)
        | LogoutFailure::Store(_) => "logout_failed",
    }
}

fn said(state: &WebState, status: StatusCode, error: &str) -> Response {
    answer::json(state, status, &json!({ "error": error }))
}
