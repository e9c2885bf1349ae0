//! A connection as the file says it, and what becomes of it once every open question has its default.

use serde::Deserialize;
use time::Duration;

use crate::platform::durations;
use crate::platform::problem::Problem;
use crate::platform::secret::Source;
use crate::upstream::oidc_rp::settings::presets::{Defaults, NHSMAIL_TENANT, acr_of};
use crate::upstream::oidc_rp::settings::{
    Algorithm, AssertionAudience, AssertionType, BackchannelLogout, ClientAuthentication, ClientKey,
    Endpoints, Exception, Pkce, Preset, Prompt, PushedRequests, SecondJudge, Settings, UserInfo,
    WrittenBackchannelLogout,
};
use crate::upstream::verified::{Assurance, Door};

/// Stands where the file names no issuer and the preset none either; it is never used, that is a problem.
const NO_ISSUER: &str = "https://issuer.invalid";

/// `[oidc.NAME]` as the file says it. The meaning of each key is told at the field of [`Settings`] of its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub(crate) label: String,
    pub(crate) preset: Preset,
    #[serde(default)]
    pub(crate) door: Option<Door>,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    #[serde(default)]
    pub(crate) issuer: Option<String>,
    #[serde(default)]
    pub(crate) tenant: Option<String>,
    #[serde(default)]
    pub(crate) discovery_url: Option<String>,
    #[serde(default)]
    pub(crate) endpoints: Option<Endpoints>,
    pub(crate) client_id: String,
    pub(crate) client_authentication: ClientAuthentication,
    #[serde(default, rename = "client_key")]
    pub(crate) client_keys: Vec<ClientKey>,
    #[serde(default)]
    pub(crate) client_secret: Option<Source>,
    #[serde(default)]
    pub(crate) assertion_audience: AssertionAudience,
    #[serde(default)]
    pub(crate) assertion_type: AssertionType,
    #[serde(
        default = "a_minute",
        rename = "assertion_lifetime_seconds",
        deserialize_with = "durations::seconds"
    )]
    pub(crate) assertion_lifetime: Duration,
    #[serde(default)]
    pub(crate) scopes: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) acr_values: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) minimum_aal: Option<u8>,
    #[serde(default)]
    pub(crate) minimum_ial: Option<u8>,
    #[serde(default)]
    pub(crate) prompt: Option<Prompt>,
    #[serde(default)]
    pub(crate) max_auth_age_seconds: Option<u32>,
    #[serde(default)]
    pub(crate) send_max_age: bool,
    #[serde(default)]
    pub(crate) pkce: Pkce,
    #[serde(default)]
    pub(crate) pushed_requests: PushedRequests,
    #[serde(default)]
    pub(crate) id_token_algorithms: Option<Vec<Algorithm>>,
    #[serde(default)]
    pub(crate) userinfo: Option<UserInfo>,
    #[serde(default)]
    pub(crate) userinfo_algorithms: Option<Vec<Algorithm>>,
    #[serde(default)]
    pub(crate) logout_token_algorithms: Option<Vec<Algorithm>>,
    #[serde(default)]
    pub(crate) clock_skew_seconds: Option<u32>,
    #[serde(default)]
    pub(crate) second_judge: SecondJudge,
    #[serde(default)]
    pub(crate) require_iss_parameter: bool,
    #[serde(default)]
    pub(crate) sign_out_upstream: bool,
    #[serde(default)]
    pub(crate) post_logout_redirect_uri: Option<String>,
    #[serde(default)]
    pub(crate) backchannel_logout: WrittenBackchannelLogout,
    #[serde(default, rename = "exception")]
    pub(crate) exceptions: Vec<Exception>,
}

