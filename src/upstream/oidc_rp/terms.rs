//! What a token is judged by. None of it is ever taken from the token.

use std::fmt;

use time::{Duration, OffsetDateTime};

use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::key_set::KeySet;

/// The longest life of a client assertion at CIS2.
pub const CLIENT_ASSERTION_LIFE: Duration = Duration::minutes(5);

/// The terms that every kind of token is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'t> {
    /// The issuer, octet for octet: CIS2's has an explicit `:443`.
    pub issuer: &'t str,
    /// Our client identifier there.
    pub client_id: &'t str,
    /// The algorithms that are agreed.
    pub algorithms: &'t [Algorithm],
    /// What signatures are verified with. It fixes the family: a public key never verifies an HMAC.
    pub keys: Keys<'t>,
    /// The time.
    pub now: OffsetDateTime,
    /// How far the issuer's clock may be off, either way.
    pub skew: Duration,
}

/// What signatures are verified with.
#[derive(Debug, Clone, Copy)]
pub enum Keys<'t> {
    /// The key set that the signer publishes.
    Published(&'t KeySet),
    /// Our client secret, for HMAC only (OpenID Connect Core 10.1).
    Shared(&'t Secret),
    /// There is none: nobody gave one.
    NotGiven,
    /// There is one, and it cannot be read.
    Unreadable,
}

/// The terms of an ID token (OpenID Connect Core 3.1.3.7).
#[derive(Clone, Copy)]
pub struct IdTokenTerms<'t> {
    /// What every token is judged by.
    pub token: Terms<'t>,
    /// The nonce that we sent, if we sent one.
    pub nonce: Option<&'t str>,
    /// The access token that came with it.
    pub access_token: Option<&'t str>,
    /// The code that it was exchanged for.
    pub code: Option<&'t str>,
    /// The state of the answer.
    pub state: Option<&'t str>,
    /// How old the authentication may be on receipt, before skew; `None` where neither `max_age` nor
    /// `prompt=login` was sent.
    pub max_auth_age: Option<Duration>,
    /// The lowest `authentication_assurance_level`; `None` asks for none.
    pub minimum_aal: Option<u8>,
    /// The lowest `id_assurance_level`; `None` asks for none.
    pub minimum_ial: Option<u8>,
    /// The Entra tenant; `None` where the provider is no Entra.
    pub tenant: Option<&'t str>,
    /// Whether the second judge is asked.
    pub second_judge: SecondJudge,
}

/// Whether the second judge is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondJudge {
    /// Always, where the program has one.
    Asked,
    /// Not at all.
    Off,
}

impl SecondJudge {
    /// Asked where the program has one: the feature `second-judge`.
    pub const WHERE_PRESENT: Self = if cfg!(feature = "second-judge") {
        Self::Asked
    } else {
        Self::Off
    };
}

/// The terms of an answer of the UserInfo endpoint (OpenID Connect Core 5.3).
#[derive(Clone, Copy)]
pub struct UserInfoTerms<'t> {
    /// What every token is judged by. Only a signed answer is judged by all of it.
    pub token: Terms<'t>,
    /// What is agreed.
    pub agreed: UserInfoForm,
    /// What came, by its `Content-Type`.
    pub came: UserInfoForm,
    /// The `sub` of the ID token.
    pub subject: &'t str,
    /// The identity assurance level of the ID token, if it states one.
    pub ial: Option<u8>,
}

/// The form of an answer of the UserInfo endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserInfoForm {
    /// `application/json`.
    Json,
    /// `application/jwt`: a signed token.
    Signed,
}

/// The terms of a logout token (OpenID Connect Back-Channel Logout 2.6).
#[derive(Debug, Clone, Copy)]
pub struct LogoutTokenTerms<'t> {
    /// What every token is judged by.
    pub token: Terms<'t>,
    /// How old it may be on receipt, before skew.
    pub max_age: Duration,
    /// Whether it must say when it expires.
    pub expiry: LogoutExpiry,
}

/// Whether a logout token must say when it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutExpiry {
    /// `exp` is there (Back-Channel Logout 2.4, final text).
    Required,
    /// This provider may leave it out, by a dated exception.
    MayBeAbsent,
}

/// The terms of a client assertion of ours, as the token endpoint judges it (RFC 7523 3).
#[derive(Debug, Clone, Copy)]
pub struct ClientAssertionTerms<'t> {
    /// What every token is judged by. The keys are those that we publish, or the client secret.
    pub token: Terms<'t>,
    /// The token endpoint, octet for octet as discovery states it.
    pub token_endpoint: &'t str,
    /// The longest life of an assertion.
    pub max_life: Duration,
    /// Every `jti` that was used before.
    pub used: &'t [String],
}

/// Something that a connection may relax. What is not here, nobody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// A logout token without `exp`.
    LogoutWithoutExpiry,
}

impl Grant {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LogoutWithoutExpiry => "logout-without-exp",
        }
    }
}

/// Nonce, access token, code and state are secrets, so none of them is printed.
impl fmt::Debug for IdTokenTerms<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenTerms")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// The subject is a person's, so it is not printed.
impl fmt::Debug for UserInfoTerms<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserInfoTerms")
            .field("token", &self.token)
            .field("agreed", &self.agreed)
            .field("came", &self.came)
            .finish_non_exhaustive()
    }
}
