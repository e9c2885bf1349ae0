//! `VerifiedIdentity`: what an upstream has vouched for. It can be made only inside this room.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Which upstream a person used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// An NHSmail account, from Entra or ADFS.
    Nhsmail,
    /// A Care Identity, from NHS CIS2.
    Cis2,
}

impl Door {
    /// The word in addresses and tokens.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nhsmail => "nhsmail",
            Self::Cis2 => "cis2",
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

/// How and when the person proved themselves to the upstream (SAML Core 2.7.2, OpenID Connect Core 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// When the person proved themselves; possibly long before this sign-in.
    pub instant: OffsetDateTime,
    /// Whether the upstream said so. If not, `instant` is when it wrote its answer, and the proof is older by nobody knows
    /// how much.
    pub is_instant_stated: bool,
    /// `AuthnContextClassRef` or `acr`, if stated.
    pub context_class: Option<String>,
    /// `amr`, in the order stated; SAML states methods as an attribute.
    pub methods: Vec<String>,
    /// How sure CIS2 is; a mailbox proves neither.
    pub assurance: Option<Assurance>,
    /// `SessionIndex`, to be echoed at single logout.
    pub session_index: Option<String>,
    /// The upstream's upper bound on our session.
    pub session_not_on_or_after: Option<OffsetDateTime>,
}

/// How sure CIS2 is of the login and of the person (`authentication_assurance_level`, `id_assurance_level`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assurance {
    /// The authentication assurance level: 1, 2 or 3.
    pub aal: u8,
    /// The identity assurance level: 0 to 4; 3 is a passport shown to a registration authority.
    pub ial: u8,
}

/// What an OpenID provider calls the person and its session with them, to be named again at logout.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdSession {
    /// `sub`.
    pub subject: String,
    /// `sid`, where the provider names its sessions.
    pub sid: Option<String>,
    /// The ID token as it came, to be shown as `id_token_hint` (RP-Initiated Logout 2).
    pub id_token: String,
}

/// What CIS2 states about somebody beyond name and address. Everything is as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CareIdentity {
    /// `nhsid_nrbac_roles`: every role that names its id, organisation and code.
    pub roles: Vec<NationalRole>,
    /// How many entries of `nhsid_nrbac_roles` lack what a role needs.
    pub unreadable_roles: usize,
    /// `selected_roleid`; `Some` of a blank text where CIS2 sent one.
    pub selected_role_id: Option<String>,
    /// `nhsid_user_orgs` and `nhsid_org_memberships`: ODS code and name, in the order stated.
    pub organisations: Vec<(String, String)>,
    /// Professional registrations: the claim's name (`gmc_id`, `nmc_id`, …) and its value.
    pub professional_ids: Vec<(String, String)>,
}

/// One element of `nhsid_nrbac_roles`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NationalRole {
    /// `person_roleid`, which `selected_roleid` points to.
    pub id: String,
    /// `org_code`: the ODS code.
    pub org_code: String,
    /// `role_code`: `S8000:G8000:R8001`.
    pub code: String,
    /// `role_name`: three quoted parts joined by colons.
    pub name: Option<String>,
    /// `activities`.
    pub activities: Vec<String>,
    /// `activity_codes`.
    pub activity_codes: Vec<String>,
    /// `workgroups`.
    pub workgroups: Vec<String>,
    /// `workgroups_codes`.
    pub workgroup_codes: Vec<String>,
}

/// A person an upstream has vouched for. Holding one means every check passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedIdentity {
    door: Door,
    connection: String,
    issuer: String,
    simulated: bool,
    statement: Statement,
}

/// What an upstream states about a person, before it is vouched for.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::upstream) struct Statement {
    pub(in crate::upstream) name_id: Option<NameId>,
    pub(in crate::upstream) issued_at: Option<OffsetDateTime>,
    pub(in crate::upstream) open_id: Option<OpenIdSession>,
    pub(in crate::upstream) attributes: Vec<UpstreamAttribute>,
    pub(in crate::upstream) authentication: Authentication,
    pub(in crate::upstream) care_identity: Option<CareIdentity>,
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
        Self {
            door,
            connection,
            issuer,
            simulated,
            statement,
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

    /// The upstream's entity ID or issuer, byte for byte as configured.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// True if the upstream is one of the fakes.
    pub fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// The subject's name, absent where ADFS issues none.
    pub fn name_id(&self) -> Option<&NameId> {
        self.statement.name_id.as_ref()
    }

    /// `IssueInstant` of the assertion: when the upstream vouched, by its own clock; absent for OpenID Connect.
    pub fn issued_at(&self) -> Option<OffsetDateTime> {
        self.statement.issued_at
    }

    /// The subject and session of an OpenID provider; absent for SAML.
    pub fn open_id(&self) -> Option<&OpenIdSession> {
        self.statement.open_id.as_ref()
    }

    /// Roles and registrations; only a Care Identity has them.
    pub fn care_identity(&self) -> Option<&CareIdentity> {
        self.statement.care_identity.as_ref()
    }

    /// Everything the upstream stated, in order.
    pub fn attributes(&self) -> &[UpstreamAttribute] {
        &self.statement.attributes
    }

    /// How and when the person proved themselves.
    pub fn authentication(&self) -> &Authentication {
        &self.statement.authentication
    }
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Statement(…)")
    }
}

impl std::fmt::Debug for OpenIdSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenIdSession(…)")
    }
}

#[cfg(test)]
pub(crate) mod examples;
