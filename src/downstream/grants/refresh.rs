//! The refresh token: spent at every use and given anew, until its session ends (RFC 6749 6, RFC 9700 4.14).

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::downstream::grants::secrets::{Handle, Spent};
use crate::downstream::grants::{Grant, GrantError, GrantId, Grants, Redeemed};
use crate::platform::random::NoRandomness;

/// How long a refresh may be under way: longer than any request may take.
const TURN: Duration = Duration::MINUTE;

/// What is kept of a refresh token: the hash of the one secret that is not spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    secret: String,
}

/// A refresh token that is the newest of its grant, and not yet spent: [`Grants::rotate`].
#[derive(Debug)]
pub struct Refreshing {
    /// What it is of.
    pub grant: Grant,
    handle: Handle,
    kept: Kept,
}

impl Refreshing {
    /// The grant's name in access tokens.
    pub fn id(&self) -> GrantId {
        self.handle.id()
    }
}

impl Grants {
    /// Writes a grant down until `until`, when the last token that is issued by it ends. From here on another use of its
    /// code ends it.
    ///
    /// # Errors
    /// [`GrantError::Random`] if chance drew a handle twice, which it does not do; [`GrantError::Store`].
    pub async fn open(
        &self,
        redeemed: &Redeemed,
        grant: &Grant,
        until: OffsetDateTime,
    ) -> Result<(), GrantError> {
        let key = redeemed.handle.id().grant_key();
        if self.put_new(&key, grant, until).await? {
            Ok(())
        } else {
            Err(NoRandomness.into())
        }
    }

    /// The first refresh token of a grant that is open.
    pub async fn first_refresh_token(
        &self,
        redeemed: &Redeemed,
        until: OffsetDateTime,
    ) -> Result<String, GrantError> {
        self.give(&redeemed.handle, until).await
    }

    /// What `token` would refresh for the client `client_id`. Nothing is spent by asking.
    ///
    /// # Errors
    /// [`GrantError`]; if the token was spent before, its grant has ended.
    pub async fn refreshing(&self, token: &str, client_id: &str) -> Result<Refreshing, GrantError> {
        let (handle, secret) = Handle::apart(token).ok_or(GrantError::Unknown)?;
        let id = handle.id();
        let grant = self.find(&id).await?.ok_or(GrantError::Unknown)?;
        if grant.client_id != client_id {
            return Err(GrantError::OtherClient);
        }
        // None where a grant has no refresh token, and while somebody else uses it this moment.
        let kept: Kept = self.read(&id.refresh_key()).await?.ok_or(GrantError::Unknown)?;
        if kept.secret != secret.hash() {
            return Err(self.revoke_reused(&handle, client_id).await?);
        }
        Ok(Refreshing { grant, handle, kept })
    }

    /// What `token` is of, if it is the newest refresh token of its grant. Asking changes nothing.
    ///
    /// # Errors
    /// [`GrantError::Unreadable`], [`GrantError::Store`].
    pub async fn newest(&self, token: &str) -> Result<Option<Grant>, GrantError> {
        let Some((handle, secret)) = Handle::apart(token) else {
            return Ok(None);
        };
        let id = handle.id();
        let kept: Option<Kept> = self.read(&id.refresh_key()).await?;
        if kept.is_none_or(|kept| kept.secret != secret.hash()) {
            return Ok(None);
        }
        self.find(&id).await
    }

    /// Spends the token and gives the next. Of all who come at once with one token the first has its turn.
    ///
    /// # Errors
    /// [`GrantError::Unknown`] if somebody else was quicker; [`GrantError::Revoked`] if the grant ended meanwhile.
    pub async fn rotate(&self, refreshing: &Refreshing, until: OffsetDateTime) -> Result<String, GrantError> {
        let Refreshing { grant, handle, kept } = refreshing;
        let id = handle.id();
        let turn = format!("refresh-turn/{}/{}", id.as_str(), kept.secret);
        let turn_ends = self.clock.now().saturating_add(TURN);
        if !self.store.put_new(&turn, &[], turn_ends).await? {
            return Err(GrantError::Unknown);
        }
        let secret = Spent::draw(self.random.as_ref())?;
        let next = Kept {
            secret: secret.hash(),
        };
        self.replace(&id.grant_key(), grant, until).await?;
        self.replace(&id.refresh_key(), &next, until).await?;
        Ok(handle.joined(&secret))
    }

    /// Writes over what is there. What was deleted meanwhile stays deleted.
    async fn replace(
        &self,
        key: &str,
        value: &impl Serialize,
        until: OffsetDateTime,
    ) -> Result<(), GrantError> {
        let record = serde_json::to_vec(value)?;
        if self.store.replace(key, &record, until).await? {
            Ok(())
        } else {
            Err(GrantError::Revoked)
        }
    }

    async fn give(&self, handle: &Handle, until: OffsetDateTime) -> Result<String, GrantError> {
        let secret = Spent::draw(self.random.as_ref())?;
        let kept = Kept {
            secret: secret.hash(),
        };
        if self.put_new(&handle.id().refresh_key(), &kept, until).await? {
            Ok(handle.joined(&secret))
        } else {
            Err(NoRandomness.into())
        }
    }
}
