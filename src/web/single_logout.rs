//! `GET|POST /saml/{connection}/slo`: single logout, both directions, by both bindings.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::journey::single_logout::{Heard, Returned, SingleLogoutFailure};
use crate::journey::way::Way;
use crate::protocol::saml::binding::{BindingFlaw, Fields, MessageKind, PostedMessage};
use crate::upstream::saml_sp::logout::arrival::{Arrival, Direction};
use crate::upstream::saml_sp::logout::hear::NotALogout;
use crate::upstream::saml_sp::logout::judge::Outcome;
use crate::web::headers::{Nonce, PagePolicy};
use crate::web::pages::{AGAIN_FIELD, OnlyHere, Page as _, Repost, Reposted, Trouble};
use crate::web::state::WebState;
use crate::web::{answer, cookies, error, places};

/// By HTTP-Redirect: what was signed is the query as it was received.
pub(crate) async fn by_redirect(
    State(state): State<WebState>,
    Path(door): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    match Arrival::from_query(&query) {
        Ok(arrival) => arrived(&state, &door, &headers, arrival).await,
        // Somebody opened a bookmark: there is nothing to refuse.
        Err(BindingFlaw::Missing(_)) => answer::see_other(&state, "/"),
        Err(flaw) => not_counted(&state, &door, &NotALogout::Undecodable(flaw).into()),
    }
}

/// By HTTP-POST, from another site and so without our cookies. A request needs none. An answer does, so it is sent once
/// more by a page of ours, as the assertion consumer service does it.
pub(crate) async fn by_post(
    State(state): State<WebState>,
    Path(door): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let read = posted(&body).and_then(|(post, again)| Ok((Arrival::from_form(&post)?, post, again)));
    match read {
        Ok((_, post, Again::First))
            if post.kind == MessageKind::Response
                && cookies::browser(&headers, state.transport()).is_none() =>
        {
            repost(&state, &door, &post)
        }
        Ok((arrival, ..)) => arrived(&state, &door, &headers, arrival).await,
        Err(flaw) => not_counted(&state, &door, &NotALogout::Undecodable(flaw).into()),
    }
}

/// Whether a form came by our own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    First,
    Second,
}

fn posted(body: &[u8]) -> Result<(PostedMessage, Again), BindingFlaw> {
    let text = std::str::from_utf8(body).map_err(|_cause| BindingFlaw::Escape("SAMLResponse"))?;
    let fields = Fields::read(text)?;
    let again = match fields.once(AGAIN_FIELD)? {
        Some(_) => Again::Second,
        None => Again::First,
    };
    Ok((PostedMessage::from_fields(&fields)?, again))
}

async fn arrived(state: &WebState, door: &str, headers: &HeaderMap, arrival: Arrival) -> Response {
    match arrival.direction() {
        Direction::Theirs => match state.sign_ins.logged_out_by_saml(door, arrival).await {
            Ok(heard) => told(state, door, headers, heard).await,
            Err(failure) => not_counted(state, door, &failure),
        },
        Direction::Answer => {
            let browser = cookies::browser(headers, state.transport());
            let back = state.sign_ins.back_from_logout(door, arrival, browser.as_ref());
            match back.await {
                Ok(returned) => returned_to(state, door, &returned),
                Err(failure) => not_counted(state, door, &failure),
            }
        }
    }
}

/// Sends the browser back to the identity provider with our answer. If the session of this browser is among those that
/// ended, its cookie goes too.
async fn told(state: &WebState, door: &str, headers: &HeaderMap, heard: Heard) -> Response {
    let address = match heard {
        Heard::Ended { sessions, answer } => {
            tracing::info!(connection = door, ended = sessions, "logged out by the upstream");
            answer
        }
        Heard::Declined { cause, answer } => {
            log(&error::reference(state.random.as_ref()), door, &cause);
            if answer.is_none() {
                return error::problem(state, &Trouble::LogoutNotBelieved, None);
            }
            answer
        }
    };
    let mut answer = answer::see_other(state, address.as_deref().unwrap_or("/signed-out"));
    if let Some(ticket) = cookies::ticket(headers, state.transport())
        && let Ok(None) = state.sessions.find(&ticket).await
    {
        cookies::set(answer.headers_mut(), cookies::take_ticket(state.transport()));
    }
    answer
}

