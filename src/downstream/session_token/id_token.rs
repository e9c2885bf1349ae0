//! The ID token and the answer of UserInfo: what an access token says, for the eyes of the application itself.
//!
//! All three come from the same claims, so that they never differ about somebody. An ID token names the application as
//! its audience and has a type of its own: it is never taken for an access token, nor the reverse (RFC 8725 3.11).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::downstream::application::Application;
use crate::downstream::session_token::{Claims, MintRefusal, SessionToken, SessionTokens};
use crate::platform::digest::sha256;
use crate::session::record::Session;

/// The type of an ID token.
pub const ID_TOKEN_TYPE: &str = "JWT";

/// Every claim that an ID token can have; discovery lists the same.
pub const CLAIMS: [&str; 30] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "acr",
    "amr",
    "sid",
    "name",
    "given_name",
    "family_name",
    "email",
    "email_verified",
    "door",
    "connection",
    "environment",
    "simulated",
    "mfa",
    "aal",
    "ial",
    "org",
    "role",
    "roles",
    "activities",
    "workgroups",
    "professional_ids",
    "upstream",
];

/// Claims of an access token that say nothing about the person.
const OF_ACCESS: [&str; 6] = ["aud", "jti", "client_id", "scope", "grant", "cnf"];
/// Claims that UserInfo leaves out beside those: they are about one token.
const OF_A_TOKEN: [&str; 5] = ["iss", "exp", "iat", "sid", "auth_time"];

/// OpenID Connect Core 2 and 3.1.3.6.
#[derive(Serialize)]
struct IdToken<'a> {
    aud: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    at_hash: String,
    #[serde(flatten)]
    person: Map<String, Value>,
}

impl SessionTokens {
    /// The ID token that goes with `access`, with the `nonce` of the authorization request. After a refresh there is
    /// none (OpenID Connect Core 12.2).
    pub fn id_token(
        &self,
        access: &SessionToken,
        application: &Application,
        nonce: Option<&str>,
    ) -> Result<String, MintRefusal> {
        let claims = IdToken {
            aud: &application.client_id,
            nonce,
            at_hash: at_hash(&access.compact),
            person: about(&access.claims, &[])?,
        };
        Ok(self.keys.sign(application.algorithm, ID_TOKEN_TYPE, &claims)?)
    }

    /// What UserInfo says of `session` to `application` (OpenID Connect Core 5.3.2).
    pub fn userinfo(
        &self,
        session: &Session,
        application: &Application,
    ) -> Result<Map<String, Value>, MintRefusal> {
        about(&self.claims(session, application)?, &OF_A_TOKEN)
    }
}

fn about(claims: &Claims, but: &[&str]) -> Result<Map<String, Value>, MintRefusal> {
    let Value::Object(mut all) = serde_json::to_value(claims)? else {
        return Ok(Map::new());
    };
    all.retain(|name, _| !OF_ACCESS.contains(&name.as_str()) && !but.contains(&name.as_str()));
    Ok(all)
}

/// The left half of the hash of an access token; the hash is SHA-256 for ES256 and RS256 alike.
fn at_hash(access_token: &str) -> String {
    let hash = sha256(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
}
