//! `id_token_hint`: an ID token of ours that an application shows as it asks to log somebody out (RP-Initiated Logout 2).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use time::Duration;

use crate::downstream::application::Application;
use crate::downstream::application::registry::Applications;
use crate::downstream::logout::token::LogoutTokens;
use crate::downstream::session_token::ID_TOKEN_TYPE;
use crate::protocol::jose::verify::{Expected, TokenRefusal, verify};
use crate::session::sid::Sid;

/// An ID token is shown long after it has expired; so long after, it says nothing any more.
const LONGEST: Duration = Duration::days(400);

/// What a hint proves: we gave this application an ID token about this session.
#[derive(Debug, Clone)]
pub struct Hint {
    /// The application.
    pub application: Arc<Application>,
    /// The session, which may be over.
    pub sid: Option<Sid>,
    /// The person, as the application knows them.
    pub subject: String,
}

/// Why a hint proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAHint {
    /// It is meant for nobody who is registered.
    #[error("the hint is for no application that is registered")]
    UnknownAudience,
    /// It is no ID token of ours.
    #[error("the hint: {0}")]
    NotOurs(#[from] TokenRefusal),
}

/// What a hint states, not yet believed.
#[derive(Deserialize)]
struct Stated {
    aud: Audience,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What a hint says, believed.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    sid: Option<String>,
}

impl LogoutTokens {
    /// Judges an `id_token_hint`. That it has expired is no fault.
    ///
    /// # Errors
    /// [`NotAHint`].
    pub(in crate::downstream::logout) fn hint(
        &self,
        hint: &str,
        applications: &Applications,
    ) -> Result<Hint, NotAHint> {
        let stated = Stated::read(hint).ok_or(TokenRefusal::Malformed)?;
        let application = stated.audience().and_then(|audience| applications.find(audience));
        let application = application.ok_or(NotAHint::UnknownAudience)?;
        let now = self.clock.now();
        let keys: JwkSet =
            serde_json::from_value(self.keys.jwks(now)).map_err(|_cause| TokenRefusal::NoKey)?;
        let expected = Expected {
            typ: ID_TOKEN_TYPE,
            algorithms: &[Algorithm::ES256, Algorithm::RS256],
            issuer: &self.issuer,
            audience: &application.client_id,
            skew: LONGEST,
        };
        let claims: Claims = verify(hint, &keys, &expected, now)?;
        let named = claims.sid.as_deref();
        let sid = named.and_then(|name| self.subject_key.session_named(name, &application.subject));
        Ok(Hint {
            application: Arc::clone(application),
            sid,
            subject: claims.sub,
        })
    }
}

impl Stated {
    fn read(token: &str) -> Option<Self> {
        let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        serde_json::from_slice(&payload).ok()
    }

    /// The one audience; of several we give none.
    fn audience(&self) -> Option<&str> {
        match &self.aud {
            Audience::One(one) => Some(one),
            Audience::Several(several) => match &several[..] {
                [one] => Some(one),
                _ => None,
            },
        }
    }
}
