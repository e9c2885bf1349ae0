//! `explain --kind …`: judges a saved token of OpenID Connect offline, every rule in order.

use std::fmt;

use time::{Duration, OffsetDateTime};

use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::key_set::KeySet;
use crate::upstream::oidc_rp::explanation::{
    Explanation, explain_client_assertion, explain_id_token, explain_logout_token, explain_userinfo,
};
use crate::upstream::oidc_rp::terms::{
    CLIENT_ASSERTION_LIFE, ClientAssertionTerms, Grant, IdTokenTerms, Keys, LogoutExpiry, LogoutTokenTerms,
    SecondJudge, Terms, UserInfoForm, UserInfoTerms,
};

/// The longest that a logout token may be under way.
const LOGOUT_AGE: Duration = Duration::seconds(300);

/// The kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An ID token.
    IdToken,
    /// A logout token.
    LogoutToken,
    /// An answer of the UserInfo endpoint.
    UserInfo,
    /// A client assertion of ours.
    ClientAssertion,
}

/// A token and all that it is to be judged by. What is `None` or empty is not judged, but for the keys: without
/// them no signature verifies.
#[derive(Clone, Default)]
pub struct ExplainTokenRequest {
    /// The token in compact form, a form body with `logout_token`, or the JSON of the UserInfo endpoint.
    pub message: Vec<u8>,
    /// The issuer.
    pub issuer: String,
    /// Our client id.
    pub client_id: String,
    /// The agreed algorithms.
    pub algorithms: Vec<Algorithm>,
    /// The key set, as it was published.
    pub jwks: Option<Vec<u8>>,
    /// Our client secret, in place of a key set.
    pub client_secret: Option<Vec<u8>>,
    /// The nonce that was sent.
    pub nonce: Option<String>,
    /// The access token that came with it.
    pub access_token: Option<String>,
    /// How long ago the person may have proved themselves.
    pub max_auth_age: Option<Duration>,
    /// The lowest `authentication_assurance_level`.
    pub minimum_aal: Option<u8>,
    /// The lowest `id_assurance_level`.
    pub minimum_ial: Option<u8>,
    /// The Entra tenant.
    pub tenant: Option<String>,
    /// The `sub` of the ID token, for UserInfo.
    pub subject: String,
    /// The token endpoint, for a client assertion.
    pub token_endpoint: String,
    /// What is relaxed, by the words of [`Grant`].
    pub allow: Vec<String>,
    /// How far the clocks may differ.
    pub skew: Duration,
}

/// Nearly everything in it is somebody's secret or name, so only the two parties are printed.
impl fmt::Debug for ExplainTokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExplainTokenRequest")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// An unknown word after `--allow`.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is nothing that can be allowed; write {known}", known = Grant::LogoutWithoutExpiry.as_str())]
pub struct NothingToAllow(String);

/// Judges the token at `at`, every rule in order. Values of a person are in the result: see
/// [`Explanation::without_values`].
///
/// # Errors
/// [`NothingToAllow`].
pub fn explain_token(
    kind: TokenKind,
    request: &ExplainTokenRequest,
    at: OffsetDateTime,
) -> Result<Explanation, NothingToAllow> {
    let set = request.jwks.as_deref().map(KeySet::read);
    let secret = request.client_secret.clone().map(Secret::new);
    let keys = match (&set, &secret) {
        (_, Some(secret)) => Keys::Shared(secret),
        (Some(Ok(set)), None) => Keys::Published(set),
        (Some(Err(_)), None) => Keys::Unreadable,
        (None, None) => Keys::NotGiven,
    };
    let token = Terms {
        issuer: &request.issuer,
        client_id: &request.client_id,
        algorithms: &request.algorithms,
        keys,
        now: at,
        skew: request.skew,
    };
    let expiry = expiry(&request.allow)?;
    let message = message(&request.message);
    Ok(match kind {
        TokenKind::IdToken => explain_id_token(message, &id_token_terms(request, token)),
        TokenKind::LogoutToken => {
            let max_age = LOGOUT_AGE;
            explain_logout_token(
                message,
                &LogoutTokenTerms {
                    token,
                    max_age,
                    expiry,
                },
            )
        }
        TokenKind::UserInfo => explain_userinfo(message, &userinfo_terms(request, token, message)),
        TokenKind::ClientAssertion => {
            let terms = ClientAssertionTerms {
                token,
                token_endpoint: &request.token_endpoint,
                max_life: CLIENT_ASSERTION_LIFE,
                used: &[],
            };
            explain_client_assertion(message, &terms)
        }
    })
}

fn id_token_terms<'r>(request: &'r ExplainTokenRequest, token: Terms<'r>) -> IdTokenTerms<'r> {
    IdTokenTerms {
        token,
        nonce: request.nonce.as_deref(),
        access_token: request.access_token.as_deref(),
        code: None,
        state: None,
        max_auth_age: request.max_auth_age,
        minimum_aal: request.minimum_aal,
        minimum_ial: request.minimum_ial,
        tenant: request.tenant.as_deref(),
        second_judge: SecondJudge::WHERE_PRESENT,
    }
}

/// Saved in a file, an answer has no `Content-Type`: what begins with a brace came as JSON, and was agreed so.
fn userinfo_terms<'r>(
    request: &'r ExplainTokenRequest,
    token: Terms<'r>,
    message: &[u8],
) -> UserInfoTerms<'r> {
    let form = if message.starts_with(b"{") {
        UserInfoForm::Json
    } else {
        UserInfoForm::Signed
    };
    UserInfoTerms {
        token,
        agreed: form,
        came: form,
        subject: &request.subject,
        ial: None,
    }
}

fn expiry(allow: &[String]) -> Result<LogoutExpiry, NothingToAllow> {
    let word = Grant::LogoutWithoutExpiry.as_str();
    match allow.iter().find(|allowed| *allowed != word) {
        Some(unknown) => Err(NothingToAllow(unknown.clone())),
        None if allow.is_empty() => Ok(LogoutExpiry::Required),
        None => Ok(LogoutExpiry::MayBeAbsent),
    }
}

/// Without what an editor or a form adds around it.
fn message(octets: &[u8]) -> &[u8] {
    let octets = octets.trim_ascii();
    match octets.strip_prefix(b"logout_token=") {
        Some(field) => field.split(|octet| *octet == b'&').next().unwrap_or_default(),
        None => octets,
    }
}
