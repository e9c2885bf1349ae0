//! The token endpoint: a code or a refresh token in, tokens out (RFC 6749 4.1.3 and 6, OpenID Connect Core 3.1.3).
//!
//! The session is looked up at every use, and what the application requires of people is judged again. How long ago they
//! proved themselves is not: that was asked when they signed in, and nobody can mend it from here.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use time::OffsetDateTime;

use crate::downstream::active::Books;
use crate::downstream::application::requirements::{Requirements, Unmet};
use crate::downstream::application::scope::Scope;
use crate::downstream::application::{Application, RefreshPolicy};
use crate::downstream::client_authentication::AuthenticatedClient;
use crate::downstream::grants::{Grant, GrantError, Redemption};
use crate::downstream::session_token::{Bound, MintRefusal, SessionToken};
use crate::session::SessionError;
use crate::session::record::Session;

/// The answer (RFC 6749 5.1).
#[derive(Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// How somebody asks for more tokens.
#[derive(Debug, Clone, Copy)]
pub struct RefreshRequest<'a> {
    /// `refresh_token`.
    pub token: &'a str,
    /// `scope`: less than was granted, or nothing for all of it.
    pub scope: Option<&'a str>,
    /// The thumbprint of the key that a `DPoP` proof showed.
    pub dpop_jkt: Option<&'a str>,
}

/// Why no tokens were given.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefusal {
    /// The code or the refresh token.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The person has logged out, or their session is over.
    #[error("the session is over")]
    SessionIsOver,
    /// The person may not use the application, or no longer.
    #[error("the person may not use the application: {0}")]
    Unmet(#[from] Unmet),
    /// More is asked than was granted.
    #[error("a scope is asked that was not granted")]
    Scope,
    /// The session could not be looked up.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The tokens could not be written.
    #[error(transparent)]
    Mint(#[from] MintRefusal),
}

impl Books<'_> {
    /// Tokens for a code.
    ///
    /// # Errors
    /// [`TokenRefusal`]; the code is spent all the same.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        code: &str,
        by: &Redemption<'_>,
    ) -> Result<TokenResponse, TokenRefusal> {
        let redeemed = self.grants.redeem(code, by).await?;
        let new = &redeemed.new;
        let session = self.sessions.share_named(&new.sid, client.client_id()).await?;
        let session = session.ok_or(TokenRefusal::SessionIsOver)?;
        let grant = Grant {
            client_id: new.client_id.clone(),
            sid: new.sid.clone(),
            scopes: kept(&new.scopes, client.application()),
            dpop_jkt: by.dpop_jkt.filter(|_| client.is_public()).map(str::to_owned),
        };
        let application = judged(client.application(), &grant.scopes, &session, self.tokens.now())?;
        let bound = Bound {
            grant: &redeemed.id(),
            dpop_jkt: by.dpop_jkt,
        };
        let access = self.tokens.mint_bound(&session, &application, &bound)?;
        let id_token = self.id_token(&access, &application, new.nonce.as_deref())?;
        let refreshes = grant.scopes.contains(&Scope::OfflineAccess);
        let last = if refreshes {
            session.lifetime().ends_at()
        } else {
            ending(&access, &session)
        };
        self.grants.open(&redeemed, &grant, last).await?;
        let refresh_token = if refreshes {
            Some(self.grants.first_refresh_token(&redeemed, last).await?)
        } else {
            None
        };
        Ok(TokenResponse::of(access, id_token, refresh_token))
    }

    /// Tokens for a refresh token.
    ///
    /// # Errors
    /// [`TokenRefusal`].
    pub async fn refresh(
        &self,
        client: &AuthenticatedClient,
        asked: &RefreshRequest<'_>,
    ) -> Result<TokenResponse, TokenRefusal> {
        let refreshing = self.grants.refreshing(asked.token, client.client_id()).await?;
        let grant = &refreshing.grant;
        if grant.dpop_jkt.is_some() && grant.dpop_jkt.as_deref() != asked.dpop_jkt {
            return Err(GrantError::OtherKey.into());
        }
        let registered = client.application();
        let scopes = narrowed(&kept(&grant.scopes, registered), asked.scope)?;
        let session = self.sessions.find_named(&grant.sid).await?;
        let session = session.ok_or(TokenRefusal::SessionIsOver)?;
        let application = judged(registered, &scopes, &session, self.tokens.now())?;
        let session = match registered.refresh {
            RefreshPolicy::NoSignOfLife => Arc::new(session),
            RefreshPolicy::SignOfLife => {
                let touched = self.sessions.touch_named(&grant.sid).await?;
                touched.ok_or(TokenRefusal::SessionIsOver)?
            }
        };
        let bound = Bound {
            grant: &refreshing.id(),
            dpop_jkt: asked.dpop_jkt,
        };
        let access = self.tokens.mint_bound(&session, &application, &bound)?;
        let id_token = self.id_token(&access, &application, None)?;
        // Last: what was written above is thrown away if somebody else was quicker.
        let next = self
            .grants
            .rotate(&refreshing, session.lifetime().ends_at())
            .await?;
        Ok(TokenResponse::of(access, id_token, Some(next)))
    }

    fn id_token(
        &self,
        access: &SessionToken,
        application: &Application,
        nonce: Option<&str>,
    ) -> Result<Option<String>, MintRefusal> {
        if !application.scopes.contains(&Scope::OpenId) {
            return Ok(None);
        }
        self.tokens.id_token(access, application, nonce).map(Some)
    }
}

impl TokenResponse {
    fn of(access: SessionToken, id_token: Option<String>, refresh_token: Option<String>) -> Self {
        let is_bound = access.claims.cnf.is_some();
        Self {
            token_type: if is_bound { "DPoP" } else { "Bearer" },
            expires_in: access.claims.exp - access.claims.iat,
            scope: access.claims.scope,
            access_token: access.compact,
            id_token,
            refresh_token,
        }
    }
}

/// What was granted and is still registered.
fn kept(granted: &BTreeSet<Scope>, application: &Application) -> BTreeSet<Scope> {
    granted.intersection(&application.scopes).copied().collect()
}

/// Those of `granted` that are asked; none asked are all (RFC 6749 6).
fn narrowed(granted: &BTreeSet<Scope>, asked: Option<&str>) -> Result<BTreeSet<Scope>, TokenRefusal> {
    let Some(asked) = asked else {
        return Ok(granted.clone());
    };
    let find = |word: &str| granted.iter().find(|scope| scope.as_str() == word).copied();
    let words = asked.split(' ').filter(|word| !word.is_empty());
    let found: Option<BTreeSet<Scope>> = words.map(find).collect();
    found
        .filter(|scopes| !scopes.is_empty())
        .ok_or(TokenRefusal::Scope)
}

/// The application as it was granted, if it still takes whoever is behind `session`.
fn judged(
    registered: &Arc<Application>,
    scopes: &BTreeSet<Scope>,
    session: &Session,
    now: OffsetDateTime,
) -> Result<Application, Unmet> {
    let application = Application {
        scopes: scopes.clone(),
        requires: Requirements {
            max_age: None,
            ..registered.requires.clone()
        },
        ..Application::clone(registered)
    };
    application.admits(session, now)?;
    Ok(application)
}

/// When `access` ends.
fn ending(access: &SessionToken, session: &Session) -> OffsetDateTime {
    let end = OffsetDateTime::from_unix_timestamp(access.claims.exp);
    end.unwrap_or(session.lifetime().over_at())
}

/// Tokens are in it.
impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenResponse(…)")
    }
}
