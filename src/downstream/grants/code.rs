//! The authorization code: good for a minute, once, for who asked for it (RFC 6749 4.1, RFC 9700 2.1.1).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::Duration;

use crate::downstream::application::scope::Scope;
use crate::downstream::grants::secrets::{Handle, Spent};
use crate::downstream::grants::{GrantError, GrantId, Grants};
use crate::downstream::pkce;
use crate::session::sid::Sid;

/// How long a code is good.
pub const LIFETIME: Duration = Duration::seconds(60);

/// What an application asked for and a person has. The code stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// The application.
    pub client_id: String,
    /// Where the code is sent, octet for octet as it was asked.
    pub redirect_uri: String,
    /// The challenge of PKCE, with S256.
    pub code_challenge: String,
    /// `nonce`, for the ID token.
    pub nonce: Option<String>,
    /// What the application will be told.
    pub scopes: BTreeSet<Scope>,
    /// The session.
    pub sid: Sid,
    /// The thumbprint of the one `DPoP` key that may redeem the code (RFC 9449 10).
    pub dpop_jkt: Option<String>,
}

/// How somebody shows that the code is theirs.
#[derive(Debug, Clone, Copy)]
pub struct Redemption<'a> {
    /// The client, which has proven to be it.
    pub client_id: &'a str,
    /// `redirect_uri` of the request.
    pub redirect_uri: &'a str,
    /// `code_verifier` of the request.
    pub code_verifier: &'a str,
    /// The thumbprint of the key that a `DPoP` proof showed.
    pub dpop_jkt: Option<&'a str>,
}

/// A code that was good. What becomes of it must still be written down: [`Grants::open`].
#[derive(Debug)]
pub struct Redeemed {
    /// What was asked for.
    pub new: NewGrant,
    pub(super) handle: Handle,
}

impl Grants {
    /// A code for `new`, good for [`LIFETIME`].
    ///
    /// # Errors
    /// [`GrantError::Random`], [`GrantError::Store`].
    pub async fn issue_code(&self, new: &NewGrant) -> Result<String, GrantError> {
        let now = self.clock.now();
        let (handle, secret) = (
            Handle::draw(self.random.as_ref())?,
            Spent::draw(self.random.as_ref())?,
        );
        let code = handle.joined(&secret);
        let is_new = self
            .put_new(&key(&handle, &secret), new, now.saturating_add(LIFETIME))
            .await?;
        if is_new {
            Ok(code)
        } else {
            Err(GrantError::Unknown)
        }
    }

    /// What `code` stands for. Whoever fails has spent it all the same.
    ///
    /// # Errors
    /// [`GrantError`]; if the code was spent before, its grant has ended.
    pub async fn redeem(&self, code: &str, by: &Redemption<'_>) -> Result<Redeemed, GrantError> {
        let (handle, secret) = Handle::apart(code).ok_or(GrantError::Unknown)?;
        let Some(record) = self.store.take(&key(&handle, &secret)).await? else {
            return Err(self.revoke_reused(&handle, by.client_id).await?);
        };
        let new: NewGrant = serde_json::from_slice(&record)?;
        by.fits(&new)?;
        Ok(Redeemed { new, handle })
    }
}

impl Redeemed {
    /// The grant's name in access tokens.
    pub fn id(&self) -> GrantId {
        self.handle.id()
    }
}

impl Redemption<'_> {
    fn fits(&self, new: &NewGrant) -> Result<(), GrantError> {
        if self.client_id != new.client_id {
            return Err(GrantError::OtherClient);
        }
        if self.redirect_uri != new.redirect_uri {
            return Err(GrantError::OtherRedirectUri);
        }
        if !pkce::verifies(self.code_verifier, &new.code_challenge) {
            return Err(GrantError::WrongVerifier);
        }
        match new.dpop_jkt.as_deref() {
            Some(wanted) if self.dpop_jkt != Some(wanted) => Err(GrantError::OtherKey),
            _ => Ok(()),
        }
    }
}

fn key(handle: &Handle, secret: &Spent) -> String {
    format!("code/{}/{}", handle.id().as_str(), secret.hash())
}
