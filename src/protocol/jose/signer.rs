//! `Signer`: a private key or a shared secret with the one algorithm that it signs with.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use openssl::bn::{BigNum, BigNumContext};
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::platform::digest::sha256;
use crate::platform::secret::Secret;
use crate::protocol::jose::algorithms::{curve, is_offered, sign};
use crate::protocol::jose::provider::{SMALLEST_RSA_BITS, private_key_fits};

/// Signs tokens in compact form (RFC 7515 7.1). Prints its `kid` only.
#[derive(Clone)]
pub struct Signer {
    key: PKey<Private>,
    algorithm: Algorithm,
    public: Option<Map<String, Value>>,
}

/// Why there is no signer, or no signature.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// Not a private key in PEM.
    #[error("this is not a private key in PEM")]
    NotAKey,
    /// Another type or curve than the algorithm needs, or RSA below 2048 bits, or an algorithm that is not offered.
    #[error("this key is not for this algorithm")]
    DoesNotFit,
    /// A shared secret has no PEM.
    #[error("a shared secret has no PEM")]
    Shared,
    /// OpenSSL could not compute.
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// What shall be signed cannot be written as JSON.
    #[error("this cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Signer {
    /// A private key, RSA of 2048 bits or more or on the curve of `algorithm`. Without a `kid` its name is its
    /// thumbprint (RFC 7638).
    ///
    /// # Errors
    /// [`SignerError::NotAKey`], [`SignerError::DoesNotFit`].
    pub fn from_pem(pem: &[u8], algorithm: Algorithm, kid: Option<&str>) -> Result<Self, SignerError> {
        let key = PKey::private_key_from_pem(pem).map_err(|_cause| SignerError::NotAKey)?;
        Self::of(key, algorithm, kid)
    }

    /// A new RSA key of 2048 bits.
    ///
    /// # Errors
    /// [`SignerError::DoesNotFit`] if `algorithm` is not one of RSA's.
    pub fn generate_rsa(algorithm: Algorithm, kid: Option<&str>) -> Result<Self, SignerError> {
        let key = PKey::from_rsa(Rsa::generate(SMALLEST_RSA_BITS)?)?;
        Self::of(key, algorithm, kid)
    }

    /// A shared secret for one of the HMAC algorithms. It has no `kid` and nothing public.
    ///
    /// # Errors
    /// [`SignerError::DoesNotFit`] if `algorithm` is not HMAC.
    pub fn from_secret(secret: &[u8], algorithm: Algorithm) -> Result<Self, SignerError> {
        let key = PKey::hmac(secret)?;
        private_key_fits(algorithm, &key).map_err(|_cause| SignerError::DoesNotFit)?;
        Ok(Self {
            key,
            algorithm,
            public: None,
        })
    }

    /// `claims` as a token, with the type `typ` if one is given.
    ///
    /// # Errors
    /// [`SignerError::Json`], [`SignerError::OpenSsl`].
    pub fn sign(&self, typ: Option<&str>, claims: &impl Serialize) -> Result<String, SignerError> {
        let mut header = Map::new();
        header.insert("alg".to_owned(), serde_json::to_value(self.algorithm)?);
        let members = [("typ", typ), ("kid", self.kid())];
        let stated = members
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        header.extend(stated.map(|(name, value)| (name.to_owned(), value.into())));
        self.sign_with_header(&header, &serde_json::to_vec(claims)?)
    }

    /// Any octets under any header, even one that names another algorithm: for whoever must show that this is
    /// refused.
    ///
    /// # Errors
    /// [`SignerError::Json`], [`SignerError::OpenSsl`].
    pub fn sign_with_header(
        &self,
        header: &Map<String, Value>,
        payload: &[u8],
    ) -> Result<String, SignerError> {
        let mut token = URL_SAFE_NO_PAD.encode(serde_json::to_vec(header)?);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = sign(self.algorithm, &self.key, token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The algorithm it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The name of the key in tokens and key sets; a shared secret has none.
    pub fn kid(&self) -> Option<&str> {
        self.public.as_ref()?.get("kid")?.as_str()
    }

    /// The public half as a JSON web key (RFC 7517); a shared secret has none.
    pub fn public_jwk(&self) -> Option<Value> {
        self.public.clone().map(Value::Object)
    }

    /// The private key as PKCS#8 in PEM.
    ///
    /// # Errors
    /// [`SignerError::Shared`].
    pub fn to_pem(&self) -> Result<Secret, SignerError> {
        if self.public.is_none() {
            return Err(SignerError::Shared);
        }
        Ok(Secret::new(self.key.private_key_to_pem_pkcs8()?))
    }

    fn of(key: PKey<Private>, algorithm: Algorithm, kid: Option<&str>) -> Result<Self, SignerError> {
        if !is_offered(algorithm) || private_key_fits(algorithm, &key).is_err() {
            return Err(SignerError::DoesNotFit);
        }
        let mut public = numbers(&key, algorithm)?;
        let in_order: BTreeMap<_, _> = public.iter().collect();
        let thumbprint = URL_SAFE_NO_PAD.encode(sha256(&serde_json::to_vec(&in_order)?));
        let kid = kid.map_or(thumbprint, ToOwned::to_owned);
        public.insert("kid".to_owned(), kid.into());
        public.insert("use".to_owned(), "sig".into());
        public.insert("alg".to_owned(), serde_json::to_value(algorithm)?);
        Ok(Self {
            key,
            algorithm,
            public: Some(public),
        })
    }
}

/// The members of the public key that its thumbprint is made of (RFC 7638 3.2).
fn numbers(key: &PKey<Private>, algorithm: Algorithm) -> Result<Map<String, Value>, SignerError> {
    let members = if let Some(curve) = curve(algorithm) {
        let key = key.ec_key()?;
        let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
        let mut context = BigNumContext::new()?;
        let point = key.public_key();
        point.affine_coordinates(key.group(), &mut x, &mut y, &mut context)?;
        let crv = if curve.octets == 32 { "P-256" } else { "P-384" };
        let (x, y) = (x.to_vec_padded(curve.octets)?, y.to_vec_padded(curve.octets)?);
        vec![
            ("kty", "EC".to_owned()),
            ("crv", crv.to_owned()),
            ("x", URL_SAFE_NO_PAD.encode(x)),
            ("y", URL_SAFE_NO_PAD.encode(y)),
        ]
    } else {
        let key = key.rsa()?;
        vec![
            ("kty", "RSA".to_owned()),
            ("n", URL_SAFE_NO_PAD.encode(key.n().to_vec())),
            ("e", URL_SAFE_NO_PAD.encode(key.e().to_vec())),
        ]
    };
    let named = members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()));
    Ok(named.collect())
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({:?})", self.kid())
    }
}

#[cfg(test)]
mod tests;
