//! The session token: a session as one signed statement for one application.

use std::sync::Arc;

use openssl::error::ErrorStack;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::downstream::application::{Application, Scope, Simulated};
use crate::downstream::signing_keys::SigningKeys;
use crate::downstream::subject::SubjectKey;
use crate::identity::person::{Organisation, OrganisationSource, Person};
use crate::platform::clock::Clock;
use crate::platform::environment::Environment;
use crate::platform::random::{self, NoRandomness, Random};
use crate::protocol::jose::es256::KeyError;
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
    Key(#[from] KeyError),
    /// The subject could not be computed.
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] ErrorStack),
}

/// What a token says. A claim that is absent is not known, or not for this application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The bridge.
    pub iss: String,
    /// The one application it is for.
    pub aud: String,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was written.
    pub iat: i64,
    /// Its own name.
    pub jti: String,
    /// The application as registered.
    pub client_id: String,
    /// What the application may be told.
    pub scope: String,
    /// The session.
    pub sid: String,
    /// When the person proved themselves to their upstream.
    pub auth_time: i64,
    /// The person.
    pub sub: String,
    /// The door they came through.
    pub door: String,
    /// The connection, by its configured name.
    pub connection: String,
    /// The world they belong to.
    pub environment: Environment,
    /// True if a fake vouched for them; else absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
    /// The upstream's own name for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream: Option<UpstreamClaim>,
    /// How they proved themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// Whether with several factors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa: Option<bool>,
    /// The name to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The address to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Always false: nobody proved to us that letters arrive there. Never link accounts by address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgClaim>,
    /// All roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Nothing>,
    /// What the selected role may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activities: Option<Nothing>,
    /// The workgroups of the selected role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workgroups: Option<Nothing>,
    /// The professional registrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub professional_ids: Option<Nothing>,
}

/// An empty list: a mailbox brings no role and no registration. An `acr`, `aal` or `ial` it does not bring either.
pub type Nothing = [(); 0];

/// The upstream's own name for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamClaim {
    /// The upstream, octet for octet.
    pub issuer: String,
    /// Its name for the person, octet for octet.
    pub subject: String,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgClaim {
    /// Its ODS code.
    pub code: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where we have it from.
    pub source: OrganisationSource,
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
        if session.person().is_simulated() && application.simulated == Simulated::Refuse {
            return Err(MintRefusal::Simulated);
        }
        let claims = self.claims(session, application)?;
        let compact = self.keys.current().token(TYPE, &claims)?;
        Ok(SessionToken { compact, claims })
    }

    /// The keys that sign and have signed.
    pub fn keys(&self) -> &SigningKeys {
        &self.keys
    }

    fn claims(&self, session: &Session, application: &Application) -> Result<Claims, MintRefusal> {
        let person = session.person();
        let now = self.clock.now();
        let told = About { person, application };
        Ok(Claims {
            iss: self.issuing.issuer.clone(),
            aud: application.audience.clone(),
            exp: self.expiry(session, now)?,
            iat: now.unix_timestamp(),
            jti: random::token(self.random.as_ref())?,
            client_id: application.client_id.clone(),
            scope: application.scope_words(),
            sid: session.sid().to_owned(),
            auth_time: person.proof().instant().unix_timestamp(),
            sub: self.subject_key.opaque(person.account())?,
            door: person.door().as_str().to_owned(),
            connection: person.connection().to_owned(),
            environment: session.environment(),
            simulated: person.is_simulated(),
            upstream: told.upstream(),
            amr: application.told(Scope::Assurance, Some(person.proof().methods().to_vec())),
            mfa: application.told(Scope::Assurance, person.proof().several_factors()),
            name: application.told(Scope::Profile, person.name()),
            given_name: told.text(Scope::Profile, person.given_name()),
            family_name: told.text(Scope::Profile, person.family_name()),
            email: told.text(Scope::Email, person.email()),
            email_verified: application.told(Scope::Email, person.email().map(|_| false)),
            org: application.told(Scope::Organisation, person.organisation().map(org)),
            roles: application.told(Scope::Role, Some([])),
            activities: application.told(Scope::Role, Some([])),
            workgroups: application.told(Scope::Role, Some([])),
            professional_ids: application.told(Scope::Professional, Some([])),
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

/// One person, as one application may see them.
struct About<'a> {
    person: &'a Person,
    application: &'a Application,
}

impl About<'_> {
    fn text(&self, scope: Scope, text: Option<&str>) -> Option<String> {
        self.application.told(scope, text).map(str::to_owned)
    }

    fn upstream(&self) -> Option<UpstreamClaim> {
        let account = self
            .application
            .told(Scope::Upstream, Some(self.person.account()))?;
        Some(UpstreamClaim {
            issuer: account.issuer().to_owned(),
            subject: account.subject().to_owned(),
        })
    }
}

fn org(organisation: &Organisation) -> OrgClaim {
    OrgClaim {
        code: organisation.code.as_str().to_owned(),
        name: organisation.name.as_ref().map(|name| name.as_str().to_owned()),
        source: organisation.source,
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

#[cfg(test)]
mod tests;
