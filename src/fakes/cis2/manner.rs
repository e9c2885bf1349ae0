//! Manner: what the provider may do one way or the other, and still be right.

use serde::{Deserialize, Serialize};

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manner {
    /// How the levels are written.
    pub levels: Levels,
    /// How a claim is written that lists things, when there is one thing.
    pub single: Single,
    /// How the audience of the ID token is written.
    pub audience: Audience,
    /// The name of the identity level in the ID token.
    pub identity_level: IdentityLevel,
    /// Whether the ID token has `auth_time`.
    pub auth_time: AuthTime,
    /// Whether a signed user info has `aud`.
    pub user_info_audience: UserInfoAudience,
    /// With which algorithm ID tokens and logout tokens are signed.
    pub signature: SignatureAlgorithm,
    /// Where `selected_roleid` stands.
    pub selected_role: SelectedRole,
    /// Whether the authentication level is that of the authenticator.
    pub assurance: Assurance,
}

/// How the levels of assurance are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Levels {
    /// `"3"`.
    #[default]
    Text,
    /// `3`.
    Numbers,
}

/// How one thing is written where several may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Single {
    /// As an array of one.
    #[default]
    Array,
    /// As the thing itself.
    Object,
}

/// How the audience is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// As a text.
    #[default]
    Text,
    /// As an array of one.
    Array,
}

/// The name of the identity level in the ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityLevel {
    /// `id_assurance_level`.
    #[default]
    Usual,
    /// `idassurancelevel`, as in the user info.
    AsInUserInfo,
}

/// Whether the ID token says when the person signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthTime {
    /// It does.
    #[default]
    Present,
    /// It does not.
    Absent,
}

/// Whether a signed user info says for whom it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserInfoAudience {
    /// It does not, as the real one when it was last seen.
    #[default]
    Absent,
    /// It does, as the real one may one day.
    Present,
}

/// With which algorithm a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SignatureAlgorithm {
    /// RSA with SHA-256.
    #[default]
    Rs256,
    /// RSA with SHA-512.
    Rs512,
}

/// Where the selected role stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelectedRole {
    /// In ID token and user info.
    #[default]
    Both,
    /// In the ID token alone.
    IdToken,
    /// In the user info alone.
    UserInfo,
}

/// Whether the authentication level is that of the authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// It is.
    #[default]
    AsProven,
    /// It is one lower, and so perhaps lower than was asked.
    OneLower,
}

impl SignatureAlgorithm {
    /// The name in JOSE.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs512 => "RS512",
        }
    }
}
