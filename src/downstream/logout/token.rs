//! The logout token: a signed statement, for one application, that one session of one person is over (Back-Channel
//! Logout 1.0, 2.4).

use std::sync::Arc;

use openssl::error::ErrorStack;
use serde::Serialize;
use serde_json::json;
use time::Duration;

use crate::downstream::application::Application;
use crate::downstream::signing_keys::{NotSigned, SigningKeys};
use crate::downstream::subject::SubjectKey;
use crate::platform::clock::Clock;
use crate::platform::random::{self, NoRandomness, Random};
use crate::session::record::Session;

/// The type of a logout token, so that it is taken for no other.
pub const TYPE: &str = "logout+jwt";
/// The event that it states.
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How long one is good for. Each try writes its own.
const LIFETIME: Duration = Duration::minutes(2);

/// Writes logout tokens.
#[derive(Debug)]
pub struct LogoutTokens {
    /// The bridge's public address, octet for octet.
    pub issuer: String,
    /// The keys that sign.
    pub keys: Arc<SigningKeys>,
    /// The key under which people become opaque.
    pub subject_key: SubjectKey,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

/// Why no token was written.
#[derive(Debug, thiserror::Error)]
pub enum LogoutTokenError {
    /// There was nothing to name the token with.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The key did not sign.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// The subject could not be computed.
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] ErrorStack),
}

/// What one application must be told: the session and the person by the names that it knows. Prints neither.
#[derive(Clone)]
pub(in crate::downstream::logout) struct Subject {
    sub: String,
    sid: String,
}

/// The claims of a logout token. There is no `nonce`, so that it is no ID token (2.4).
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    sub: &'a str,
    sid: &'a str,
    events: serde_json::Value,
}

impl LogoutTokens {
    /// How `application` knows `session` and its person.
    pub(in crate::downstream::logout) fn subject(
        &self,
        session: &Session,
        application: &Application,
    ) -> Result<Subject, LogoutTokenError> {
        Ok(Subject {
            sub: self
                .subject_key
                .name(session.person().account(), &application.subject)?,
            sid: self
                .subject_key
                .session_name(session.sid(), &application.subject)?,
        })
    }

    /// A token of this moment that tells `application` of `subject`'s end.
    pub(in crate::downstream::logout) fn write(
        &self,
        application: &Application,
        subject: &Subject,
    ) -> Result<String, LogoutTokenError> {
        let now = self.clock.now();
        let claims = Claims {
            iss: &self.issuer,
            aud: &application.client_id,
            iat: now.unix_timestamp(),
            exp: now.saturating_add(LIFETIME).unix_timestamp(),
            jti: random::token(self.random.as_ref())?,
            sub: &subject.sub,
            sid: &subject.sid,
            events: json!({ EVENT: {} }),
        };
        Ok(self.keys.sign(application.algorithm, TYPE, &claims)?)
    }
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject(…)")
    }
}
