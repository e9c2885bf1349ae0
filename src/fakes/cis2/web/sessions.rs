//! Sessions: the end-session endpoint, and the tester's page that ends them and sends logout tokens.

use std::sync::Arc;

use axum::Form;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::fakes::cis2::LogoutKind;
use crate::fakes::cis2::form::Fields;
use crate::fakes::cis2::logout::{Delivered, LogoutOrder, NoLogout};
use crate::fakes::cis2::provider::Provider;
use crate::fakes::cis2::received::{Endpoint, Received};
use crate::fakes::cis2::response::with_fields;
use crate::fakes::cis2::web::pages::{SessionLine, SessionPage, SignedOut, Told, Trouble};
use crate::fakes::page::shown;

/// A person leaves, with the parameters in the query.
pub(super) async fn end_session_get(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
) -> Response {
    leave(&provider, &query.unwrap_or_default()).await
}

/// A person leaves, with the parameters in a form.
pub(super) async fn end_session_post(State(provider): State<Arc<Provider>>, body: String) -> Response {
    leave(&provider, &body).await
}

async fn leave(provider: &Provider, text: &str) -> Response {
    let fields = match Fields::read(text) {
        Ok(fields) => fields,
        Err(twice) => return Trouble::refused(&twice.to_string()).page(),
    };
    let leaving = provider.leaving(&fields);
    let at = provider.now();
    provider.memory().receive(Received {
        endpoint: Endpoint::EndSession,
        at,
        parameters: fields.without_secrets(),
        authentication: None,
        reason: leaving.as_ref().err().map(ToString::to_string),
    });
    let leaving = match leaving {
        Ok(leaving) => leaving,
        Err(why) => return Trouble::refused(&why.to_string()).page(),
    };
    // A session that has ended already is as good as one that ends now.
    match provider.end_session(&leaving.sid).await {
        Ok(_) | Err(NoLogout::NoSession) => {}
        Err(cause) => return Trouble::ours(&cause.to_string()).page(),
    }
    let Some(address) = leaving.address else {
        return shown(&SignedOut);
    };
    let state = fields.get("state").map(|state| ("state", state));
    let url = match state {
        Some(state) => with_fields(&address, &[state]),
        None => address,
    };
    (StatusCode::FOUND, [(LOCATION, url)]).into_response()
}

/// The tester's page.
pub(super) async fn list(State(provider): State<Arc<Provider>>) -> Response {
    let memory = provider.memory();
    let sessions = memory.sessions.iter().rev().map(|session| SessionLine {
        sid: session.sid.clone(),
        person: session.person.display_name(),
        since: session.since.to_string(),
        clients: session.clients.join(", "),
    });
    let sessions = sessions.collect();
    let sent = memory.sent();
    drop(memory);
    shown(&SessionPage {
        sessions,
        sent: &sent,
        kinds: &LogoutKind::ALL,
    })
}

/// What the buttons of that page send.
#[derive(Debug, Deserialize)]
pub(super) struct LogoutForm {
    sid: String,
    #[serde(default)]
    kind: LogoutKind,
}

/// Sends a logout token and shows what came of it.
pub(super) async fn send(State(provider): State<Arc<Provider>>, Form(form): Form<LogoutForm>) -> Response {
    let order = LogoutOrder {
        kind: form.kind,
        client_id: None,
        sid: Some(form.sid),
    };
    told(provider.send_logout(&order).await)
}

/// Ends a session and shows what the clients said.
pub(super) async fn end(State(provider): State<Arc<Provider>>, Form(form): Form<LogoutForm>) -> Response {
    told(provider.end_session(&form.sid).await)
}

fn told(sent: Result<Vec<Delivered>, NoLogout>) -> Response {
    match sent {
        Ok(sent) => shown(&Told { sent: &sent }),
        Err(cause) => Trouble::refused(&cause.to_string()).page(),
    }
}
