//! `VerifiedIdentity` to `Person`: a pure function.
//!
//! Only mapped attributes are read; the others end here. Values are kept as written or not at all: nothing is
//! case-folded, composed or trimmed into something the upstream did not say.

use crate::identity::account_key::{account_of, tenant_is_the_issuers};
use crate::identity::admission::admitted;
use crate::identity::authentication::proof;
use crate::identity::names;
use crate::identity::person::{Organisation, OrganisationSource, Person, ProfessionalId, UpstreamSession};
use crate::identity::role::usable_roles;
use crate::identity::role_refusal::RoleRefusal;
use crate::identity::settings::{Field, Settings};
use crate::identity::stated::Stated;
use crate::identity::undecided::{Selection, Undecided, select};
use crate::identity::values::{Code, DisplayText, Email, OdsCode};
use crate::upstream::verified::{CareIdentity, Door, VerifiedIdentity};

/// How Entra marks the UPN of a guest: `a.b_example.com#EXT#@tenant.onmicrosoft.com`.
const GUEST_MARK: &str = "#EXT#";

/// What becomes of a vouched-for identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Normalised {
    /// A person.
    Complete(Person),
    /// Somebody who must first say in which of their roles they come.
    RoleChoice(Undecided),
}

/// Why a vouched-for identity makes no person. Says which field, never what was in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NormaliseRefusal {
    /// Nothing says who this is.
    #[error("the account is absent: no {field} was stated")]
    AccountAbsent {
        /// The field or attribute that is the account.
        field: String,
    },
    /// Two readers could read two people.
    #[error("the account is ambiguous: {field} was stated more than once")]
    AccountAmbiguous {
        /// The field or attribute that is the account.
        field: String,
    },
    /// What is stated cannot be an account.
    #[error("the account cannot be {field}: {why}")]
    AccountUnfit {
        /// The field or attribute that is the account.
        field: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The stated tenant is not the issuer's.
    #[error("the stated tenant is not the tenant of the issuer")]
    ForeignTenant,
    /// An Entra token states no tenant.
    #[error("the token states no tenant")]
    TenantAbsent,
    /// A Care Identity states no assurance level.
    #[error("the assurance levels of the Care Identity are absent")]
    AssuranceAbsent,
    /// The role, or the want of one.
    #[error(transparent)]
    Role(#[from] RoleRefusal),
    /// A field the connection requires is not there.
    #[error("the required {} was not stated", field.as_str())]
    RequiredAbsent {
        /// Which field.
        field: Field,
    },
    /// A field the connection requires holds nothing we can keep.
    #[error("the required {} was stated in a form we do not keep", field.as_str())]
    RequiredMalformed {
        /// Which field.
        field: Field,
    },
}

impl NormaliseRefusal {
    /// The field or attribute that stood in the way, for the page that says so.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::AccountAbsent { field }
            | Self::AccountAmbiguous { field }
            | Self::AccountUnfit { field, .. } => Some(field),
            Self::RequiredAbsent { field } | Self::RequiredMalformed { field } => Some(field.as_str()),
            Self::ForeignTenant | Self::TenantAbsent | Self::AssuranceAbsent | Self::Role(_) => None,
        }
    }

    /// The stable name of the rule that refused.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::AccountAbsent { .. } => "account-is-stated",
            Self::AccountAmbiguous { .. } => "account-is-unambiguous",
            Self::AccountUnfit { .. } => "account-is-fit-for-a-key",
            Self::ForeignTenant => "tenant-is-the-issuers",
            Self::TenantAbsent => "tenant-is-stated",
            Self::AssuranceAbsent => "assurance-is-stated",
            Self::Role(refusal) => refusal.rule(),
            Self::RequiredAbsent { .. } => "required-attributes-are-stated",
            Self::RequiredMalformed { .. } => "required-attributes-are-readable",
        }
    }
}

/// Makes a person of `identity` as the connection's `settings` say, or a question about their role.
///
/// # Errors
/// [`NormaliseRefusal`], naming the field that stood in the way.
pub fn normalise(identity: &VerifiedIdentity, settings: &Settings) -> Result<Normalised, NormaliseRefusal> {
    let stated = Stated::by(identity);
    tenant_is_the_issuers(identity, stated)?;
    let roleless = roleless(identity, stated, settings)?;
    let nothing = CareIdentity::default();
    let care = care_identity(identity).unwrap_or(&nothing);
    let selected = care.selected_role_id.as_deref();
    let stated_roles = care.roles.len() + care.unreadable_roles;
    let person = match select(&roleless.roles, selected, settings.roles.picker, stated_roles)? {
        Selection::Nothing => roleless,
        Selection::Role(role) => roleless.in_role(role),
        Selection::Question => {
            // The organisation comes with the role.
            let fields = settings.required.iter().filter(|field| **field != Field::OrgCode);
            nothing_required_is_missing(&roleless, stated, settings, fields)?;
            return Ok(Normalised::RoleChoice(Undecided::new(roleless)));
        }
    };
    nothing_required_is_missing(&person, stated, settings, settings.required.iter())?;
    Ok(Normalised::Complete(admitted(person, &settings.roles)?))
}

