//! The doors.

use nhsmail_bridge::fakes::saml_idp::Personality;

use crate::support::{ADFS, CIS2, ENTRA};

/// The door whose fake speaks as Entra, over OpenID Connect.
pub(super) const OVER_OPENID: &str = "nhsmail-openid";

/// By which door somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WayIn {
    Entra,
    Adfs,
    Cis2,
    OverOpenId,
}

impl WayIn {
    pub(super) const ALL: [Self; 4] = [Self::Entra, Self::Adfs, Self::Cis2, Self::OverOpenId];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Entra => "NHSmail (SAML, Entra)",
            Self::Adfs => "NHSmail (SAML, ADFS)",
            Self::Cis2 => "a Care Identity (CIS2)",
            Self::OverOpenId => "NHSmail (OpenID Connect)",
        }
    }

    pub(super) fn door(self) -> &'static str {
        match self {
            Self::Entra => ENTRA,
            Self::Adfs => ADFS,
            Self::Cis2 => CIS2,
            Self::OverOpenId => OVER_OPENID,
        }
    }

    /// How the fake speaks, where the door is a SAML one.
    pub(super) fn personality(self) -> Option<Personality> {
        match self {
            Self::Entra => Some(Personality::Entra),
            Self::Adfs => Some(Personality::Adfs),
            Self::Cis2 | Self::OverOpenId => None,
        }
    }
}
