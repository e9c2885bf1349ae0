//! Which origins may read about a session or extend it, and how much each may read.
//!
//! The cookie alone proves nothing: another host of the same site may make the browser send it.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::downstream::application::Application;
use crate::platform::origin::Origin;
use crate::web::state::WebState;

/// Whose script will read the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A page of ours, or nobody's: a browser that opens the address, a program.
    Ours,
    /// A page at an origin of `web.return_to`: it may read who is signed in.
    Listed,
    /// A page of a registered application: it may read how long still, and hears who by its own token.
    Application,
    /// A page of anybody else: it may read nothing.
    Stranger,
}

impl Reader {
    /// As the browser says it.
    pub(super) fn of(state: &WebState, headers: &HeaderMap) -> Self {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return Self::Ours;
        };
        let origin = origin.to_str().unwrap_or_default();
        let is = |known: &Origin| known.as_str() == origin;
        if is(&state.origin) {
            Self::Ours
        } else if state.settings.return_to.iter().any(is) {
            Self::Listed
        } else if of_applications(state).iter().any(is) {
            Self::Application
        } else {
            Self::Stranger
        }
    }

    /// The same where an application may read nothing: its tokens, for its own audience, come from the token endpoint.
    pub(super) fn without_applications(self) -> Self {
        if self == Self::Application {
            Self::Stranger
        } else {
            self
        }
    }

    /// True if its script may keep somebody signed in.
    pub(super) fn may_extend(self, headers: &HeaderMap) -> bool {
        match self {
            // Whoever sends no origin is no script of a browser's.
            Self::Ours => headers.contains_key(header::ORIGIN),
            Self::Listed | Self::Application => true,
            Self::Stranger => false,
        }
    }

    /// CORS: `answer` with leave to be read, if this reader has it.
    pub(super) fn shown(self, headers: &HeaderMap, mut answer: Response) -> Response {
        let out = answer.headers_mut();
        out.insert(header::VARY, HeaderValue::from_static("Origin"));
        if matches!(self, Self::Listed | Self::Application)
            && let Some(origin) = headers.get(header::ORIGIN)
        {
            out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            out.insert(
                header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            );
            out.insert(
                "cross-origin-resource-policy",
                HeaderValue::from_static("same-site"),
            );
        }
        answer
    }
}

/// Where registered applications stand: behind a proxy that asks us, and where they are sent their answers.
pub(super) fn of_applications(state: &WebState) -> Vec<Origin> {
    let all = state.applications.all().map(AsRef::as_ref);
    all.flat_map(origins).collect()
}

fn origins(application: &Application) -> Vec<Origin> {
    let redirect_uris = application.login.iter().flat_map(|login| &login.redirect_uris);
    let answered = redirect_uris.filter_map(|uri| Origin::parse(&uri.origin()).ok());
    application.origins.iter().cloned().chain(answered).collect()
}
