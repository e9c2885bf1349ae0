//! How we prove to the provider that we are its client (OpenID Connect Core 9).

use serde::Deserialize;

use crate::platform::secret::{NoOctets, Secret, Source};
use crate::upstream::oidc_rp::settings::{Algorithm, Settings};

/// The client authentication methods (`token_endpoint_auth_method` of RFC 7591 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// An assertion under a key of ours (RFC 7523).
    PrivateKeyJwt,
    /// An assertion under the shared secret: HS256.
    ClientSecretJwt,
    /// The secret in the form (RFC 6749 2.3.1).
    ClientSecretPost,
    /// The secret in the `Authorization` header (RFC 6749 2.3.1).
    ClientSecretBasic,
}

impl ClientAuthentication {
    /// The word of the registration and of the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretBasic => "client_secret_basic",
        }
    }

    /// True if it needs the shared secret; `private_key_jwt` needs a key instead.
    pub fn needs_secret(self) -> bool {
        self != Self::PrivateKeyJwt
    }
}

/// A key of ours for `private_key_jwt`: `[[oidc.NAME.client_key]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientKey {
    /// The private key, PEM: RSA, or EC on P-256 for ES256.
    pub key: Source,
    /// What it signs with, as registered.
    pub algorithm: Algorithm,
    /// Its name in our key set; absent: its thumbprint (RFC 7638).
    #[serde(default)]
    pub kid: Option<String>,
}

/// The `aud` of a client assertion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum AssertionAudience {
    /// The token endpoint, byte for byte, `:443` included: what CIS2 documents. Written `token_endpoint`.
    #[default]
    TokenEndpoint,
    /// The issuer (RFC 7523bis). Written `issuer`.
    Issuer,
    /// This text.
    Stated(String),
}

impl From<String> for AssertionAudience {
    fn from(text: String) -> Self {
        match text.as_str() {
            "token_endpoint" => Self::TokenEndpoint,
            "issuer" => Self::Issuer,
            _ => Self::Stated(text),
        }
    }
}

/// The `typ` of a client assertion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum AssertionType {
    /// `JWT`.
    #[default]
    #[serde(rename = "JWT")]
    Jwt,
    /// `client-authentication+jwt` (RFC 7523bis).
    #[serde(rename = "client-authentication+jwt")]
    ClientAuthentication,
}

impl AssertionType {
    /// The word in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "JWT",
            Self::ClientAuthentication => "client-authentication+jwt",
        }
    }
}

impl Settings {
    /// The shared secret, without the line end that editors put at the end of a file; `None` if there is none.
    pub fn read_client_secret(&self) -> Result<Option<Secret>, NoOctets> {
        let read = |source: &Source| Ok(Secret::new(source.read()?.expose().trim_ascii_end().to_vec()));
        self.client_secret.as_ref().map(read).transpose()
    }
}
