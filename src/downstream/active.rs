//! Whether an access token is still worth something: its session lives, its grant has not ended (RFC 7662 2.2).

use std::collections::BTreeSet;
use std::sync::Arc;

use time::OffsetDateTime;

use crate::downstream::application::Application;
use crate::downstream::application::registry::Applications;
use crate::downstream::application::scope::Scope;
use crate::downstream::grants::{GrantError, GrantId, Grants};
use crate::downstream::session_token::{Claims, NotOurs, SessionTokens};
use crate::session::record::Session;
use crate::session::{SessionError, Sessions};

/// Where tokens, grants, sessions and applications are looked up.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    /// Reads and writes tokens.
    pub tokens: &'a SessionTokens,
    /// What applications have.
    pub grants: &'a Grants,
    /// Who is signed in.
    pub sessions: &'a Sessions,
    /// Who is registered.
    pub applications: &'a Applications,
}

/// An access token that is worth something.
#[derive(Debug)]
pub struct Active {
    /// What it says.
    pub claims: Claims,
    /// Whom it was issued to.
    pub application: Arc<Application>,
    /// The session behind it.
    pub session: Session,
}

/// Why a token is worth nothing.
#[derive(Debug, thiserror::Error)]
pub enum NotActive {
    /// It is none of ours, or has expired.
    #[error(transparent)]
    NotOurs(#[from] NotOurs),
    /// Nobody is registered by the name it states, or for another audience since.
    #[error("the application of the token is not registered so any more")]
    Application,
    /// What it was issued by has ended.
    #[error("the grant of the token has ended")]
    GrantIsOver,
    /// The person has logged out, or their session is over.
    #[error("the session of the token is over")]
    SessionIsOver,
    /// The grant could not be looked up.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The session could not be looked up.
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// A refresh token that is worth something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshes {
    /// What it can bring, as a list of words.
    pub scope: String,
    /// When nothing comes of it any more, however long people stay.
    pub until: OffsetDateTime,
}

/// What came of giving a token back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// Its grant has ended, and with it all that was issued by it.
    Grant,
    /// It is unknown or somebody else's: nothing happened.
    Nothing,
    /// It was issued by no grant: it ends with its session.
    Cannot,
}

impl Active {
    /// What it was issued for and its application is still registered for.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        let registered = self.application.scopes.iter().copied();
        let stated = |scope: &Scope| self.claims.scope.split(' ').any(|word| word == scope.as_str());
        registered.filter(stated).collect()
    }

    /// True if it was issued to `application` or is meant for it.
    pub fn concerns(&self, application: &Application) -> bool {
        self.claims.client_id == application.client_id || self.claims.aud == application.audience
    }
}

impl Books<'_> {
    /// What `token` brings if it is a refresh token of `client_id` that is not spent and whose session lives. Asking
    /// spends nothing.
    ///
    /// # Errors
    /// [`NotActive::Grant`], [`NotActive::Session`].
    pub async fn refreshes(&self, token: &str, client_id: &str) -> Result<Option<Refreshes>, NotActive> {
        let newest = self.grants.newest(token).await?;
        let Some(grant) = newest.filter(|grant| grant.client_id == client_id) else {
            return Ok(None);
        };
        let session = self.sessions.find_named(&grant.sid).await?;
        let words: Vec<&str> = grant.scopes.iter().map(|scope| scope.as_str()).collect();
        Ok(session.map(|session| Refreshes {
            scope: words.join(" "),
            until: session.lifetime().ends_at(),
        }))
    }

    /// Ends the grant that `token` is of, an access token or a refresh token of `client_id`, spent, expired or not.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn revoke(&self, token: &str, client_id: &str) -> Result<Revoked, GrantError> {
        if let Some((id, grant)) = self.grants.of_refresh_token(token).await? {
            return self.revoke_grant(&id, &grant.client_id, client_id).await;
        }
        let Ok(claims) = self.tokens.read_expired_or_not(token) else {
            return Ok(Revoked::Nothing);
        };
        match claims.grant.as_deref().and_then(GrantId::parse) {
            Some(id) => self.revoke_grant(&id, &claims.client_id, client_id).await,
            None if claims.client_id == client_id => Ok(Revoked::Cannot),
            None => Ok(Revoked::Nothing),
        }
    }

    async fn revoke_grant(&self, id: &GrantId, owner: &str, client_id: &str) -> Result<Revoked, GrantError> {
        if owner != client_id {
            return Ok(Revoked::Nothing);
        }
        self.grants.revoke(id).await?;
        Ok(Revoked::Grant)
    }

    /// What `token` is worth now.
    ///
    /// # Errors
    /// [`NotActive`].
    pub async fn active(&self, token: &str) -> Result<Active, NotActive> {
        let claims = self.tokens.read(token)?;
        let application = self.applications.find_or_default(&claims.client_id);
        let application = application.ok_or(NotActive::Application)?;
        if claims.aud != application.audience {
            return Err(NotActive::Application);
        }
        if let Some(named) = &claims.grant {
            let id = GrantId::parse(named).ok_or(NotActive::GrantIsOver)?;
            let grant = self.grants.find(&id).await?;
            if grant.is_none_or(|grant| grant.client_id != claims.client_id) {
                return Err(NotActive::GrantIsOver);
            }
        }
        let sid = self.tokens.session_named(&claims.sid, application);
        let sid = sid.ok_or(NotActive::SessionIsOver)?;
        let session = self.sessions.find_named(&sid).await?;
        Ok(Active {
            session: session.ok_or(NotActive::SessionIsOver)?,
            application: Arc::clone(application),
            claims,
        })
    }
}
