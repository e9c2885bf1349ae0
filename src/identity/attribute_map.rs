//! Which upstream name feeds which field.
//!
//! The same datum has arrived under several names over the years, so every field has an ordered list of them. The
//! first name with something under it wins. Names match exactly; no name is guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// A field of a person that attributes can feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Entra's tenant, a GUID.
    TenantId,
    /// Entra's immutable object identifier, a GUID.
    ObjectId,
    /// The user principal name; looks like an address and is none.
    Upn,
    /// The e-mail address to show.
    Email,
    /// The name to show.
    DisplayName,
    /// The first name.
    GivenName,
    /// The last name.
    FamilyName,
    /// The ODS code of the person's organisation.
    OrgCode,
    /// How the person proved themselves, one value for each method.
    AuthnMethods,
    /// Where Entra puts a link instead of more than 150 groups.
    GroupsLink,
}

impl Field {
    /// Every field, in the order of declaration.
    pub const ALL: [Self; 10] = [
        Self::TenantId,
        Self::ObjectId,
        Self::Upn,
        Self::Email,
        Self::DisplayName,
        Self::GivenName,
        Self::FamilyName,
        Self::OrgCode,
        Self::AuthnMethods,
        Self::GroupsLink,
    ];

    /// The field as configuration spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TenantId => "tenant_id",
            Self::ObjectId => "object_id",
            Self::Upn => "upn",
            Self::Email => "email",
            Self::DisplayName => "display_name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::OrgCode => "org_code",
            Self::AuthnMethods => "authn_methods",
            Self::GroupsLink => "groups_link",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The names that feed each field, and the fields a person must not come without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeMap {
    aliases: BTreeMap<Field, Vec<String>>,
    required: BTreeSet<Field>,
}

impl AttributeMap {
    /// The names Entra uses in SAML. Its `…/claims/name` is the UPN, not a name to show.
    pub fn entra() -> Self {
        let mut map = Self::common();
        map.set(
            Field::TenantId,
            &["http://schemas.microsoft.com/identity/claims/tenantid", "tid"],
        );
        map.set(
            Field::ObjectId,
            &[
                "http://schemas.microsoft.com/identity/claims/objectidentifier",
                "oid",
            ],
        );
        map.set(
            Field::Upn,
            &[
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
                "upn",
                "UserPrincipalName",
            ],
        );
        map.set(
            Field::DisplayName,
            &[
                "http://schemas.microsoft.com/identity/claims/displayname",
                "DisplayName",
            ],
        );
        map
    }

    /// The names ADFS offers. Its `…/claims/name` and Common Name are names to show.
    pub fn adfs() -> Self {
        let mut map = Self::common();
        map.set(
            Field::Upn,
            &[
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
                "http://schemas.xmlsoap.org/claims/UPN",
                "upn",
                "UserPrincipalName",
            ],
        );
        map.set(
            Field::DisplayName,
            &[
                "http://schemas.microsoft.com/identity/claims/displayname",
                "DisplayName",
                "http://schemas.xmlsoap.org/claims/CommonName",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
            ],
        );
        map
    }

    /// What both send under the same names.
    fn common() -> Self {
        let mut map = Self {
            aliases: BTreeMap::new(),
            required: BTreeSet::new(),
        };
        map.set(
            Field::Email,
            &[
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                "http://schemas.xmlsoap.org/claims/EmailAddress",
                "email",
                "Email",
                "Email Address",
                "EmailAddress",
            ],
        );
        map.set(
            Field::GivenName,
            &[
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
                "given_name",
            ],
        );
        map.set(
            Field::FamilyName,
            &[
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
                "family_name",
            ],
        );
        map.set(Field::OrgCode, &["ODS"]);
        map.set(
            Field::AuthnMethods,
            &["http://schemas.microsoft.com/claims/authnmethodsreferences"],
        );
        map.set(
            Field::GroupsLink,
            &["http://schemas.microsoft.com/claims/groups.link"],
        );
        map
    }

    fn set(&mut self, field: Field, names: &[&str]) {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        self.aliases.insert(field, names);
    }

    /// The map with `names`, in this order, instead of what fed `field`. An empty list drops the field.
    #[must_use]
    pub fn with(mut self, field: Field, names: Vec<String>) -> Self {
        self.aliases.insert(field, names);
        self
    }

    /// The map that refuses a person who comes without one of `fields`.
    #[must_use]
    pub fn requiring(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.required.extend(fields);
        self
    }

    /// The names that feed `field`, the one that wins first.
    pub fn names_of(&self, field: Field) -> &[String] {
        self.aliases.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The fields a person must not come without.
    pub fn required(&self) -> impl Iterator<Item = Field> {
        self.required.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_spelt_the_same_in_words_and_in_configuration() {
        for field in Field::ALL {
            assert_eq!(serde_json::to_value(field).unwrap(), field.name());
        }
    }

    #[test]
    fn entra_calls_the_upn_name_and_adfs_does_not() {
        let name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name".to_owned();
        assert!(AttributeMap::entra().names_of(Field::Upn).contains(&name));
        assert!(!AttributeMap::adfs().names_of(Field::Upn).contains(&name));
        assert!(AttributeMap::adfs().names_of(Field::DisplayName).contains(&name));
    }
}
