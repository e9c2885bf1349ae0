//! Begins a sign-in as a person would, to be asked a question that a new stamp can answer.

use url::Url;

use crate::fakes::browser::{Browser, Lost};
use crate::protocol::saml::authn_request::ReceivedAuthnRequest;
use crate::protocol::saml::binding::ReceivedRedirect;

/// More redirects than this before the question are a loop.
const MOST_REDIRECTS: usize = 10;

/// A question that was asked just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FreshQuestion {
    pub(super) request_id: String,
    pub(super) issuer: String,
    pub(super) relay_state: Option<String>,
}

/// Why there is no fresh question.
#[derive(Debug, thiserror::Error)]
pub enum NoQuestion {
    /// The browser got no further.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// No redirect there carries a question.
    #[error("{0} leads to no identity provider; give the address that begins a sign-in")]
    NotAsked(String),
    /// What it carries is no `AuthnRequest`.
    #[error("the question at {0} cannot be read: {1}")]
    Unreadable(String, String),
}

/// Where a bridge whose assertion consumer service is at `/saml/{connection}/acs` begins a sign-in.
pub(super) fn where_a_bridge_begins(acs_url: &str) -> Option<String> {
    let mut url = Url::parse(acs_url).ok()?;
    let path = url.path().to_owned();
    let connection = path.strip_prefix("/saml/")?.strip_suffix("/acs")?;
    if connection.is_empty() || connection.contains('/') {
        return None;
    }
    url.set_path("/sign-in");
    url.set_fragment(None);
    url.query_pairs_mut().clear().append_pair("door", connection);
    Some(url.into())
}

/// Opens `address` and follows it up to the question, which is not delivered.
pub(super) async fn asked_at(browser: &mut Browser, address: &str) -> Result<FreshQuestion, NoQuestion> {
    let mut page = browser.open_once(address).await?;
    for _ in 0..MOST_REDIRECTS {
        let Some(next) = page.redirect() else { break };
        if next.query().is_some_and(|query| query.contains("SAMLRequest=")) {
            return question(&next);
        }
        page = browser.open_once(next.as_str()).await?;
    }
    Err(NoQuestion::NotAsked(address.to_owned()))
}

fn question(redirect: &Url) -> Result<FreshQuestion, NoQuestion> {
    let unreadable = |why: String| {
        let place = redirect.origin().ascii_serialization();
        NoQuestion::Unreadable(place, why)
    };
    let received = ReceivedRedirect::read(redirect.query().unwrap_or_default());
    let received = received.map_err(|flaw| unreadable(flaw.to_string()))?;
    let request =
        ReceivedAuthnRequest::read(&received.message).map_err(|flaw| unreadable(flaw.to_string()))?;
    Ok(FreshQuestion {
        request_id: request.id,
        issuer: request.issuer,
        relay_state: received.relay_state,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_begins_where_its_connection_is_a_door() {
        assert_eq!(
            where_a_bridge_begins("http://127.0.0.1:8080/saml/nhsmail-adfs/acs?x=1").as_deref(),
            Some("http://127.0.0.1:8080/sign-in?door=nhsmail-adfs")
        );
        for other in [
            "http://127.0.0.1/acs",
            "http://127.0.0.1/saml/a/b/acs",
            "http://127.0.0.1/saml//acs",
            "x",
        ] {
            assert_eq!(where_a_bridge_begins(other), None, "{other}");
        }
    }
}
