//! The question a reverse proxy asks the bridge, and its answer.

use axum::http::header::{COOKIE, HOST, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, Uri};

use crate::platform::outbound::{Outbound, Reply, Send, Unreached};

/// One request to the application, as the bridge has to hear of it.
#[derive(Debug)]
pub(super) struct Question {
    headers: Vec<(&'static str, String)>,
}

/// What the bridge says.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Somebody is signed in.
    Yes(Identity),
    /// Nobody is; the browser may sign in there.
    Redirect(String),
    /// Nobody is, or not somebody who may see this; the status.
    No(u16),
}

/// What the bridge tells about the person: its headers and the token.
#[derive(Debug)]
pub(super) struct Identity {
    /// `X-Auth-…`, in lower case, with its value.
    pub(super) headers: Vec<(String, String)>,
    /// The session token.
    pub(super) token: String,
}

impl Question {
    /// Who asked for `uri` at `base` with these headers? Nothing else of the request goes to the bridge.
    pub(super) fn about(base: &str, uri: &Uri, headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let (scheme, authority) = base.split_once("://").unwrap_or(("http", base));
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut said = vec![
            ("x-forwarded-proto", scheme.to_owned()),
            ("x-forwarded-host", text(HOST).unwrap_or(authority).to_owned()),
            ("x-forwarded-uri", path.to_owned()),
            ("x-forwarded-method", "GET".to_owned()),
            ("accept", "text/html".to_owned()),
        ];
        for (name, known) in [("cookie", COOKIE), ("user-agent", USER_AGENT)] {
            if let Some(value) = text(known) {
                said.push((name, value.to_owned()));
            }
        }
        Self { headers: said }
    }

    /// Asks at `verify`.
    pub(super) async fn ask(&self, outbound: &Outbound, verify: &str) -> Result<Verdict, Unreached> {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let reply = outbound.ask(verify, Send::Get, &headers).await?;
        Ok(Verdict::of(&reply))
    }
}

impl Verdict {
    fn of(reply: &Reply) -> Self {
        match (reply.status, reply.header("location")) {
            (200, _) => Self::Yes(Identity::of(reply)),
            (302 | 303 | 307, Some(location)) => Self::Redirect(location.to_owned()),
            (status, _) => Self::No(status),
        }
    }
}

impl Identity {
    fn of(reply: &Reply) -> Self {
        let told = reply
            .headers
            .iter()
            .filter(|(name, value)| name.starts_with("x-auth-") && !value.is_empty());
        let authorization = reply.header("authorization").unwrap_or_default();
        Self {
            headers: told.cloned().collect(),
            token: authorization.trim_start_matches("Bearer ").to_owned(),
        }
    }

    /// The name, else the subject.
    pub(super) fn name(&self) -> &str {
        let told = |wanted: &str| self.headers.iter().find(|(name, _)| name == wanted);
        let found = told("x-auth-name").or_else(|| told("x-auth-subject"));
        found.map_or("somebody", |(_, value)| value.as_str())
    }
}
