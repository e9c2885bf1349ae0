//! `RelyingParty`: one connection to one OpenID provider, ready to ask and to judge.

use std::sync::Arc;

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::platform::environment::Environment;
use crate::platform::outbound::{Outbound, Send, Unreached};
use crate::platform::random::Random;
use crate::platform::secret::NoOctets;
use crate::protocol::jose::FAKE_KID_MARK;
use crate::protocol::jose::key_set::KeySet;
use crate::protocol::jose::public_key::PublicKey;
use crate::protocol::jose::signer::{Signer, SignerError};
use crate::upstream::oidc_rp::addresses;
use crate::upstream::oidc_rp::cached::{Asker, Cached, Renewed, Unfetched};
use crate::upstream::oidc_rp::client_authentication::{ClientAuthentication, Form, NoProof};
use crate::upstream::oidc_rp::discovery::Provider;
use crate::upstream::oidc_rp::settings::{AssertionAudience, Settings};
use crate::upstream::wish::{RoleWish, Wish};

/// Who asks a person with several roles which one it is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolePicker {
    /// The provider, by the scope `selectedrole`.
    Provider,
    /// We, or nobody.
    Ourselves,
}

/// What surrounds a connection.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Our address as browsers see it.
    pub origin: &'a str,
    /// The world this bridge stands in.
    pub environment: Environment,
    /// Who asks for the role.
    pub picker: RolePicker,
}

/// One connection. Our keys are parsed when it is made; the provider's documents are fetched when they are needed.
#[derive(Debug)]
pub struct RelyingParty {
    name: String,
    origin: String,
    redirect_uri: String,
    settings: Settings,
    environment: Environment,
    picker: RolePicker,
    client: ClientAuthentication,
    public_keys: Vec<Value>,
    outbound: Outbound,
    provider: Cached<Provider>,
    keys: Cached<KeySet>,
}

