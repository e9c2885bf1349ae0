//! Single logout at the addresses of single sign-on, and the page on which somebody signs out here.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::fakes::saml_idp::Personality;
use crate::fakes::saml_idp::answer::NoAnswer;
use crate::fakes::saml_idp::idp::Idp;
use crate::fakes::saml_idp::logout::{
    LogoutArrived, LogoutBinding, LogoutMischief, NextLogout, Reaction, Sent,
};
use crate::fakes::saml_idp::web::browser;
use crate::fakes::saml_idp::web::pages::{Bring, Leave, SignedOut, Trouble, shown};
use crate::protocol::saml::names::PROTOCOL;
use crate::protocol::saml::xml::{Reading, Tree, read};

/// True if the message is a `LogoutRequest`, which comes to the address of single sign-on.
pub(super) fn is_request(message: &[u8]) -> bool {
    let tree = read(message, &Reading::MESSAGE).ok();
    let root = tree.as_ref().and_then(Tree::root);
    root.is_some_and(|root| root.is(PROTOCOL, "LogoutRequest"))
}

/// A service says something about logging out.
pub(super) fn arrived(idp: &Idp, headers: &HeaderMap, arrived: &LogoutArrived<'_>) -> Response {
    let browser = browser::known(headers);
    let reaction = idp.hear_logout(arrived, browser.as_deref());
    reacted(arrived.personality, reaction)
}

/// Asks whether to sign out.
pub(super) async fn ask(
    State(idp): State<Arc<Idp>>,
    Path(word): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(personality) = Personality::from_word(&word) else {
        return Trouble::nowhere().page();
    };
    let sessions = browser::known(&headers).map(|browser| idp.memory().sessions(personality, &browser));
    shown(&Leave {
        personality,
        sessions: &sessions.unwrap_or_default(),
        mischiefs: &LogoutMischief::ALL,
    })
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub(super) struct LeaveForm {
    #[serde(default)]
    mischief: LogoutMischief,
    #[serde(default)]
    binding: LogoutBinding,
}

/// Somebody signs out here.
pub(super) async fn leave(
    State(idp): State<Arc<Idp>>,
    Path(word): Path<String>,
    headers: HeaderMap,
    Form(form): Form<LeaveForm>,
) -> Response {
    let Some(personality) = Personality::from_word(&word) else {
        return Trouble::nowhere().page();
    };
    let picked = NextLogout {
        mischief: form.mischief,
        binding: form.binding,
    };
    if picked != NextLogout::default() {
        idp.memory().script_logout(picked);
    }
    let browser = browser::known(&headers).unwrap_or_default();
    reacted(personality, idp.sign_out(personality, &browser))
}

fn reacted(personality: Personality, reaction: Result<Reaction, NoAnswer>) -> Response {
    match reaction {
        Ok(Reaction::Send(Sent::To(address))) => (StatusCode::FOUND, [(LOCATION, address)]).into_response(),
        Ok(Reaction::Send(Sent::Form {
            address,
            field,
            message,
            relay_state,
        })) => shown(&Bring {
            personality: personality.label(),
            address: &address,
            field,
            message: &message,
            relay_state: &relay_state,
        }),
        Ok(Reaction::Done(told)) => shown(&SignedOut {
            personality: personality.label(),
            told: &told,
        }),
        Ok(Reaction::Objects(objection)) => Trouble::objection(personality, &objection).page(),
        Err(cause) => Trouble::ours(&cause.to_string()).page(),
    }
}
