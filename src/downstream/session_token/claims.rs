//! What a token says. Both doors fill the same claims; a mailbox leaves some of them out or empty.

use serde::{Deserialize, Serialize};

use crate::identity::person::{Organisation, OrganisationSource, ProfessionalId};
use crate::identity::role::{Coded, Role, RoleOrganisation};
use crate::identity::values::DisplayText;
use crate::platform::environment::Environment;

/// What a token says. A claim that is absent is not known, or not for this application. A list that is empty is known
/// to be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The bridge.
    pub iss: String,
    /// The one application it is for.
    pub aud: String,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was written.
    pub iat: i64,
    /// Its own name.
    pub jti: String,
    /// The application as registered.
    pub client_id: String,
    /// What the application may be told.
    pub scope: String,
    /// The session.
    pub sid: String,
    /// What it was issued by; absent if it was asked for with the browser's cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The key without which it is worth nothing (RFC 7800 3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// When the person proved themselves to their upstream, if it said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The person.
    pub sub: String,
    /// The door they came through.
    pub door: String,
    /// The connection, by its configured name.
    pub connection: String,
    /// The world they belong to.
    pub environment: Environment,
    /// True if a fake vouched for them; else absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
    /// The upstream's own name for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream: Option<UpstreamClaim>,
    /// `urn:nhs:aal:1`, `2` or `3`: what the login is worth. Only a Care Identity brings one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// How they proved themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// Whether with several factors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa: Option<bool>,
    /// The authentication assurance level, 1 to 3. Only a Care Identity brings one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aal: Option<u8>,
    /// The identity assurance level, 0 to 4. Only a Care Identity brings one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ial: Option<u8>,
    /// The name to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The address to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Always false: nobody proved to us that letters arrive there. Never link accounts by address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The organisation: of the selected role, or of the mailbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgClaim>,
    /// The selected role; its organisation is `org`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleClaim>,
    /// All roles, the selected one among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<ListedRole>>,
    /// The codes of what the selected role may do, such as `B0401`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activities: Option<Vec<String>>,
    /// The workgroups of the selected role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workgroups: Option<Vec<WorkgroupClaim>>,
    /// The professional registrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub professional_ids: Option<Vec<ProfessionalClaim>>,
}

/// A key that whoever uses a token must show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Its thumbprint (RFC 9449 6.1).
    pub jkt: String,
}

/// The upstream's own name for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamClaim {
    /// The upstream of the account. Entra's is written as SAML writes it, whichever way the person came.
    pub issuer: String,
    /// Its name for the person, octet for octet.
    pub subject: String,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgClaim {
    /// Its ODS code.
    pub code: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where we have it from.
    pub source: OrganisationSource,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleClaim {
    /// The id of this role of this person.
    pub id: String,
    /// The job role: `R8001`.
    pub code: String,
    /// What the job is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Staff group, sub-group and job role: `S8000:G8000:R8001`.
    pub full_code: String,
}

/// A role in the list of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedRole {
    /// The role.
    #[serde(flatten)]
    pub role: RoleClaim,
    /// Where it is done.
    pub org: RoleOrgClaim,
}

/// The organisation of a role in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleOrgClaim {
    /// Its ODS code.
    pub code: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A workgroup. Its code is known to its organisation only, so the name goes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkgroupClaim {
    /// Its code.
    pub code: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A registration with a professional body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfessionalClaim {
    /// Which, by the name CIS2 gives it: `gmc_id`, `nmc_id`, ….
    #[serde(rename = "type")]
    pub kind: String,
    /// The number, as CIS2 states it.
    pub id: String,
}

impl From<&Organisation> for OrgClaim {
    fn from(organisation: &Organisation) -> Self {
        Self {
            code: organisation.code.as_str().to_owned(),
            name: shown(organisation.name.as_ref()),
            source: organisation.source,
        }
    }
}

impl From<&Role> for RoleClaim {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id().to_owned(),
            code: role.code().to_owned(),
            name: role.name().map(str::to_owned),
            full_code: role.full_code().to_owned(),
        }
    }
}

impl From<&Role> for ListedRole {
    fn from(role: &Role) -> Self {
        let RoleOrganisation { code, name } = role.organisation();
        Self {
            role: role.into(),
            org: RoleOrgClaim {
                code: code.as_str().to_owned(),
                name: shown(name.as_ref()),
            },
        }
    }
}

impl From<&Coded> for WorkgroupClaim {
    fn from(workgroup: &Coded) -> Self {
        Self {
            code: workgroup.code.as_str().to_owned(),
            name: shown(workgroup.name.as_ref()),
        }
    }
}

impl From<&ProfessionalId> for ProfessionalClaim {
    fn from(registration: &ProfessionalId) -> Self {
        Self {
            kind: registration.kind.as_str().to_owned(),
            id: registration.number.as_str().to_owned(),
        }
    }
}

fn shown(name: Option<&DisplayText>) -> Option<String> {
    name.map(|name| name.as_str().to_owned())
}
