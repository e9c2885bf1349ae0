//! Whom the fake imitates: the paths of the provider, and who may sign in there.

use serde::{Deserialize, Serialize};

use crate::fakes::cis2::person::Person;

/// Whom the fake imitates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// NHS CIS2 Authentication, a ForgeRock product.
    #[default]
    Cis2,
    /// `NHSmail` over OpenID Connect, at Microsoft Entra ID (its second version).
    Entra,
    /// `NHSmail` over OpenID Connect, at the older ADFS.
    Adfs,
}

/// Where things are, below the origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paths {
    pub(super) issuer: &'static str,
    pub(super) authorize: &'static str,
    pub(super) token: &'static str,
    pub(super) user_info: &'static str,
    pub(super) keys: &'static str,
    pub(super) end_session: &'static str,
}

/// Everything of the realm is below this.
macro_rules! realm {
    ($rest:literal) => {
        concat!(
            "/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare",
            $rest
        )
    };
}

/// Everything of the tenant is below this.
macro_rules! tenant {
    ($rest:literal) => {
        concat!("/fa4e0000-0000-4000-8000-00000000fa4e", $rest)
    };
}

const CIS2: Paths = Paths {
    issuer: realm!(""),
    authorize: realm!("/authorize"),
    token: realm!("/access_token"),
    user_info: realm!("/userinfo"),
    keys: realm!("/connect/jwk_uri"),
    end_session: realm!("/connect/endSession"),
};

const ENTRA: Paths = Paths {
    issuer: tenant!("/v2.0"),
    authorize: tenant!("/oauth2/v2.0/authorize"),
    token: tenant!("/oauth2/v2.0/token"),
    user_info: "/oidc/userinfo",
    keys: tenant!("/discovery/v2.0/keys"),
    end_session: tenant!("/oauth2/v2.0/logout"),
};

const ADFS: Paths = Paths {
    issuer: "/adfs",
    authorize: "/adfs/oauth2/authorize/",
    token: "/adfs/oauth2/token/",
    user_info: "/adfs/userinfo",
    keys: "/adfs/discovery/keys",
    end_session: "/adfs/oauth2/logout",
};

impl Shape {
    pub(super) fn paths(self) -> Paths {
        match self {
            Self::Cis2 => CIS2,
            Self::Entra => ENTRA,
            Self::Adfs => ADFS,
        }
    }

    /// The path of the discovery document, which stands below the issuer.
    pub(super) fn discovery_path(self) -> String {
        format!("{}/.well-known/openid-configuration", self.paths().issuer)
    }

    /// The name of the cookie that remembers who has signed in.
    pub(super) fn cookie(self) -> &'static str {
        match self {
            Self::Cis2 => "fake-cis2-session",
            Self::Entra => "fake-entra-session",
            Self::Adfs => "fake-adfs-session",
        }
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cis2 => "CIS2",
            Self::Entra => "NHSmail (Entra) over OpenID Connect",
            Self::Adfs => "NHSmail (ADFS) over OpenID Connect",
        }
    }

    /// True of CIS2, which proves identities; a mailbox proves none.
    pub(super) fn is_cis2(self) -> bool {
        self == Self::Cis2
    }

    /// Everybody who may sign in there.
    pub(super) fn people(self) -> Vec<Person> {
        if self.is_cis2() {
            Person::care_identities()
        } else {
            Person::mailboxes()
        }
    }

    /// The person of this key.
    pub(super) fn person(self, key: &str) -> Option<Person> {
        self.people().into_iter().find(|person| person.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fakes::cast::TENANT;

    #[test]
    fn the_tenant_is_the_one_of_the_saml_fake() {
        assert_eq!(ENTRA.issuer, format!("/{TENANT}/v2.0"));
    }
}
