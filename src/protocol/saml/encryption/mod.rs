//! XML Encryption, as SAML uses it: an `EncryptedData` and the key for it, wrapped for us.
//!
//! Opened are AES-GCM and, where a connection's dated exception says so, AES-CBC, under RSA-OAEP. RSA PKCS#1 v1.5
//! and 3DES have no code here. Every failure is the same [`NotOpened`], so that nobody can ask questions of it.

mod open;
#[cfg(feature = "fakes")]
mod seal;

pub(crate) use open::{Container, DecryptionKey, NotOpened};
#[cfg(feature = "fakes")]
pub(crate) use seal::{NotSealed, seal};

/// How the content is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentAlgorithm {
    Aes128Gcm,
    Aes192Gcm,
    Aes256Gcm,
    Aes128Cbc,
    Aes192Cbc,
    Aes256Cbc,
}

impl ContentAlgorithm {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Aes128Gcm, "http://www.w3.org/2009/xmlenc11#aes128-gcm"),
        (Self::Aes192Gcm, "http://www.w3.org/2009/xmlenc11#aes192-gcm"),
        (Self::Aes256Gcm, "http://www.w3.org/2009/xmlenc11#aes256-gcm"),
        (Self::Aes128Cbc, "http://www.w3.org/2001/04/xmlenc#aes128-cbc"),
        (Self::Aes192Cbc, "http://www.w3.org/2001/04/xmlenc#aes192-cbc"),
        (Self::Aes256Cbc, "http://www.w3.org/2001/04/xmlenc#aes256-cbc"),
    ];

    /// The algorithm with exactly this name.
    pub(crate) fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == uri)
            .map(|(algorithm, _)| *algorithm)
    }

    /// Its name.
    #[cfg(feature = "fakes")]
    pub(crate) fn uri(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == self)
            .map_or("", |(_, uri)| uri)
    }

    /// True for CBC, which does not show that the content was changed (Jager and Somorovsky, 2011).
    pub(crate) fn is_cbc(self) -> bool {
        matches!(self, Self::Aes128Cbc | Self::Aes192Cbc | Self::Aes256Cbc)
    }

    fn cipher(self) -> openssl::symm::Cipher {
        use openssl::symm::Cipher;
        match self {
            Self::Aes128Gcm => Cipher::aes_128_gcm(),
            Self::Aes192Gcm => Cipher::aes_192_gcm(),
            Self::Aes256Gcm => Cipher::aes_256_gcm(),
            Self::Aes128Cbc => Cipher::aes_128_cbc(),
            Self::Aes192Cbc => Cipher::aes_192_cbc(),
            Self::Aes256Cbc => Cipher::aes_256_cbc(),
        }
    }
}
