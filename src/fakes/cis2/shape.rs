//! Whom the fake imitates: the paths of the provider, and who may sign in there.

use serde::{Deserialize, Serialize};

/// Whom the fake imitates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// NHS CIS2 Authentication, a ForgeRock product.
    #[default]
    Cis2,
}

/// Where things are, below the origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paths {
    pub(super) issuer: &'static str,
    pub(super) authorize: &'static str,
    pub(super) token: &'static str,
    pub(super) user_info: &'static str,
    pub(super) keys: &'static str,
    pub(super) end_session: &'static str,
}

/// Everything of the realm is below this.
macro_rules! realm {
    ($rest:literal) => {
        concat!(
            "/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare",
            $rest
        )
    };
}

impl Shape {
    pub(super) fn paths(self) -> Paths {
        match self {
            Self::Cis2 => Paths {
                issuer: realm!(""),
                authorize: realm!("/authorize"),
                token: realm!("/access_token"),
                user_info: realm!("/userinfo"),
                keys: realm!("/connect/jwk_uri"),
                end_session: realm!("/connect/endSession"),
            },
        }
    }

    /// The path of the discovery document, which stands below the issuer.
    pub(super) fn discovery_path(self) -> String {
        format!("{}/.well-known/openid-configuration", self.paths().issuer)
    }

    /// The name of the cookie that remembers who has signed in.
    pub(super) fn cookie(self) -> &'static str {
        match self {
            Self::Cis2 => "fake-cis2-session",
        }
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cis2 => "CIS2",
        }
    }
}
