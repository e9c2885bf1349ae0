//! Why somebody with a Care Identity does not come in: their role.

use crate::identity::role::{Role, RoleOrganisation};

/// Why a role, or the want of one, keeps somebody out; with what a page needs to say whom to ask. The texts name no
/// role and no organisation, for they go to the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefusal {
    /// They have no role, or none whose id, code and organisation can be read.
    #[error("the person has no role and one is needed")]
    NoRole,
    /// The upstream says a role was selected, and it is blank, stands twice or is not theirs. Another is never taken
    /// in its place.
    #[error("the selected role is none that can be used")]
    NoUsableRole,
    /// They have several and nothing says which one it is today.
    #[error("several roles were stated and none was selected")]
    NotSelected,
    /// The role they chose here is none of theirs.
    #[error("the chosen role is none of the person's")]
    NoSuchRole,
    /// The organisation of the role may not come in.
    #[error("the organisation of the role is not enabled")]
    OrganisationNotEnabled {
        /// The organisation.
        organisation: RoleOrganisation,
        /// True if they have another role that would do.
        other_roles_would_do: bool,
    },
    /// The role may not come in.
    #[error("the role is not accepted")]
    RoleNotAccepted {
        /// The role.
        role: Box<Role>,
        /// The codes that would do, as configured.
        accepted_codes: Vec<String>,
        /// True if they have another role that would do.
        other_roles_would_do: bool,
    },
    /// The role is in none of the workgroups asked for.
    #[error("the role is in none of the workgroups asked for")]
    NotInWorkgroup {
        /// The organisation whose registration authority fills its workgroups.
        organisation: RoleOrganisation,
        /// The workgroups that would do, as configured.
        workgroups: Vec<String>,
        /// True if they have another role that would do.
        other_roles_would_do: bool,
    },
}

impl RoleRefusal {
    /// The stable name of the rule that refused.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NoRole => "role-is-stated",
            Self::NoUsableRole => "selected-role-is-usable",
            Self::NotSelected => "role-is-selected",
            Self::NoSuchRole => "chosen-role-is-theirs",
            Self::OrganisationNotEnabled { .. } => "organisation-is-enabled",
            Self::RoleNotAccepted { .. } => "role-is-accepted",
            Self::NotInWorkgroup { .. } => "role-is-in-workgroup",
        }
    }

    /// True if choosing another of their roles would let them in.
    pub fn other_roles_would_do(&self) -> bool {
        match self {
            Self::OrganisationNotEnabled {
                other_roles_would_do, ..
            }
            | Self::RoleNotAccepted {
                other_roles_would_do, ..
            }
            | Self::NotInWorkgroup {
                other_roles_would_do, ..
            } => *other_roles_would_do,
            Self::NoRole | Self::NoUsableRole | Self::NotSelected | Self::NoSuchRole => false,
        }
    }
}