/// Why a connection cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    /// A key or the secret cannot be read.
    #[error(transparent)]
    Source(#[from] NoOctets),
    /// A key is no key for its algorithm.
    #[error("a client key: {0}")]
    Key(#[from] SignerError),
    /// The method needs a key or a secret that is not there.
    #[error("the client authentication has no {0}")]
    Missing(&'static str),
    /// The HTTP client.
    #[error(transparent)]
    Outbound(#[from] Unreached),
}

impl RelyingParty {
    /// Reads all that the connection `name` needs. Asks nobody.
    pub fn load(name: &str, settings: Settings, around: Surroundings<'_>) -> Result<Self, NoClient> {
        let read = |key: &crate::upstream::oidc_rp::settings::ClientKey| -> Result<Signer, NoClient> {
            let pem = key.key.read()?;
            Ok(Signer::from_pem(
                pem.expose(),
                key.algorithm.into(),
                key.kid.as_deref(),
            )?)
        };
        let signers: Vec<Signer> = settings.client_keys.iter().map(read).collect::<Result<_, _>>()?;
        let public_keys = signers.iter().filter_map(Signer::public_jwk).collect();
        let client = ClientAuthentication::of(&settings, signers)?;
        Ok(Self {
            name: name.to_owned(),
            origin: around.origin.to_owned(),
            redirect_uri: addresses::callback_url(around.origin, name),
            environment: around.environment,
            picker: around.picker,
            client,
            public_keys,
            outbound: Outbound::new()?,
            provider: Cached::empty(),
            keys: Cached::empty(),
            settings,
        })
    }

    /// Its name in the configuration and in addresses.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Our address as browsers see it.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) fn environment(&self) -> Environment {
        self.environment
    }

    /// What the operator set for it.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The address to which browsers bring the provider's answers.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The public halves of our keys, the one that signs first (RFC 7517 5).
    pub fn key_set(&self) -> Value {
        json!({ "keys": self.public_keys })
    }

    /// The provider's addresses: as configured, or from its discovery document.
    pub async fn provider(&self, now: OffsetDateTime) -> Result<Arc<Provider>, Unfetched> {
        let Some(url) = self.settings.discovery_url() else {
            return self.provider.get(now, async || self.configured()).await;
        };
        self.provider.get(now, async || self.discover(&url).await).await
    }

    /// The provider's keys. In a live environment those of our fakes are none.
    pub async fn keys(&self, now: OffsetDateTime) -> Result<Arc<KeySet>, Unfetched> {
        let provider = self.provider(now).await?;
        self.keys
            .get(now, async || self.fetch_keys(&provider).await)
            .await
    }

    /// True if the people of this provider are invented.
    pub(super) async fn is_simulated(
        &self,
        provider: &Provider,
        now: OffsetDateTime,
    ) -> Result<bool, Unfetched> {
        Ok(provider.is_on_this_machine() || is_fake(&*self.keys(now).await?))
    }

    /// The provider's keys, asked for again because one is not among them, if that was not done a moment ago.
    pub(super) async fn keys_anew(
        &self,
        asker: Asker,
        now: OffsetDateTime,
    ) -> Result<Renewed<KeySet>, Unfetched> {
        let provider = self.provider(now).await?;
        let fetch = async || self.fetch_keys(&provider).await;
        self.keys.get_anew(asker, now, fetch).await
    }

    /// Adds our proof to a form for this provider.
    pub(super) fn prove(
        &self,
        form: &mut Form,
        provider: &Provider,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<(), NoProof> {
        let audience = match &self.settings.assertion_audience {
            AssertionAudience::TokenEndpoint => &provider.token_endpoint,
            AssertionAudience::Issuer => &self.settings.issuer,
            AssertionAudience::Stated(text) => text,
        };
        self.client.prove(form, audience, now, random)
    }

    pub(super) fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// The scopes of a request: the configured ones, and the one that makes CIS2 ask for a role.
    pub(super) fn scope(&self, wish: Wish) -> String {
        let role = match (self.picker, wish.role) {
            (RolePicker::Ourselves, _) => None,
            (RolePicker::Provider, RoleWish::AsUsual) => Some("selectedrole"),
            (RolePicker::Provider, RoleWish::Another) => Some("changedrole"),
        };
        let scopes = self.settings.scopes.iter().map(String::as_str);
        scopes.chain(role).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn max_age_to_send(&self) -> Option<Duration> {
        self.settings.max_auth_age.filter(|_| self.settings.send_max_age)
    }

    /// True if the provider is on this machine, as only a fake is.
    pub fn is_on_this_machine(&self) -> bool {
        self.settings.issuer.starts_with("http://")
    }

    async fn discover(&self, url: &str) -> Result<Provider, Unfetched> {
        const WHAT: &str = "the discovery document";
        let octets = self.fetch(WHAT, url).await?;
        let provider = Provider::read(&octets, &self.settings.issuer, self.environment)
            .map_err(|flaw| unfetched(WHAT, &flaw))?;
        Ok(provider)
    }

    /// The provider's addresses as the configuration names them.
    pub(super) fn configured(&self) -> Result<Provider, Unfetched> {
        let endpoints = self.settings.endpoints.as_ref();
        let endpoints = endpoints.ok_or_else(|| unfetched("the endpoints", &"none are configured"))?;
        Ok(Provider {
            authorization_endpoint: endpoints.authorization.clone(),
            token_endpoint: endpoints.token.clone(),
            userinfo_endpoint: endpoints.userinfo.clone(),
            jwks_uri: endpoints.jwks.clone(),
            end_session_endpoint: endpoints.end_session.clone(),
            pushed_authorization_request_endpoint: None,
            lists_s256: None,
            names_itself: self.settings.require_iss_parameter,
        })
    }

    async fn fetch_keys(&self, provider: &Provider) -> Result<KeySet, Unfetched> {
        const WHAT: &str = "the key set";
        let octets = self.fetch(WHAT, &provider.jwks_uri).await?;
        let keys = KeySet::read(&octets).map_err(|flaw| unfetched(WHAT, &flaw))?;
        if is_fake(&keys) && self.environment.is_live() {
            return Err(unfetched(
                WHAT,
                &"it is that of one of our fakes, and real people sign in here",
            ));
        }
        if keys.is_empty() {
            return Err(unfetched(WHAT, &"it holds no key that could sign"));
        }
        Ok(keys)
    }

    async fn fetch(&self, what: &'static str, url: &str) -> Result<Vec<u8>, Unfetched> {
        let headers = [("accept", "application/json")];
        let reply = self.outbound.ask(url, Send::Get, &headers).await;
        let reply = reply.map_err(|cause| unfetched(what, &cause))?;
        if reply.status == 200 {
            Ok(reply.body)
        } else {
            Err(unfetched(
                what,
                &format!("its address answers with status {}", reply.status),
            ))
        }
    }
}

/// Our fakes mark their keys, so that nobody can be signed in with one and be taken for real.
pub(super) fn is_fake(keys: &KeySet) -> bool {
    let mut names = keys.keys().iter().filter_map(PublicKey::kid);
    names.any(|kid| kid.starts_with(FAKE_KID_MARK))
}

fn unfetched(what: &'static str, why: &dyn std::fmt::Display) -> Unfetched {
    Unfetched {
        what,
        why: why.to_string(),
    }
}
