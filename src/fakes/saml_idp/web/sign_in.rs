//! The single sign-on services, and the page that asks who signs in.

use std::sync::Arc;

use axum::Form;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::fakes::cast::{CAST, member};
use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::idp::{Delivery, Idp, Picked};
use crate::fakes::saml_idp::logout::{LogoutArrived, SignedInAt};
use crate::fakes::saml_idp::memory::Waiting;
use crate::fakes::saml_idp::question::{Arrived, Heard};
use crate::fakes::saml_idp::web::pages::{Deliver, Pick, Trouble, shown};
use crate::fakes::saml_idp::web::{browser, logout};
use crate::fakes::saml_idp::{NoAnswer, Personality};
use crate::protocol::saml::binding::{Fields, MessageKind, ReceivedRedirect, decode_post};
use crate::protocol::saml::logout::LogoutKind;

/// Entra is asked by HTTP-Redirect.
pub(super) async fn entra_redirect(
    State(idp): State<Arc<Idp>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    redirect(&idp, Personality::Entra, query.as_deref(), &headers)
}

/// ADFS is asked by HTTP-Redirect.
pub(super) async fn adfs_redirect(
    State(idp): State<Arc<Idp>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    redirect(&idp, Personality::Adfs, query.as_deref(), &headers)
}

/// Entra is asked by HTTP-POST.
pub(super) async fn entra_post(State(idp): State<Arc<Idp>>, headers: HeaderMap, body: Bytes) -> Response {
    posted(&idp, Personality::Entra, &body, &headers)
}

/// ADFS is asked by HTTP-POST.
pub(super) async fn adfs_post(State(idp): State<Arc<Idp>>, headers: HeaderMap, body: Bytes) -> Response {
    posted(&idp, Personality::Adfs, &body, &headers)
}

fn redirect(idp: &Idp, personality: Personality, query: Option<&str>, headers: &HeaderMap) -> Response {
    let query = query.unwrap_or_default();
    if !query.contains("SAML") {
        return Trouble::no_request(personality).page();
    }
    match ReceivedRedirect::read(query) {
        Ok(redirect) if redirect.kind == MessageKind::Response || logout::is_request(&redirect.message) => {
            let arrived = LogoutArrived {
                personality,
                kind: match redirect.kind {
                    MessageKind::Request => LogoutKind::Request,
                    MessageKind::Response => LogoutKind::Response,
                },
                message: &redirect.message,
                redirect: Some(&redirect),
                relay_state: redirect.relay_state.as_deref(),
            };
            logout::arrived(idp, headers, &arrived)
        }
        Ok(redirect) => {
            let arrived = Arrived {
                message: &redirect.message,
                redirect: Some(&redirect),
                relay_state: redirect.relay_state.as_deref(),
            };
            asked(idp, personality, &arrived, headers)
        }
        Err(flaw) => Trouble::not_understood(personality, &flaw.to_string()).page(),
    }
}

fn posted(idp: &Idp, personality: Personality, body: &[u8], headers: &HeaderMap) -> Response {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let read = Fields::read(text).and_then(|fields| {
        let message = fields
            .once("SAMLRequest")?
            .map(|field| decode_post(&field))
            .transpose()?;
        Ok((message, fields.once("RelayState")?))
    });
    match read {
        Ok((Some(message), relay_state)) => asked(
            idp,
            personality,
            &Arrived {
                message: &message,
                redirect: None,
                relay_state: relay_state.as_deref(),
            },
            headers,
        ),
        Ok((None, _)) => Trouble::no_request(personality).page(),
        Err(flaw) => Trouble::not_understood(personality, &flaw.to_string()).page(),
    }
}

/// A question that is heard is answered at once if that is scripted, else the page asks who signs in.
fn asked(idp: &Idp, personality: Personality, arrived: &Arrived<'_>, headers: &HeaderMap) -> Response {
    let Heard { asked, refusal } = match idp.hear(personality, arrived) {
        Ok(heard) => heard,
        Err(objection) => return Trouble::objection(personality, &objection).page(),
    };
    let waiting = Waiting {
        personality,
        asked,
        relay_state: arrived.relay_state.map(str::to_owned),
    };
    let scripted = idp.next_for(personality).and_then(|next| next.person);
    let scripted = scripted.as_deref().and_then(member);
    match (scripted, refusal) {
        (Some(member), _) => {
            let picked = Picked {
                member,
                mischief: Mischief::Honest,
            };
            sign_in(idp, &waiting, picked, headers)
        }
        (None, Some(status)) => deliver(personality, idp.refuse(&waiting, &status)),
        (None, None) => ask_who(idp, waiting),
    }
}

/// The page that asks who signs in.
pub(super) fn ask_who(idp: &Idp, waiting: Waiting) -> Response {
    let personality = waiting.personality;
    let service = waiting.asked.audience.clone();
    let scripted = idp.next_for(personality).map(|next| next.mischief);
    match idp.wait(waiting) {
        Ok(ticket) => shown(&Pick {
            personality: personality.label(),
            service: &service,
            ticket: &ticket,
            scripted,
            cast: &CAST,
            mischiefs: &Mischief::ALL,
        }),
        Err(cause) => Trouble::ours(&cause.to_string()).page(),
    }
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub(super) struct PickForm {
    ticket: String,
    person: String,
    #[serde(default)]
    mischief: Mischief,
}

/// Somebody was picked.
pub(super) async fn pick(
    State(idp): State<Arc<Idp>>,
    headers: HeaderMap,
    Form(form): Form<PickForm>,
) -> Response {
    let waiting = idp.memory().waiting(&form.ticket).cloned();
    let (Some(waiting), Some(member)) = (waiting, member(&form.person)) else {
        return Trouble::forgotten().page();
    };
    let picked = Picked {
        member,
        mischief: form.mischief,
    };
    sign_in(&idp, &waiting, picked, &headers)
}

/// Answers, and remembers with which browser somebody is signed in to the service.
fn sign_in(idp: &Idp, waiting: &Waiting, picked: Picked, headers: &HeaderMap) -> Response {
    let browser = match browser::known_or_new(headers, &*idp.random) {
        Ok(browser) => browser,
        Err(cause) => return Trouble::ours(&cause.to_string()).page(),
    };
    let delivery = idp.answer(waiting, picked);
    if let Ok(Delivery {
        named: Some(named), ..
    }) = &delivery
    {
        idp.memory().sign_in(SignedInAt {
            browser: browser.clone(),
            personality: waiting.personality,
            service: waiting.asked.audience.clone(),
            name: named.name.clone(),
            session_index: named.session_index.clone(),
        });
    }
    browser::remember(deliver(waiting.personality, delivery), &browser)
}

/// The page that brings an answer to the service.
pub(super) fn deliver(personality: Personality, delivery: Result<Delivery, NoAnswer>) -> Response {
    match delivery {
        Ok(delivery) => shown(&Deliver {
            personality: personality.label(),
            acs_url: &delivery.acs_url,
            saml_response: &delivery.message,
            relay_state: delivery.relay_state.as_deref(),
        }),
        Err(cause) => Trouble::ours(&cause.to_string()).page(),
    }
}
