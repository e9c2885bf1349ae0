//! Which of the things an upstream states is the account.
//!
//! An account is (issuer, subject). The subject is never an e-mail address, which changes and is given to somebody
//! else, and never a name made for one sign-in. If it is absent, or stated so that two readers could read two
//! people, there is no account and no sign-in.
//!
//! Entra has two names for one tenant: SAML and tokens of version 1 say `https://sts.windows.net/{tid}/`, tokens of
//! version 2 `https://login.microsoftonline.com/{tid}/v2.0`. The account has the first, whichever was used.

use std::borrow::Cow;

use crate::identity::names;
use crate::identity::normalise::NormaliseRefusal;
use crate::identity::person::Account;
use crate::identity::settings::AccountKey;
use crate::identity::settings::problems::means_email;
use crate::identity::stated::{Ambiguous, Stated};
use crate::identity::values::is_blank;
use crate::upstream::verified::{Door, NameId, VerifiedIdentity};

const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/// The issuer of an Entra tenant is this, the tenant, and a slash.
const ENTRA_ISSUER: &str = "https://sts.windows.net/";
/// What stands around the tenant in the issuer of an Entra token of version 2.
const ENTRA_ISSUER_V2: (&str, &str) = ("https://login.microsoftonline.com/", "/v2.0");
/// The longest subject, in octets.
const LONGEST_SUBJECT: usize = 1024;

/// The account of `identity`: the first of `keys` that is there.
pub(in crate::identity) fn account_of(
    identity: &VerifiedIdentity,
    stated: Stated<'_>,
    keys: &[AccountKey],
) -> Result<Account, NormaliseRefusal> {
    let keys = match identity.door() {
        // A Care Identity is keyed on `sub`, whatever is configured.
        Door::Cis2 => &[AccountKey::Subject],
        Door::Nhsmail => keys,
    };
    for key in keys {
        let subject = match key {
            AccountKey::NameId => name_id(identity, is_lasting),
            AccountKey::PersistentNameId => name_id(identity, is_persistent),
            AccountKey::Subject => open_id_subject(identity),
            AccountKey::Attribute(name) => attribute(name, stated)?,
        };
        if let Some(subject) = subject {
            let issuer = account_issuer(identity.issuer());
            return Ok(Account::new(&issuer, fit_for_a_key(key, subject)?));
        }
    }
    let fields: Vec<&str> = keys.iter().map(AccountKey::as_str).collect();
    Err(NormaliseRefusal::AccountAbsent {
        field: fields.join(", "),
    })
}

/// Two tenants of one vendor must never meet in one account: a stated tenant is the issuer's own, and a token, which
/// always states one, must.
pub(in crate::identity) fn tenant_is_the_issuers(
    identity: &VerifiedIdentity,
    stated: Stated<'_>,
) -> Result<(), NormaliseRefusal> {
    let Some(ours) = tenant_of(identity.issuer()) else {
        return Ok(());
    };
    if identity.open_id().is_some() && stated.under(&names::TENANT).next().is_none() {
        return Err(NormaliseRefusal::TenantAbsent);
    }
    let mut theirs = stated.under(&names::TENANT);
    if theirs.all(|theirs| theirs.eq_ignore_ascii_case(ours)) {
        Ok(())
    } else {
        Err(NormaliseRefusal::ForeignTenant)
    }
}

fn tenant_of(issuer: &str) -> Option<&str> {
    let version_1 = || issuer.strip_prefix(ENTRA_ISSUER)?.strip_suffix('/');
    version_1().or_else(|| tenant_of_version_2(issuer))
}

fn tenant_of_version_2(issuer: &str) -> Option<&str> {
    let (before, after) = ENTRA_ISSUER_V2;
    let tenant = issuer.strip_prefix(before)?.strip_suffix(after)?;
    (!tenant.is_empty() && !tenant.contains('/')).then_some(tenant)
}

/// The issuer by which an account is known. Tokens write the tenant in lower case; so does every account made of one.
fn account_issuer(issuer: &str) -> Cow<'_, str> {
    match tenant_of_version_2(issuer) {
        Some(tenant) => Cow::Owned(format!("{ENTRA_ISSUER}{}/", tenant.to_ascii_lowercase())),
        None => Cow::Borrowed(issuer),
    }
}

fn open_id_subject(identity: &VerifiedIdentity) -> Option<String> {
    let subject = &identity.open_id()?.subject;
    (!is_blank(subject)).then(|| subject.clone())
}

fn name_id(identity: &VerifiedIdentity, is_fit: fn(&NameId) -> bool) -> Option<String> {
    let id = identity.name_id().filter(|id| !is_blank(&id.value))?;
    is_fit(id).then(|| qualified(identity.issuer(), id))
}

fn is_persistent(id: &NameId) -> bool {
    id.format.as_deref() == Some(PERSISTENT)
}

fn is_lasting(id: &NameId) -> bool {
    !matches!(id.format.as_deref(), Some(TRANSIENT | EMAIL_ADDRESS))
}

/// A name belongs to whoever made it: another maker's is kept apart (SAML Core 8.3.7).
fn qualified(issuer: &str, id: &NameId) -> String {
    match id.name_qualifier.as_deref() {
        Some(maker) if maker != issuer => format!("{maker}!{}", id.value),
        Some(_) | None => id.value.clone(),
    }
}

fn attribute(name: &str, stated: Stated<'_>) -> Result<Option<String>, NormaliseRefusal> {
    if means_email(name) {
        return Err(NormaliseRefusal::AccountUnfit {
            field: name.to_owned(),
            why: "an e-mail address is given to somebody else one day",
        });
    }
    let value = stated
        .only(name)
        .map_err(|Ambiguous| NormaliseRefusal::AccountAmbiguous {
            field: name.to_owned(),
        })?;
    if names::UPN.contains(&name) {
        // ASCII only: Unicode lower case would make one account of two names (K and the Kelvin sign).
        return Ok(value.map(str::to_ascii_lowercase));
    }
    Ok(value.map(str::to_owned))
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
        field: key.as_str().to_owned(),
        why,
    })
}

#[cfg(test)]
mod tests;
