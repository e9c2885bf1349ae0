//! How we prove to a provider that we are its client: by an assertion of ours, or by the secret we share.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use url::form_urlencoded::byte_serialize;

use crate::platform::random::{NoRandomness, Random, token};
use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::signer::{Signer, SignerError};
use crate::upstream::oidc_rp::relying_party::NoClient;
use crate::upstream::oidc_rp::settings::{self, Settings};

/// RFC 7523 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client and its proof.
#[derive(Debug)]
pub(super) struct ClientAuthentication {
    /// The client's name at the provider.
    pub(super) client_id: String,
    /// What it proves itself by.
    pub(super) credentials: Credentials,
}

/// What a client proves itself by.
#[derive(Debug)]
pub(super) enum Credentials {
    /// `private_key_jwt` or `client_secret_jwt`, by the kind of the key (OpenID Connect Core 9).
    Assertion {
        /// The key.
        signer: Signer,
        /// The assertion's `typ`.
        typ: String,
        /// How long one is good.
        lifetime: Duration,
    },
    /// `client_secret_post`.
    Post(Secret),
    /// `client_secret_basic`.
    Basic(Secret),
}

/// A form on its way to the provider, with what goes into its header.
#[derive(Default)]
pub(super) struct Form {
    /// Names and values, in order.
    pub(super) fields: Vec<(String, String)>,
    /// The value of `Authorization`.
    pub(super) authorization: Option<String>,
}

/// Why no proof was made.
#[derive(Debug, thiserror::Error)]
pub enum NoProof {
    /// Nothing to name the assertion with.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The key did not sign.
    #[error("the client assertion could not be signed: {0}")]
    Key(#[from] SignerError),
    /// The secret is no text.
    #[error("the client secret is no text")]
    Secret,
}

/// RFC 7523 3; `aud` is octet for octet what the provider compares with.
#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
}

impl Form {
    /// A form with these fields.
    pub(super) fn of(fields: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            fields: fields.iter().map(owned).collect(),
            authorization: None,
        }
    }

    /// The header fields that go with it.
    pub(super) fn headers(&self) -> Vec<(&str, &str)> {
        let proof = self
            .authorization
            .as_deref()
            .map(|proof| ("authorization", proof));
        [("accept", "application/json")]
            .into_iter()
            .chain(proof)
            .collect()
    }

    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.fields.push((name.to_owned(), value.into()));
    }

    /// A pushed request names the client already, and a parameter that comes twice is refused (RFC 6749 3.2).
    fn name_client(&mut self, client_id: &str) {
        if self.fields.iter().all(|(known, _)| known != "client_id") {
            self.add("client_id", client_id);
        }
    }
}

impl ClientAuthentication {
    /// The client that `settings` describe, with its keys, newest first.
    pub(super) fn of(settings: &Settings, signers: Vec<Signer>) -> Result<Self, NoClient> {
        use settings::ClientAuthentication as Method;
        let secret = || settings.read_client_secret()?.ok_or(NoClient::Missing("secret"));
        let assertion = |signer| Credentials::Assertion {
            signer,
            typ: settings.assertion_type.as_str().to_owned(),
            lifetime: settings.assertion_lifetime,
        };
        let credentials = match settings.client_authentication {
            Method::PrivateKeyJwt => {
                let newest = signers.into_iter().next();
                assertion(newest.ok_or(NoClient::Missing("key"))?)
            }
            Method::ClientSecretJwt => assertion(Signer::from_secret(secret()?.expose(), Algorithm::HS256)?),
            Method::ClientSecretPost => Credentials::Post(secret()?),
            Method::ClientSecretBasic => Credentials::Basic(secret()?),
        };
        Ok(Self {
            client_id: settings.client_id.clone(),
            credentials,
        })
    }

