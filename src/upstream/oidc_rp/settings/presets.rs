//! The providers we know: their names, and what suits each.

use serde::Deserialize;
use time::Duration;

use crate::upstream::oidc_rp::settings::{Algorithm, Prompt, UserInfo};
use crate::upstream::verified::{Assurance, Door};

/// The tenant of NHSmail in Entra.
pub const NHSMAIL_TENANT: &str = "37c354b2-85b0-47f5-b222-07b48d774ee3";

const LIVE: &str = "https://am.nhsidentity.spineservices.nhs.uk:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare";
const INT: &str = "https://am.nhsint.auth-ptl.cis2.spineservices.nhs.uk:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare";
/// The host is a guess, made after that of INT. A wrong one refuses every sign-in, it lets nobody in.
const DEP: &str = "https://am.nhsdep.auth-ptl.cis2.spineservices.nhs.uk:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare";
const MOCK: &str = "https://identity.ptl.api.platform.nhs.uk/realms/Cis2-mock-int";
/// What ADFS calls itself in its discovery document by default; not seen written out for NHSmail.
const ADFS: &str = "https://fs.nhs.net/adfs";

/// The provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// NHS CIS2 for real people.
    Live,
    /// NHS CIS2 integration ("path to live").
    Int,
    /// NHS CIS2 deployment.
    Dep,
    /// The mock of NHS CIS2 on the NHS API platform, a Keycloak.
    Mock,
    /// NHSmail in Microsoft Entra ID.
    EntraOidc,
    /// NHSmail's ADFS.
    AdfsOidc,
    /// Anything else: no assumption is made but those of the door.
    None,
}

impl Preset {
    /// What the people of this provider are; `None` if the file must say it.
    pub fn door(self) -> Option<Door> {
        match self {
            Self::Live | Self::Int | Self::Dep | Self::Mock => Some(Door::Cis2),
            Self::EntraOidc | Self::AdfsOidc => Some(Door::Nhsmail),
            Self::None => None,
        }
    }

    /// The provider's name, `tenant` being that of Entra; `None` if the file must say it.
    pub fn issuer(self, tenant: &str) -> Option<String> {
        match self {
            Self::Live => Some(LIVE.to_owned()),
            Self::Int => Some(INT.to_owned()),
            Self::Dep => Some(DEP.to_owned()),
            Self::Mock => Some(MOCK.to_owned()),
            Self::EntraOidc => Some(format!("https://login.microsoftonline.com/{tenant}/v2.0")),
            Self::AdfsOidc => Some(ADFS.to_owned()),
            Self::None => None,
        }
    }

    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Int => "int",
            Self::Dep => "dep",
            Self::Mock => "mock",
            Self::EntraOidc => "entra-oidc",
            Self::AdfsOidc => "adfs-oidc",
            Self::None => "none",
        }
    }
}

/// What suits the providers behind one door.
pub(super) struct Defaults {
    pub(super) scopes: &'static [&'static str],
    pub(super) minimum_assurance: Option<Assurance>,
    pub(super) prompt: Prompt,
    pub(super) max_auth_age: Option<Duration>,
    pub(super) algorithms: &'static [Algorithm],
    pub(super) userinfo: UserInfo,
    pub(super) clock_skew: Duration,
    pub(super) has_backchannel_logout: bool,
}

impl Defaults {
    pub(super) fn of(door: Door) -> Self {
        match door {
            Door::Cis2 => Self {
                scopes: &[
                    "openid",
                    "profile",
                    "email",
                    "nhsperson",
                    "nationalrbacaccess",
                    "associatedorgs",
                ],
                minimum_assurance: Some(Assurance { aal: 2, ial: 3 }),
                prompt: Prompt::Login,
                max_auth_age: Some(Duration::seconds(300)),
                algorithms: &[Algorithm::Rs256, Algorithm::Rs512],
                userinfo: UserInfo::Json,
                clock_skew: Duration::seconds(60),
                has_backchannel_logout: true,
            },
            Door::Nhsmail => Self {
                scopes: &["openid", "profile", "email"],
                minimum_assurance: None,
                prompt: Prompt::Omit,
                max_auth_age: None,
                algorithms: &[Algorithm::Rs256],
                userinfo: UserInfo::None,
                clock_skew: Duration::seconds(120),
                has_backchannel_logout: false,
            },
        }
    }
}

/// The context that asks CIS2 for `minimum` or more. Without any, CIS2 offers the authenticators of AAL3 alone.
pub(super) fn acr_of(minimum: Option<Assurance>) -> Vec<String> {
    minimum.map_or_else(Vec::new, |least| acr_of_level(least.aal))
}

/// The context that asks CIS2 for the authentication assurance level `aal` or more.
pub(in crate::upstream::oidc_rp) fn acr_of_level(aal: u8) -> Vec<String> {
    let acr = match aal {
        3.. => "AAL3_ANY",
        ..=2 => "AAL2_OR_AAL3_ANY",
    };
    vec![acr.to_owned()]
}
