//! Our own access tokens, when they come back to us.

use crate::downstream::application::Application;
use crate::downstream::session_token::{Claims, SessionTokens, TYPE};
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::compact::{Compact, TokenFlaw};
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::public_key::VerificationKey;
use crate::session::sid::Sid;

/// What our tokens are signed with.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::ES256, Algorithm::RS256];

/// Why a token is none of ours, or no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOurs {
    /// No token at all.
    #[error(transparent)]
    Unreadable(#[from] TokenFlaw),
    /// A token of another kind: an ID token, a logout token.
    #[error("the token is of another type")]
    Type,
    /// No key of ours signed it.
    #[error("no key of ours signed the token")]
    Signature,
    /// Another bridge's, or claims of another shape.
    #[error("the token says what none of ours says")]
    Claims,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
}

impl SessionTokens {
    /// What an access token of ours says that has not expired. Whether its session and its grant live is another
    /// question, and so is whether its audience is the one who asks.
    ///
    /// # Errors
    /// [`NotOurs`].
    pub fn read(&self, token: &str) -> Result<Claims, NotOurs> {
        let claims = self.read_expired_or_not(token)?;
        if claims.exp > self.clock.now().unix_timestamp() {
            Ok(claims)
        } else {
            Err(NotOurs::Expired)
        }
    }

    /// The same for a token that may have expired, for whoever wants to end what it stands for.
    ///
    /// # Errors
    /// [`NotOurs`], never [`NotOurs::Expired`].
    pub fn read_expired_or_not(&self, token: &str) -> Result<Claims, NotOurs> {
        let token = Compact::read(token)?;
        if token.typ() != Some(TYPE) || token.crit().is_some() {
            return Err(NotOurs::Type);
        }
        let algorithm = token.algorithm().filter(|named| ALGORITHMS.contains(named));
        let algorithm = algorithm.ok_or(NotOurs::Signature)?;
        let published = self.keys.jwks(self.clock.now());
        let published = published.as_object().ok_or(NotOurs::Signature)?;
        let keys = KeySet::of(published).map_err(|_flaw| NotOurs::Signature)?;
        let key = keys.find(token.kid(), algorithm);
        let key = key.map_err(|_none| NotOurs::Signature)?;
        if !token.is_signed_by(VerificationKey::Public(key), algorithm) {
            return Err(NotOurs::Signature);
        }
        let claims = serde_json::Value::Object(token.claims().clone());
        let claims: Claims = serde_json::from_value(claims).map_err(|_cause| NotOurs::Claims)?;
        if claims.iss == self.issuing.issuer {
            Ok(claims)
        } else {
            Err(NotOurs::Claims)
        }
    }

    /// The session that `application` calls `name`, as `sid` of its tokens does.
    pub fn session_named(&self, name: &str, application: &Application) -> Option<Sid> {
        self.subject_key.session_named(name, &application.subject)
    }
}
