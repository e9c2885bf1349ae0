//! The session token: a session as one signed statement for one application.

mod about;
mod claims;
mod id_token;
mod read;

pub use claims::{
    Claims, Confirmation, ListedRole, OrgClaim, ProfessionalClaim, RoleClaim, RoleOrgClaim, UpstreamClaim,
    WorkgroupClaim,
};
pub use id_token::{CLAIMS, ID_TOKEN_TYPE};
pub use read::NotOurs;

use std::sync::Arc;

use openssl::error::ErrorStack;
use time::{Duration, OffsetDateTime};

use crate::downstream::application::scope::Scope;
use crate::downstream::application::{Application, Simulated};
use crate::downstream::grants::GrantId;
use crate::downstream::session_token::about::About;
use crate::downstream::signing_keys::{NotSigned, SigningKeys};
use crate::downstream::subject::SubjectKey;
use crate::identity::role::Role;
use crate::platform::clock::Clock;
use crate::platform::random::{self, NoRandomness, Random};
use crate::session::record::Session;

/// The type of a session token: an access token (RFC 9068 2.1).
pub const TYPE: &str = "at+jwt";

/// What the bridge says in every token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuing {
    /// The bridge's public address, octet for octet.
    pub issuer: String,
    /// How long a token lasts, unless its session ends before.
    pub lifetime: Duration,
}

/// Writes session tokens.
#[derive(Debug)]
pub struct SessionTokens {
    issuing: Issuing,
    keys: Arc<SigningKeys>,
    subject_key: SubjectKey,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// What an access token says beside a session token.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// The grant it is issued by.
    pub grant: &'a GrantId,
    /// The thumbprint of the key it is bound to (RFC 9449 6).
    pub dpop_jkt: Option<&'a str>,
}

/// A token and what it says.
#[derive(Clone)]
pub struct SessionToken {
    /// The token in compact form. Whoever holds it is the person.
    pub compact: String,
    /// Its claims.
    pub claims: Claims,
}

/// Why no token was written.
#[derive(Debug, thiserror::Error)]
pub enum MintRefusal {
    /// The session is over, or will be within the second.
    #[error("the session is over")]
    SessionIsOver,
    /// A fake vouched for the person, and the application takes real people only.
    #[error("the application does not take simulated people")]
    Simulated,
    /// There was nothing to name the token with.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] NotSigned),
    /// The claims could not be written.
    #[error("the claims cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The subject could not be computed.
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] ErrorStack),
}

impl SessionTokens {
    /// Tokens signed with `keys`, naming people under `subject_key`.
    pub fn new(
        issuing: Issuing,
        keys: Arc<SigningKeys>,
        subject_key: SubjectKey,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            issuing,
            keys,
            subject_key,
            clock,
            random,
        }
    }

    /// Writes a token about `session` for `application`.
    pub fn mint(&self, session: &Session, application: &Application) -> Result<SessionToken, MintRefusal> {
        self.signed(self.claims(session, application)?, application)
    }

    /// Writes an access token about `session` for `application`, to which a person has granted it.
    pub fn mint_bound(
        &self,
        session: &Session,
        application: &Application,
        bound: &Bound<'_>,
    ) -> Result<SessionToken, MintRefusal> {
        let claims = Claims {
            grant: Some(bound.grant.as_str().to_owned()),
            cnf: bound.dpop_jkt.map(|jkt| Confirmation { jkt: jkt.to_owned() }),
            ..self.claims(session, application)?
        };
        self.signed(claims, application)
    }

    /// The name by which `application` knows whoever is behind `session`.
    ///
    /// # Errors
    /// [`MintRefusal::OpenSsl`].
    pub fn subject_of(&self, session: &Session, application: &Application) -> Result<String, MintRefusal> {
        let account = session.person().account();
        Ok(self.subject_key.name(account, &application.subject)?)
    }

    /// Now, by the clock that tokens go by.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    fn signed(&self, claims: Claims, application: &Application) -> Result<SessionToken, MintRefusal> {
        if claims.simulated && application.simulated == Simulated::Refuse {
            return Err(MintRefusal::Simulated);
        }
        let compact = self.keys.sign(application.algorithm, TYPE, &claims)?;
        Ok(SessionToken { compact, claims })
    }

    /// The keys that sign and have signed.
    pub fn keys(&self) -> &SigningKeys {
        &self.keys
    }

    fn claims(&self, session: &Session, application: &Application) -> Result<Claims, MintRefusal> {
        let person = session.person();
        let now = self.clock.now();
        let told = About {
            person,
            application,
            key: &self.subject_key,
        };
        let assurance = application.told(Scope::Assurance, person.assurance());
        Ok(Claims {
            iss: self.issuing.issuer.clone(),
            aud: application.audience.clone(),
            exp: self.expiry(session, now)?,
            iat: now.unix_timestamp(),
            jti: random::token(self.random.as_ref())?,
            client_id: application.client_id.clone(),
            scope: application.scope_words(),
            sid: self
                .subject_key
                .session_name(session.sid(), &application.subject)?,
            grant: None,
            cnf: None,
            auth_time: person.proof().proven_at().map(OffsetDateTime::unix_timestamp),
            sub: self.subject_of(session, application)?,
            door: person.door().as_str().to_owned(),
            connection: person.connection().to_owned(),
            environment: session.environment(),
            simulated: person.is_simulated(),
            upstream: told.upstream(),
            acr: assurance.map(|level| format!("urn:nhs:aal:{}", level.aal)),
            amr: application.told(Scope::Assurance, Some(person.proof().methods().to_vec())),
            mfa: application.told(Scope::Assurance, person.proof().several_factors()),
            aal: assurance.map(|level| level.aal),
            ial: assurance.map(|level| level.ial),
            name: application.told(Scope::Profile, person.name()),
            given_name: told.text(Scope::Profile, person.given_name()),
            family_name: told.text(Scope::Profile, person.family_name()),
            email: told.text(Scope::Email, person.email()),
            email_verified: application.told(Scope::Email, person.email().map(|_| false)),
            org: application.told(Scope::Organisation, person.organisation().map(OrgClaim::from)),
            role: told.role()?,
            roles: told.roles()?,
            activities: told.activities(),
            workgroups: told.list(Scope::Role, person.role().map_or(&[], Role::workgroups)),
            professional_ids: told.list(Scope::Professional, person.professional_ids()),
        })
    }

    /// A token never outlives its session, not even by the fraction of a second that its whole seconds hide.
    fn expiry(&self, session: &Session, now: OffsetDateTime) -> Result<i64, MintRefusal> {
        let own = now.saturating_add(self.issuing.lifetime);
        let expiry = own.min(session.lifetime().over_at()).unix_timestamp();
        if expiry > now.unix_timestamp() {
            Ok(expiry)
        } else {
            Err(MintRefusal::SessionIsOver)
        }
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

#[cfg(test)]
mod tests;
