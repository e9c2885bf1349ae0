//! One visit to the authorization endpoint: who comes, and on behalf of whom.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;

use crate::downstream::application::Application;
use crate::downstream::authorization::AuthorizationRequest;
use crate::journey::way::Way;
use crate::session::SessionError;
use crate::session::record::Session;
use crate::upstream::pending::BrowserSecret;
use crate::web::state::WebState;
use crate::web::{cookies, sign_in};

/// One visit.
pub(super) struct Visit<'a> {
    pub(super) state: &'a WebState,
    pub(super) application: &'a Arc<Application>,
    /// The live session of the browser. To be sent here is no sign of life.
    pub(super) session: Option<Session>,
    /// What ties the browser to what it asks. It goes out with every answer that refers to it.
    pub(super) browser: BrowserSecret,
}

impl<'a> Visit<'a> {
    pub(super) async fn of(
        state: &'a WebState,
        headers: &HeaderMap,
        application: &'a Arc<Application>,
    ) -> Result<Self, SessionError> {
        let session = match cookies::ticket(headers, state.transport()) {
            Some(ticket) => state.sessions.find(&ticket).await?,
            None => None,
        };
        Ok(Self {
            state,
            application,
            session,
            browser: sign_in::browser(state, headers)?,
        })
    }

    /// `iss` of every answer (RFC 9207).
    pub(super) fn issuer(&self) -> &'a str {
        self.state.origin.as_str()
    }

    /// True unless the application expects somebody else than whoever is behind `session`. Whose name cannot be computed is
    /// not who is expected.
    pub(super) fn is_expected(&self, session: &Session, request: &AuthorizationRequest) -> bool {
        let Some(expected) = &request.expected else {
            return true;
        };
        let name = self.state.tokens.subject_of(session, self.application);
        name.is_ok_and(|name| name == *expected)
    }

    /// The way through which the person came.
    pub(super) fn way(&self) -> Option<&'a Way> {
        let session = self.session.as_ref()?;
        self.state.sign_ins.way(session.person().connection())
    }

    /// `answer`, with which the browser gets what ties it to its requests.
    pub(super) fn tied(&self, mut answer: Response) -> Response {
        let cookie = cookies::give_browser(&self.browser, self.state.transport());
        cookies::set(answer.headers_mut(), cookie);
        answer
    }
}
