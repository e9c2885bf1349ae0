//! Who asks at the token endpoint: the client's proof, by the one method that it registered.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fakes::cis2::assertion::{self, Expected, Flaw, JWT_BEARER};
use crate::fakes::cis2::client::{Authentication, Client};
use crate::fakes::cis2::form::Fields;
use crate::fakes::cis2::provider::Provider;
use crate::fakes::cis2::received::{AssertionSeen, AuthenticationSeen, Verdict};
use crate::protocol::jose::compact::Compact;

/// A client was not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Disbelief {
    /// What the client hears is `JWT is not valid`.
    #[error(transparent)]
    Assertion(#[from] Flaw),
    #[error("the client proves nothing")]
    NoProof,
    #[error("the client proves itself in two ways at once")]
    TwoProofs,
    #[error("the header Authorization is not that of Basic")]
    Basic,
    #[error("the client {0:?} is not registered")]
    UnknownClient(String),
    #[error("the client is registered for {0}")]
    OtherMethod(&'static str),
    #[error("the secret is another")]
    Secret,
    #[error("client_id is missing")]
    NoClientId,
}

/// What a client sent to prove itself.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Proof {
    Assertion(String),
    Post { client_id: String, secret: String },
    Basic { client_id: String, secret: String },
}

/// What was found of it.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// The client id, if it was believed.
    pub(super) client_id: Result<String, Disbelief>,
    pub(super) seen: AuthenticationSeen,
}

impl Disbelief {
    /// What the client is told.
    pub(super) fn description(&self) -> &'static str {
        match self {
            Self::Assertion(_) => "JWT is not valid",
            Self::NoProof
            | Self::TwoProofs
            | Self::Basic
            | Self::UnknownClient(_)
            | Self::OtherMethod(_)
            | Self::Secret
            | Self::NoClientId => "Client authentication failed",
        }
    }
}

impl Provider {
    /// Checks the client of a token request.
    pub(super) async fn check_client(&self, fields: &Fields, authorization: Option<&str>) -> Checked {
        let proof = proof(fields, authorization);
        let mut seen = AuthenticationSeen {
            client_id: fields.owned("client_id"),
            method: proof.as_ref().map_or("none", Proof::method),
            verdict: Verdict::Refused,
            reason: None,
            assertion: None,
        };
        let client_id = match proof {
            Ok(proof) => self.believed(fields, proof, &mut seen).await,
            Err(disbelief) => Err(disbelief),
        };
        match &client_id {
            Ok(client_id) => {
                seen.verdict = Verdict::Accepted;
                seen.client_id = Some(client_id.clone());
            }
            Err(disbelief) => seen.reason = Some(disbelief.to_string()),
        }
        Checked { client_id, seen }
    }

    async fn believed(
        &self,
        fields: &Fields,
        proof: Proof,
        seen: &mut AuthenticationSeen,
    ) -> Result<String, Disbelief> {
        match proof {
            Proof::Assertion(text) => self.by_assertion(fields, &text, seen).await,
            Proof::Post { client_id, secret } => {
                seen.client_id = Some(client_id.clone());
                let client = self.registered(&client_id)?;
                by_secret(client.as_ref(), &secret, "client_secret_post").map(|()| client_id)
            }
            Proof::Basic { client_id, secret } => {
                seen.client_id = Some(client_id.clone());
                let client = self.registered(&client_id)?;
                by_secret(client.as_ref(), &secret, "client_secret_basic").map(|()| client_id)
            }
        }
    }

    async fn by_assertion(
        &self,
        fields: &Fields,
        text: &str,
        seen: &mut AuthenticationSeen,
    ) -> Result<String, Disbelief> {
        if fields.get("client_assertion_type") != Some(JWT_BEARER) {
            return Err(Flaw::Type.into());
        }
        let assertion = Compact::read(text).map_err(|flaw| Flaw::Unreadable(flaw.to_string()))?;
        seen.assertion = Some(AssertionSeen {
            header: assertion.header().clone(),
            claims: assertion.claims().clone(),
        });
        let endpoint = self.token_endpoint();
        let expected = Expected {
            token_endpoint: &endpoint,
            client_id: fields.get("client_id"),
            now: self.now(),
        };
        let stated = assertion::stated(&assertion, &expected)?;
        if let Some(client) = self.registered(&stated.client_id)? {
            assertion::verified(&assertion, &client.authentication, &self.outbound).await?;
        }
        if !self.memory().is_first_use(&stated.client_id, &stated.jti) {
            return Err(Flaw::JtiUsed.into());
        }
        Ok(stated.client_id)
    }

    /// The registered client; `None` if nobody is registered, and so everybody may ask.
    fn registered(&self, client_id: &str) -> Result<Option<Client>, Disbelief> {
        let memory = self.memory();
        if memory.clients.is_empty() {
            return Ok(None);
        }
        let client = memory.client(client_id).cloned();
        client
            .map(Some)
            .ok_or_else(|| Disbelief::UnknownClient(client_id.to_owned()))
    }
}

impl Proof {
    fn method(&self) -> &'static str {
        match self {
            Self::Assertion(_) => "client_assertion",
            Self::Post { .. } => "client_secret_post",
            Self::Basic { .. } => "client_secret_basic",
        }
    }
}

fn proof(fields: &Fields, authorization: Option<&str>) -> Result<Proof, Disbelief> {
    let sent = (
        fields.owned("client_assertion"),
        fields.owned("client_secret"),
        authorization,
    );
    match sent {
        (Some(assertion), None, None) => Ok(Proof::Assertion(assertion)),
        (None, Some(secret), None) => Ok(Proof::Post {
            client_id: fields.owned("client_id").ok_or(Disbelief::NoClientId)?,
            secret,
        }),
        (None, None, Some(header)) => basic(header, fields),
        (None, None, None) => Err(Disbelief::NoProof),
        _ => Err(Disbelief::TwoProofs),
    }
}

/// User name and password are form-encoded before they are joined (RFC 6749 2.3.1).
fn basic(header: &str, fields: &Fields) -> Result<Proof, Disbelief> {
    let encoded = header.strip_prefix("Basic ").ok_or(Disbelief::Basic)?;
    let octets = STANDARD.decode(encoded).map_err(|_cause| Disbelief::Basic)?;
    let text = String::from_utf8(octets).map_err(|_cause| Disbelief::Basic)?;
    let (client_id, secret) = text.split_once(':').ok_or(Disbelief::Basic)?;
    let (client_id, secret) = (form_decoded(client_id), form_decoded(secret));
    if fields.get("client_id").is_some_and(|stated| stated != client_id) {
        return Err(Disbelief::TwoProofs);
    }
    Ok(Proof::Basic { client_id, secret })
}

fn form_decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8_lossy()
        .into_owned()
}

fn by_secret(client: Option<&Client>, secret: &str, method: &'static str) -> Result<(), Disbelief> {
    let Some(client) = client else {
        return Ok(());
    };
    let registered = &client.authentication;
    match registered {
        Authentication::ClientSecretPost(known) | Authentication::ClientSecretBasic(known)
            if registered.method() == method =>
        {
            let same =
                openssl::sha::sha256(known.expose().as_bytes()) == openssl::sha::sha256(secret.as_bytes());
            same.then_some(()).ok_or(Disbelief::Secret)
        }
        Authentication::PrivateKeyJwt(_)
        | Authentication::ClientSecretJwt(_)
        | Authentication::ClientSecretPost(_)
        | Authentication::ClientSecretBasic(_) => Err(Disbelief::OtherMethod(registered.method())),
    }
}
