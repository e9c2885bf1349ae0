//! What an operator sets about people: which attribute is the account key, which feeds which field.

mod catalogue;
mod presets;
pub(in crate::identity) mod problems;
pub mod roles;

pub use catalogue::SETTINGS;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::identity::settings::roles::RoleSettings;

/// How the people of one connection are read: `[saml.NAME.person]` or `[oidc.NAME.person]`, laid over the preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the stable, opaque key of an account is found: the first that is there. Never an e-mail address.
    pub account_key: Vec<AccountKey>,
    /// The attribute names that feed each field, first one that is there wins; compared exactly.
    pub attributes: BTreeMap<Field, Vec<String>>,
    /// The fields without which nobody is signed in.
    pub required: BTreeSet<Field>,
    /// Which roles are taken: `[oidc.NAME.roles]`.
    pub roles: RoleSettings,
}

/// A place where an account key may stand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum AccountKey {
    /// The `NameID`, unless its format is transient or an e-mail address. Written `name-id`.
    NameId,
    /// The `NameID` if its format is persistent. Written `name-id:persistent`.
    PersistentNameId,
    /// `sub` of an ID token. Written `sub`.
    Subject,
    /// An attribute of this name, with exactly one value; that of a UPN counts in ASCII lower case.
    Attribute(String),
}

/// A field of a person that an attribute feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The e-mail address, for display and for letters.
    Email,
    /// The name to show.
    DisplayName,
    /// The given name.
    GivenName,
    /// The family name.
    FamilyName,
    /// The ODS code of the person's organisation.
    OrgCode,
}

/// What the file says; what it leaves out is as the preset has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// Replaces the whole list of account keys.
    pub account_key: Option<Vec<AccountKey>>,
    /// Replaces the names of the fields it mentions.
    pub attributes: BTreeMap<Field, Vec<String>>,
    /// The fields without which nobody is signed in.
    pub required: BTreeSet<Field>,
}

impl Settings {
    /// The attribute names that feed `field`, best first.
    pub fn names(&self, field: Field) -> &[String] {
        self.attributes.get(&field).map_or(&[], Vec::as_slice)
    }

    /// These settings with `overrides` laid over them.
    #[must_use]
    pub fn with(mut self, overrides: Overrides) -> Self {
        if let Some(account_key) = overrides.account_key {
            self.account_key = account_key;
        }
        self.attributes.extend(overrides.attributes);
        self.required.extend(overrides.required);
        self
    }

    /// These settings with `roles` instead of the preset's.
    #[must_use]
    pub fn with_roles(self, roles: RoleSettings) -> Self {
        Self { roles, ..self }
    }
}

impl AccountKey {
    /// The word in the configuration.
    pub fn as_str(&self) -> &str {
        match self {
            Self::NameId => "name-id",
            Self::PersistentNameId => "name-id:persistent",
            Self::Subject => "sub",
            Self::Attribute(name) => name,
        }
    }
}

impl From<String> for AccountKey {
    fn from(text: String) -> Self {
        match text.as_str() {
            "name-id" => Self::NameId,
            "name-id:persistent" => Self::PersistentNameId,
            "sub" => Self::Subject,
            _ => Self::Attribute(text),
        }
    }
}

impl Field {
    /// Every field, in the order of the documents.
    pub const ALL: [Self; 5] = [
        Self::Email,
        Self::DisplayName,
        Self::GivenName,
        Self::FamilyName,
        Self::OrgCode,
    ];

    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::DisplayName => "display_name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::OrgCode => "org_code",
        }
    }
}
