//! Our signing keys: the current one, the next, and those retired.
//!
//! The next key is published before it signs, so that whoever caches the key set knows it by then. A retired key
//! stays published until the last token it signed has expired; of it only the public half is kept.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use crate::platform::private_file::{self, PrivateFileError};
use crate::platform::random::Random;
use crate::platform::secret::Secret;
use crate::protocol::jose::es256::{Es256Key, KeyError, PublicJwk};

/// The file that holds all of them.
const FILE: &str = "token-signing.json";
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
}

/// All our signing keys.
#[derive(Debug)]
pub struct SigningKeys {
    ring: RwLock<Ring>,
    /// Where they are kept; `None`: nowhere.
    path: Option<PathBuf>,
    /// How long the last token of a key may be good for.
    token_lifetime: Duration,
}

#[derive(Debug)]
struct Ring {
    current: Arc<Es256Key>,
    next: Arc<Es256Key>,
    retired: Vec<Retired>,
}

/// A key that no longer signs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retired {
    public: PublicJwk,
    /// The instant from which nothing it signed is good.
    #[serde(with = "time::serde::rfc3339")]
    until: OffsetDateTime,
}

/// The file, as JSON: the private keys as PKCS#8 in PEM.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    current: Zeroizing<String>,
    next: Zeroizing<String>,
    retired: Vec<Retired>,
}

impl SigningKeys {
    /// The keys in `folder`, made at the first start. Their tokens are good for at most `token_lifetime`.
    pub fn load_or_make(
        folder: &Path,
        token_lifetime: Duration,
        random: &dyn Random,
    ) -> Result<Self, SigningKeysError> {
        private_file::folder(folder)?;
        let path = folder.join(FILE);
        if private_file::read(&path)?.is_none() {
            private_file::write_new(&path, Ring::draw(random)?.write()?.expose())?;
        }
        // Whoever made the file, we or another start at the same time: what is in it counts.
        let ring = Ring::load(&path)?;
        Ok(Self {
            ring: RwLock::new(ring),
            path: Some(path),
            token_lifetime,
        })
    }

    /// Keys that live as long as this process, for demonstrations and tests.
    pub fn in_memory(token_lifetime: Duration, random: &dyn Random) -> Result<Self, SigningKeysError> {
        Ok(Self {
            ring: RwLock::new(Ring::draw(random)?),
            path: None,
            token_lifetime,
        })
    }

    /// At `now` the next key begins to sign, the one that did retires, and a new next key is published.
    pub fn rotate(&self, now: OffsetDateTime, random: &dyn Random) -> Result<(), SigningKeysError> {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        let mut retired: Vec<Retired> = ring.published(now).cloned().collect();
        retired.push(Retired {
            public: ring.current.public().clone(),
            until: now.saturating_add(self.token_lifetime).saturating_add(GRACE),
        });
        let turned = Ring {
            current: Arc::clone(&ring.next),
            next: Arc::new(Es256Key::draw(random)?),
            retired,
        };
        if let Some(path) = &self.path {
            private_file::replace(path, turned.write()?.expose())?;
        }
        *ring = turned;
        Ok(())
    }

    /// The key that signs.
    pub fn current(&self) -> Arc<Es256Key> {
        Arc::clone(&self.read().current)
    }

    /// Every key worth publishing at `now`: the current one, the next, then those retired whose tokens may still be
    /// good.
    pub fn public(&self, now: OffsetDateTime) -> Vec<PublicJwk> {
        let ring = self.read();
        let living = [&ring.current, &ring.next].map(|key| key.public().clone());
        let retired = ring.published(now).map(|retired| retired.public.clone());
        living.into_iter().chain(retired).collect()
    }

    /// The key set to publish at `now` (RFC 7517 5).
    pub fn jwks(&self, now: OffsetDateTime) -> serde_json::Value {
        json!({ "keys": self.public(now) })
    }

    fn read(&self) -> RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn draw(random: &dyn Random) -> Result<Self, KeyError> {
        Ok(Self {
            current: Arc::new(Es256Key::draw(random)?),
            next: Arc::new(Es256Key::draw(random)?),
            retired: Vec::new(),
        })
    }

    fn load(path: &Path) -> Result<Self, SigningKeysError> {
        let broken = |why: String| SigningKeysError::Broken {
            path: path.to_owned(),
            why,
        };
        let Some(text) = private_file::read(path)? else {
            return Err(broken("it is not there".to_owned()));
        };
        // Only the place of a mistake in JSON may be told: its words could be part of a key.
        let written: Written = serde_json::from_slice(text.expose()).map_err(|cause| {
            broken(format!(
                "unreadable at line {}, column {}",
                cause.line(),
                cause.column()
            ))
        })?;
        let key = |pem: &str, which: &str| {
            let key = Es256Key::from_pem(pem.as_bytes());
            key.map(Arc::new)
                .map_err(|cause| broken(format!("the {which} key: {cause}")))
        };
        Ok(Self {
            current: key(&written.current, "current")?,
            next: key(&written.next, "next")?,
            retired: written.retired,
        })
    }

    fn write(&self) -> Result<Secret, KeyError> {
        let pem = |key: &Es256Key| {
            let pem = key.to_pem()?;
            Ok::<_, KeyError>(Zeroizing::new(String::from_utf8_lossy(pem.expose()).into_owned()))
        };
        let written = Written {
            current: pem(&self.current)?,
            next: pem(&self.next)?,
            retired: self.retired.clone(),
        };
        Ok(Secret::new(serde_json::to_vec_pretty(&written)?))
    }

    fn published(&self, now: OffsetDateTime) -> impl Iterator<Item = &Retired> {
        self.retired.iter().filter(move |retired| retired.until > now)
    }
}

#[cfg(test)]
mod tests;
