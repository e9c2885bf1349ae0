//! `PublicKey`: one usable key of a JSON web key set, and why another is none.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, crypto};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;
use openssl::x509::X509;
use serde_json::{Map, Value};

use crate::platform::secret::Secret;
use crate::protocol::jose::algorithms::curve;
use crate::protocol::jose::install;
use crate::protocol::jose::provider::SMALLEST_RSA_BITS;

/// The members that only a private key has (RFC 7518 6.2.2, 6.3.2).
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/// The members that are kept.
const PUBLIC: [&str; 9] = ["kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"];

/// What a signature is verified with.
#[derive(Debug, Clone, Copy)]
pub enum VerificationKey<'k> {
    /// A public key.
    Public(&'k PublicKey),
    /// A secret that both sides know, for HMAC only.
    Shared(&'k Secret),
}

/// A public key for signatures, found usable. Prints its `kid` only.
#[derive(Clone)]
pub struct PublicKey {
    kid: Option<String>,
    kind: Kind,
    alg: Option<Algorithm>,
    key: DecodingKey,
    jwk: Map<String, Value>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    Curve(Nid),
}

/// Why a key of a set is left aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Not an object, or `kid`, `use` or `alg` is not text, or `key_ops` no list of texts (RFC 7517 4).
    #[error("a member of the key has another type than it should")]
    Shape,
    /// `kty` is missing, or `crv` names a curve that nobody signs on here.
    #[error("no key of this type is used here")]
    UnknownType,
    /// A shared secret has no place in a public key set.
    #[error("this is a symmetric key")]
    Symmetric,
    /// The private half has been published, so anybody may have it.
    #[error("this is a private key")]
    Private,
    /// `use`, `key_ops` or `alg` says that it is for something else.
    #[error("this key is not for signatures")]
    NotForSignatures,
    /// `alg` is not one of its type.
    #[error("the algorithm of the key is of another type of key")]
    OtherAlgorithm,
    /// The numbers are missing, not base64url, or no key.
    #[error("the numbers are no key")]
    NotAKey,
    /// RSA below 2048 bits.
    #[error("this RSA key has fewer than 2048 bits")]
    Weak,
    /// The certificate in `x5c` is unreadable or of another key (RFC 7517 4.7).
    #[error("the certificate (x5c) is not of this key")]
    OtherCertificate,
}

impl VerificationKey<'_> {
    /// True if this key gave `message` that signature, which is in base64url.
    pub(in crate::protocol::jose) fn verifies(
        self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &str,
    ) -> bool {
        install();
        let verified =
            |key: &DecodingKey| crypto::verify(signature, message, key, algorithm).unwrap_or(false);
        match self {
            Self::Public(public) => public.fits(algorithm) && verified(&public.key),
            Self::Shared(secret) => verified(&DecodingKey::from_secret(secret.expose())),
        }
    }
}

impl PublicKey {
    /// Reads one member of `keys`.
    pub(in crate::protocol::jose) fn read(jwk: &Value) -> Result<Self, Unusable> {
        let jwk = jwk.as_object().ok_or(Unusable::Shape)?;
        let name = text(jwk, "kid")?.map(ToOwned::to_owned);
        let kind = kind(jwk)?;
        if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
            return Err(Unusable::Private);
        }
        is_for_signatures(jwk)?;
        let alg = algorithm(jwk)?;
        let (key, public) = match kind {
            Kind::Rsa => rsa(jwk)?,
            Kind::Curve(curve) => point(jwk, curve)?,
        };
        certificate_is_of(jwk, &public)?;
        let key = Self {
            kid: name,
            kind,
            alg,
            key,
            jwk: PUBLIC
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone())))
                .collect(),
        };
        if alg.is_some_and(|alg| !key.fits(alg)) {
            return Err(Unusable::OtherAlgorithm);
        }
        Ok(key)
    }

    /// Its name, an opaque text.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The members of the key that matter here, as they were published.
    pub fn jwk(&self) -> &Map<String, Value> {
        &self.jwk
    }

    /// True if it is of the type that `algorithm` needs, and names no other algorithm.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        let of_type = match self.kind {
            Kind::Rsa => algorithm.family() == AlgorithmFamily::Rsa,
            Kind::Curve(name) => curve(algorithm).is_some_and(|curve| curve.name == name),
        };
        of_type && self.alg.is_none_or(|named| named == algorithm)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?})", self.kid)
    }
}

