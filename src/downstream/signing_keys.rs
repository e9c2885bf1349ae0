//! Our signing keys: the current one, the next, and those retired.
//!
//! The next key is published before it signs, so that whoever caches the key set knows it by then. A retired key
//! stays published until the last token it signed has expired; of it only the public half is kept.
//!
//! Every bridge has keys on P-256. Keys of RSA are made when the first application is registered for RS256, in a file of
//! their own, and from then on are published and rotated alike.

mod kinds;
mod ring;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use serde::Serialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::downstream::application::TokenAlgorithm;
use crate::downstream::signing_keys::kinds::Rs256Key;
use crate::downstream::signing_keys::ring::{Ring, RingKey};
use crate::platform::private_file::{self, PrivateFileError};
use crate::platform::random::Random;
use crate::protocol::jose::es256::{Es256Key, KeyError, PublicJwk};
use crate::protocol::jose::signer::SignerError;

/// The file that holds all keys on P-256.
const FILE: &str = "token-signing.json";
/// The file that holds all keys of RSA.
const RSA_FILE: &str = "token-signing-rsa.json";
/// How much longer than its last token a retired key is published, for readers whose clocks are off.
const GRACE: Duration = Duration::minutes(5);

/// Why there are no signing keys. Nothing has been written over.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeysError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] PrivateFileError),
    /// The file holds something else.
    #[error(
        "{} does not hold signing keys ({why}); bring it back from a backup, or move it away and new keys are made",
        path.display()
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong, without anything secret.
        why: String,
    },
    /// A key could not be made or written.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A key of RSA could not be made or written.
    #[error(transparent)]
    RsaKey(#[from] SignerError),
    /// The keys could not be written as JSON.
    #[error("the keys cannot be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum NotSigned {
    /// The key on P-256 did not sign.
    #[error(transparent)]
    Es256(#[from] KeyError),
    /// The key of RSA did not sign.
    #[error(transparent)]
    Rs256(#[from] SignerError),
    /// There is none: [`SigningKeys::prepare`] was not asked.
    #[error("there is no RSA key to sign with")]
    NoRsaKey,
}

/// All our signing keys.
#[derive(Debug)]
pub struct SigningKeys {
    es256: RwLock<Ring<Es256Key>>,
    rs256: RwLock<Option<Ring<Rs256Key>>>,
    /// Where they are kept; `None`: nowhere.
    folder: Option<PathBuf>,
    /// How long the last token of a key may be good for.
    token_lifetime: Duration,
}

impl SigningKeys {
    /// The keys in `folder`, made at the first start. Their tokens are good for at most `token_lifetime`.
    pub fn load_or_make(
        folder: &Path,
        token_lifetime: Duration,
        random: &dyn Random,
    ) -> Result<Self, SigningKeysError> {
        private_file::folder(folder)?;
        Ok(Self {
            es256: RwLock::new(Ring::find_or_make(&folder.join(FILE), random)?),
            rs256: RwLock::new(Ring::find(&folder.join(RSA_FILE))?),
            folder: Some(folder.to_owned()),
            token_lifetime,
        })
    }

    /// Keys that live as long as this process, for demonstrations and tests.
    pub fn in_memory(token_lifetime: Duration, random: &dyn Random) -> Result<Self, SigningKeysError> {
        Ok(Self {
            es256: RwLock::new(Ring::draw(random)?),
            rs256: RwLock::new(None),
            folder: None,
            token_lifetime,
        })
    }

    /// Makes the keys of `algorithm` if there are none yet, before anybody asks for the key set.
    pub fn prepare(&self, algorithm: TokenAlgorithm, random: &dyn Random) -> Result<(), SigningKeysError> {
        let mut rs256 = self.rs256.write().unwrap_or_else(PoisonError::into_inner);
        if algorithm == TokenAlgorithm::Es256 || rs256.is_some() {
            return Ok(());
        }
        *rs256 = Some(match &self.folder {
            Some(folder) => Ring::find_or_make(&folder.join(RSA_FILE), random)?,
            None => Ring::draw(random)?,
        });
        Ok(())
    }

    /// At `now` the next key of each kind begins to sign, the one that did retires, and a new next key is published.
    pub fn rotate(&self, now: OffsetDateTime, random: &dyn Random) -> Result<(), SigningKeysError> {
        let mut ring = self.es256.write().unwrap_or_else(PoisonError::into_inner);
        *ring = self.turned(&ring, FILE, now, random)?;
        drop(ring);
        let mut ring = self.rs256.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(rsa) = ring.as_ref() {
            let turned = self.turned(rsa, RSA_FILE, now, random)?;
            *ring = Some(turned);
        }
        Ok(())
    }

    fn turned<K: RingKey>(
        &self,
        ring: &Ring<K>,
        file: &str,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<Ring<K>, SigningKeysError> {
        let until = now.saturating_add(self.token_lifetime).saturating_add(GRACE);
        let turned = ring.turned(now, until, K::draw(random)?);
        if let Some(folder) = &self.folder {
            private_file::replace(&folder.join(file), turned.write()?.expose())?;
        }
        Ok(turned)
    }

    /// The key that signs for everybody who asked for nothing else.
    pub fn current(&self) -> Arc<Es256Key> {
        Arc::clone(&self.es256().current)
    }

    /// `claims` as a token of the type `typ`, signed with the current key of `algorithm`.
    pub fn sign(
        &self,
        algorithm: TokenAlgorithm,
        typ: &str,
        claims: &impl Serialize,
    ) -> Result<String, NotSigned> {
        match algorithm {
            TokenAlgorithm::Es256 => Ok(self.current().token(typ, claims)?),
            TokenAlgorithm::Rs256 => {
                let key = self.rs256().as_ref().map(|ring| Arc::clone(&ring.current));
                let key = key.ok_or(NotSigned::NoRsaKey)?;
                Ok(key.0.sign(Some(typ), claims)?)
            }
        }
    }

    /// Every key on P-256 worth publishing at `now`: the current one, the next, then those retired whose tokens may
    /// still be good.
    pub fn public(&self, now: OffsetDateTime) -> Vec<PublicJwk> {
        self.es256().public(now)
    }

    /// The key set to publish at `now` (RFC 7517 5).
    pub fn jwks(&self, now: OffsetDateTime) -> Value {
        let es256 = self.public(now).into_iter().map(|key| json!(key));
        let rs256 = self.rs256().as_ref().map(|ring| ring.public(now));
        let keys: Vec<Value> = es256.chain(rs256.unwrap_or_default()).collect();
        json!({ "keys": keys })
    }

    fn es256(&self) -> RwLockReadGuard<'_, Ring<Es256Key>> {
        self.es256.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn rs256(&self) -> RwLockReadGuard<'_, Option<Ring<Rs256Key>>> {
        self.rs256.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
