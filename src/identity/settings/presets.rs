//! How Entra, ADFS and CIS2 name what they state about a person.

use std::collections::{BTreeMap, BTreeSet};

use crate::identity::settings::roles::RoleSettings;
use crate::identity::settings::{AccountKey, Field, Settings};

const OBJECT_IDENTIFIER: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
const UPN_ADFS_1: &str = "http://schemas.xmlsoap.org/claims/UPN";
const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
const EMAIL_ADFS_1: &str = "http://schemas.xmlsoap.org/claims/EmailAddress";
const DISPLAY_NAME: &str = "http://schemas.microsoft.com/identity/claims/displayname";
const COMMON_NAME: &str = "http://schemas.xmlsoap.org/claims/CommonName";
const GIVEN_NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname";
const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
const SURNAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname";

impl Settings {
    /// Microsoft Entra ID: `objectidentifier` is immutable and never used again for another account. There is no
    /// second choice, so that an attribute lost on their side refuses instead of making new accounts. Its
    /// `…/claims/name` is the UPN.
    pub fn entra() -> Self {
        let mut settings = Self {
            account_key: vec![attribute(OBJECT_IDENTIFIER), attribute("oid")],
            ..Self::bare()
        };
        settings.also(Field::Email, NAME);
        settings
    }

    /// ADFS: the persistent `NameID` where a claim rule issues one, else the UPN. Its `…/claims/name` is a name to
    /// show.
    pub fn adfs() -> Self {
        let mut settings = Self {
            account_key: vec![
                AccountKey::PersistentNameId,
                attribute(UPN),
                attribute(UPN_ADFS_1),
                attribute("upn"),
            ],
            ..Self::bare()
        };
        settings.also(Field::DisplayName, NAME);
        settings
    }

    /// Microsoft Entra ID over OpenID Connect: `oid` is what SAML calls `objectidentifier`, so both routes lead to one
    /// account. `sub` is another for every application and is not used. Its `name` is a name to show.
    pub fn entra_oidc() -> Self {
        let mut settings = Self {
            account_key: vec![attribute("oid"), attribute(OBJECT_IDENTIFIER)],
            ..Self::bare()
        };
        settings.also(Field::DisplayName, "name");
        settings
    }

    /// ADFS over OpenID Connect: the UPN, as in SAML. `sub` is not a second choice, so that a UPN lost on their side
    /// refuses instead of making new accounts; whoever is sent no UPN writes `account_key = ["sub"]`.
    pub fn adfs_oidc() -> Self {
        let mut settings = Self {
            account_key: vec![
                attribute("upn"),
                attribute(UPN),
                attribute(UPN_ADFS_1),
                attribute("UserPrincipalName"),
            ],
            ..Self::bare()
        };
        settings.also(Field::DisplayName, "name");
        settings
    }

    /// A Care Identity from CIS2: `sub`, whatever else is configured. Its organisation is that of the selected role.
    pub fn cis2() -> Self {
        Self {
            account_key: vec![AccountKey::Subject],
            attributes: BTreeMap::from([
                (Field::Email, owned(&["email"])),
                (Field::DisplayName, owned(&["display_name", "name"])),
                (Field::GivenName, owned(&["given_name"])),
                (Field::FamilyName, owned(&["family_name"])),
            ]),
            required: BTreeSet::new(),
            roles: RoleSettings::default(),
        }
    }

    /// An identity provider of which nothing is assumed but the usual names.
    pub fn bare() -> Self {
        Self {
            account_key: vec![AccountKey::NameId],
            attributes: usual_names(),
            required: BTreeSet::new(),
            roles: RoleSettings::none(),
        }
    }

    fn also(&mut self, field: Field, name: &str) {
        self.attributes.entry(field).or_default().push(name.to_owned());
    }
}

/// The names under which NHSmail, Entra and ADFS have been seen to send each field, in the order of trust.
fn usual_names() -> BTreeMap<Field, Vec<String>> {
    let email = [
        EMAIL,
        EMAIL_ADFS_1,
        "email",
        "Email",
        "Email Address",
        "EmailAddress",
        UPN,
        "upn",
    ];
    BTreeMap::from([
        (Field::Email, owned(&email)),
        (
            Field::DisplayName,
            owned(&[DISPLAY_NAME, "DisplayName", COMMON_NAME]),
        ),
        (Field::GivenName, owned(&[GIVEN_NAME, "given_name"])),
        (Field::FamilyName, owned(&[SURNAME, "family_name"])),
        (Field::OrgCode, owned(&["ODS"])),
    ])
}

fn attribute(name: &str) -> AccountKey {
    AccountKey::Attribute(name.to_owned())
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
