//! The clients that the fake knows, with what CIS2 asks when one registers.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::fakes::cis2::manner::SignatureAlgorithm;

/// A relying party that may ask.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// `client_id`, of any form.
    pub client_id: String,
    /// Where answers may go, compared octet for octet.
    pub redirect_uris: Vec<String>,
    /// How it proves that it is the client.
    pub authentication: Authentication,
    /// Where a browser may go after a logout, compared octet for octet.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where logout tokens are sent.
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// With which algorithm user info is signed for it; absent: plain JSON.
    #[serde(default)]
    pub signed_user_info: Option<SignatureAlgorithm>,
}

/// How a client proves that it is the client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// A JWT signed with one of its keys.
    PrivateKeyJwt(ClientKeys),
    /// A JWT signed by HMAC with the secret.
    ClientSecretJwt(ClientSecret),
    /// The secret in the form.
    ClientSecretPost(ClientSecret),
    /// The secret in the header `Authorization`.
    ClientSecretBasic(ClientSecret),
}

/// Where the keys of a client are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKeys {
    /// Its key set, as it is.
    Jwks(Value),
    /// The address at which it publishes it; fetched whenever it asks.
    JwksUri(String),
}

/// A shared secret. It is not printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// Keeps `text` as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

impl Client {
    /// A client with one redirect URI and nothing that is optional.
    pub fn new(
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
        authentication: Authentication,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            redirect_uris: vec![redirect_uri.into()],
            authentication,
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            signed_user_info: None,
        }
    }
}

impl Authentication {
    /// The name in RFC 7591 (`token_endpoint_auth_method`).
    pub fn method(&self) -> &'static str {
        match self {
            Self::PrivateKeyJwt(_) => "private_key_jwt",
            Self::ClientSecretJwt(_) => "client_secret_jwt",
            Self::ClientSecretPost(_) => "client_secret_post",
            Self::ClientSecretBasic(_) => "client_secret_basic",
        }
    }
}
