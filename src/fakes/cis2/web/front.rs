//! The front page, and the tester's page with the true reasons.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::fakes::cis2::provider::Provider;
use crate::fakes::cis2::web::pages::{Front, ReceivedPage};
use crate::fakes::page::shown;

/// What this is and where things are.
pub(super) async fn index(State(provider): State<Arc<Provider>>) -> Response {
    let (scripted, asked, sessions) = {
        let memory = provider.memory();
        let scripted = memory.scripted.iter().map(|next| next.mischief.word()).collect();
        (scripted, memory.received().len(), memory.sessions.len())
    };
    let clients: Vec<_> = {
        let memory = provider.memory();
        let each = memory.clients.iter();
        each.map(|client| (client.client_id.clone(), client.authentication.method()))
            .collect()
    };
    shown(&Front {
        label: provider.shape.label(),
        issuer: &provider.issuer(),
        discovery: &provider.discovery_url(),
        clients,
        scripted,
        asked,
        sessions,
    })
}

/// Everything it was asked, with the true reasons, newest first.
pub(super) async fn received(State(provider): State<Arc<Provider>>) -> Response {
    let mut received = provider.memory().received();
    received.reverse();
    shown(&ReceivedPage { received: &received })
}
