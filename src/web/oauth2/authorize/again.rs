//! The ways on for somebody who was signing in on behalf of an application, and did not come through.

use axum::http::HeaderMap;
use url::form_urlencoded::{Serializer, parse};

use crate::downstream::authorization::refusal::AuthorizationError;
use crate::downstream::authorization::waiting::{Found, Waiting};
use crate::journey::way::Way;
use crate::web::cookies;
use crate::web::oauth2::authorize::{CONTINUE_PATH, HANDLE};
use crate::web::pages::Link;
use crate::web::sign_in::{CHANGE, PATH};
use crate::web::state::WebState;

/// The ways on.
#[derive(Debug, Clone)]
pub(crate) struct Again {
    /// Where the same request begins anew: the doors of the application.
    pub(crate) start: String,
    /// The application, which is told that nobody signed in.
    pub(crate) back: Link,
}

impl Again {
    /// The ways on from a sign-in that was to lead to `return_to`; `None` where no application waits there, or nobody can
    /// say which. The request begins anew under another handle: that of the sign-in was never shown, and whoever could
    /// read it here could say that they had signed in.
    pub(crate) async fn after(state: &WebState, headers: &HeaderMap, return_to: &str) -> Option<Self> {
        let query = return_to.strip_prefix(CONTINUE_PATH)?.strip_prefix('?')?;
        let (_, handle) = parse(query.as_bytes()).find(|(name, _)| name == HANDLE)?;
        let browser = cookies::browser(headers, state.transport())?.hash();
        let Found::Ours(waiting) = state.waiting.find(&handle, Some(&browser)).await.ok()? else {
            return None;
        };
        let application = state.applications.find(&waiting.request.client_id)?;
        let anew = Waiting::new(waiting.request, state.clock.now());
        let handle = state.waiting.note(&anew, &browser).await.ok()?;
        let refusal = AuthorizationError::AccessDenied.because("the person did not log in");
        let back = anew.request.place.with_refusal(refusal, state.origin.as_str());
        let query = Serializer::new(String::new())
            .append_pair(HANDLE, &handle)
            .finish();
        Some(Self {
            start: format!("{PATH}?{query}"),
            back: Link {
                text: format!("Go back to {}", application.label),
                address: back,
            },
        })
    }

    /// Where the same request begins anew at `way`.
    pub(crate) fn at(&self, way: &Way) -> String {
        let query = Serializer::new(String::new())
            .append_pair("door", way.name())
            .finish();
        format!("{}&{query}", self.start)
    }

    /// Where `way` is asked to ask for another role.
    pub(crate) fn change_role(&self, way: &Way) -> String {
        format!("{}&role={CHANGE}", self.at(way))
    }
}
