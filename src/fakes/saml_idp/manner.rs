//! Manner: what an administrator of an identity provider can switch, and still be right.

use serde::{Deserialize, Serialize};

/// How a personality writes its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manner {
    /// Where the signatures stand.
    pub signatures: Signatures,
    /// Whether there is a `SessionIndex`.
    pub session_index: Presence,
    /// Whether the assertion is encrypted.
    pub encryption: Encryption,
    /// Which answers have a `NameID`.
    pub name_ids: NameIds,
}

/// Where the signatures stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signatures {
    /// On the assertion, the default of both Microsoft products.
    #[default]
    Assertion,
    /// On the Response.
    Response,
    /// On both.
    Both,
}

/// Whether something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It is.
    #[default]
    Present,
    /// It is not.
    Absent,
}

/// Whether the assertion is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// With AES-256-GCM, if the service provider gave a certificate for it.
    #[default]
    WhenOffered,
    /// With AES-256-CBC, which an ADFS that nobody changed would choose, if a certificate was given.
    CbcWhenOffered,
    /// Never.
    Never,
}

/// Which answers have a `NameID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameIds {
    /// Always at Entra; at ADFS for those whom the claim rules give one.
    #[default]
    AsUsual,
    /// None, as a relying party trust of ADFS without such a rule.
    Never,
}

impl Signatures {
    pub(super) fn on_assertion(self) -> bool {
        matches!(self, Self::Assertion | Self::Both)
    }

    pub(super) fn on_response(self) -> bool {
        matches!(self, Self::Response | Self::Both)
    }
}
