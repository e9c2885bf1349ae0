//! Who asks at our endpoints: the application proves itself, by the one method it is registered for.
//!
//! | method | proof | standard |
//! |---|---|---|
//! | `client_secret_basic` | the secret in `Authorization: Basic`, both parts form-encoded | RFC 6749 2.3.1 |
//! | `client_secret_post` | the secret in the form | RFC 6749 2.3.1 |
//! | `private_key_jwt` | a token signed by its key, good once | RFC 7523, `assertion::RULES` |
//! | `none` | nothing: a public client names itself, and PKCE or `DPoP` prove the rest | RFC 6749 2.1 |
//!
//! A stranger may fail as often as they like under a client's name: failures count for the client *and* the address
//! they come from, so the client itself, elsewhere, is never kept out (AP-15). Whoever has proven to be a client may ask
//! as often as they need. A public client proves nothing, so its requests are counted by address, with room for a whole
//! hospital behind one.

pub mod assertion;
mod presented;

pub use presented::Brought;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use openssl::memcmp;
use time::Duration;

use crate::downstream::application::registry::Applications;
use crate::downstream::application::{Application, ClientAuthentication};
use crate::downstream::client_authentication::assertion::{Assertion, AssertionFlaw};
use crate::downstream::client_authentication::presented::{Presented, Proof};
use crate::platform::clock::Clock;
use crate::platform::digest::sha256;
use crate::platform::failures::Failures;
use crate::platform::rate::Rate;
use crate::platform::secret::Secret;
use crate::platform::store::Store;

/// So many failures of one client from one address are judged in a period.
const MOST_FAILURES: u32 = 30;
/// After so long they are forgotten.
const PERIOD: Duration = Duration::MINUTE;
/// So many requests of one public client come from one address in a minute: ten thousand people who refresh every five
/// minutes make two thousand.
const MOST_PUBLIC_REQUESTS: u32 = 6000;

/// An application that has proven to be it. Only [`Clients::authenticate`] makes one.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient(Arc<Application>);

impl AuthenticatedClient {
    /// The application.
    pub fn application(&self) -> &Arc<Application> {
        &self.0
    }

    /// The name it is registered by.
    pub fn client_id(&self) -> &str {
        &self.0.client_id
    }

    /// True if it holds no secret, and so has proven nothing but its name.
    pub fn is_public(&self) -> bool {
        let method = self.0.login.as_ref().map(|login| &login.authentication);
        matches!(method, Some(ClientAuthentication::None))
    }
}

/// Why whoever asks is not taken for a client.
#[derive(Debug, thiserror::Error)]
pub enum NotTheClient {
    /// More than one method in one request (RFC 6749 2.3), or two names.
    #[error("more than one method of client authentication, or two client ids")]
    SeveralMethods,
    /// Not a proof in any form we know.
    #[error("the client authentication cannot be read: {0}")]
    Unreadable(&'static str),
    /// Nothing names a client.
    #[error("no client is named")]
    Unnamed,
    /// Nobody is registered by that name, or not to sign people in.
    #[error("no client of that name signs people in here")]
    Unknown,
    /// Registered for another method.
    #[error("the client is registered for another method")]
    OtherMethod,
    /// The secret is another.
    #[error("the secret is wrong")]
    WrongSecret,
    /// The assertion is not believed.
    #[error(transparent)]
    Assertion(#[from] AssertionFlaw),
    /// It has failed too often from this address, or asked too often if it proves nothing.
    #[error("too many failures or requests of this client from this address")]
    TooMany,
}

/// Judges who asks.
#[derive(Debug)]
pub struct Clients {
    issuer: String,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    failures: Failures,
    public_requests: Rate,
}

impl Clients {
    /// For the bridge whose public address is `issuer`.
    pub fn new(issuer: &str, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        let most = NonZeroU32::new(MOST_PUBLIC_REQUESTS).unwrap_or(NonZeroU32::MIN);
        Self {
            issuer: issuer.to_owned(),
            failures: Failures::new(MOST_FAILURES, PERIOD, Arc::clone(&clock)),
            public_requests: Rate::new(most, PERIOD.unsigned_abs(), Arc::clone(&clock)),
            store,
            clock,
        }
    }

    /// The client that `brought` proves, at an endpoint of ours.
    ///
    /// # Errors
    /// [`NotTheClient`]. Only the log may tell one from another, save for several methods and too many failures.
    pub async fn authenticate(
        &self,
        applications: &Applications,
        brought: &Brought<'_>,
    ) -> Result<AuthenticatedClient, NotTheClient> {
        let presented = Presented::read(brought)?;
        let application = applications.find(&presented.client_id);
        let name = counted_as(application.map(|known| known.client_id.as_str()), brought.source);
        let proves_nothing = matches!(presented.proof, Proof::Nothing);
        let is_too_much = if proves_nothing {
            !self.public_requests.allows(&name)
        } else {
            self.failures.are_too_many(&name)
        };
        if is_too_much {
            return Err(NotTheClient::TooMany);
        }
        let judged = match application {
            Some(application) => self.judge(application, &presented, brought.endpoint).await,
            None => Err(NotTheClient::Unknown),
        };
        match &judged {
            Err(NotTheClient::Assertion(flaw)) if flaw.is_ours() => {}
            // Only what could be a guess: a page that somebody here has open may send anything else in a client's name.
            Err(NotTheClient::WrongSecret | NotTheClient::Assertion(_)) => self.failures.count(&name),
            Ok(_) | Err(_) => {}
        }
        judged
    }

    async fn judge(
        &self,
        application: &Arc<Application>,
        presented: &Presented,
        endpoint: &str,
    ) -> Result<AuthenticatedClient, NotTheClient> {
        let Some(login) = &application.login else {
            return Err(NotTheClient::Unknown);
        };
        match (&login.authentication, &presented.proof) {
            (ClientAuthentication::None, Proof::Nothing) => {}
            (ClientAuthentication::SecretBasic(ours), Proof::Basic(theirs))
            | (ClientAuthentication::SecretPost(ours), Proof::Post(theirs)) => {
                if !is_same(ours, theirs) {
                    return Err(NotTheClient::WrongSecret);
                }
            }
            (ClientAuthentication::PrivateKeyJwt(keys), Proof::Assertion(token)) => {
                let assertion = Assertion {
                    token,
                    client_id: &application.client_id,
                    audiences: &[&self.issuer, &format!("{}/oauth2/token", self.issuer), endpoint],
                    keys,
                    now: self.clock.now(),
                };
                assertion.judge(self.store.as_ref()).await?;
            }
            _ => return Err(NotTheClient::OtherMethod),
        }
        Ok(AuthenticatedClient(Arc::clone(application)))
    }
}

/// Compares hashes, so that not even the length of the secret shows in how long it takes.
fn is_same(ours: &Secret, theirs: &Secret) -> bool {
    memcmp::eq(&sha256(ours.expose()), &sha256(theirs.expose()))
}

/// Whose failure one is: the client's from there. All names that nobody is registered by are one, so that inventing
/// names fills no memory.
fn counted_as(client_id: Option<&str>, source: Option<IpAddr>) -> String {
    let network = match source {
        Some(IpAddr::V4(address)) => address.to_string(),
        // A home or a ward has a whole /64.
        Some(IpAddr::V6(address)) => format!("{:x}", address.to_bits() >> 64),
        None => "?".to_owned(),
    };
    format!("{network} {}", client_id.unwrap_or_default())
}

#[cfg(test)]
mod tests;
