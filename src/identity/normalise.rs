//! `VerifiedIdentity` to `Person`: a pure function.
//!
//! Only mapped attributes are read; the others end here. Values are kept as written or not at all: nothing is
//! case-folded, composed or trimmed into something the upstream did not say.

use crate::identity::account_key::{account_of, tenant_is_the_issuers};
use crate::identity::authentication::{Proof, level_of, methods, several_factors};
use crate::identity::names;
use crate::identity::person::{Organisation, OrganisationSource, Person, UpstreamSession};
use crate::identity::settings::{Field, Settings};
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
            Self::ForeignTenant => None,
        }
    }

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

/// Makes a person of `identity` as the connection's `settings` say.
///
/// # Errors
/// [`NormaliseRefusal`], naming the field that stood in the way.
pub fn normalise(identity: &VerifiedIdentity, settings: &Settings) -> Result<Person, NormaliseRefusal> {
    let stated = Stated::by(identity);
    tenant_is_the_issuers(identity, stated)?;
    let text = |field| stated.under(settings.names(field)).find_map(DisplayText::parse);
    let person = Person {
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
        organisation: organisation(stated, settings),
        proof: proof(identity, stated),
        upstream_session: UpstreamSession {
            name_id: identity.name_id().cloned(),
            session_index: identity.authentication().session_index.clone(),
        },
    };
    nothing_required_is_missing(&person, stated, settings)?;
    Ok(person)
}

/// The first address stated; never the made-up one that a guest has for a UPN.
fn email(stated: Stated<'_>, settings: &Settings) -> Option<Email> {
    let mut addresses = stated.under(settings.names(Field::Email));
    addresses.find_map(|address| Email::parse(address).filter(|_| !has_guest_mark(address)))
}

/// A code in another form is no code: it names no organisation, so it grants nothing.
fn organisation(stated: Stated<'_>, settings: &Settings) -> Option<Organisation> {
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

fn proof(identity: &VerifiedIdentity, stated: Stated<'_>) -> Proof {
    let authentication = identity.authentication();
    let context = authentication.context_class.as_deref();
    let references: Vec<&str> = stated.under(&names::AUTHN_METHODS).collect();
    Proof {
        instant: authentication.instant,
        level: level_of(context),
        methods: methods(&references, context),
        several_factors: several_factors(&references),
        session_not_on_or_after: authentication.session_not_on_or_after,
    }
}

fn is_guest(identity: &VerifiedIdentity, stated: Stated<'_>) -> bool {
    let name_id = identity.name_id().map(|id| id.value.as_str());
    let upns = stated.under(&names::UPN).chain(stated.under(&[names::NAME]));
    upns.chain(name_id).any(has_guest_mark)
}

fn has_guest_mark(upn: &str) -> bool {
    upn.to_ascii_uppercase().contains(GUEST_MARK)
}

fn nothing_required_is_missing(
    person: &Person,
    stated: Stated<'_>,
    settings: &Settings,
) -> Result<(), NormaliseRefusal> {
    let mut required = settings.required.iter().copied();
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
