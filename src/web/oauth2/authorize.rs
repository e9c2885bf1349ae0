//! `/oauth2/authorize`: an application sends a person to say who they are (OpenID Connect Core 3.1.2).
//!
//! Whoever is signed in as the application needs is sent back with a code at once. Everybody else signs in on behalf of
//! the application first, and everything is judged again when they come back.

pub(crate) mod again;
mod brought;
pub(crate) mod doors;
mod leaving;
mod not_now;
mod nowhere;
mod unmet;
mod visit;

pub(crate) use leaving::continue_address;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::downstream::application::{Application, RefreshPolicy};
use crate::downstream::authorization::answer_place::AnswerPlace;
use crate::downstream::authorization::judgement::{Missing, judge};
use crate::downstream::authorization::parameters::{LONGEST_REQUEST, Parameters};
use crate::downstream::authorization::refusal::{AuthorizationError, Nowhere, Refusal};
use crate::downstream::authorization::waiting::{Found, Waiting};
use crate::downstream::authorization::{AuthorizationRequest, Prompt};
use crate::downstream::grants::NewGrant;
use crate::session::record::Session;
use crate::web::forms::Fields;
use crate::web::oauth2::authorize::brought::{may_come, pushed};
use crate::web::oauth2::authorize::not_now::{is_too_much, too_many, unavailable};
use crate::web::oauth2::authorize::visit::Visit;
use crate::web::pages::Trouble;
use crate::web::state::WebState;
use crate::web::{answer, cookies, error};

/// Where applications send people.
pub(crate) const PATH: &str = "/oauth2/authorize";
/// Where people come back who signed in on behalf of an application.
pub(crate) const CONTINUE_PATH: &str = "/oauth2/authorize/continue";
/// The parameter with the handle of a request that waits.
pub(crate) const HANDLE: &str = "request";

/// Which request goes on.
#[derive(Debug, Deserialize)]
pub(crate) struct Handle {
    request: Option<String>,
}

/// `GET /oauth2/authorize`.
pub(crate) async fn ask(
    State(state): State<WebState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    if query.len() > LONGEST_REQUEST {
        return nowhere::page(&state, Nowhere::TooLong);
    }
    let parameters = Parameters::read(&query);
    if is_too_much(&state, &headers, &parameters) {
        return too_many(&state, &parameters);
    }
    let (parameters, way) = match pushed(&state, parameters).await {
        Ok(found) => found,
        Err(refused) => return *refused,
    };
    let (application, place) = match AnswerPlace::find(&parameters, &state.applications) {
        Ok(found) => found,
        Err(reason) => return nowhere::page(&state, reason),
    };
    let request = may_come(application, way)
        .and_then(|()| AuthorizationRequest::read(&parameters, application, place.clone()))
        .and_then(|request| expecting(&state, request, &parameters));
    match request {
        Ok(request) => {
            let waiting = Waiting::new(request, state.clock.now());
            visited(&state, &headers, application, waiting).await
        }
        Err(refusal) => {
            tracing::warn!(application = application.client_id, %refusal, "an authorization request was refused");
            answer::see_other(&state, &place.with_refusal(refusal, state.origin.as_str()))
        }
    }
}

/// `POST /oauth2/authorize` (OpenID Connect Core 3.1.2.1). The form comes from another site and so without our cookies; as
/// a GET to the same address they come along.
pub(crate) async fn ask_by_form(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let text = std::str::from_utf8(&body).unwrap_or_default();
    if Fields::of(&headers, &body).is_none() || text.len() > LONGEST_REQUEST {
        return nowhere::page(&state, Nowhere::TooLong);
    }
    let query = Parameters::read(text).to_query();
    answer::see_other(&state, &format!("{PATH}?{query}"))
}

/// `GET /oauth2/authorize/continue`: somebody signed in, or says that they did. The handle is good once.
pub(crate) async fn go_on(
    State(state): State<WebState>,
    Query(handle): Query<Handle>,
    headers: HeaderMap,
) -> Response {
    let handle = handle.request.unwrap_or_default();
    let browser = cookies::browser(&headers, state.transport()).map(|browser| browser.hash());
    let waiting = match state.waiting.take(&handle, browser.as_deref()).await {
        Ok(Found::Ours(waiting)) => *waiting,
        Ok(Found::AnotherBrowser) => return error::problem(&state, &Trouble::AnotherBrowser, None),
        Ok(Found::Unknown) => return error::problem(&state, &Trouble::TookTooLong, None),
        Err(cause) => return error::unavailable(&state, &cause),
    };
    let Some(application) = state.applications.find(&waiting.request.client_id) else {
        return nowhere::page(&state, Nowhere::UnknownClient);
    };
    visited(&state, &headers, application, waiting).await
}

