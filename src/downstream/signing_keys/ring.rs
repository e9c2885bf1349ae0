//! `Ring`: the current key of one kind, the next, and those retired; and the file they are kept in.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::downstream::signing_keys::SigningKeysError;
use crate::platform::private_file;
use crate::platform::random::Random;
use crate::platform::secret::Secret;

/// A kind of key that signs tokens.
pub(super) trait RingKey: Debug + Sized {
    /// The public half as a JSON web key.
    type Public: Debug + Clone + Serialize + DeserializeOwned;

    /// A new key.
    fn draw(random: &dyn Random) -> Result<Self, SigningKeysError>;

    /// Reads what [`Self::to_pem`] wrote; the error says what is wrong, without anything secret.
    fn from_pem(pem: &[u8]) -> Result<Self, String>;

    /// The key as PKCS#8 in PEM.
    fn to_pem(&self) -> Result<Secret, SigningKeysError>;

    /// The public half.
    fn public(&self) -> Self::Public;
}

/// All keys of one kind.
#[derive(Debug)]
pub(super) struct Ring<K: RingKey> {
    pub(super) current: Arc<K>,
    pub(super) next: Arc<K>,
    retired: Vec<Retired<K::Public>>,
}

/// A key that no longer signs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retired<P> {
    public: P,
    /// The instant from which nothing it signed is good.
    #[serde(with = "time::serde::rfc3339")]
    until: OffsetDateTime,
}

/// The file, as JSON: the private keys as PKCS#8 in PEM.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<P> {
    current: Zeroizing<String>,
    next: Zeroizing<String>,
    retired: Vec<Retired<P>>,
}

impl<K: RingKey> Ring<K> {
    /// Two new keys.
    pub(super) fn draw(random: &dyn Random) -> Result<Self, SigningKeysError> {
        Ok(Self {
            current: Arc::new(K::draw(random)?),
            next: Arc::new(K::draw(random)?),
            retired: Vec::new(),
        })
    }

    /// The ring in the file `path`; `None`: there is no such file.
    pub(super) fn find(path: &Path) -> Result<Option<Self>, SigningKeysError> {
        let Some(text) = private_file::read(path)? else {
            return Ok(None);
        };
        let broken = |why: String| SigningKeysError::Broken {
            path: path.to_owned(),
            why,
        };
        // Only the place of a mistake in JSON may be told: its words could be part of a key.
        let written: Written<K::Public> = serde_json::from_slice(text.expose()).map_err(|cause| {
            broken(format!(
                "unreadable at line {}, column {}",
                cause.line(),
                cause.column()
            ))
        })?;
        let key = |pem: &str, which: &str| {
            let key = K::from_pem(pem.as_bytes());
            key.map(Arc::new)
                .map_err(|cause| broken(format!("the {which} key: {cause}")))
        };
        Ok(Some(Self {
            current: key(&written.current, "current")?,
            next: key(&written.next, "next")?,
            retired: written.retired,
        }))
    }

    /// The ring in the file `path`, made if there is none.
    pub(super) fn find_or_make(path: &Path, random: &dyn Random) -> Result<Self, SigningKeysError> {
        if let Some(ring) = Self::find(path)? {
            return Ok(ring);
        }
        private_file::write_new(path, Self::draw(random)?.write()?.expose())?;
        // Whoever made the file, we or another start at the same time: what is in it counts.
        Self::find(path)?.ok_or_else(|| SigningKeysError::Broken {
            path: path.to_owned(),
            why: "it is not there".to_owned(),
        })
    }

    /// The ring after `next_but_one` has joined it: the next key signs, the current one is published until `until`.
    pub(super) fn turned(&self, now: OffsetDateTime, until: OffsetDateTime, next_but_one: K) -> Self {
        let mut retired: Vec<_> = self.published(now).cloned().collect();
        retired.push(Retired {
            public: self.current.public(),
            until,
        });
        Self {
            current: Arc::clone(&self.next),
            next: Arc::new(next_but_one),
            retired,
        }
    }

    /// The public halves worth publishing at `now`: the current key, the next, those retired.
    pub(super) fn public(&self, now: OffsetDateTime) -> Vec<K::Public> {
        let living = [&self.current, &self.next].map(|key| key.public());
        let retired = self.published(now).map(|retired| retired.public.clone());
        living.into_iter().chain(retired).collect()
    }

    /// The octets of the file.
    pub(super) fn write(&self) -> Result<Secret, SigningKeysError> {
        let pem = |key: &K| {
            let pem = key.to_pem()?;
            Ok::<_, SigningKeysError>(Zeroizing::new(String::from_utf8_lossy(pem.expose()).into_owned()))
        };
        let written = Written {
            current: pem(&self.current)?,
            next: pem(&self.next)?,
            retired: self.retired.clone(),
        };
        let octets = serde_json::to_vec_pretty(&written).map_err(SigningKeysError::Json)?;
        Ok(Secret::new(octets))
    }

    fn published(&self, now: OffsetDateTime) -> impl Iterator<Item = &Retired<K::Public>> {
        self.retired.iter().filter(move |retired| retired.until > now)
    }
}
