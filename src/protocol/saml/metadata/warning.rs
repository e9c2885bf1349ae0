//! What an operator should know about a document that may nevertheless be used.

use std::fmt;

use time::OffsetDateTime;

use crate::protocol::saml::instant;

/// How many identity providers of an aggregate are named to choose from.
const NAMED: usize = 20;

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataWarning {
    /// The dates of a certificate decide nothing, but somebody forgot them.
    CertificateExpired {
        /// SHA-256 of the certificate.
        sha256: String,
        /// Its last instant.
        not_after: OffsetDateTime,
    },
    /// A new one is about to be due.
    CertificateExpires {
        /// SHA-256 of the certificate.
        sha256: String,
        /// Its last instant.
        not_after: OffsetDateTime,
    },
    /// A key that needs a dated exception.
    WeakKey {
        /// SHA-256 of the certificate.
        sha256: String,
        /// Kind and length: `RSA 1024`.
        key: String,
    },
    /// A certificate that was left out.
    UnreadableCertificate {
        /// The element: `X509Certificate 1 of KeyDescriptor 2`.
        element: String,
        /// What is wrong with it.
        why: String,
    },
    /// A signing `KeyDescriptor` that holds no certificate.
    NoCertificate {
        /// The element: `KeyDescriptor 2`.
        element: String,
    },
    /// A `KeyDescriptor` that is neither for signing nor for encryption.
    UnknownUse {
        /// The element: `KeyDescriptor 2`.
        element: String,
        /// What it says.
        use_: String,
    },
    /// A `Location` that anybody on the way can read and change.
    PlainHttp {
        /// The address.
        location: String,
    },
    /// A service that was left out.
    UnusableEndpoint {
        /// The element and why: `SingleSignOnService: …`.
        why: String,
    },
    /// The bridge sends people by HTTP-Redirect.
    NoRedirect,
    /// `WantAuthnRequestsSigned`.
    WantsSignedRequests,
    /// The document was signed with SHA-1.
    Sha1Signature {
        /// The element that carries the signature.
        element: String,
    },
    /// A signature that does not cover the document was not looked at.
    InnerSignature,
    /// The document does not say how long it may be used; Entra and ADFS never do.
    NoValidUntil,
    /// So far ahead that it promises no more than nothing would.
    FarValidUntil(OffsetDateTime),
    /// The document is a fake's.
    Fake,
    /// The aggregate holds several identity providers: those that may be chosen.
    Several(Vec<String>),
    /// One identity provider of the aggregate is of no use.
    UnusableProvider {
        /// Its name.
        entity_id: String,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for MetadataWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CertificateExpired { sha256, not_after } => {
                let day = not_after.date();
                write!(
                    f,
                    "the signing certificate {sha256} expired on {day}; its key is still trusted"
                )
            }
            Self::CertificateExpires { sha256, not_after } => {
                write!(
                    f,
                    "the signing certificate {sha256} expires on {}",
                    not_after.date()
                )
            }
            Self::WeakKey { sha256, key } => {
                write!(
                    f,
                    "the key of the signing certificate {sha256} is {key}: below RSA-2048"
                )
            }
            Self::UnreadableCertificate { element, why } => write!(f, "{element} is left out: {why}"),
            Self::NoCertificate { element } => {
                write!(f, "{element} is left out: it holds no X509Certificate")
            }
            Self::UnknownUse { element, use_ } => {
                write!(
                    f,
                    "{element} is left out: use=\"{use_}\" is neither signing nor encryption"
                )
            }
            Self::PlainHttp { location } => write!(f, "a plain http address: {location}"),
            Self::UnusableEndpoint { why } => write!(f, "left out: {why}"),
            Self::NoRedirect => f.write_str(
                "no SingleSignOnService with the binding HTTP-Redirect, by which the bridge sends people",
            ),
            Self::WantsSignedRequests => {
                f.write_str("the identity provider asks for signed requests (WantAuthnRequestsSigned)")
            }
            Self::Sha1Signature { element } => write!(f, "the signature of {element} is made with SHA-1"),
            Self::InnerSignature => {
                f.write_str("a signature inside covers only a part of the document and was not looked at")
            }
            Self::NoValidUntil => {
                f.write_str("no validUntil: the document does not say how long it may be used")
            }
            Self::FarValidUntil(at) => {
                write!(f, "validUntil is more than a year ahead: {}", instant::write(*at))
            }
            Self::Fake => f.write_str("this is a fake's metadata: whoever asks is signed in"),
            Self::Several(ids) => {
                let named: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
                write!(f, "identity providers to choose from: {}", named.join(", "))?;
                match ids.len().saturating_sub(NAMED) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::UnusableProvider { entity_id, why } => write!(f, "{entity_id} is of no use: {why}"),
        }
    }
}
