//! The algorithms of RFC 7518 in OpenSSL's words, one signature at a time.
//!
//! A signature is in the form of JWS: for the elliptic curves two numbers of the curve's size side by side, where
//! OpenSSL speaks DER.

use jsonwebtoken::Algorithm;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::memcmp;
use openssl::nid::Nid;
use openssl::pkey::{HasPrivate, HasPublic, PKey, PKeyRef};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer, Verifier};

/// Signs `message`. For the HMAC algorithms `key` holds the shared secret.
pub(in crate::protocol::jose) fn sign<T: HasPrivate>(
    algorithm: Algorithm,
    key: &PKeyRef<T>,
    message: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let mut signer = Signer::new(digest(algorithm), key)?;
    if is_pss(algorithm) {
        signer.set_rsa_padding(Padding::PKCS1_PSS)?;
        signer.set_rsa_mgf1_md(digest(algorithm))?;
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    }
    let signature = signer.sign_oneshot_to_vec(message)?;
    match curve(algorithm) {
        Some(curve) => side_by_side(&EcdsaSig::from_der(&signature)?, curve.octets),
        None => Ok(signature),
    }
}

/// True if `signature` is the one `key` gives `message`.
pub(in crate::protocol::jose) fn is_signature<T: HasPublic>(
    algorithm: Algorithm,
    key: &PKeyRef<T>,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let mut verifier = Verifier::new(digest(algorithm), key)?;
    if is_pss(algorithm) {
        verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
        verifier.set_rsa_mgf1_md(digest(algorithm))?;
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    }
    let Some(curve) = curve(algorithm) else {
        return verifier.verify_oneshot(signature, message);
    };
    match apart(signature, curve.octets)? {
        Some(der) => verifier.verify_oneshot(&der, message),
        None => Ok(false),
    }
}

/// True if `signature` is the HMAC of `message` under `secret`, compared in constant time.
pub(in crate::protocol::jose) fn is_hmac(
    algorithm: Algorithm,
    secret: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let secret = PKey::hmac(secret)?;
    let ours = sign(algorithm, &secret, message)?;
    Ok(ours.len() == signature.len() && memcmp::eq(&ours, signature))
}

/// A curve and the octets of one of its numbers.
pub(in crate::protocol::jose) struct Curve {
    pub(in crate::protocol::jose) name: Nid,
    pub(in crate::protocol::jose) octets: i32,
}

/// The curve that `algorithm` signs on (RFC 7518 3.4): one for each, so that a signature of another curve is none.
pub(in crate::protocol::jose) fn curve(algorithm: Algorithm) -> Option<Curve> {
    let curves = [
        (Algorithm::ES256, Nid::X9_62_PRIME256V1, 32),
        (Algorithm::ES384, Nid::SECP384R1, 48),
    ];
    let (_, name, octets) = curves.into_iter().find(|(signs, ..)| *signs == algorithm)?;
    Some(Curve { name, octets })
}

/// True for the algorithms offered here: all that `jsonwebtoken` knows but `EdDSA`, which no neighbour of ours uses.
pub(in crate::protocol::jose) fn is_offered(algorithm: Algorithm) -> bool {
    use Algorithm::{ES256, ES384, HS256, HS384, HS512, PS256, PS384, PS512, RS256, RS384, RS512};
    let offered = [
        HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384,
    ];
    offered.contains(&algorithm)
}

/// The two numbers of `signature`, each filled up to `octets`.
pub(in crate::protocol::jose) fn side_by_side(
    signature: &EcdsaSig,
    octets: i32,
) -> Result<Vec<u8>, ErrorStack> {
    let mut both = signature.r().to_vec_padded(octets)?;
    both.extend(signature.s().to_vec_padded(octets)?);
    Ok(both)
}

/// The DER form of two numbers of `octets` each; `None` if the length is another.
fn apart(signature: &[u8], octets: i32) -> Result<Option<Vec<u8>>, ErrorStack> {
    let half = usize::try_from(octets).unwrap_or_default();
    if signature.len() != 2 * half {
        return Ok(None);
    }
    let (r, s) = signature.split_at(half);
    let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
    signature.to_der().map(Some)
}

fn digest(algorithm: Algorithm) -> MessageDigest {
    use Algorithm::{ES384, HS384, HS512, PS384, PS512, RS384, RS512};
    if matches!(algorithm, HS384 | RS384 | PS384 | ES384) {
        MessageDigest::sha384()
    } else if matches!(algorithm, HS512 | RS512 | PS512) {
        MessageDigest::sha512()
    } else {
        MessageDigest::sha256()
    }
}

fn is_pss(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::PS256 | Algorithm::PS384 | Algorithm::PS512)
}