fn text<'j>(jwk: &'j Map<String, Value>, name: &str) -> Result<Option<&'j str>, Unusable> {
    match jwk.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(Unusable::Shape),
    }
}

fn kind(jwk: &Map<String, Value>) -> Result<Kind, Unusable> {
    match (text(jwk, "kty")?, text(jwk, "crv")?) {
        (Some("RSA"), _) => Ok(Kind::Rsa),
        (Some("EC"), Some("P-256")) => Ok(Kind::Curve(Nid::X9_62_PRIME256V1)),
        (Some("EC"), Some("P-384")) => Ok(Kind::Curve(Nid::SECP384R1)),
        (Some("oct"), _) => Err(Unusable::Symmetric),
        _ => Err(Unusable::UnknownType),
    }
}

/// `use` and `key_ops` may be absent; where they are there, they must allow this (RFC 7517 4.2, 4.3).
fn is_for_signatures(jwk: &Map<String, Value>) -> Result<(), Unusable> {
    let by_use = text(jwk, "use")?.is_none_or(|usage| usage == "sig");
    let by_operations = match jwk.get("key_ops") {
        None => true,
        Some(Value::Array(all)) => all.iter().any(|one| one == "verify"),
        Some(_) => return Err(Unusable::Shape),
    };
    if by_use && by_operations {
        Ok(())
    } else {
        Err(Unusable::NotForSignatures)
    }
}

fn algorithm(jwk: &Map<String, Value>) -> Result<Option<Algorithm>, Unusable> {
    let named = text(jwk, "alg")?;
    named
        .map(|alg| alg.parse().map_err(|_cause| Unusable::NotForSignatures))
        .transpose()
}

fn number(jwk: &Map<String, Value>, name: &str) -> Result<BigNum, Unusable> {
    let octets = URL_SAFE_NO_PAD.decode(text(jwk, name)?.ok_or(Unusable::NotAKey)?);
    let octets = octets.map_err(|_cause| Unusable::NotAKey)?;
    BigNum::from_slice(&octets).map_err(|_cause| Unusable::NotAKey)
}

fn rsa(jwk: &Map<String, Value>) -> Result<(DecodingKey, PKey<Public>), Unusable> {
    let (n, e) = (number(jwk, "n")?, number(jwk, "e")?);
    // An exponent of one signs everything; an even one, or an even modulus, is no RSA key at all.
    if !n.is_bit_set(0) || !e.is_bit_set(0) || e.num_bits() < 2 || e.num_bits() > 64 {
        return Err(Unusable::NotAKey);
    }
    let key = DecodingKey::from_rsa_raw_components(&n.to_vec(), &e.to_vec());
    let public = Rsa::from_public_components(n, e).and_then(PKey::from_rsa);
    let public = public.map_err(|_cause| Unusable::NotAKey)?;
    if public.bits() < SMALLEST_RSA_BITS {
        return Err(Unusable::Weak);
    }
    Ok((key, public))
}

/// A point that lies on its curve.
fn point(jwk: &Map<String, Value>, name: Nid) -> Result<(DecodingKey, PKey<Public>), Unusable> {
    let (x, y) = (number(jwk, "x")?, number(jwk, "y")?);
    let read = || {
        let group = EcGroup::from_curve_name(name)?;
        let mut context = BigNumContext::new()?;
        let key = EcKey::from_public_key_affine_coordinates(&group, &x, &y)?;
        key.check_key()?;
        let form = PointConversionForm::UNCOMPRESSED;
        let octets = key.public_key().to_bytes(&group, form, &mut context)?;
        Ok((DecodingKey::from_ec_der(&octets), PKey::from_ec_key(key)?))
    };
    read().map_err(|_cause: ErrorStack| Unusable::NotAKey)
}

/// The first certificate of `x5c`, where there is one, must be of the same key. It says no more than that here.
fn certificate_is_of(jwk: &Map<String, Value>, public: &PKey<Public>) -> Result<(), Unusable> {
    let Some(chain) = jwk.get("x5c") else {
        return Ok(());
    };
    let first = chain.get(0).and_then(Value::as_str);
    let der = first.and_then(|text| STANDARD.decode(text).ok());
    let key = der.and_then(|der| X509::from_der(&der).ok()?.public_key().ok());
    match key {
        Some(key) if key.public_eq(public) => Ok(()),
        _ => Err(Unusable::OtherCertificate),
    }
}
