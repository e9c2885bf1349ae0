//! `Person`: the normal form of somebody an upstream has vouched for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::authentication::Proof;
use crate::identity::role::Role;
use crate::identity::values::{Code, DisplayText, Email, OdsCode};
use crate::upstream::verified::Assurance;

pub use crate::identity::upstream_session::UpstreamSession;
pub use crate::upstream::verified::Door;

/// Who a person is to us: the upstream and its name for them, octet for octet. Prints neither.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    issuer: String,
    subject: String,
}

impl Account {
    pub(in crate::identity) fn new(issuer: &str, subject: String) -> Self {
        Self {
            issuer: issuer.to_owned(),
            subject,
        }
    }

    /// The upstream's own name.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The upstream's name for the person.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account(…)")
    }
}

/// An organisation, and who says the person belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its ODS code.
    pub code: OdsCode,
    /// Its name, if the upstream gave one.
    pub name: Option<DisplayText>,
    /// Where we have it from.
    pub source: OrganisationSource,
}

/// Where an organisation was stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationSource {
    /// The ODS attribute of an NHSmail account: where the mailbox belongs, not a role.
    Nhsmail,
    /// The selected role of a Care Identity.
    SelectedRole,
}

/// A registration with a professional body, as CIS2 states it. Nobody has looked it up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfessionalId {
    /// Which: the claim's name, such as `gmc_id`.
    pub kind: Code,
    /// The number.
    pub number: DisplayText,
}

/// Somebody an upstream has vouched for, in one shape for all doors. Made by
/// [`normalise`](crate::identity::normalise::normalise) and by nothing else, save by reading a session back.
///
/// Prints the door and the connection, never the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub(in crate::identity) account: Account,
    pub(in crate::identity) door: Door,
    pub(in crate::identity) connection: String,
    pub(in crate::identity) simulated: bool,
    pub(in crate::identity) guest: bool,
    pub(in crate::identity) groups_withheld: bool,
    pub(in crate::identity) display_name: Option<DisplayText>,
    pub(in crate::identity) given_name: Option<DisplayText>,
    pub(in crate::identity) family_name: Option<DisplayText>,
    pub(in crate::identity) email: Option<Email>,
    pub(in crate::identity) organisation: Option<Organisation>,
    pub(in crate::identity) roles: Vec<Role>,
    pub(in crate::identity) role: Option<Role>,
    pub(in crate::identity) professional_ids: Vec<ProfessionalId>,
    pub(in crate::identity) proof: Proof,
    pub(in crate::identity) upstream_session: UpstreamSession,
}

impl Person {
    /// Who this is.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The door they came through.
    pub fn door(&self) -> Door {
        self.door
    }

    /// The configured name of the connection.
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// True if a fake vouched for them.
    pub fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// True if they are a guest of the tenant, with an account of somebody else's (`#EXT#` in the UPN).
    pub fn is_guest(&self) -> bool {
        self.guest
    }

    /// True if the upstream had too many groups to list and sent a link instead. Whoever decides by groups must not
    /// read this as "no groups".
    pub fn has_groups_withheld(&self) -> bool {
        self.groups_withheld
    }

    /// The name to show: the stated one, else first and last name.
    pub fn name(&self) -> Option<String> {
        if let Some(name) = &self.display_name {
            return Some(name.as_str().to_owned());
        }
        let parts = [&self.given_name, &self.family_name].into_iter().flatten();
        let parts: Vec<&str> = parts.map(DisplayText::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// The first name.
    pub fn given_name(&self) -> Option<&str> {
        self.given_name.as_ref().map(DisplayText::as_str)
    }

    /// The last name.
    pub fn family_name(&self) -> Option<&str> {
        self.family_name.as_ref().map(DisplayText::as_str)
    }

    /// The address to show.
    pub fn email(&self) -> Option<&str> {
        self.email.as_ref().map(Email::as_str)
    }

    /// The organisation they belong to, if one was stated.
    pub fn organisation(&self) -> Option<&Organisation> {
        self.organisation.as_ref()
    }

    /// Every role they could choose; none for a mailbox.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The role they have chosen. Never the first of a list.
    pub fn role(&self) -> Option<&Role> {
        self.role.as_ref()
    }

    /// Their registrations with professional bodies.
    pub fn professional_ids(&self) -> &[ProfessionalId] {
        &self.professional_ids
    }

    /// How sure CIS2 is of the login and of the person; a mailbox proves neither.
    pub fn assurance(&self) -> Option<Assurance> {
        self.proof.assurance()
    }

    /// The same person in `role`, and so in its organisation.
    pub(in crate::identity) fn in_role(self, role: Role) -> Self {
        let organisation = Organisation {
            code: role.organisation().code.clone(),
            name: role.organisation().name.clone(),
            source: OrganisationSource::SelectedRole,
        };
        Self {
            organisation: Some(organisation),
            role: Some(role),
            ..self
        }
    }

    /// How and when they proved themselves.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// What logout must name to the upstream.
    pub fn upstream_session(&self) -> &UpstreamSession {
        &self.upstream_session
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("door", &self.door)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProfessionalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProfessionalId(…)")
    }
}

#[cfg(test)]
pub(crate) mod examples;
