//! Weak algorithms that a dated exception may permit: `[[saml.NAME.exception]]`.

use serde::Deserialize;

use crate::upstream::exception::{self, Permissible};

/// Permission for one weak algorithm until the end of one day (UTC).
pub type Exception = exception::Exception<Weakness>;

/// A weak algorithm that an identity provider may still need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// SHA-1 in a signature or a digest.
    Sha1,
    /// RSA signing keys from 1024 to 2047 bits.
    #[serde(rename = "rsa-1024")]
    Rsa1024,
    /// AES in CBC mode in an `EncryptedAssertion`.
    Cbc,
}

impl Weakness {
    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Rsa1024 => "rsa-1024",
            Self::Cbc => "cbc",
        }
    }
}

impl Permissible for Weakness {
    fn as_str(self) -> &'static str {
        self.as_str()
    }
}
