//! `Es256Key`: a key that signs tokens, parsed once and used for every one of them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::platform::digest::sha256;
use crate::platform::random::{NoRandomness, Random};
use crate::platform::secret::Secret;
use crate::protocol::jose::algorithms::side_by_side;

/// The octets of one number of P-256.
const OCTETS: i32 = 32;

/// A private key on P-256. Prints its `kid` only.
pub struct Es256Key {
    key: EcKey<Private>,
    public: PublicJwk,
}

/// The public half as a JSON web key (RFC 7517, 7518 6.2). Its `kid` is its thumbprint (RFC 7638).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
    kid: String,
    #[serde(rename = "use")]
    usage: String,
    alg: String,
}

/// Why there is no key, or no signature.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No octets to make one of.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// What was read is not a private key on P-256.
    #[error("this is not a private key on P-256 in PEM")]
    NotAKey,
    /// OpenSSL could not compute.
    #[error("OpenSSL could not compute: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// The claims cannot be written as JSON.
    #[error("the claims cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Es256Key {
    /// A new key: a number drawn from `random` until it lies below the order of the curve (FIPS 186-5 A.2.2).
    pub fn draw(random: &dyn Random) -> Result<Self, KeyError> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let mut context = BigNumContext::new()?;
        let mut order = BigNum::new()?;
        group.order(&mut order, &mut context)?;
        let number = draw_below(&order, random)?;
        let mut point = EcPoint::new(&group)?;
        point.mul_generator2(&group, &number, &mut context)?;
        Self::of(EcKey::from_private_components(&group, &number, &point)?)
    }

    /// Reads a key that [`Self::to_pem`] wrote.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let key = PKey::private_key_from_pem(pem).and_then(|key| key.ec_key());
        let key = key.map_err(|_cause| KeyError::NotAKey)?;
        let sound = key.group().curve_name() == Some(Nid::X9_62_PRIME256V1) && key.check_key().is_ok();
        if sound {
            Self::of(key)
        } else {
            Err(KeyError::NotAKey)
        }
    }

    /// The key as PKCS#8 in PEM.
    pub fn to_pem(&self) -> Result<Secret, KeyError> {
        let key = PKey::from_ec_key(self.key.clone())?;
        Ok(Secret::new(key.private_key_to_pem_pkcs8()?))
    }

    /// The public half.
    pub fn public(&self) -> &PublicJwk {
        &self.public
    }

    /// The name of the key in tokens and key sets.
    pub fn kid(&self) -> &str {
        &self.public.kid
    }

    /// `claims` as a signed token of the type `typ` in compact form (RFC 7515 7.1).
    pub fn token(&self, typ: &str, claims: &impl Serialize) -> Result<String, KeyError> {
        let header = Header {
            alg: "ES256",
            typ,
            kid: self.kid(),
        };
        let mut token = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
        let signature = EcdsaSig::sign(&sha256(token.as_bytes()), &self.key)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(side_by_side(&signature, OCTETS)?, &mut token);
        Ok(token)
    }

    fn of(key: EcKey<Private>) -> Result<Self, KeyError> {
        let public = PublicJwk::of(&key)?;
        Ok(Self { key, public })
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

impl PublicJwk {
    /// The name of the key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    fn of(key: &EcKey<Private>) -> Result<Self, KeyError> {
        let mut context = BigNumContext::new()?;
        let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
        key.public_key()
            .affine_coordinates(key.group(), &mut x, &mut y, &mut context)?;
        let x = URL_SAFE_NO_PAD.encode(x.to_vec_padded(OCTETS)?);
        let y = URL_SAFE_NO_PAD.encode(y.to_vec_padded(OCTETS)?);
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Ok(Self {
            kty: "EC".to_owned(),
            crv: "P-256".to_owned(),
            x,
            y,
            kid: URL_SAFE_NO_PAD.encode(sha256(canonical.as_bytes())),
            usage: "sig".to_owned(),
            alg: "ES256".to_owned(),
        })
    }
}

/// A number from 1 to `order` − 1. One draw misses with a chance of 2⁻³²; a source that misses a hundred times in
/// a row is not random.
fn draw_below(order: &BigNum, random: &dyn Random) -> Result<BigNum, KeyError> {
    let mut octets = Zeroizing::new([0; 32]);
    for _ in 0..100 {
        random.fill(octets.as_mut_slice())?;
        let number = BigNum::from_slice(octets.as_slice())?;
        if number.num_bits() > 0 && number < *order {
            return Ok(number);
        }
    }
    Err(NoRandomness.into())
}

impl fmt::Debug for Es256Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Es256Key({})", self.kid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;

    #[test]
    fn a_key_survives_its_pem_and_prints_nothing_private() {
        let key = Es256Key::draw(&SeededRandom::from_seed(1)).unwrap();
        let pem = key.to_pem().unwrap();
        let again = Es256Key::from_pem(pem.expose()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(format!("{key:?}"), format!("Es256Key({})", key.kid()));
    }

    #[test]
    fn two_draws_are_two_keys_and_a_seed_is_one() {
        let draw = |seed| Es256Key::draw(&SeededRandom::from_seed(seed)).unwrap();
        assert_eq!(draw(1).kid(), draw(1).kid());
        assert_ne!(draw(1).kid(), draw(2).kid());
    }

    #[test]
    fn the_kid_is_the_thumbprint_that_another_library_computes() {
        crate::protocol::jose::install();
        let key = Es256Key::draw(&SeededRandom::from_seed(1)).unwrap();
        let jwk = serde_json::to_value(key.public()).unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(jwk).unwrap();
        let thumbprint = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256);
        assert_eq!(thumbprint.unwrap(), key.kid());
    }

    #[test]
    fn what_is_no_key_on_p_256_is_refused() {
        let group = EcGroup::from_curve_name(Nid::SECP384R1).unwrap();
        let other_curve = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let other_curve = other_curve.private_key_to_pem_pkcs8().unwrap();
        for pem in [b"".as_slice(), b"-----BEGIN PRIVATE KEY-----", &other_curve] {
            assert!(matches!(Es256Key::from_pem(pem), Err(KeyError::NotAKey)));
        }
    }

    #[test]
    fn a_source_that_is_not_random_makes_no_key() {
        #[derive(Debug)]
        struct Stuck;
        impl Random for Stuck {
            fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
                buffer.fill(0xff);
                Ok(())
            }
        }
        assert!(matches!(
            Es256Key::draw(&Stuck),
            Err(KeyError::Random(NoRandomness))
        ));
    }
}
