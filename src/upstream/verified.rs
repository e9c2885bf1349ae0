//! `VerifiedIdentity`: what an upstream has vouched for. It can be made only inside this room.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Which upstream a person used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// An NHSmail account, from Entra or ADFS.
    Nhsmail,
}

impl Door {
    /// The word in addresses and tokens.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nhsmail => "nhsmail",
        }
    }
}

/// The subject's name as the identity provider wrote it (SAML Core 2.2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameId {
    /// The character content, byte for byte.
    pub value: String,
    /// The `Format` attribute; absent means unspecified.
    pub format: Option<String>,
    /// The `NameQualifier` attribute.
    pub name_qualifier: Option<String>,
    /// The `SPNameQualifier` attribute.
    pub sp_name_qualifier: Option<String>,
}

/// One attribute the upstream stated: a name and its values in the order they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamAttribute {
    /// The `Name`, never the `FriendlyName` (which is for people, not for decisions).
    pub name: String,
    /// Every value, in order.
    pub values: Vec<String>,
}

/// How and when the person proved themselves to the upstream (SAML Core 2.7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// When the person proved themselves; possibly long before this sign-in.
    pub instant: OffsetDateTime,
    /// `AuthnContextClassRef`, if stated.
    pub context_class: Option<String>,
    /// `SessionIndex`, to be echoed at single logout.
    pub session_index: Option<String>,
    /// The upstream's upper bound on our session.
    pub session_not_on_or_after: Option<OffsetDateTime>,
}

/// A person an upstream has vouched for. Holding one means every check passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedIdentity {
    door: Door,
    connection: String,
    issuer: String,
    simulated: bool,
    name_id: Option<NameId>,
    attributes: Vec<UpstreamAttribute>,
    authentication: Authentication,
}

/// What an upstream states about a person, before it is vouched for.
#[derive(Debug, Clone)]
pub(in crate::upstream) struct Statement {
    pub(in crate::upstream) name_id: Option<NameId>,
    pub(in crate::upstream) attributes: Vec<UpstreamAttribute>,
    pub(in crate::upstream) authentication: Authentication,
}

/// Who vouches: the door, our connection's name, the upstream's name byte for byte, and whether it is a fake.
#[derive(Debug, Clone)]
pub(in crate::upstream) struct Voucher {
    pub(in crate::upstream) door: Door,
    pub(in crate::upstream) connection: String,
    pub(in crate::upstream) issuer: String,
    pub(in crate::upstream) simulated: bool,
}

impl VerifiedIdentity {
    /// Only an upstream may vouch.
    pub(in crate::upstream) fn vouch(voucher: Voucher, statement: Statement) -> Self {
        let Voucher {
            door,
            connection,
            issuer,
            simulated,
        } = voucher;
        let Statement {
            name_id,
            attributes,
            authentication,
        } = statement;
        Self {
            door,
            connection,
            issuer,
            simulated,
            name_id,
            attributes,
            authentication,
        }
    }

    /// The door the person came through.
    pub fn door(&self) -> Door {
        self.door
    }

    /// The configured name of the connection.
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// The upstream's entity ID, byte for byte as configured.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// True if the upstream is one of the fakes.
    pub fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// The subject's name, absent where ADFS issues none.
    pub fn name_id(&self) -> Option<&NameId> {
        self.name_id.as_ref()
    }

    /// Everything the upstream stated, in order.
    pub fn attributes(&self) -> &[UpstreamAttribute] {
        &self.attributes
    }

    /// How and when the person proved themselves.
    pub fn authentication(&self) -> &Authentication {
        &self.authentication
    }
}

#[cfg(test)]
pub(crate) mod examples;
