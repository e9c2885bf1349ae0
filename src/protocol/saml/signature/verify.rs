//! The first judge: verifies a provable signature and gives back the octets that it covers.

use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::pkey::PKeyRef;
use openssl::pkey::Public;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

use crate::protocol::saml::signature::algorithms::{Family, SignatureAlgorithm};
use crate::protocol::saml::signature::key::VerificationKey;
use crate::protocol::saml::signature::shape::Provable;
use crate::protocol::saml::xml::{Canonical, canonicalise};

/// The canonical octets of an element whose digest an identity provider signed.
///
/// Whoever reads an identity reads it from these octets and from nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedOctets {
    octets: String,
    /// Which of the keys verified it, by its place in the list that was given.
    key: usize,
}

/// Why a signature is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    /// The content is not what was signed.
    #[error("the content is not what was signed")]
    Digest,
    /// No trusted key made the signature.
    #[error("no trusted key made this signature")]
    Signature,
}

impl SignedOctets {
    /// The octets, which are UTF-8.
    pub(crate) fn as_str(&self) -> &str {
        &self.octets
    }

    /// The place of the key that verified it.
    pub(crate) fn key(&self) -> usize {
        self.key
    }
}

impl Provable<'_, '_> {
    /// The canonical octets that the digest must cover.
    fn content(&self) -> String {
        canonicalise(
            self.parent,
            Canonical {
                without: Some(self.signature),
                inclusive: &self.content_prefixes,
            },
        )
    }

    /// Checks the digest of the content, then the signature of `SignedInfo` with each key that fits.
    pub(crate) fn verify(&self, keys: &[VerificationKey]) -> Result<SignedOctets, Broken> {
        let octets = self.content();
        let digest =
            openssl::hash::hash(self.digest.openssl(), octets.as_bytes()).map_err(|_cause| Broken::Digest)?;
        if digest.len() != self.digest_value.len() || !openssl::memcmp::eq(&digest, &self.digest_value) {
            return Err(Broken::Digest);
        }
        let how = Canonical {
            without: None,
            inclusive: &self.signed_info_prefixes,
        };
        let signed_info = canonicalise(self.signed_info, how);
        let fitting = keys
            .iter()
            .enumerate()
            .filter(|(_, key)| key.serves(self.algorithm.family));
        for (place, key) in fitting {
            if verifies(
                self.algorithm,
                key.public(),
                signed_info.as_bytes(),
                &self.signature_value,
            ) {
                return Ok(SignedOctets { octets, key: place });
            }
        }
        Err(Broken::Signature)
    }
}

/// Verifies octets that are signed as they are, as HTTP-Redirect signs its query. A key of another kind is a no.
pub(crate) fn verify_octets(
    algorithm: SignatureAlgorithm,
    key: &VerificationKey,
    content: &[u8],
    value: &[u8],
) -> bool {
    key.serves(algorithm.family) && verifies(algorithm, key.public(), content, value)
}

/// The mathematics. Any error of OpenSSL is a no.
fn verifies(algorithm: SignatureAlgorithm, key: &PKeyRef<Public>, content: &[u8], value: &[u8]) -> bool {
    let checked = match algorithm.family {
        Family::Rsa => check(algorithm, key, content, value, |_| Ok(())),
        Family::RsaPss => check(algorithm, key, content, value, |verifier| {
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
            verifier.set_rsa_mgf1_md(algorithm.digest.openssl())
        }),
        Family::Ecdsa => {
            return ecdsa_der(key, value)
                .is_some_and(|der| check(algorithm, key, content, &der, |_| Ok(())).unwrap_or(false));
        }
    };
    checked.unwrap_or(false)
}

fn check(
    algorithm: SignatureAlgorithm,
    key: &PKeyRef<Public>,
    content: &[u8],
    value: &[u8],
    set_up: impl Fn(&mut Verifier<'_>) -> Result<(), openssl::error::ErrorStack>,
) -> Result<bool, openssl::error::ErrorStack> {
    let mut verifier = Verifier::new(algorithm.digest.openssl(), key)?;
    set_up(&mut verifier)?;
    verifier.verify_oneshot(value, content)
}

/// r and s, each as long as the curve's order, as the DER that OpenSSL reads. Another length is no signature.
fn ecdsa_der(key: &PKeyRef<Public>, value: &[u8]) -> Option<Vec<u8>> {
    let half = usize::try_from(key.bits()).ok()?.div_ceil(8);
    if value.len() != 2 * half {
        return None;
    }
    let (r, s) = value.split_at(half);
    let (r, s) = (BigNum::from_slice(r).ok()?, BigNum::from_slice(s).ok()?);
    EcdsaSig::from_private_components(r, s).ok()?.to_der().ok()
}
