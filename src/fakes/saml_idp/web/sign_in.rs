//! The single sign-on services, and the page that asks who signs in.

use std::sync::Arc;

use axum::Form;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde::Deserialize;

use crate::fakes::cast::{CAST, member};
use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::idp::{Delivery, Idp, Picked};
use crate::fakes::saml_idp::memory::Waiting;
use crate::fakes::saml_idp::question::{Arrived, Heard};
use crate::fakes::saml_idp::web::pages::{Deliver, Pick, Trouble, shown};
use crate::fakes::saml_idp::{NoAnswer, Personality};
use crate::protocol::saml::binding::{Fields, MessageKind, ReceivedRedirect, decode_post};

/// Entra is asked by HTTP-Redirect.
pub(super) async fn entra_redirect(State(idp): State<Arc<Idp>>, RawQuery(query): RawQuery) -> Response {
    redirect(&idp, Personality::Entra, query.as_deref())
}

/// ADFS is asked by HTTP-Redirect.
pub(super) async fn adfs_redirect(State(idp): State<Arc<Idp>>, RawQuery(query): RawQuery) -> Response {
    redirect(&idp, Personality::Adfs, query.as_deref())
}

/// Entra is asked by HTTP-POST.
pub(super) async fn entra_post(State(idp): State<Arc<Idp>>, body: Bytes) -> Response {
    posted(&idp, Personality::Entra, &body)
}

/// ADFS is asked by HTTP-POST.
pub(super) async fn adfs_post(State(idp): State<Arc<Idp>>, body: Bytes) -> Response {
    posted(&idp, Personality::Adfs, &body)
}

fn redirect(idp: &Idp, personality: Personality, query: Option<&str>) -> Response {
    let query = query.unwrap_or_default();
    if !query.contains("SAML") {
        return Trouble::no_request(personality).page();
    }
    match ReceivedRedirect::read(query) {
        Ok(redirect) if redirect.kind == MessageKind::Request => asked(
            idp,
            personality,
            &Arrived {
                message: &redirect.message,
                redirect: Some(&redirect),
                relay_state: redirect.relay_state.as_deref(),
            },
        ),
        Ok(_) => Trouble::not_understood(personality, "it is an answer, not a question").page(),
        Err(flaw) => Trouble::not_understood(personality, &flaw.to_string()).page(),
    }
}

fn posted(idp: &Idp, personality: Personality, body: &[u8]) -> Response {
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
        ),
        Ok((None, _)) => Trouble::no_request(personality).page(),
        Err(flaw) => Trouble::not_understood(personality, &flaw.to_string()).page(),
    }
}

/// A question that is heard is answered at once if that is scripted, else the page asks who signs in.
fn asked(idp: &Idp, personality: Personality, arrived: &Arrived<'_>) -> Response {
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
        (Some(member), _) => deliver(
            personality,
            idp.answer(
                &waiting,
                Picked {
                    member,
                    mischief: Mischief::Honest,
                },
            ),
        ),
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
pub(super) async fn pick(State(idp): State<Arc<Idp>>, Form(form): Form<PickForm>) -> Response {
    let waiting = idp.memory().waiting(&form.ticket).cloned();
    let (Some(waiting), Some(member)) = (waiting, member(&form.person)) else {
        return Trouble::forgotten().page();
    };
    let picked = Picked {
        member,
        mischief: form.mischief,
    };
    deliver(waiting.personality, idp.answer(&waiting, picked))
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
