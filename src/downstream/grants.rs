//! Grants: what a person let an application have, from the code that asks for it to the last refresh.
//!
//! A *grant* begins when its code is redeemed. Its handle, 128 secret bits, is the first part of the code and of every
//! refresh token that follows, so whoever shows the handle with anything but the newest secret has seen one that is
//! spent: it was stolen, there or here, and the whole grant ends (RFC 9700 4.14.2, RFC 6749 4.1.2). What is written in
//! the store names no secret, only hashes.
//!
//! Of two uses of one code or one refresh token at the same moment one wins, the other is refused, and nothing ends: an
//! application in two tabs does so. A use after the winner has been answered ends the grant. There is no grace for an
//! answer that was lost: the application sends the person round again, who is still signed in.

mod code;
mod refresh;
mod secrets;

pub use code::{LIFETIME, NewGrant, Redeemed, Redemption};
pub use refresh::Refreshing;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::downstream::application::scope::Scope;
use crate::downstream::grants::secrets::Handle;
use crate::platform::clock::Clock;
use crate::platform::random::{NoRandomness, Random};
use crate::platform::store::{Store, StoreError};
use crate::session::sid::Sid;

/// All grants of this bridge.
#[derive(Debug)]
pub struct Grants {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// What an application has. It lives no longer than its session, which is looked up each time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The application.
    pub client_id: String,
    /// The session it came from.
    pub sid: Sid,
    /// What the application may be told.
    pub scopes: BTreeSet<Scope>,
    /// The thumbprint of the key that its refresh tokens are bound to (RFC 9449 5); for public clients only.
    pub dpop_jkt: Option<String>,
}

/// A grant's name in access tokens. It opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantId(String);

/// Why a code or a refresh token is worth nothing.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// It never was, or is over, or somebody else is using it this moment.
    #[error("there is no such code or refresh token, or its time is over")]
    Unknown,
    /// It was used before. What came of it has ended.
    #[error("SECURITY: the code or refresh token was used before; its grant has been revoked")]
    Reused,
    /// It is another client's.
    #[error("the code or refresh token belongs to another client")]
    OtherClient,
    /// It was issued to another address.
    #[error("the redirect URI is not the one of the authorization request")]
    OtherRedirectUri,
    /// The code verifier is not the one of its challenge.
    #[error("the code verifier does not fit the challenge")]
    WrongVerifier,
    /// It is bound to another key, or to one that was not shown.
    #[error("it is bound to another DPoP key")]
    OtherKey,
    /// The grant ended while it was being used.
    #[error("the grant has been revoked")]
    Revoked,
    /// What is in the store is no grant.
    #[error("a grant cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// No handle or secret could be drawn.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Grants {
    /// The grants in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { store, clock, random }
    }

    /// The grant of this name, if it has not ended.
    pub async fn find(&self, id: &GrantId) -> Result<Option<Grant>, GrantError> {
        self.read(&id.grant_key()).await
    }

    /// Ends a grant: its access tokens are no longer active, its refresh token is worth nothing.
    pub async fn revoke(&self, id: &GrantId) -> Result<(), GrantError> {
        // The grant first: a refresh under way needs it once more before it answers.
        self.store.delete(&id.grant_key()).await?;
        self.store.delete(&id.refresh_key()).await?;
        Ok(())
    }

    /// The grant that a refresh token is of, whether or not it is the newest, and its name.
    pub async fn of_refresh_token(&self, token: &str) -> Result<Option<(GrantId, Grant)>, GrantError> {
        let Some((handle, _secret)) = Handle::apart(token) else {
            return Ok(None);
        };
        let id = handle.id();
        Ok(self.find(&id).await?.map(|grant| (id, grant)))
    }

    /// Ends the grant of `handle` if it is this client's: a stranger who found an old code must not end anything.
    async fn revoke_reused(&self, handle: &Handle, client_id: &str) -> Result<GrantError, GrantError> {
        let id = handle.id();
        match self.find(&id).await? {
            Some(grant) if grant.client_id == client_id => {
                self.revoke(&id).await?;
                Ok(GrantError::Reused)
            }
            _ => Ok(GrantError::Unknown),
        }
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, key: &str) -> Result<Option<T>, GrantError> {
        let record = self.store.get(key).await?;
        Ok(record.map(|record| serde_json::from_slice(&record)).transpose()?)
    }

    async fn put_new(
        &self,
        key: &str,
        value: &impl Serialize,
        until: OffsetDateTime,
    ) -> Result<bool, GrantError> {
        let record = serde_json::to_vec(value)?;
        Ok(self.store.put_new(key, &record, until).await?)
    }
}

impl GrantId {
    /// The name that a token states.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = text.len() == 32 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        shaped.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn grant_key(&self) -> String {
        format!("grant/{}", self.0)
    }

    fn refresh_key(&self) -> String {
        format!("refresh/{}", self.0)
    }
}

#[cfg(test)]
mod tests;
