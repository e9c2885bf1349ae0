//! SP metadata and the assertion consumer service.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::journey::sign_in::{Answer, Message};
use crate::journey::way::Way;
use crate::protocol::saml::binding::{Fields, PostedResponse};
use crate::upstream::saml_sp::finish::NotVouched;
use crate::web::headers::{Nonce, PagePolicy, no_store};
use crate::web::pages::{AGAIN_FIELD, Page as _, Repost, Reposted, Trouble};
use crate::web::state::WebState;
use crate::web::{arrival, cookies, error, places};

/// Our metadata for one connection, also of one that is switched off: it is needed to switch it on.
pub(crate) async fn metadata(State(state): State<WebState>, Path(door): Path<String>) -> Response {
    let Some(provider) = state.sign_ins.way(&door).and_then(Way::saml) else {
        return error::problem(&state, &Trouble::NotFound, None);
    };
    let document = provider.metadata();
    let mut headers = no_store(state.transport());
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/samlmetadata+xml"),
    );
    let tag = format!(
        "\"{}\"",
        hex::encode(crate::platform::digest::sha256(document.as_bytes()))
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    (StatusCode::OK, headers, document).into_response()
}

/// The assertion consumer service: the browser brings the identity provider's answer.
///
/// The identity provider's page posts from another site, so our cookies stay home. The first POST is therefore
/// answered with a page of ours that posts the same once more; the second brings the cookies. Nothing is judged
/// before the browser has shown that it is the one that asked.
pub(crate) async fn acs(
    State(state): State<WebState>,
    Path(door): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(way) = state.sign_ins.way(&door) else {
        return error::problem(&state, &Trouble::NotFound, None);
    };
    let (post, again) = match posted(&body) {
        Ok(read) => read,
        Err(failure) => return error::sign_in_failed(&state, &failure.into(), Some(way)),
    };
    let browser = cookies::browser(&headers, state.transport());
    if browser.is_none() && !again {
        return repost(&state, &door, &post).await;
    }
    let old_ticket = cookies::ticket(&headers, state.transport());
    let answer = Answer {
        door: &door,
        message: Message::Saml {
            saml_response: &post.message,
            relay_state: post.relay_state.as_deref(),
        },
        browser: browser.as_ref(),
        old_ticket: old_ticket.as_ref(),
    };
    match state.sign_ins.arrive(answer).await {
        Ok(arrival) => arrival::arrived(&state, &headers, &door, arrival).await,
        Err(failed) => error::arrival_failed(&state, &headers, &failed, way).await,
    }
}

fn posted(body: &[u8]) -> Result<(PostedResponse, bool), NotVouched> {
    let post = PostedResponse::read(body)?;
    let text = std::str::from_utf8(body).unwrap_or_default();
    let again = Fields::read(text)?.once(AGAIN_FIELD)?.is_some();
    Ok((post, again))
}

/// Our page that posts the same once more.
async fn repost(state: &WebState, door: &str, post: &PostedResponse) -> Response {
    let nonce = match Nonce::draw(state.random.as_ref()) {
        Ok(nonce) => nonce,
        Err(cause) => return error::unavailable(state, &cause),
    };
    let page = Repost {
        frame: &state.frame,
        purpose: Reposted::SignIn,
        action: &format!("/saml/{door}/acs"),
        saml_response: &post.message,
        relay_state: post.relay_state.as_deref(),
        nonce: &nonce,
    };
    let ends_at = places::on_the_way_in(state, state.sign_ins.way(door)).await;
    let ends_at: Vec<&str> = ends_at.iter().map(String::as_str).collect();
    let policy = PagePolicy {
        transport: state.transport(),
        script: Some(&nonce),
        form_action: &ends_at,
    };
    (StatusCode::OK, policy.headers(), page.html()).into_response()
}
