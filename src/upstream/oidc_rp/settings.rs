//! What an operator sets for one OpenID Connect connection: `[oidc.NAME]`.
//!
//! The file is read as [`Written`]; what it leaves out is as the preset and the door have it, so that [`Settings`] has
//! no open questions.

mod algorithms;
mod backchannel;
mod catalogue;
mod client;
mod contradictions;
#[cfg(test)]
pub(crate) mod examples;
mod exceptions;
mod fence;
mod keys;
mod presets;
mod problems;
mod provider;
mod refused;
mod written;

pub use algorithms::Algorithm;
pub use backchannel::{BackchannelLogout, SourceRange, WrittenBackchannelLogout};
pub use catalogue::SETTINGS;
pub use client::{AssertionAudience, AssertionType, ClientAuthentication, ClientKey};
pub use exceptions::{Exception, Laxity};
pub(in crate::upstream::oidc_rp) use presets::acr_of_level;
pub use presets::{NHSMAIL_TENANT, Preset};
pub use provider::Endpoints;
pub use refused::refused;
pub use written::Written;

use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::platform::secret::Source;
use crate::upstream::verified::{Assurance, Door};

/// One connection to one OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The words on the chooser: `Log in with {label}`.
    pub label: String,
    /// Which provider it is; decides the defaults of the settings that differ between them.
    pub preset: Preset,
    /// What its people are: holders of an NHSmail account or of a Care Identity.
    pub door: Door,
    /// A connection that is switched off refuses every step of a sign-in.
    pub enabled: bool,
    /// The provider's name (`iss`), byte for byte, `:443` included. Never read as a URL to be printed again.
    pub issuer: String,
    /// The Entra tenant whose accounts are believed (`tid`); `None` for every other provider.
    pub tenant: Option<String>,
    /// Where the discovery document is, if not at the usual place. Ask [`Settings::discovery_url`].
    pub discovery_url: Option<String>,
    /// The provider's addresses, for one without a discovery document.
    pub endpoints: Option<Endpoints>,
    /// Our own name at this provider: opaque, of any form.
    pub client_id: String,
    /// How we prove to the provider that we are the client.
    pub client_authentication: ClientAuthentication,
    /// Our keys for `private_key_jwt`, newest first: the first signs, all are published.
    pub client_keys: Vec<ClientKey>,
    /// The shared secret of the other methods. Ask [`Settings::read_client_secret`].
    pub client_secret: Option<Source>,
    /// The `aud` of our client assertions.
    pub assertion_audience: AssertionAudience,
    /// The `typ` of our client assertions.
    pub assertion_type: AssertionType,
    /// How long a client assertion is good for.
    pub assertion_lifetime: Duration,
    /// The scopes we ask for, `openid` among them. Never `selectedrole`: who picks the role decides that.
    pub scopes: Vec<String>,
    /// The authentication contexts we ask for, best first; empty: none is asked for.
    pub acr_values: Vec<String>,
    /// The least assurance that is let in; `None` where the door states none (NHSmail).
    pub minimum_assurance: Option<Assurance>,
    /// The `prompt` we send.
    pub prompt: Prompt,
    /// How long ago people may have proved themselves (`auth_time`), before skew; `None`: it is not judged.
    pub max_auth_age: Option<Duration>,
    /// Whether `max_auth_age` is sent as `max_age` too.
    pub send_max_age: bool,
    /// The proof key of our authorization request (RFC 7636).
    pub pkce: Pkce,
    /// Whether our authorization request is pushed to a provider that takes such (RFC 9126).
    pub pushed_requests: PushedRequests,
    /// The algorithms an ID token may be signed with.
    pub id_token_algorithms: Vec<Algorithm>,
    /// Whether and how `UserInfo` is asked.
    pub userinfo: UserInfo,
    /// The algorithms a signed `UserInfo` may be signed with.
    pub userinfo_algorithms: Vec<Algorithm>,
    /// The algorithms a logout token may be signed with.
    pub logout_token_algorithms: Vec<Algorithm>,
    /// How far the provider's clock may be off.
    pub clock_skew: Duration,
    /// Whether a second, independent reader must agree on every ID token.
    pub second_judge: SecondJudge,
    /// Whether an answer without `iss` is refused even if the provider does not announce it (RFC 9207 2.4).
    pub require_iss_parameter: bool,
    /// Whether signing out here ends the session at the provider too (RP-Initiated Logout 1.0).
    pub sign_out_upstream: bool,
    /// Where the provider sends the browser afterwards; registered there. `None`: it stays with the provider.
    pub post_logout_redirect_uri: Option<String>,
    /// Logout tokens from the provider.
    pub backchannel_logout: BackchannelLogout,
    /// Dated permissions for what a provider does against the standards.
    pub exceptions: Vec<Exception>,
}

/// The `prompt` of our authorization request (OpenID Connect Core 3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// People prove themselves again at every sign-in.
    Login,
    /// People choose an account.
    SelectAccount,
    /// The parameter is left out: the provider decides.
    Omit,
}

impl Prompt {
    /// The parameter's value; `None`: it is not sent.
    pub fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Login => Some("login"),
            Self::SelectAccount => Some("select_account"),
            Self::Omit => None,
        }
    }
}

/// Whether an authorization code is bound to us by a proof key (RFC 7636).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Pkce {
    /// `code_challenge_method=S256`.
    #[default]
    S256,
    /// None is sent: for a provider that refuses the parameters.
    #[serde(rename = "off")]
    Off,
}

/// Whether an authorization request goes to the provider before the browser does (RFC 9126).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushedRequests {
    /// Wherever the discovery document offers it.
    #[default]
    WhenOffered,
    /// Never: for a provider that offers it and not to our client.
    Off,
}

/// Whether and how `UserInfo` is asked (OpenID Connect Core 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserInfo {
    /// Plain JSON; a signed answer is refused.
    Json,
    /// A signed JWT, as registered; plain JSON is refused.
    Signed,
    /// It is not asked: the ID token says all.
    None,
}

/// Whether a second, independent reader is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondJudge {
    /// Every ID token is judged twice.
    #[default]
    Always,
    /// Our rules judge alone.
    Off,
}

/// What no connection can be without.
#[derive(Debug, Clone)]
pub struct Essentials {
    /// The words on the chooser.
    pub label: String,
    /// What its people are.
    pub door: Door,
    /// The provider's name, byte for byte.
    pub issuer: String,
    /// Our own name.
    pub client_id: String,
    /// Our keys, newest first: the client authenticates by `private_key_jwt`.
    pub client_keys: Vec<ClientKey>,
}

impl Settings {
    /// The connection that a file with nothing but the essentials would give.
    pub fn new(preset: Preset, essentials: Essentials) -> Self {
        let written = Written {
            door: Some(essentials.door),
            issuer: Some(essentials.issuer),
            client_keys: essentials.client_keys,
            ..Written::new(
                essentials.label,
                preset,
                essentials.client_id,
                ClientAuthentication::PrivateKeyJwt,
            )
        };
        // What is wrong is said by `problems` and by the code that follows; a file never comes this way.
        written.settled("").0
    }

    /// Whether a dated exception permits `laxity` at the instant `now`. Each use must be logged.
    pub fn permits(&self, laxity: Laxity, now: OffsetDateTime) -> bool {
        self.exceptions.iter().any(|it| it.permits(laxity, now))
    }
}
