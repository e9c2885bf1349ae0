//! What the fake was asked, for a test or a tester to look at. Secrets are withheld.

use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;

/// Which endpoint was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// The authorization endpoint.
    Authorize,
    /// The token endpoint.
    Token,
    /// The user info endpoint.
    UserInfo,
    /// The end-session endpoint.
    EndSession,
}

/// One request and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Received {
    /// What was asked.
    pub endpoint: Endpoint,
    /// When, by the clock of the fake.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Every parameter in order. The values of secrets, codes and tokens are withheld.
    pub parameters: Vec<(String, String)>,
    /// How the client proved that it is the client, at the token endpoint.
    pub authentication: Option<AuthenticationSeen>,
    /// `None` when it was answered as asked; else the true reason, which the client is not told.
    pub reason: Option<String>,
}

/// How a client proved that it is the client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuthenticationSeen {
    /// The client it said it is.
    pub client_id: Option<String>,
    /// The method by its registered name (RFC 7591).
    pub method: &'static str,
    /// Whether it was believed.
    pub verdict: Verdict,
    /// Why not.
    pub reason: Option<String>,
    /// The client assertion without its signature.
    pub assertion: Option<AssertionSeen>,
}

/// A client assertion without its signature, which is no longer good for anything.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssertionSeen {
    /// The JOSE header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
}

/// Whether a client was believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It was.
    Accepted,
    /// It was not.
    Refused,
}

impl Received {
    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The endpoint, for the tester's page.
    pub(super) fn endpoint_word(&self) -> &'static str {
        match self.endpoint {
            Endpoint::Authorize => "authorization",
            Endpoint::Token => "token",
            Endpoint::UserInfo => "user info",
            Endpoint::EndSession => "end session",
        }
    }
}

impl AssertionSeen {
    /// Header and claims, one below the other.
    pub(super) fn pretty(&self) -> String {
        let both = [&self.header, &self.claims].map(serde_json::to_string_pretty);
        both.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}