async fn visited(
    state: &WebState,
    headers: &HeaderMap,
    application: &Arc<Application>,
    waiting: Waiting,
) -> Response {
    match Visit::of(state, headers, application).await {
        Ok(visit) => decide(&visit, waiting).await,
        Err(cause) => unavailable(state, &waiting.request, &cause),
    }
}

/// A code, another step, or a refusal.
async fn decide(visit: &Visit<'_>, waiting: Waiting) -> Response {
    let now = visit.state.clock.now();
    let request = &waiting.request;
    let missing = match &visit.session {
        None => Missing::Person,
        Some(session) if !visit.is_expected(session, request) => Missing::AnotherPerson,
        Some(session) => match judge(request, visit.application, session, waiting.asked_for, now) {
            Ok(()) => return grant(visit, request, session).await,
            Err(missing) => missing,
        },
    };
    if request.prompt == Prompt::None {
        let address = request.place.with_refusal(missing.unasked(), visit.issuer());
        return answer::see_other(visit.state, &address);
    }
    leaving::next(visit, waiting, missing).await
}

/// Sends the person back with a code. The session remembers first who is told, so that its end can be told too.
async fn grant(visit: &Visit<'_>, request: &AuthorizationRequest, session: &Session) -> Response {
    let (state, sid) = (visit.state, session.sid());
    let shared = if is_sign_of_life(visit, request) {
        state.sessions.seen_named_by(sid, &request.client_id).await
    } else {
        state.sessions.share_named(sid, &request.client_id).await
    };
    match shared {
        Ok(Some(_shared)) => {}
        Ok(None) if request.prompt == Prompt::None => {
            let refusal = AuthorizationError::LoginRequired.because("the session has just ended");
            return answer::see_other(state, &request.place.with_refusal(refusal, visit.issuer()));
        }
        Ok(None) => return error::problem(state, &Trouble::TookTooLong, None),
        Err(cause) => return unavailable(state, request, &cause),
    }
    let grant = NewGrant {
        client_id: request.client_id.clone(),
        redirect_uri: request.place.redirect_uri().to_owned(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        scopes: request.scopes.clone(),
        sid: session.sid().clone(),
        dpop_jkt: request.dpop_jkt.clone(),
    };
    match state.grants.issue_code(&grant).await {
        Ok(code) => {
            tracing::info!(
                application = request.client_id,
                connection = session.person().connection(),
                "an application was told who is signed in"
            );
            answer::see_other(state, &request.place.with_code(&code, visit.issuer()))
        }
        Err(cause) => unavailable(state, request, &cause),
    }
}

/// Somebody who may be asked is there. A page that nobody looks at may ask for a code without a question all day, so that
/// counts no more than a refresh.
fn is_sign_of_life(visit: &Visit<'_>, request: &AuthorizationRequest) -> bool {
    request.prompt != Prompt::None || visit.application.refresh == RefreshPolicy::SignOfLife
}

/// The request with whom its `id_token_hint` names: tokens of somebody else are never the answer (OpenID Connect Core
/// 3.1.2.2). A hint that we can no longer judge names nobody: where nobody may be asked that is the end of it, else the
/// person must at least prove themselves anew.
fn expecting(
    state: &WebState,
    request: AuthorizationRequest,
    parameters: &Parameters,
) -> Result<AuthorizationRequest, Refusal> {
    let Some(hint) = parameters.value("id_token_hint") else {
        return Ok(request);
    };
    match state.back_channel.hint(hint) {
        Ok(hint) if hint.application.client_id == request.client_id => Ok(AuthorizationRequest {
            expected: Some(hint.subject),
            ..request
        }),
        Ok(_) | Err(_) if request.prompt == Prompt::None => {
            Err(AuthorizationError::LoginRequired.because("the id_token_hint names nobody whom we can tell"))
        }
        // Who is asked to choose an account proves themselves anew as it is.
        Ok(_) | Err(_) if request.prompt == Prompt::SelectAccount => Ok(request),
        Ok(_) | Err(_) => Ok(AuthorizationRequest {
            prompt: Prompt::Login,
            ..request
        }),
    }
}
