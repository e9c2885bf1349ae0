//! OpenSSL as the cryptography of `jsonwebtoken`.
//!
//! A key fits an algorithm only if it is of its family, and on its curve: a public key is never taken for a shared
//! secret, nor one curve's signature for another's (RFC 8725 3.1, 3.2).

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::ThumbprintHash;
use jsonwebtoken::signature;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::rsa::Rsa;

use crate::platform::digest::sha256;
use crate::protocol::jose::algorithms::{curve, is_hmac, is_offered, is_signature, sign};

/// RSA keys below this size are refused (checklist XC-07).
pub(in crate::protocol::jose) const SMALLEST_RSA_BITS: u32 = 2048;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| signer(*algorithm, key),
    verifier_factory: |algorithm, key| verifier(*algorithm, key),
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| not_needed(),
        rsa_pub_components_from_public_key: |_| not_needed(),
        ec_pub_components_from_private_key: |_, _| not_needed(),
        ed_pub_components_from_private_key: |_, _| not_needed(),
        compute_digest: |octets, algorithm| digest(octets, &algorithm),
    },
};

/// Makes OpenSSL the cryptography of `jsonwebtoken` in this process. May be called as often as one likes.
pub fn install() {
    // Already installed is as good as newly installed: nothing else in this program installs one.
    let _ = PROVIDER.install_default();
}

/// Key sets are written from our own key types, never derived by `jsonwebtoken` from a private key.
fn not_needed<T>() -> Result<T, Error> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

/// Names of keys are SHA-256 thumbprints (RFC 7638), and no others.
fn digest(octets: &[u8], algorithm: &ThumbprintHash) -> Result<Vec<u8>, Error> {
    if matches!(algorithm, ThumbprintHash::SHA256) {
        Ok(sha256(octets).to_vec())
    } else {
        not_needed()
    }
}

fn signer(algorithm: Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    fits(algorithm, key.family())?;
    let key = match key.family() {
        AlgorithmFamily::Hmac => PKey::hmac(key.as_bytes()),
        AlgorithmFamily::Rsa | AlgorithmFamily::Ec | AlgorithmFamily::Ed => {
            PKey::private_key_from_der(key.as_bytes())
        }
    };
    let key = key.map_err(|_cause| Error::from(ErrorKind::InvalidKeyFormat))?;
    private_key_fits(algorithm, &key)?;
    Ok(Box::new(Hand { algorithm, key }))
}

fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    fits(algorithm, key.family())?;
    let key = match key.family() {
        AlgorithmFamily::Hmac => Seal::Shared(key.try_get_as_bytes()?.to_vec()),
        AlgorithmFamily::Rsa => Seal::Public(rsa_key(key)?),
        AlgorithmFamily::Ec | AlgorithmFamily::Ed => Seal::Public(ec_key(algorithm, key)?),
    };
    Ok(Box::new(Eye { algorithm, key }))
}

fn fits(algorithm: Algorithm, family: AlgorithmFamily) -> Result<(), Error> {
    if is_offered(algorithm) && algorithm.family() == family {
        Ok(())
    } else {
        Err(ErrorKind::InvalidAlgorithm.into())
    }
}

/// Refuses a private key that is not of the type, the curve or the size that `algorithm` needs.
pub(in crate::protocol::jose) fn private_key_fits(
    algorithm: Algorithm,
    key: &PKey<Private>,
) -> Result<(), Error> {
    let of_family = match algorithm.family() {
        AlgorithmFamily::Hmac => key.id() == Id::HMAC,
        AlgorithmFamily::Rsa => key.id() == Id::RSA && key.bits() >= SMALLEST_RSA_BITS,
        AlgorithmFamily::Ec | AlgorithmFamily::Ed => {
            let of_key = key.ec_key().ok().and_then(|key| key.group().curve_name());
            of_key.is_some() && of_key == curve(algorithm).map(|curve| curve.name)
        }
    };
    if of_family {
        Ok(())
    } else {
        Err(ErrorKind::InvalidKeyFormat.into())
    }
}

fn rsa_key(key: &DecodingKey) -> Result<PKey<Public>, Error> {
    let rsa = match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => BigNum::from_slice(n)
            .and_then(|n| Ok((n, BigNum::from_slice(e)?)))
            .and_then(|(n, e)| Rsa::from_public_components(n, e)),
        DecodingKeyKind::SecretOrDer(der) => Rsa::public_key_from_der_pkcs1(der),
    };
    let key = rsa.and_then(PKey::from_rsa).map_err(bad_rsa)?;
    if key.bits() < SMALLEST_RSA_BITS {
        return Err(ErrorKind::InvalidRsaKey("fewer than 2048 bits".to_owned()).into());
    }
    Ok(key)
}

/// The key of an uncompressed point that lies on the curve of `algorithm`.
fn ec_key(algorithm: Algorithm, key: &DecodingKey) -> Result<PKey<Public>, Error> {
    let curve = curve(algorithm).ok_or_else(|| Error::from(ErrorKind::InvalidAlgorithm))?;
    let octets = key.try_get_as_bytes()?;
    let read = || {
        let group = EcGroup::from_curve_name(curve.name)?;
        let mut context = BigNumContext::new()?;
        let point = EcPoint::from_bytes(&group, octets, &mut context)?;
        let key = EcKey::from_public_key(&group, &point)?;
        key.check_key()?;
        PKey::from_ec_key(key)
    };
    read().map_err(|_cause: ErrorStack| ErrorKind::InvalidEcdsaKey.into())
}

fn bad_rsa(_cause: ErrorStack) -> Error {
    ErrorKind::InvalidRsaKey("not a public key".to_owned()).into()
}

/// What signs.
struct Hand {
    algorithm: Algorithm,
    key: PKey<Private>,
}

impl signature::Signer<Vec<u8>> for Hand {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        sign(self.algorithm, &self.key, message).map_err(signature::Error::from_source)
    }
}

impl JwtSigner for Hand {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// What judges.
struct Eye {
    algorithm: Algorithm,
    key: Seal,
}

enum Seal {
    Shared(Vec<u8>),
    Public(PKey<Public>),
}

impl signature::Verifier<Vec<u8>> for Eye {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let good = match &self.key {
            Seal::Shared(secret) => is_hmac(self.algorithm, secret, message, signature),
            Seal::Public(key) => is_signature(self.algorithm, key, message, signature),
        };
        match good {
            Ok(true) => Ok(()),
            Ok(false) => Err(signature::Error::new()),
            Err(cause) => Err(signature::Error::from_source(cause)),
        }
    }
}

impl JwtVerifier for Eye {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests;
