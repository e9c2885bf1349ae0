//! The token endpoint: a code against an access token and an ID token (RFC 6749 4.1.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use crate::fakes::cis2::client_check::Disbelief;
use crate::fakes::cis2::form::Fields;
use crate::fakes::cis2::id_token::Beside;
use crate::fakes::cis2::memory::{Access, Code, Grant, Memory};
use crate::fakes::cis2::provider::{NoAnswer, Provider};
use crate::fakes::cis2::received::{AuthenticationSeen, Endpoint, Received};
use crate::platform::digest::sha256;

/// How long a code is good for.
const CODE_LIFE: Duration = Duration::seconds(60);
/// How long an access token is good for, in seconds. The real one says so too.
const ACCESS_LIFE: i64 = 3599;

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoTokens {
    #[error(transparent)]
    Client(#[from] Disbelief),
    #[error("{0}")]
    Request(String),
    #[error("grant_type is not authorization_code")]
    GrantType,
    #[error(transparent)]
    Code(#[from] CodeFlaw),
    #[error(transparent)]
    Ours(#[from] NoAnswer),
}

/// What is wrong with a code, or with who brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum CodeFlaw {
    #[error("code is missing")]
    Missing,
    #[error("the code was never given")]
    Unknown,
    #[error("the code was used before; the tokens it gave are revoked")]
    Used,
    #[error("the code is older than 60 s")]
    Old,
    #[error("the code was given to another client")]
    OtherClient,
    #[error("redirect_uri is not that of the authorization request")]
    OtherRedirectUri,
    #[error("code_verifier is missing")]
    NoVerifier,
    #[error("code_verifier does not fit the challenge")]
    OtherVerifier,
    #[error("there is a code_verifier, and there was no challenge")]
    Unasked,
}

impl NoTokens {
    /// Status, error and description, as the client hears them.
    pub(super) fn told(&self) -> (u16, &'static str, String) {
        match self {
            Self::Client(disbelief) => (401, "invalid_client", disbelief.description().to_owned()),
            Self::Request(why) => (400, "invalid_request", why.clone()),
            Self::GrantType => (
                400,
                "unsupported_grant_type",
                "Grant type is not supported".to_owned(),
            ),
            Self::Code(_) => (
                400,
                "invalid_grant",
                "The provided access grant is invalid, expired, or revoked.".to_owned(),
            ),
            Self::Ours(_) => (500, "server_error", "The fake gives no answer".to_owned()),
        }
    }
}

impl Provider {
    /// Hears a token request, writes it down and answers it.
    pub(super) async fn exchange(&self, body: &str, authorization: Option<&str>) -> Result<Value, NoTokens> {
        let fields = Fields::read(body).map_err(|twice| NoTokens::Request(twice.to_string()))?;
        let checked = self.check_client(&fields, authorization).await;
        let given = checked
            .client_id
            .map_err(NoTokens::from)
            .and_then(|client_id| self.tokens(&fields, &client_id));
        self.write_down(&fields, Some(checked.seen), given.as_ref().err());
        given
    }

    fn write_down(&self, fields: &Fields, seen: Option<AuthenticationSeen>, refused: Option<&NoTokens>) {
        let at = self.now();
        self.memory().receive(Received {
            endpoint: Endpoint::Token,
            at,
            parameters: fields.without_secrets(),
            authentication: seen,
            reason: refused.map(ToString::to_string),
        });
    }

    fn tokens(&self, fields: &Fields, client_id: &str) -> Result<Value, NoTokens> {
        if fields.get("grant_type") != Some("authorization_code") {
            return Err(NoTokens::GrantType);
        }
        let code = fields.get("code").ok_or(CodeFlaw::Missing)?;
        let now = self.now();
        let grant = spend(&mut self.memory(), code, now)?;
        bound(&grant, fields, client_id)?;
        let access_token = self.fresh().map_err(NoAnswer::from)?;
        let beside = Beside {
            code,
            access_token: &access_token,
        };
        let id_token = self.id_token(&grant, beside)?;
        let mut answer = Map::new();
        answer.insert("access_token".to_owned(), access_token.clone().into());
        answer.insert("scope".to_owned(), grant.asked.scopes.join(" ").into());
        if let Some(id_token) = id_token {
            answer.insert("id_token".to_owned(), id_token.into());
        }
        answer.insert("token_type".to_owned(), "Bearer".into());
        answer.insert("expires_in".to_owned(), ACCESS_LIFE.into());
        self.memory().keep_access(Access {
            value: access_token,
            grant: Grant { issued: now, ..grant },
            code: code.to_owned(),
        });
        Ok(json!(answer))
    }

    /// The grant of an access token, if it is still good.
    pub(super) fn grant_of(&self, access_token: &str) -> Option<Grant> {
        let now = self.now();
        let memory = self.memory();
        let access = memory.access.iter().find(|access| access.value == access_token)?;
        let is_young = (now - access.grant.issued).whole_seconds() < ACCESS_LIFE;
        is_young.then(|| access.grant.clone())
    }
}

/// Uses a code up. Whoever brings it a second time takes the tokens of the first along.
fn spend(memory: &mut Memory, value: &str, now: OffsetDateTime) -> Result<Grant, CodeFlaw> {
    let is_this = |code: &&mut Code| code.value == value;
    let code = memory.codes.iter_mut().find(is_this).ok_or(CodeFlaw::Unknown)?;
    if code.spent {
        memory.access.retain(|access| access.code != value);
        return Err(CodeFlaw::Used);
    }
    code.spent = true;
    if now - code.grant.issued > CODE_LIFE {
        return Err(CodeFlaw::Old);
    }
    Ok(code.grant.clone())
}

/// The code belongs to this client, this address and this verifier.
fn bound(grant: &Grant, fields: &Fields, client_id: &str) -> Result<(), CodeFlaw> {
    let asked = &grant.asked;
    if asked.client_id != client_id {
        return Err(CodeFlaw::OtherClient);
    }
    if fields.get("redirect_uri") != Some(&asked.redirect_uri) {
        return Err(CodeFlaw::OtherRedirectUri);
    }
    match (&asked.code_challenge, fields.get("code_verifier")) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(CodeFlaw::Unasked),
        (Some(_), None) => Err(CodeFlaw::NoVerifier),
        (Some(challenge), Some(verifier)) => {
            let fits = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes())) == *challenge;
            fits.then_some(()).ok_or(CodeFlaw::OtherVerifier)
        }
    }
}
