//! `VerifiedIdentity` to `Person`: a pure function.
//!
//! Only mapped attributes are read; the others end here. Values are kept as written or not at all: nothing is
//! case-folded, composed or trimmed into something the upstream did not say.

use crate::identity::account_key::{AccountKey, account_of, tenant_is_the_issuers};
use crate::identity::attribute_map::{AttributeMap, Field};
use crate::identity::authentication::{Proof, level_of, methods, several_factors};
use crate::identity::person::{Organisation, OrganisationSource, Person, UpstreamSession};
use crate::identity::stated::Stated;
use crate::identity::values::{DisplayText, Email, OdsCode};
use crate::upstream::verified::VerifiedIdentity;

/// How Entra marks the UPN of a guest: `a.b_example.com#EXT#@tenant.onmicrosoft.com`.
const GUEST_MARK: &str = "#EXT#";

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
    /// A field the connection requires is not there.
    #[error("the required {field} was not stated")]
    RequiredAbsent {
        /// Which field.
        field: Field,
    },
    /// A field the connection requires holds nothing we can keep.
    #[error("the required {field} was stated in a form we do not keep")]
    RequiredMalformed {
        /// Which field.
        field: Field,
    },
}

impl NormaliseRefusal {
    /// The stable name of the rule that refused.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::AccountAbsent { .. } => "account-is-stated",
            Self::AccountAmbiguous { .. } => "account-is-unambiguous",
            Self::AccountUnfit { .. } => "account-is-fit-for-a-key",
            Self::ForeignTenant => "tenant-is-the-issuers",
            Self::RequiredAbsent { .. } => "required-attributes-are-stated",
            Self::RequiredMalformed { .. } => "required-attributes-are-readable",
        }
    }
}

/// Makes a person of `identity`, reading its attributes by `map` and its account by `key`.
///
/// # Errors
/// [`NormaliseRefusal`], naming the field that stood in the way.
pub fn normalise(
    identity: &VerifiedIdentity,
    map: &AttributeMap,
    key: &AccountKey,
) -> Result<Person, NormaliseRefusal> {
    let stated = Stated::new(identity, map);
    tenant_is_the_issuers(identity, &stated)?;
    let account = account_of(identity, &stated, key)?;
    let guest = is_guest(identity, &stated);
    let person = Person {
        account,
        door: identity.door(),
        connection: identity.connection().to_owned(),
        simulated: identity.is_simulated(),
        guest,
        groups_withheld: stated.first(Field::GroupsLink).is_some(),
        display_name: stated.first(Field::DisplayName).and_then(DisplayText::parse),
        given_name: stated.first(Field::GivenName).and_then(DisplayText::parse),
        family_name: stated.first(Field::FamilyName).and_then(DisplayText::parse),
        email: email(&stated),
        organisation: organisation(&stated),
        proof: proof(identity, &stated),
        upstream_session: UpstreamSession {
            name_id: identity.name_id().cloned(),
            session_index: identity.authentication().session_index.clone(),
        },
    };
    nothing_required_is_missing(&person, &stated, map)?;
    Ok(person)
}

/// The stated address; without one the UPN, where that is an address and not the made-up one of a guest.
fn email(stated: &Stated<'_>) -> Option<Email> {
    let upn = || stated.first(Field::Upn).filter(|upn| !has_guest_mark(upn));
    stated.first(Field::Email).or_else(upn).and_then(Email::parse)
}

/// A code in another form is no code: it names no organisation, so it grants nothing.
fn organisation(stated: &Stated<'_>) -> Option<Organisation> {
    let code = stated.first(Field::OrgCode).and_then(OdsCode::parse)?;
    Some(Organisation {
        code,
        name: None,
        source: OrganisationSource::Nhsmail,
    })
}

fn proof(identity: &VerifiedIdentity, stated: &Stated<'_>) -> Proof {
    let authentication = identity.authentication();
    let context = authentication.context_class.as_deref();
    let references = stated.all(Field::AuthnMethods);
    Proof {
        instant: authentication.instant,
        level: level_of(context),
        methods: methods(&references, context),
        several_factors: several_factors(&references),
        session_not_on_or_after: authentication.session_not_on_or_after,
    }
}

fn is_guest(identity: &VerifiedIdentity, stated: &Stated<'_>) -> bool {
    let name_id = identity.name_id().map(|id| id.value.as_str());
    let mut names = stated.under_any_name(Field::Upn).chain(name_id);
    names.any(has_guest_mark)
}

fn has_guest_mark(upn: &str) -> bool {
    upn.to_ascii_uppercase().contains(GUEST_MARK)
}

fn nothing_required_is_missing(
    person: &Person,
    stated: &Stated<'_>,
    map: &AttributeMap,
) -> Result<(), NormaliseRefusal> {
    let mut missing = map.required().filter(|field| !is_kept(person, stated, *field));
    match missing.next() {
        None => Ok(()),
        Some(field) if stated.all(field).is_empty() => Err(NormaliseRefusal::RequiredAbsent { field }),
        Some(field) => Err(NormaliseRefusal::RequiredMalformed { field }),
    }
}

/// True if the person has `field`, or, where it is not kept as text, if it was stated.
fn is_kept(person: &Person, stated: &Stated<'_>, field: Field) -> bool {
    match field {
        Field::Email => person.email.is_some(),
        Field::DisplayName => person.display_name.is_some(),
        Field::GivenName => person.given_name.is_some(),
        Field::FamilyName => person.family_name.is_some(),
        Field::OrgCode => person.organisation.is_some(),
        Field::TenantId | Field::ObjectId | Field::Upn | Field::AuthnMethods | Field::GroupsLink => {
            !stated.all(field).is_empty()
        }
    }
}

#[cfg(test)]
mod tests;
