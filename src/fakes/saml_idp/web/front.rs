//! The front page, the metadata, and sign-ins that the identity provider begins.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::fakes::saml_idp::Personality;
use crate::fakes::saml_idp::answer::Asked;
use crate::fakes::saml_idp::idp::Idp;
use crate::fakes::saml_idp::memory::Waiting;
use crate::fakes::saml_idp::web::pages::{Front, Start, Trouble, shown};
use crate::fakes::saml_idp::web::sign_in::ask_who;

/// What this is and where things are.
pub(super) async fn index(State(idp): State<Arc<Idp>>) -> Response {
    let (scripted, asked, answered) = {
        let memory = idp.memory();
        let scripted = memory.scripted().map(|next| next.mischief.word()).collect();
        (scripted, memory.received().len(), memory.saved().len())
    };
    shown(&Front {
        base: &idp.base,
        personalities: &Personality::ALL,
        scripted,
        asked,
        answered,
    })
}

/// The metadata of Entra.
pub(super) async fn entra_metadata(State(idp): State<Arc<Idp>>) -> Response {
    metadata(&idp, Personality::Entra)
}

/// The metadata of ADFS.
pub(super) async fn adfs_metadata(State(idp): State<Arc<Idp>>) -> Response {
    metadata(&idp, Personality::Adfs)
}

fn metadata(idp: &Idp, personality: Personality) -> Response {
    match idp.metadata(personality) {
        Ok(document) => ([(CONTENT_TYPE, "application/samlmetadata+xml")], document).into_response(),
        Err(cause) => Trouble::ours(&cause.to_string()).page(),
    }
}

/// Asks to which service a person should be sent who began here.
pub(super) async fn start(State(idp): State<Arc<Idp>>, Path(word): Path<String>) -> Response {
    let Some(personality) = Personality::from_word(&word) else {
        return Trouble::nowhere().page();
    };
    let services = idp.memory().services.clone();
    shown(&Start {
        personality,
        services: &services,
    })
}

/// What the page sends.
#[derive(Debug, Deserialize)]
pub(super) struct StartForm {
    audience: String,
    acs_url: String,
    #[serde(default)]
    relay_state: String,
}

/// Begins a sign-in that nobody asked for (IdP-initiated).
pub(super) async fn begin(
    State(idp): State<Arc<Idp>>,
    Path(word): Path<String>,
    Form(form): Form<StartForm>,
) -> Response {
    let Some(personality) = Personality::from_word(&word) else {
        return Trouble::nowhere().page();
    };
    let services = idp.memory().services.clone();
    let service = services
        .into_iter()
        .find(|service| service.entity_id == form.audience);
    let waiting = Waiting {
        personality,
        asked: Asked {
            request_id: None,
            acs_url: form.acs_url,
            audience: form.audience,
            name_id_format: None,
            force_authn: false,
            encryption_certificate: service.and_then(|service| service.encryption_certificate),
        },
        relay_state: Some(form.relay_state).filter(|state| !state.is_empty()),
    };
    ask_who(&idp, waiting)
}
