//! `GET /auth/verify`: the question a reverse proxy asks on behalf of an application.

use std::net::IpAddr;

use axum::extract::{Query, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::downstream::identity_headers::identity_headers;
use crate::downstream::session_token::MintRefusal;
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, proxies};

/// How to say no.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    redirect: Option<String>,
}

/// 200 with identity headers; else 401, or for pages that ask with `?redirect=1` a redirect to signing in.
pub(crate) async fn verify(
    State(state): State<WebState>,
    Query(asked): Query<Asked>,
    connection: Extensions,
    headers: HeaderMap,
) -> Response {
    let refused = || no(&state, &asked, proxies::peer(&connection), &headers);
    let Some(ticket) = cookies::ticket(&headers, state.transport()) else {
        return refused();
    };
    let session = match state
        .sessions
        .seen_by(&ticket, &state.applications.by_default().client_id)
        .await
    {
        Ok(Some(session)) => session,
        Ok(None) => return refused(),
        Err(cause) => return error::unavailable(&state, &cause),
    };
    match state
        .tokens
        .mint(&session, &state.applications.by_default().by_header())
    {
        Ok(token) => {
            let said = identity_headers(&token).into_iter();
            let said = said.filter_map(|(name, value)| {
                Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))
            });
            answer::bare(&state, StatusCode::OK, said.collect())
        }
        Err(MintRefusal::SessionIsOver) => refused(),
        Err(MintRefusal::Simulated) => answer::bare(&state, StatusCode::FORBIDDEN, HeaderMap::new()),
        Err(cause) => error::unavailable(&state, &cause),
    }
}

fn no(state: &WebState, asked: &Asked, peer: Option<IpAddr>, headers: &HeaderMap) -> Response {
    if asked.redirect.as_deref() != Some("1") {
        return answer::json(state, StatusCode::UNAUTHORIZED, &json!({ "signed_in": false }));
    }
    let wanted = wanted(state, peer, headers).and_then(|address| state.return_to(&address));
    let address = match wanted {
        Some(place) => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("return_to", place.as_str());
            format!("{}/?{}", state.origin.as_str(), query.finish())
        }
        None => format!("{}/", state.origin.as_str()),
    };
    let mut answer = answer::see_other(state, &address);
    *answer.status_mut() = StatusCode::FOUND;
    answer
}

/// The address that the browser wanted, as a proxy that we know says it.
fn wanted(state: &WebState, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<String> {
    let peer = peer?;
    if !proxies::is_trusted(state, peer) {
        return None;
    }
    let said = |name: &str| headers.get(name)?.to_str().ok();
    Some(format!(
        "{}://{}{}",
        said("x-forwarded-proto")?,
        said("x-forwarded-host")?,
        said("x-forwarded-uri")?
    ))
}