/// They are logged out here in any case; whether also there is told as the identity provider told it.
fn returned_to(state: &WebState, door: &str, returned: &Returned) -> Response {
    let partly = match &returned.outcome {
        Ok(Outcome::Everywhere) => {
            tracing::info!(connection = door, "logged out at the upstream too");
            return answer::see_other(state, &returned.return_to);
        }
        Ok(Outcome::Partly) => true,
        Ok(Outcome::NotThere(_)) | Err(_) => false,
    };
    let reference = error::reference(state.random.as_ref());
    match &returned.outcome {
        Ok(Outcome::NotThere(codes)) => {
            let status = error::shortened(&codes.join(" / "));
            tracing::warn!(
                reference,
                connection = door,
                status,
                "not logged out at the upstream"
            );
        }
        Ok(_) => tracing::warn!(reference, connection = door, "logged out at the upstream in part"),
        Err(refused) => log_refused(&reference, door, refused),
    }
    let way = state.sign_ins.way(door);
    let page = OnlyHere {
        frame: &state.frame,
        provider: way.map_or("NHSmail", Way::label),
        partly,
        reference: &reference,
        go_on: &returned.return_to,
    };
    answer::page(state, StatusCode::OK, page.html())
}

/// Nothing has changed, and nobody is sent anywhere that the message names.
fn not_counted(state: &WebState, door: &str, failure: &SingleLogoutFailure) -> Response {
    let trouble = match failure {
        SingleLogoutFailure::NoSuchDoor => return error::problem(state, &Trouble::NotFound, None),
        SingleLogoutFailure::Refused(NotALogout::Undecodable(BindingFlaw::TooLarge)) => Trouble::TooLarge,
        SingleLogoutFailure::Refused(NotALogout::MetadataExpired | NotALogout::BrokenOff)
        | SingleLogoutFailure::Sessions(_)
        | SingleLogoutFailure::Store(_)
        | SingleLogoutFailure::Unreadable(_)
        | SingleLogoutFailure::NoDeparture(_) => Trouble::Unavailable,
        SingleLogoutFailure::Refused(_)
        | SingleLogoutFailure::Replayed
        | SingleLogoutFailure::NothingPending => Trouble::LogoutNotBelieved,
    };
    let reference = error::reference(state.random.as_ref());
    log(&reference, door, failure);
    error::problem(state, &trouble, Some(&reference))
}

fn log(reference: &str, door: &str, failure: &SingleLogoutFailure) {
    match failure {
        SingleLogoutFailure::Refused(refused) => log_refused(reference, door, refused),
        SingleLogoutFailure::NoSuchDoor
        | SingleLogoutFailure::Replayed
        | SingleLogoutFailure::NothingPending
        | SingleLogoutFailure::Sessions(_)
        | SingleLogoutFailure::Store(_)
        | SingleLogoutFailure::Unreadable(_)
        | SingleLogoutFailure::NoDeparture(_) => {
            tracing::warn!(reference, connection = door, reason = %failure, "a logout message changed nothing");
        }
    }
}

/// One line: the rule, where it looked, what it wanted and saw. Never the message, never a name.
fn log_refused(reference: &str, door: &str, refused: &NotALogout) {
    let NotALogout::Refused { refusal, advice, .. } = refused else {
        tracing::warn!(reference, connection = door, reason = %refused, "a logout message changed nothing");
        return;
    };
    let (expected, actual) = (
        error::shortened(&refusal.expected),
        error::shortened(&refusal.actual),
    );
    if refusal.rule == "logout-second-judge-agrees" {
        tracing::error!(
            reference,
            connection = door,
            actual,
            "SECURITY: the two judges differ"
        );
        return;
    }
    tracing::warn!(
        reference,
        connection = door,
        rule = refusal.rule,
        element = refusal.element,
        expected,
        actual,
        clause = advice.clause,
        who = advice.who,
        remedy = advice.remedy,
        "a logout message changed nothing"
    );
}

/// Our page that posts the answer once more.
fn repost(state: &WebState, door: &str, post: &PostedMessage) -> Response {
    let nonce = match Nonce::draw(state.random.as_ref()) {
        Ok(nonce) => nonce,
        Err(cause) => return error::unavailable(state, &cause),
    };
    let page = Repost {
        frame: &state.frame,
        purpose: Reposted::Logout,
        action: &format!("/saml/{door}/slo"),
        saml_response: &post.message,
        relay_state: post.relay_state.as_deref(),
        nonce: &nonce,
    };
    let ends_at = places::of_applications(state);
    let places: Vec<&str> = ends_at.iter().map(String::as_str).collect();
    let policy = PagePolicy {
        transport: state.transport(),
        script: Some(&nonce),
        form_action: &places,
    };
    let mut answer = answer::page(state, StatusCode::OK, page.html());
    answer.headers_mut().extend(policy.headers());
    answer
}

impl From<BindingFlaw> for SingleLogoutFailure {
    fn from(flaw: BindingFlaw) -> Self {
        Self::Refused(flaw.into())
    }
}
