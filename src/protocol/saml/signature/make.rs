//! Makes a key with a certificate that it signs itself, as identity providers have them.

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};
use time::OffsetDateTime;

use crate::protocol::saml::signature::key::SigningKey;

/// The kind of a key that is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// RSA of 2048 bits.
    Rsa2048,
    /// EC on P-256.
    #[cfg(test)]
    P256,
}

/// What the certificate is to say.
#[derive(Debug, Clone)]
pub(crate) struct SelfSigned<'s> {
    /// The kind of key.
    pub(crate) kind: KeyKind,
    /// The common name: `ADFS Signing - host`.
    pub(crate) common_name: &'s str,
    /// The organisation; a fake's carries the fakes' mark.
    pub(crate) organisation: &'s str,
    /// The first instant.
    pub(crate) not_before: OffsetDateTime,
    /// How many days it is for.
    pub(crate) days: i64,
}

impl SelfSigned<'_> {
    /// Makes the key and its certificate.
    pub(crate) fn make(&self) -> Result<SigningKey, ErrorStack> {
        let private = self.private_key()?;
        let mut name = X509NameBuilder::new()?;
        name.append_entry_by_nid(Nid::COMMONNAME, self.common_name)?;
        name.append_entry_by_nid(Nid::ORGANIZATIONNAME, self.organisation)?;
        let name = name.build();
        let begin = self.not_before.unix_timestamp();
        // A serial number that two certificates of one test do not share.
        let serial =
            BigNum::from_slice(&crate::platform::digest::sha256(&private.public_key_to_der()?)[..8])?;
        let mut builder = X509::builder()?;
        builder.set_version(2)?;
        builder.set_serial_number(&*Asn1Integer::from_bn(&serial)?)?;
        builder.set_subject_name(&name)?;
        builder.set_issuer_name(&name)?;
        builder.set_not_before(&*Asn1Time::from_unix(begin)?)?;
        builder.set_not_after(&*Asn1Time::from_unix(begin + self.days * 86_400)?)?;
        builder.set_pubkey(&private)?;
        builder.sign(&private, MessageDigest::sha256())?;
        Ok(SigningKey {
            private,
            certificate: builder.build(),
        })
    }

    fn private_key(&self) -> Result<PKey<Private>, ErrorStack> {
        match self.kind {
            KeyKind::Rsa2048 => PKey::from_rsa(Rsa::generate(2048)?),
            #[cfg(test)]
            KeyKind::P256 => PKey::from_ec_key(openssl::ec::EcKey::generate(
                &*openssl::ec::EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?,
            )?),
        }
    }

    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self {
            kind: KeyKind::Rsa2048,
            common_name: "example",
            organisation: "example",
            not_before: OffsetDateTime::UNIX_EPOCH,
            days: 36_500,
        }
    }
}
