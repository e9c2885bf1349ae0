//! What an application wants as it asks to log somebody out (RP-Initiated Logout 2).

use std::sync::Arc;

use url::Url;
use url::form_urlencoded::Serializer;

use crate::downstream::application::Application;
use crate::downstream::logout::Hint;
use crate::session::record::Session;
use crate::session::sid::Sid;
use crate::web::forms::Fields;
use crate::web::oauth2::logout::PATH;
use crate::web::state::WebState;

/// What we act on. `logout_hint` and `ui_locales` are read by nobody: we know who is here, and speak one language.
const PARAMETERS: [&str; 4] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];

/// What an application wants, judged. Prints nothing of it.
pub(in crate::web::oauth2) struct Wish {
    /// The parameters as they came, to be asked once more.
    fields: Vec<(String, String)>,
    application: Option<Arc<Application>>,
    /// The session that its ID token is about.
    sid: Option<Sid>,
    /// Where the browser goes afterwards: registered, with the `state`.
    place: Option<String>,
}

impl Wish {
    /// Judges what `fields` say. Whatever is wrong with them takes something away: without a hint that proves something
    /// the person is asked, without an address that is registered they stay here.
    pub(in crate::web::oauth2) fn read(state: &WebState, fields: &Fields) -> Self {
        let stated = |name: &str| fields.once(name).filter(|value| !value.is_empty());
        let hint = stated("id_token_hint").and_then(|hint| proven(state, &hint));
        let named = stated("client_id");
        let is_other = |hint: &Hint| {
            named
                .as_ref()
                .is_some_and(|name| *name != hint.application.client_id)
        };
        let (application, sid) = match hint {
            // Whoever shows the token of another is believed in nothing (2).
            Some(hint) if is_other(&hint) => {
                tracing::warn!(
                    reason = "the client_id is not that of the hint",
                    "a logout is asked about"
                );
                (None, None)
            }
            Some(hint) => (Some(hint.application), hint.sid),
            None => (
                named.and_then(|name| state.applications.find(&name).cloned()),
                None,
            ),
        };
        let place = stated("post_logout_redirect_uri")
            .and_then(|address| place(application.as_deref(), &address, stated("state").as_deref()));
        let fields = PARAMETERS
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), stated(name)?)))
            .collect();
        Self {
            fields,
            application,
            sid,
            place,
        }
    }

    /// True if the application has shown an ID token about `session`.
    pub(in crate::web::oauth2) fn is_proven_for(&self, session: &Session) -> bool {
        self.sid.as_ref() == Some(session.sid())
    }

    /// Who asks, as far as is known.
    pub(in crate::web::oauth2) fn client_id(&self) -> Option<&str> {
        self.application
            .as_ref()
            .map(|application| application.client_id.as_str())
    }

    /// What people call whoever asks.
    pub(in crate::web::oauth2) fn label(&self) -> Option<&str> {
        self.application
            .as_ref()
            .map(|application| application.label.as_str())
    }

    /// Where the browser goes afterwards.
    pub(in crate::web::oauth2) fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// The parameters, for a form of ours.
    pub(in crate::web::oauth2) fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The same wish as a link to us.
    pub(in crate::web::oauth2) fn as_link(&self) -> String {
        let query = Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        format!("{PATH}?{query}")
    }
}

fn proven(state: &WebState, hint: &str) -> Option<Hint> {
    match state.back_channel.hint(hint) {
        Ok(hint) => Some(hint),
        Err(cause) => {
            tracing::warn!(reason = %cause, "a logout is asked about");
            None
        }
    }
}

/// The address if `application` registered it, octet for octet, with `state` in its query (3).
fn place(application: Option<&Application>, address: &str, state: Option<&str>) -> Option<String> {
    let registered = application.map(|application| &application.logout.post_logout_redirect_uris);
    if !registered.is_some_and(|all| all.iter().any(|known| known == address)) {
        let application = application.map(|application| application.client_id.as_str());
        let reason = "post_logout_redirect_uri is not registered";
        tracing::warn!(application, reason, "somebody who logs out stays here");
        return None;
    }
    let mut url = Url::parse(address).ok()?;
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", state);
        return Some(url.into());
    }
    Some(address.to_owned())
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wish(…)")
    }
}