    /// Adds the proof to `form`. An assertion is made anew each time, so that a request that is tried again never
    /// carries a `jti` that was seen.
    pub(super) fn prove(
        &self,
        form: &mut Form,
        audience: &str,
        now: OffsetDateTime,
        random: &dyn Random,
    ) -> Result<(), NoProof> {
        match &self.credentials {
            Credentials::Assertion {
                signer,
                typ,
                lifetime,
            } => {
                let assertion = Assertion {
                    iss: &self.client_id,
                    sub: &self.client_id,
                    aud: audience,
                    jti: token(random)?,
                    iat: now.unix_timestamp(),
                    exp: now.saturating_add(*lifetime).unix_timestamp(),
                };
                form.name_client(&self.client_id);
                form.add("client_assertion_type", ASSERTION_TYPE);
                form.add("client_assertion", signer.sign(Some(typ), &assertion)?);
            }
            Credentials::Post(secret) => {
                form.name_client(&self.client_id);
                form.add("client_secret", text(secret)?);
            }
            Credentials::Basic(secret) => {
                // RFC 6749 2.3.1: both are form-encoded before they are joined.
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", encoded(&self.client_id), encoded(text(secret)?));
                form.authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
            }
        }
        Ok(())
    }
}

fn text(secret: &Secret) -> Result<&str, NoProof> {
    std::str::from_utf8(secret.expose()).map_err(|_cause| NoProof::Secret)
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Form(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SeededRandom;
    use crate::protocol::jose::compact::Compact;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-01 09:00 UTC);
    const AUDIENCE: &str = "https://am.example.test:443/openam/access_token";

    fn by(credentials: Credentials) -> ClientAuthentication {
        ClientAuthentication {
            client_id: "000000000000.apps.supplier".to_owned(),
            credentials,
        }
    }

    fn proof(client: &ClientAuthentication, random: &dyn Random) -> Form {
        let mut form = Form::of(&[("grant_type", "authorization_code")]);
        client.prove(&mut form, AUDIENCE, NOW, random).unwrap();
        form
    }

    fn field<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
        let found = form.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    #[test]
    fn oi_08_an_assertion_names_us_the_endpoint_and_itself_and_is_short_lived() {
        let client = by(Credentials::Assertion {
            signer: Signer::generate_rsa(Algorithm::RS512, Some("bridge-1")).unwrap(),
            typ: "JWT".to_owned(),
            lifetime: Duration::seconds(60),
        });
        let random = SeededRandom::from_seed(1);
        let (form, again) = (proof(&client, &random), proof(&client, &random));
        assert_eq!(field(&form, "client_assertion_type"), Some(ASSERTION_TYPE));
        let read = |form: &Form| Compact::read(field(form, "client_assertion").unwrap()).unwrap();
        let (first, second) = (read(&form), read(&again));
        let claims = first.claims();
        for (name, value) in [
            ("iss", "000000000000.apps.supplier"),
            ("sub", "000000000000.apps.supplier"),
            ("aud", AUDIENCE),
        ] {
            assert_eq!(claims[name], value);
        }
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
            60
        );
        assert_ne!(claims["jti"], second.claims()["jti"], "fresh each time");
        assert!(claims["jti"].as_str().unwrap().len() >= 32);
    }

    #[test]
    fn oi_01_a_pushed_request_names_its_client_once() {
        let random = SeededRandom::from_seed(1);
        for credentials in [
            Credentials::Post(Secret::new(b"a".to_vec())),
            Credentials::Basic(Secret::new(b"a".to_vec())),
        ] {
            let client = by(credentials);
            let mut pushed = Form::of(&[("client_id", "000000000000.apps.supplier"), ("nonce", "a")]);
            client
                .prove(&mut pushed, AUDIENCE, OffsetDateTime::UNIX_EPOCH, &random)
                .unwrap();
            let names = pushed.fields.iter().filter(|(name, _)| name == "client_id");
            assert_eq!(names.count(), 1, "{client:?}");
        }
    }

    #[test]
    fn a_secret_goes_into_the_form_or_the_header_and_never_into_both() {
        let secret = || Secret::new(b"pa:ss w\xc3\xb6rd".to_vec());
        let random = SeededRandom::from_seed(1);
        let posted = proof(&by(Credentials::Post(secret())), &random);
        assert_eq!(field(&posted, "client_secret"), Some("pa:ss wörd"));
        assert!(posted.authorization.is_none());
        let basic = proof(&by(Credentials::Basic(secret())), &random);
        assert!(field(&basic, "client_secret").is_none());
        let expected = STANDARD.encode("000000000000.apps.supplier:pa%3Ass+w%C3%B6rd");
        assert_eq!(basic.authorization, Some(format!("Basic {expected}")));
    }
}
