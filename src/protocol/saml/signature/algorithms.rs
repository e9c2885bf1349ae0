//! The algorithms that have a name here. One that has none is refused, whatever its name resembles.

use openssl::hash::MessageDigest;

/// How octets are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DigestAlgorithm {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl DigestAlgorithm {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Sha1, "http://www.w3.org/2000/09/xmldsig#sha1"),
        (Self::Sha256, "http://www.w3.org/2001/04/xmlenc#sha256"),
        (Self::Sha384, "http://www.w3.org/2001/04/xmldsig-more#sha384"),
        (Self::Sha512, "http://www.w3.org/2001/04/xmlenc#sha512"),
    ];

    /// The algorithm with exactly this name.
    pub(crate) fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == uri)
            .map(|(algorithm, _)| *algorithm)
    }

    /// Its name.
    #[cfg(any(test, feature = "fakes"))]
    pub(crate) fn uri(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == self)
            .map_or("", |(_, uri)| uri)
    }

    /// OpenSSL's word for it.
    pub(crate) fn openssl(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

/// The mathematics of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// RSASSA-PKCS1-v1_5.
    Rsa,
    /// RSASSA-PSS, salt as long as the hash, MGF1 with the same hash (RFC 6931 section 2.3.10).
    RsaPss,
    /// ECDSA, the value being r and s one after the other (XML Signature 1.1 section 6.4.3).
    Ecdsa,
}

/// How `SignedInfo` is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SignatureAlgorithm {
    pub(crate) family: Family,
    pub(crate) digest: DigestAlgorithm,
}

impl SignatureAlgorithm {
    /// RSA with SHA-256, the default of ADFS and Entra.
    #[cfg(any(test, feature = "fakes"))]
    pub(crate) const RSA_SHA256: Self = Self {
        family: Family::Rsa,
        digest: DigestAlgorithm::Sha256,
    };
    /// RSA with SHA-1: only ever by exception.
    #[cfg(any(test, feature = "fakes"))]
    pub(crate) const RSA_SHA1: Self = Self {
        family: Family::Rsa,
        digest: DigestAlgorithm::Sha1,
    };

    const ALL: [(Family, DigestAlgorithm, &'static str); 10] = [
        (
            Family::Rsa,
            DigestAlgorithm::Sha1,
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        ),
        (
            Family::Rsa,
            DigestAlgorithm::Sha256,
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        ),
        (
            Family::Rsa,
            DigestAlgorithm::Sha384,
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        ),
        (
            Family::Rsa,
            DigestAlgorithm::Sha512,
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        ),
        (
            Family::RsaPss,
            DigestAlgorithm::Sha256,
            "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        ),
        (
            Family::RsaPss,
            DigestAlgorithm::Sha384,
            "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
        ),
        (
            Family::RsaPss,
            DigestAlgorithm::Sha512,
            "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
        ),
        (
            Family::Ecdsa,
            DigestAlgorithm::Sha256,
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        ),
        (
            Family::Ecdsa,
            DigestAlgorithm::Sha384,
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        ),
        (
            Family::Ecdsa,
            DigestAlgorithm::Sha512,
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        ),
    ];

    /// The algorithm with exactly this name.
    pub(crate) fn from_uri(uri: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, _, known)| *known == uri);
        found.map(|(family, digest, _)| Self {
            family: *family,
            digest: *digest,
        })
    }

    /// Its name.
    pub(crate) fn uri(self) -> &'static str {
        let found = Self::ALL
            .iter()
            .find(|(family, digest, _)| (*family, *digest) == (self.family, self.digest));
        found.map_or("", |(_, _, uri)| uri)
    }
}
