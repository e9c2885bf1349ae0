//! Keys: those that verify, parsed once when metadata is loaded, and those that sign.

use std::fmt;

use openssl::asn1::Asn1Time;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::x509::X509;
use time::{Duration, OffsetDateTime};

use crate::protocol::saml::names::FAKE_CERTIFICATE_ORGANISATION;
use crate::protocol::saml::signature::algorithms::Family;

/// Why a certificate or key is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFlaw {
    /// Neither PEM nor DER of the thing that was asked for.
    #[error("neither PEM nor DER")]
    Unreadable,
    /// A kind of key that signs nothing here.
    #[error("neither an RSA key nor an EC key on P-256, P-384 or P-521")]
    Kind,
    /// The key does not belong to the certificate.
    #[error("the private key does not belong to the certificate")]
    Pair,
}

/// A public key that may verify an identity provider's signature.
#[derive(Clone)]
pub struct VerificationKey {
    public: PKey<Public>,
    certificate_der: Vec<u8>,
    fingerprint: String,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    is_fake: bool,
}

impl VerificationKey {
    /// Reads a certificate, PEM or DER. Its dates and names are kept for people, never for trust.
    pub fn from_certificate(octets: &[u8]) -> Result<Self, KeyFlaw> {
        let certificate = certificate(octets)?;
        let public = certificate.public_key().map_err(|_cause| KeyFlaw::Kind)?;
        family_of(&public)?;
        let certificate_der = certificate.to_der().map_err(|_cause| KeyFlaw::Unreadable)?;
        let organisations = certificate.subject_name().entries_by_nid(Nid::ORGANIZATIONNAME);
        let is_fake = organisations
            .filter_map(|entry| entry.data().to_string().ok())
            .any(|organisation| organisation == FAKE_CERTIFICATE_ORGANISATION);
        Ok(Self {
            public,
            fingerprint: hex::encode(crate::platform::digest::sha256(&certificate_der)),
            certificate_der,
            not_before: instant(certificate.not_before())?,
            not_after: instant(certificate.not_after())?,
            is_fake,
        })
    }

    /// The certificate it came in, DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// SHA-256 of the certificate's DER, in lower-case hexadecimal.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The first instant of the certificate.
    pub fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// The last instant of the certificate.
    pub fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// True if the certificate carries the mark of a fake.
    pub fn is_fake(&self) -> bool {
        self.is_fake
    }

    /// True for an RSA key of at least 2048 bits or an EC key (only curves from P-256 up are read at all).
    pub fn is_strong(&self) -> bool {
        self.public.id() != Id::RSA || self.public.bits() >= 2048
    }

    /// The kind and length of the key, for people: `RSA 2048`.
    pub fn description(&self) -> String {
        let kind = if self.public.id() == Id::RSA { "RSA" } else { "EC" };
        format!("{kind} {}", self.public.bits())
    }

    pub(super) fn public(&self) -> &PKey<Public> {
        &self.public
    }

    /// True if the key can be used with an algorithm of `family`.
    pub(super) fn serves(&self, family: Family) -> bool {
        match family {
            Family::Rsa | Family::RsaPss => self.public.id() == Id::RSA,
            Family::Ecdsa => self.public.id() == Id::EC,
        }
    }
}

impl PartialEq for VerificationKey {
    fn eq(&self, other: &Self) -> bool {
        self.certificate_der == other.certificate_der
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerificationKey({}, {})", self.description(), self.fingerprint)
    }
}

/// A private key with its certificate.
#[derive(Clone)]
pub(crate) struct SigningKey {
    pub(super) private: PKey<Private>,
    pub(super) certificate: X509,
}

impl SigningKey {
    /// Reads a private key and its certificate, each PEM or DER.
    pub(crate) fn read(private: &[u8], certificate_octets: &[u8]) -> Result<Self, KeyFlaw> {
        let private = private_key(private)?;
        let certificate = certificate(certificate_octets)?;
        let public = certificate.public_key().map_err(|_cause| KeyFlaw::Kind)?;
        family_of(&public)?;
        if !private.public_eq(&public) {
            return Err(KeyFlaw::Pair);
        }
        Ok(Self { private, certificate })
    }

    /// The certificate, base64 of its DER without line breaks, as `X509Certificate` holds it.
    pub(crate) fn certificate_base64(&self) -> Result<String, KeyFlaw> {
        let der = self.certificate.to_der().map_err(|_cause| KeyFlaw::Unreadable)?;
        Ok(openssl::base64::encode_block(&der))
    }

    /// The certificate, PEM.
    #[cfg(any(test, feature = "fakes"))]
    pub(crate) fn certificate_pem(&self) -> Result<Vec<u8>, KeyFlaw> {
        self.certificate.to_pem().map_err(|_cause| KeyFlaw::Unreadable)
    }

    /// The private key, PEM of PKCS#8. Every call is a place to look at in a review.
    #[cfg(any(test, feature = "fakes"))]
    pub(crate) fn private_pem(&self) -> Result<Vec<u8>, KeyFlaw> {
        self.private
            .private_key_to_pem_pkcs8()
            .map_err(|_cause| KeyFlaw::Unreadable)
    }

    /// The family of algorithms it signs with.
    pub(crate) fn family(&self) -> Family {
        if self.private.id() == Id::RSA {
            Family::Rsa
        } else {
            Family::Ecdsa
        }
    }

    pub(crate) fn private(&self) -> &PKey<Private> {
        &self.private
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Reads a certificate, PEM or DER.
pub(crate) fn certificate(octets: &[u8]) -> Result<X509, KeyFlaw> {
    let read = if octets.trim_ascii_start().starts_with(b"-----BEGIN") {
        X509::from_pem(octets)
    } else {
        X509::from_der(octets)
    };
    read.map_err(|_cause| KeyFlaw::Unreadable)
}

/// Reads a private key: PEM, or DER of PKCS#8 or of the older forms.
pub(crate) fn private_key(octets: &[u8]) -> Result<PKey<Private>, KeyFlaw> {
    let read = if octets.trim_ascii_start().starts_with(b"-----BEGIN") {
        // A key under a passphrase is refused; without this OpenSSL would ask for it on the terminal.
        PKey::private_key_from_pem_callback(octets, |_passphrase| Ok(0))
    } else {
        PKey::private_key_from_pkcs8(octets).or_else(|_cause| PKey::private_key_from_der(octets))
    };
    read.map_err(|_cause| KeyFlaw::Unreadable)
}

/// Keys on other curves, and of other kinds, are refused when they are read, not at sign-in.
fn family_of(public: &PKey<Public>) -> Result<Family, KeyFlaw> {
    if public.id() == Id::RSA {
        return Ok(Family::Rsa);
    }
    let curve = public.ec_key().ok().and_then(|key| key.group().curve_name());
    match curve {
        Some(Nid::X9_62_PRIME256V1 | Nid::SECP384R1 | Nid::SECP521R1) => Ok(Family::Ecdsa),
        Some(_) | None => Err(KeyFlaw::Kind),
    }
}

fn instant(at: &openssl::asn1::Asn1TimeRef) -> Result<OffsetDateTime, KeyFlaw> {
    let epoch = Asn1Time::from_unix(0).map_err(|_cause| KeyFlaw::Unreadable)?;
    let since = epoch.diff(at).map_err(|_cause| KeyFlaw::Unreadable)?;
    let seconds = Duration::days(since.days.into()) + Duration::seconds(since.secs.into());
    OffsetDateTime::UNIX_EPOCH
        .checked_add(seconds)
        .ok_or(KeyFlaw::Unreadable)
}