/// Everything about the person but the selected role.
fn roleless(
    identity: &VerifiedIdentity,
    stated: Stated<'_>,
    settings: &Settings,
) -> Result<Person, NormaliseRefusal> {
    let text = |field| stated.under(settings.names(field)).find_map(DisplayText::parse);
    let proof = proof(identity, stated);
    if identity.door() == Door::Cis2 && proof.assurance().is_none() {
        return Err(NormaliseRefusal::AssuranceAbsent);
    }
    Ok(Person {
        account: account_of(identity, stated, &settings.account_key)?,
        door: identity.door(),
        connection: identity.connection().to_owned(),
        simulated: identity.is_simulated(),
        guest: is_guest(identity, stated),
        groups_withheld: stated.under(&names::GROUPS_LINK).next().is_some(),
        display_name: text(Field::DisplayName),
        given_name: text(Field::GivenName),
        family_name: text(Field::FamilyName),
        email: email(stated, settings),
        organisation: organisation(identity, stated, settings),
        roles: care_identity(identity).map(usable_roles).unwrap_or_default(),
        role: None,
        professional_ids: care_identity(identity).map(professional_ids).unwrap_or_default(),
        proof,
        upstream_session: UpstreamSession {
            issuer: identity.issuer().to_owned(),
            name_id: identity.name_id().cloned(),
            issued_at: identity.issued_at(),
            session_index: identity.authentication().session_index.clone(),
            open_id: identity.open_id().cloned(),
        },
    })
}

/// What a Care Identity states; whatever a mailbox states beside its attributes is not believed.
fn care_identity(identity: &VerifiedIdentity) -> Option<&CareIdentity> {
    identity.care_identity().filter(|_| identity.door() == Door::Cis2)
}

fn professional_ids(care: &CareIdentity) -> Vec<ProfessionalId> {
    let ids = care.professional_ids.iter().filter_map(|(kind, number)| {
        Some(ProfessionalId {
            kind: Code::parse(kind)?,
            number: DisplayText::parse(number)?,
        })
    });
    ids.collect()
}

/// The first address stated; never the made-up one that a guest has for a UPN.
fn email(stated: Stated<'_>, settings: &Settings) -> Option<Email> {
    let mut addresses = stated.under(settings.names(Field::Email));
    addresses.find_map(|address| Email::parse(address).filter(|_| !has_guest_mark(address)))
}

/// A code in another form is no code: it names no organisation, so it grants nothing. A Care Identity belongs to the
/// organisation of its role and to no other.
fn organisation(
    identity: &VerifiedIdentity,
    stated: Stated<'_>,
    settings: &Settings,
) -> Option<Organisation> {
    if identity.door() == Door::Cis2 {
        return None;
    }
    let code = stated
        .under(settings.names(Field::OrgCode))
        .next()
        .and_then(OdsCode::parse)?;
    Some(Organisation {
        code,
        name: None,
        source: OrganisationSource::Nhsmail,
    })
}

fn is_guest(identity: &VerifiedIdentity, stated: Stated<'_>) -> bool {
    let name_id = identity.name_id().map(|id| id.value.as_str());
    let upns = stated.under(&names::UPN).chain(stated.under(&[names::NAME]));
    upns.chain(name_id).any(has_guest_mark)
}

fn has_guest_mark(upn: &str) -> bool {
    upn.to_ascii_uppercase().contains(GUEST_MARK)
}

fn nothing_required_is_missing<'a>(
    person: &Person,
    stated: Stated<'_>,
    settings: &Settings,
    required: impl Iterator<Item = &'a Field>,
) -> Result<(), NormaliseRefusal> {
    let mut required = required.copied();
    let Some(field) = required.find(|field| !has(person, *field)) else {
        return Ok(());
    };
    if stated.under(settings.names(field)).next().is_some() {
        Err(NormaliseRefusal::RequiredMalformed { field })
    } else {
        Err(NormaliseRefusal::RequiredAbsent { field })
    }
}

fn has(person: &Person, field: Field) -> bool {
    match field {
        Field::Email => person.email.is_some(),
        Field::DisplayName => person.display_name.is_some(),
        Field::GivenName => person.given_name.is_some(),
        Field::FamilyName => person.family_name.is_some(),
        Field::OrgCode => person.organisation.is_some(),
    }
}

#[cfg(test)]
mod tests;
