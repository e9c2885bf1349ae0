//! What can be wrong with `[saml.NAME.person]`, each problem with what to write instead.

use crate::identity::settings::{AccountKey, Settings};
use crate::platform::problem::Problem;

/// Attribute names that mean an e-mail address, without case, spaces, hyphens and underscores.
const EMAIL_NAMES: [&str; 5] = [
    "email",
    "emailaddress",
    "mail",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",
];

impl Settings {
    /// What is wrong with these settings; `at` is the path of their table.
    pub fn problems(&self, at: &str) -> Vec<Problem> {
        let mut problems = self.account_key_problems(&format!("{at}.account_key"));
        for (field, names) in &self.attributes {
            let field = field.as_str();
            if names.is_empty() || names.iter().any(|name| name.trim().is_empty()) {
                problems.push(Problem::new(
                    format!("{at}.attributes.{field}"),
                    "the list or one of its names is empty",
                    format!("{field} = [\"the attribute's Name in the assertion\"], or leave the key out"),
                ));
            }
        }
        problems
    }

    fn account_key_problems(&self, at: &str) -> Vec<Problem> {
        let none = self.account_key.is_empty().then(|| {
            let instead = "at least one place; the preset's own list if you leave the key out";
            Problem::new(at, "without an account key nobody could sign in", instead)
        });
        let bad = self.account_key.iter().filter_map(|key| match key {
            AccountKey::Attribute(name) if means_email(name) => Some(Problem::new(
                at,
                format!("`{name}` is an e-mail address: it can change, and be given to another person"),
                "an attribute that never changes, such as objectidentifier; e-mail stays display data",
            )),
            AccountKey::Attribute(name) if name.trim().is_empty() => Some(Problem::new(
                at,
                "a name in the list is empty",
                "the attribute's Name in the assertion",
            )),
            AccountKey::Attribute(_)
            | AccountKey::NameId
            | AccountKey::PersistentNameId
            | AccountKey::Subject => None,
        });
        none.into_iter().chain(bad).collect()
    }

    /// Whether an account key can be found where the subject has no `NameID`.
    pub fn has_account_key_beside_name_id(&self) -> bool {
        self.account_key
            .iter()
            .any(|key| matches!(key, AccountKey::Attribute(_)))
    }
}

/// True if an attribute of this name holds an e-mail address.
pub(in crate::identity) fn means_email(name: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
    let last = name.rsplit('/').next().unwrap_or(name);
    EMAIL_NAMES.contains(&plain(last).as_str()) || EMAIL_NAMES.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::settings::Field;

    fn keyed_by(name: &str) -> Settings {
        Settings {
            account_key: vec![AccountKey::from(name.to_owned())],
            ..Settings::entra()
        }
    }

    #[test]
    fn an_email_address_is_never_an_account_key() {
        for name in [
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            "http://schemas.xmlsoap.org/claims/EmailAddress",
            "Email Address",
            "mail",
            "urn:oid:0.9.2342.19200300.100.1.3",
        ] {
            assert_eq!(keyed_by(name).problems("p").len(), 1, "{name}");
        }
        assert!(keyed_by("oid").problems("p").is_empty());
        assert!(keyed_by("name-id").problems("p").is_empty());
    }

    #[test]
    fn no_account_key_and_no_names_are_problems() {
        let mut settings = Settings::bare();
        settings.account_key.clear();
        settings.attributes.insert(Field::Email, Vec::new());
        let at: Vec<_> = settings.problems("p").into_iter().map(|it| it.at).collect();
        assert_eq!(at, ["p.account_key", "p.attributes.email"]);
    }

    #[test]
    fn the_presets_have_no_problems() {
        for preset in [
            Settings::entra(),
            Settings::adfs(),
            Settings::bare(),
            Settings::entra_oidc(),
            Settings::adfs_oidc(),
            Settings::cis2(),
        ] {
            assert!(preset.problems("p").is_empty());
            assert!(preset.roles.problems("r").is_empty());
        }
    }
}
