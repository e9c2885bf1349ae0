//! Signing octets: the query of our requests, and the `SignedInfo` of whoever signs documents.

use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::sign::Signer;

use crate::protocol::saml::signature::algorithms::{Family, SignatureAlgorithm};
use crate::protocol::saml::signature::key::SigningKey;

/// Signs octets; an ECDSA value is r and s one after the other.
pub(crate) fn sign_octets(
    key: &SigningKey,
    algorithm: SignatureAlgorithm,
    content: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let mut signer = Signer::new(algorithm.digest.openssl(), key.private())?;
    let value = signer.sign_oneshot_to_vec(content)?;
    if algorithm.family != Family::Ecdsa {
        return Ok(value);
    }
    let half = i32::try_from(key.private().bits().div_ceil(8)).unwrap_or(i32::MAX);
    let parts = EcdsaSig::from_der(&value)?;
    let mut joined = parts.r().to_vec_padded(half)?;
    joined.extend(parts.s().to_vec_padded(half)?);
    Ok(joined)
}