impl Written {
    /// A file that says no more than it must.
    pub fn new(
        label: String,
        preset: Preset,
        client_id: String,
        client_authentication: ClientAuthentication,
    ) -> Self {
        Self {
            label,
            preset,
            door: None,
            enabled: true,
            issuer: None,
            tenant: None,
            discovery_url: None,
            endpoints: None,
            client_id,
            client_authentication,
            client_keys: Vec::new(),
            client_secret: None,
            assertion_audience: AssertionAudience::default(),
            assertion_type: AssertionType::default(),
            assertion_lifetime: a_minute(),
            scopes: None,
            acr_values: None,
            minimum_aal: None,
            minimum_ial: None,
            prompt: None,
            max_auth_age_seconds: None,
            send_max_age: false,
            pkce: Pkce::default(),
            pushed_requests: PushedRequests::default(),
            id_token_algorithms: None,
            userinfo: None,
            userinfo_algorithms: None,
            logout_token_algorithms: None,
            clock_skew_seconds: None,
            second_judge: SecondJudge::default(),
            require_iss_parameter: false,
            sign_out_upstream: false,
            post_logout_redirect_uri: None,
            backchannel_logout: WrittenBackchannelLogout::default(),
            exceptions: Vec::new(),
        }
    }

    /// The settings, every gap filled as the preset and the door have it; `at` is the path of the table.
    ///
    /// Beside them whatever cannot be told from the preset, or contradicts it. What stands in such a place is an
    /// example, and nothing may be started with it.
    pub fn settled(self, at: &str) -> (Settings, Vec<Problem>) {
        let problems = self.contradictions(at);
        let door = self.preset.door().or(self.door).unwrap_or(Door::Nhsmail);
        let defaults = Defaults::of(door);
        let minimum_assurance = self.minimum_assurance(&defaults);
        let tenant = (self.preset == Preset::EntraOidc)
            .then(|| self.tenant.unwrap_or_else(|| NHSMAIL_TENANT.to_owned()));
        let of_preset = self.preset.issuer(tenant.as_deref().unwrap_or_default());
        let algorithms = |written: Option<Vec<_>>| written.unwrap_or_else(|| defaults.algorithms.to_vec());
        let seconds = |written: Option<u32>| written.map(|it| Duration::seconds(i64::from(it)));
        let settings = Settings {
            label: self.label,
            preset: self.preset,
            door,
            enabled: self.enabled,
            issuer: self.issuer.or(of_preset).unwrap_or_else(|| NO_ISSUER.to_owned()),
            tenant,
            discovery_url: self.discovery_url,
            endpoints: self.endpoints,
            client_id: self.client_id,
            client_authentication: self.client_authentication,
            client_keys: self.client_keys,
            client_secret: self.client_secret,
            assertion_audience: self.assertion_audience,
            assertion_type: self.assertion_type,
            assertion_lifetime: self.assertion_lifetime,
            scopes: self.scopes.unwrap_or_else(|| owned(defaults.scopes)),
            acr_values: self.acr_values.unwrap_or_else(|| acr_of(minimum_assurance)),
            minimum_assurance,
            prompt: self.prompt.unwrap_or(defaults.prompt),
            max_auth_age: seconds(self.max_auth_age_seconds).or(defaults.max_auth_age),
            send_max_age: self.send_max_age,
            pkce: self.pkce,
            pushed_requests: self.pushed_requests,
            id_token_algorithms: algorithms(self.id_token_algorithms),
            userinfo: self.userinfo.unwrap_or(defaults.userinfo),
            userinfo_algorithms: algorithms(self.userinfo_algorithms),
            logout_token_algorithms: algorithms(self.logout_token_algorithms),
            clock_skew: seconds(self.clock_skew_seconds).unwrap_or(defaults.clock_skew),
            second_judge: self.second_judge,
            require_iss_parameter: self.require_iss_parameter,
            sign_out_upstream: self.sign_out_upstream,
            post_logout_redirect_uri: self.post_logout_redirect_uri,
            backchannel_logout: BackchannelLogout {
                enabled: self
                    .backchannel_logout
                    .enabled
                    .unwrap_or(defaults.has_backchannel_logout),
                allowed_sources: self.backchannel_logout.allowed_sources,
            },
            exceptions: self.exceptions,
        };
        (settings, problems)
    }

    fn minimum_assurance(&self, defaults: &Defaults) -> Option<Assurance> {
        defaults.minimum_assurance.map(|usual| Assurance {
            aal: self.minimum_aal.unwrap_or(usual.aal),
            ial: self.minimum_ial.unwrap_or(usual.ial),
        })
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn a_minute() -> Duration {
    Duration::seconds(60)
}

fn yes() -> bool {
    true
}
