//! `DPoP`: an application shows, at each request, that it holds the key its tokens are bound to (RFC 9449).
//!
//! A proof is for one request: its method, its address, this moment, once. Whose clock is wrong gets a *nonce*, our own
//! stamp of the time, and puts it into its next proof instead (RFC 9449 8).

mod rules;

pub use rules::{ALGORITHMS, RULES, Rule};

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::memcmp;
use serde_json::{Map, Value};
use time::Duration;

use crate::downstream::dpop::rules::Proof;
use crate::downstream::subject::SubjectKey;
use crate::platform::clock::Clock;
use crate::platform::digest::sha256;
use crate::platform::store::{Store, StoreError};
use crate::protocol::jose::compact::{Compact, TokenFlaw};
use crate::protocol::jose::key_set::KeySet;

/// How long one nonce is given out. It is taken as long again.
const NONCE_PERIOD: Duration = Duration::minutes(5);
/// How long a proof is remembered: longer than any is believed.
const REMEMBERED: Duration = Duration::minutes(11);

/// The request that a proof is for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its address as we publish it, without a query.
    pub address: &'a str,
    /// The access token that comes with it.
    pub access_token: Option<&'a str>,
}

/// Why a proof is none.
#[derive(Debug, thiserror::Error)]
pub enum NoProof {
    /// It cannot be read.
    #[error("the DPoP proof cannot be read: {0}")]
    Unreadable(#[from] TokenFlaw),
    /// Its key is none that signs.
    #[error("the key of the DPoP proof is not usable")]
    Key,
    /// A rule does not hold.
    #[error("the rule {0} does not hold")]
    Rule(&'static str),
    /// Its clock is not ours, or its nonce is too old: one of ours must be in it.
    #[error("the DPoP proof needs a nonce of ours")]
    NeedsNonce,
    /// The replay memory gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Judges proofs.
#[derive(Debug)]
pub struct Proofs {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    key: SubjectKey,
}

impl Proofs {
    /// Proofs are remembered in `store`; nonces are stamped under `key`, so that every node knows them.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, key: SubjectKey) -> Self {
        Self { store, clock, key }
    }

    /// The thumbprint of the key that `proof` shows for `request`.
    ///
    /// # Errors
    /// [`NoProof`].
    pub async fn judge(&self, proof: &str, request: &Request<'_>) -> Result<String, NoProof> {
        let token = Compact::read(proof)?;
        let jwk = token.header().get("jwk").and_then(Value::as_object);
        let keys = jwk.and_then(only_key).ok_or(NoProof::Key)?;
        let has_nonce = self.nonce_is_good(token.claims())?;
        let proof = Proof {
            token: &token,
            keys: &keys,
            request: *request,
            now: self.clock.now(),
        };
        if let Some(broken) = RULES.iter().find(|rule| !(rule.holds)(&proof)) {
            return Err(NoProof::Rule(broken.id));
        }
        if !has_nonce && !proof.is_of_now() {
            return Err(NoProof::NeedsNonce);
        }
        let thumbprint = keys.keys().first().and_then(|key| thumbprint(key.jwk()));
        let thumbprint = thumbprint.ok_or(NoProof::Key)?;
        self.remember(&thumbprint, proof.id()).await?;
        Ok(thumbprint)
    }

    /// The nonce of this moment.
    pub fn nonce(&self) -> Option<String> {
        self.nonce_of(self.period())
    }

    /// True if there is one and it is ours of now or just before; false if there is none.
    fn nonce_is_good(&self, claims: &Map<String, Value>) -> Result<bool, NoProof> {
        let Some(stated) = claims.get("nonce") else {
            return Ok(false);
        };
        let stated = stated.as_str().unwrap_or_default();
        let good = [self.period(), self.period() - 1]
            .into_iter()
            .filter_map(|period| self.nonce_of(period));
        let is_good = good
            .into_iter()
            .any(|ours| ours.len() == stated.len() && memcmp::eq(ours.as_bytes(), stated.as_bytes()));
        if is_good {
            Ok(true)
        } else {
            Err(NoProof::NeedsNonce)
        }
    }

    fn period(&self) -> i64 {
        self.clock.now().unix_timestamp() / NONCE_PERIOD.whole_seconds()
    }

    fn nonce_of(&self, period: i64) -> Option<String> {
        self.key.stamp("DPoP nonce", &period.to_string()).ok()
    }

    async fn remember(&self, thumbprint: &str, id: &str) -> Result<(), NoProof> {
        let key = hex::encode(sha256(format!("{thumbprint}\0{id}").as_bytes()));
        let until = self.clock.now().saturating_add(REMEMBERED);
        if self.store.put_new(&format!("dpop/{key}"), &[], until).await? {
            Ok(())
        } else {
            Err(NoProof::Rule("dpop-id-unused"))
        }
    }
}

/// A key set of this key alone; a private key or one too weak is none.
fn only_key(jwk: &Map<String, Value>) -> Option<KeySet> {
    let keys = Value::Array(vec![Value::Object(jwk.clone())]);
    let document = Map::from_iter([("keys".to_owned(), keys)]);
    KeySet::of(&document).ok().filter(|set| !set.is_empty())
}

/// RFC 7638 3: the hash of the members that make the key, in order of their names.
fn thumbprint(jwk: &Map<String, Value>) -> Option<String> {
    let members: &[&str] = match jwk.get("kty")?.as_str()? {
        "EC" => &["crv", "kty", "x", "y"],
        "RSA" => &["e", "kty", "n"],
        _ => return None,
    };
    let stated: Option<Vec<(&str, &Value)>> = members
        .iter()
        .map(|name| Some((*name, jwk.get(*name)?)))
        .collect();
    let ordered: std::collections::BTreeMap<_, _> = stated?.into_iter().collect();
    let octets = serde_json::to_vec(&ordered).ok()?;
    Some(URL_SAFE_NO_PAD.encode(sha256(&octets)))
}

#[cfg(test)]
mod tests;
