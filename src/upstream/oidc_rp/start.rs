//! Leaving for the provider: the authorization request, and the address that carries it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use time::OffsetDateTime;
use url::form_urlencoded::Serializer;

use crate::platform::outbound::{Send, Unreached};
use crate::platform::random::{NoRandomness, Random, token};
use crate::upstream::oidc_rp::cached::Unfetched;
use crate::upstream::oidc_rp::client_authentication::{Form, NoProof};
use crate::upstream::oidc_rp::relying_party::RelyingParty;
use crate::upstream::oidc_rp::settings::{Pkce, Prompt, PushedRequests, acr_of_level};
use crate::upstream::pending::Asked;
use crate::upstream::verified::Door;
use crate::upstream::wish::{ProofWish, Wish};

/// A request that is written but not sent, since its `state` is not known yet.
#[derive(Clone)]
pub struct Departure {
    nonce: String,
    code_verifier: Option<String>,
    parameters: Vec<(String, String)>,
}

/// Why nobody could be sent anywhere.
#[derive(Debug, thiserror::Error)]
pub enum NoDeparture {
    /// No identifier could be drawn.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The provider's addresses are not known.
    #[error(transparent)]
    Unfetched(#[from] Unfetched),
    /// The provider did not take the request that was pushed to it.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// It answered something else than RFC 9126 says.
    #[error("the provider refused the pushed authorization request with status {0}")]
    NotPushed(u16),
    /// We could not prove who we are.
    #[error(transparent)]
    Proof(#[from] NoProof),
}

/// RFC 9126 2.2.
#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
}

impl Departure {
    /// What the answer will be judged by.
    pub fn asked(&self) -> Asked {
        Asked::Authorization {
            nonce: self.nonce.clone(),
            code_verifier: self.code_verifier.clone(),
        }
    }
}

impl RelyingParty {
    /// Writes the authorization request (OpenID Connect Core 3.1.2.1). Our address for the answer is the configured
    /// one and no other.
    pub fn depart(&self, wish: Wish, random: &dyn Random) -> Result<Departure, NoDeparture> {
        let settings = self.settings();
        let nonce = token(random)?;
        let code_verifier = match settings.pkce {
            Pkce::S256 => Some(token(random)?),
            Pkce::Off => None,
        };
        let mut parameters = vec![
            ("response_type", "code".to_owned()),
            ("client_id", settings.client_id.clone()),
            ("redirect_uri", self.redirect_uri().to_owned()),
            ("scope", self.scope(wish)),
            ("nonce", nonce.clone()),
        ];
        if let Some(verifier) = &code_verifier {
            parameters.push(("code_challenge", challenge(verifier)));
            parameters.push(("code_challenge_method", "S256".to_owned()));
        }
        let acr_values = self.acr_values(wish);
        if !acr_values.is_empty() {
            parameters.push(("acr_values", acr_values.join(" ")));
        }
        if let Some(prompt) = self.prompt(wish.proof).parameter() {
            parameters.push(("prompt", prompt.to_owned()));
        }
        if let Some(age) = self.max_age_to_send() {
            parameters.push(("max_age", age.whole_seconds().to_string()));
        }
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        Ok(Departure {
            nonce,
            code_verifier,
            parameters: parameters.into_iter().map(owned).collect(),
        })
    }

    /// The contexts to ask for: the configured ones, unless more is wished than they stand for. NHSmail knows none.
    fn acr_values(&self, wish: Wish) -> Vec<String> {
        let settings = self.settings();
        let known = settings.minimum_assurance.map_or(0, |least| least.aal);
        match wish.least_aal.filter(|least| *least > known) {
            Some(aal) if settings.door == Door::Cis2 => acr_of_level(aal),
            Some(_) | None => settings.acr_values.clone(),
        }
    }

    /// The prompt for this wish: the configured one, unless people are to prove themselves anew.
    pub(super) fn prompt(&self, wish: ProofWish) -> Prompt {
        match wish {
            ProofWish::Fresh => Prompt::Login,
            ProofWish::AsUsual => self.settings().prompt,
        }
    }

    /// The address at the provider. Where it takes pushed requests, only a reference to one is in it (RFC 9126).
    pub async fn address(
        &self,
        departure: &Departure,
        state: &str,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<String, NoDeparture> {
        let provider = self.provider(now).await?;
        let mut parameters = departure.parameters.clone();
        parameters.push(("state".to_owned(), state.to_owned()));
        let offered = provider.pushed_authorization_request_endpoint.as_ref();
        let pushes = self.settings().pushed_requests == PushedRequests::WhenOffered;
        if let Some(endpoint) = offered.filter(|_| pushes) {
            let mut form = Form {
                fields: parameters,
                authorization: None,
            };
            self.prove(&mut form, &provider, now, random)?;
            let reference = self.push(endpoint, &form).await?;
            parameters = vec![
                ("client_id".to_owned(), self.settings().client_id.clone()),
                ("request_uri".to_owned(), reference),
            ];
        }
        Ok(with_query(&provider.authorization_endpoint, &parameters))
    }

    async fn push(&self, endpoint: &str, form: &Form) -> Result<String, NoDeparture> {
        let send = Send::Form(&form.fields);
        let reply = self.outbound().ask(endpoint, send, &form.headers()).await?;
        let refused = || NoDeparture::NotPushed(reply.status);
        if reply.status != 201 {
            return Err(refused());
        }
        let pushed: Pushed = serde_json::from_slice(&reply.body).map_err(|_cause| refused())?;
        Ok(pushed.request_uri)
    }
}

/// RFC 7636 4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(crate::platform::digest::sha256(verifier.as_bytes()))
}

/// `address` with `parameters` in its query, the address itself untouched.
pub(super) fn with_query(address: &str, parameters: &[(String, String)]) -> String {
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{query}")
}

impl std::fmt::Debug for Departure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Departure(…)")
    }
}
