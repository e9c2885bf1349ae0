//! The two kinds of keys: P-256 for everybody, RSA for applications whose libraries know nothing else.

use serde_json::Value;

use crate::downstream::signing_keys::SigningKeysError;
use crate::downstream::signing_keys::ring::RingKey;
use crate::platform::random::Random;
use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::es256::{Es256Key, PublicJwk};
use crate::protocol::jose::signer::Signer;

/// An RSA key that signs with RS256.
#[derive(Debug)]
pub(super) struct Rs256Key(pub(super) Signer);

impl RingKey for Es256Key {
    type Public = PublicJwk;

    fn draw(random: &dyn Random) -> Result<Self, SigningKeysError> {
        Ok(Self::draw(random)?)
    }

    fn from_pem(pem: &[u8]) -> Result<Self, String> {
        Self::from_pem(pem).map_err(|cause| cause.to_string())
    }

    fn to_pem(&self) -> Result<Secret, SigningKeysError> {
        Ok(self.to_pem()?)
    }

    fn public(&self) -> PublicJwk {
        self.public().clone()
    }
}

impl RingKey for Rs256Key {
    type Public = Value;

    /// OpenSSL searches the primes with chance of its own.
    fn draw(_random: &dyn Random) -> Result<Self, SigningKeysError> {
        Ok(Self(Signer::generate_rsa(Algorithm::RS256, None)?))
    }

    fn from_pem(pem: &[u8]) -> Result<Self, String> {
        let signer = Signer::from_pem(pem, Algorithm::RS256, None);
        signer.map(Self).map_err(|cause| cause.to_string())
    }

    fn to_pem(&self) -> Result<Secret, SigningKeysError> {
        Ok(self.0.to_pem()?)
    }

    fn public(&self) -> Value {
        // A key pair always has a public half.
        self.0.public_jwk().unwrap_or_default()
    }
}
