//! Which of the things an upstream states is the account.
//!
//! An account is (issuer, subject). The subject is never an e-mail address, which changes and is given to somebody
//! else, and never a name made for one sign-in. If it is absent, or stated so that two readers could read two
//! people, there is no account and no sign-in.

use crate::identity::attribute_map::{AttributeMap, Field};
use crate::identity::normalise::NormaliseRefusal;
use crate::identity::person::Account;
use crate::identity::stated::{Ambiguous, Stated};
use crate::identity::values::is_blank;
use crate::upstream::verified::{NameId, VerifiedIdentity};

const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
/// The issuer of an Entra tenant is this, the tenant, and a slash.
const ENTRA_ISSUER: &str = "https://sts.windows.net/";
/// The longest subject, in octets.
const LONGEST_SUBJECT: usize = 1024;

/// Where a connection's accounts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountKey {
    /// Entra: tenant and object identifier.
    EntraObject,
    /// ADFS: the persistent `NameID`; without one, the UPN in ASCII lower case.
    PersistentNameIdOrUpn,
    /// The `NameID`, if its format is persistent or unspecified.
    NameId,
    /// One attribute the operator chose, compared octet for octet.
    Attribute(KeyAttribute),
}

/// The name of an attribute that may be an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAttribute(String);

/// An e-mail address was chosen as the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address is given to somebody else one day; choose an identifier that never is")]
pub struct EmailAsKey;

impl KeyAttribute {
    /// Takes `name` unless `map` or one of our presets reads an e-mail address from it.
    pub fn parse(name: &str, map: &AttributeMap) -> Result<Self, EmailAsKey> {
        let maps = [map, &AttributeMap::entra()];
        let is_email = |map: &AttributeMap| map.names_of(Field::Email).iter().any(|email| email == name);
        if maps.into_iter().any(is_email) {
            return Err(EmailAsKey);
        }
        Ok(Self(name.to_owned()))
    }
}

/// The account of `identity`, as `key` says.
pub(in crate::identity) fn account_of(
    identity: &VerifiedIdentity,
    stated: &Stated<'_>,
    key: &AccountKey,
) -> Result<Account, NormaliseRefusal> {
    let subject = match key {
        AccountKey::EntraObject => entra_object(identity.issuer(), stated)?,
        AccountKey::PersistentNameIdOrUpn => persistent_name_id_or_upn(identity, stated)?,
        AccountKey::NameId => name_id(identity)?,
        AccountKey::Attribute(KeyAttribute(name)) => attribute(name, stated)?,
    };
    Ok(Account::new(identity.issuer(), fit_for_a_key(key, subject)?))
}

/// Two tenants of one vendor must never meet in one account: a stated tenant is the issuer's own.
pub(in crate::identity) fn tenant_is_the_issuers(
    identity: &VerifiedIdentity,
    stated: &Stated<'_>,
) -> Result<(), NormaliseRefusal> {
    let Some(ours) = tenant_of(identity.issuer()) else {
        return Ok(());
    };
    let theirs = only(stated, Field::TenantId)?;
    if theirs.is_none_or(|theirs| theirs.eq_ignore_ascii_case(ours)) {
        Ok(())
    } else {
        Err(NormaliseRefusal::ForeignTenant)
    }
}

/// The object identifier; beside it the tenant, unless the issuer already names it.
fn entra_object(issuer: &str, stated: &Stated<'_>) -> Result<String, NormaliseRefusal> {
    let object = only(stated, Field::ObjectId)?.ok_or_else(|| absent(Field::ObjectId))?;
    if tenant_of(issuer).is_some() {
        return Ok(object.to_owned());
    }
    let tenant = only(stated, Field::TenantId)?.ok_or_else(|| absent(Field::TenantId))?;
    Ok(format!("{}/{object}", tenant.to_ascii_lowercase()))
}

fn persistent_name_id_or_upn(
    identity: &VerifiedIdentity,
    stated: &Stated<'_>,
) -> Result<String, NormaliseRefusal> {
    let persistent = identity
        .name_id()
        .filter(|id| id.format.as_deref() == Some(PERSISTENT) && !is_blank(&id.value));
    if let Some(id) = persistent {
        return Ok(qualified(identity.issuer(), id));
    }
    let upn = only(stated, Field::Upn)?.ok_or_else(|| absent(Field::Upn))?;
    // ASCII only: Unicode lower case would make one account of two different names (K and the Kelvin sign).
    Ok(upn.to_ascii_lowercase())
}

fn name_id(identity: &VerifiedIdentity) -> Result<String, NormaliseRefusal> {
    let field = || "NameID".to_owned();
    let id = identity.name_id().filter(|id| !is_blank(&id.value));
    let id = id.ok_or_else(|| NormaliseRefusal::AccountAbsent { field: field() })?;
    match id.format.as_deref() {
        None | Some(PERSISTENT | UNSPECIFIED) => Ok(qualified(identity.issuer(), id)),
        Some(_) => Err(NormaliseRefusal::AccountUnfit {
            field: field(),
            why: "its format is neither persistent nor unspecified",
        }),
    }
}

/// A persistent name belongs to whoever made it: another maker's is kept apart (SAML Core 8.3.7).
fn qualified(issuer: &str, id: &NameId) -> String {
    match id.name_qualifier.as_deref() {
        Some(maker) if maker != issuer => format!("{maker}!{}", id.value),
        Some(_) | None => id.value.clone(),
    }
}

fn attribute(name: &str, stated: &Stated<'_>) -> Result<String, NormaliseRefusal> {
    let field = || name.to_owned();
    match stated.only_under(name) {
        Ok(Some(value)) => Ok(value.to_owned()),
        Ok(None) => Err(NormaliseRefusal::AccountAbsent { field: field() }),
        Err(Ambiguous) => Err(NormaliseRefusal::AccountAmbiguous { field: field() }),
    }
}

fn fit_for_a_key(key: &AccountKey, subject: String) -> Result<String, NormaliseRefusal> {
    let why = if subject.chars().any(char::is_control) {
        "it contains control characters"
    } else if subject.len() > LONGEST_SUBJECT {
        "it is longer than 1024 octets"
    } else {
        return Ok(subject);
    };
    Err(NormaliseRefusal::AccountUnfit {
        field: key.to_string(),
        why,
    })
}

fn only<'a>(stated: &Stated<'a>, field: Field) -> Result<Option<&'a str>, NormaliseRefusal> {
    stated
        .only(field)
        .map_err(|Ambiguous| NormaliseRefusal::AccountAmbiguous {
            field: field.to_string(),
        })
}

fn absent(field: Field) -> NormaliseRefusal {
    NormaliseRefusal::AccountAbsent {
        field: field.to_string(),
    }
}

fn tenant_of(issuer: &str) -> Option<&str> {
    let tenant = issuer.strip_prefix(ENTRA_ISSUER)?.strip_suffix('/')?;
    (!tenant.is_empty() && !tenant.contains('/')).then_some(tenant)
}

impl std::fmt::Display for AccountKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::EntraObject => "object_id",
            Self::PersistentNameIdOrUpn => "persistent NameID or upn",
            Self::NameId => "NameID",
            Self::Attribute(KeyAttribute(name)) => name,
        })
    }
}

#[cfg(test)]
mod tests;
