//! `KeySet`: what of a published JSON web key set (RFC 7517) may verify signatures.

use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use crate::protocol::jose::json::{JsonFlaw, strict_object};
use crate::protocol::jose::public_key::{PublicKey, Unusable};

/// The most octets of a document.
const LARGEST: usize = 2 * 1024 * 1024;

/// The most keys in one document.
const MOST_KEYS: usize = 256;

/// The usable keys of one document, and why the others are left aside. May be empty: then no signature verifies.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: Vec<PublicKey>,
    skipped: Vec<Skipped>,
}

/// A key that is left aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its name, if it has one.
    pub kid: Option<String>,
    /// Why.
    pub reason: Unusable,
}

/// Why a document is no key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetFlaw {
    /// More than 2 MiB, or more than 256 keys.
    #[error("the key set is larger than 2 MiB or has more than 256 keys")]
    TooLarge,
    /// Not an object that we read.
    #[error("the key set: {0}")]
    Json(#[from] JsonFlaw),
    /// There is no list `keys` in it (RFC 7517 5.1).
    #[error("the document has no list of `keys`")]
    NoKeys,
}

/// Why no key of a set is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// None has this `kid`: the set may be older than the key. The only reason to fetch it again.
    #[error("no key of the set has this `kid`")]
    Unknown,
    /// The one of this `kid` is not for this algorithm.
    #[error("the key of this `kid` is not for this algorithm")]
    DoesNotFit,
    /// The token names none, or two bear one name, and more than one fits.
    #[error("more than one key of the set fits")]
    Ambiguous,
}

impl KeySet {
    /// Reads a document.
    ///
    /// # Errors
    /// [`KeySetFlaw`] when the document as a whole is no key set. A single bad key is left aside.
    pub fn read(octets: &[u8]) -> Result<Self, KeySetFlaw> {
        if octets.len() > LARGEST {
            return Err(KeySetFlaw::TooLarge);
        }
        Self::of(&strict_object(octets)?)
    }

    /// Reads a document that is already an object.
    ///
    /// # Errors
    /// [`KeySetFlaw`], as [`Self::read`].
    pub fn of(document: &Map<String, Value>) -> Result<Self, KeySetFlaw> {
        let Some(Value::Array(all)) = document.get("keys") else {
            return Err(KeySetFlaw::NoKeys);
        };
        if all.len() > MOST_KEYS {
            return Err(KeySetFlaw::TooLarge);
        }
        let mut set = Self::default();
        for jwk in all {
            match PublicKey::read(jwk) {
                Ok(key) => set.keys.push(key),
                Err(reason) => set.skipped.push(Skipped {
                    kid: jwk.get("kid").and_then(Value::as_str).map(ToOwned::to_owned),
                    reason,
                }),
            }
        }
        Ok(set)
    }

    /// The key that `kid` names for `algorithm`; without a `kid`, the only key that fits (RFC 7515 4.1.4).
    ///
    /// # Errors
    /// [`NoKey`]. Of two keys that fit none is chosen.
    pub fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&PublicKey, NoKey> {
        let named = |key: &&PublicKey| kid.is_none() || key.kid() == kid;
        let mut fitting = self.keys.iter().filter(named).filter(|key| key.fits(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(NoKey::Ambiguous),
            (None, _) if self.keys.iter().any(|key| named(&key)) => Err(NoKey::DoesNotFit),
            (None, _) => Err(NoKey::Unknown),
        }
    }

    /// True if a usable key has this name.
    pub fn contains(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid() == Some(kid))
    }

    /// The usable keys.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The keys that are left aside.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// True if no key is usable.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

#[cfg(test)]
mod tests;
