//! The attributes each personality states about a person, in the order the real one writes them.

use crate::fakes::cast::{CastMember, TENANT};
use crate::fakes::saml_idp::Personality;

/// More groups than this become a link at Entra (for SAML).
const MOST_GROUPS: usize = 150;
const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";

/// One attribute: its `Name` and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) name: &'static str,
    pub(super) values: Vec<String>,
}

/// What `personality` states about `member`.
pub(super) fn about(personality: Personality, member: &CastMember) -> Vec<Claim> {
    let mut claims = match personality {
        Personality::Entra => entra(member),
        Personality::Adfs => adfs(member),
    };
    claims.retain(|claim| !claim.values.is_empty());
    claims
}

/// The user principal name among these claims.
pub(super) fn upn(claims: &[Claim]) -> Option<&str> {
    let found = claims
        .iter()
        .find(|claim| claim.name == UPN || claim.name == NAME);
    found?.values.first().map(String::as_str)
}

fn entra(member: &CastMember) -> Vec<Claim> {
    let issuer = Personality::Entra.entity_id();
    let home = if member.is_guest { "live.com" } else { issuer };
    let mut methods = vec!["http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password"];
    if member.mfa {
        methods.push("http://schemas.microsoft.com/claims/multipleauthn");
    }
    vec![
        one("http://schemas.microsoft.com/identity/claims/tenantid", TENANT),
        one(
            "http://schemas.microsoft.com/identity/claims/objectidentifier",
            member.object_id,
        ),
        one(
            "http://schemas.microsoft.com/identity/claims/displayname",
            member.display_name,
        ),
        entra_groups(member),
        one(
            "http://schemas.microsoft.com/identity/claims/identityprovider",
            home,
        ),
        Claim {
            name: "http://schemas.microsoft.com/claims/authnmethodsreferences",
            values: methods.into_iter().map(str::to_owned).collect(),
        },
        one(
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
            member.given_name,
        ),
        one(
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
            member.surname,
        ),
        perhaps(
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            member.email,
        ),
        // Not a person's name: Entra puts the UPN here.
        one(NAME, member.upn),
        perhaps("ODS", member.ods),
    ]
}

fn entra_groups(member: &CastMember) -> Claim {
    if member.groups > MOST_GROUPS {
        let link = format!(
            "https://graph.fake.nhsmail-bridge.invalid/{TENANT}/users/{}/getMemberObjects",
            member.object_id
        );
        return one("http://schemas.microsoft.com/claims/groups.link", &link);
    }
    let ids = (1..=member.groups).map(|number| format!("fa4e6000-0000-4000-8000-{number:012}"));
    Claim {
        name: "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
        values: ids.collect(),
    }
}

fn adfs(member: &CastMember) -> Vec<Claim> {
    let account = member.upn.split('@').next().unwrap_or_default();
    let groups = (1..=member.groups).map(|number| format!("FAKE Group {number:03}"));
    vec![
        perhaps(
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            member.email,
        ),
        one(UPN, member.upn),
        one(
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
            member.given_name,
        ),
        one(
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
            member.surname,
        ),
        one(
            "http://schemas.xmlsoap.org/claims/CommonName",
            member.display_name,
        ),
        one(
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname",
            &format!("FAKE\\{account}"),
        ),
        Claim {
            name: "http://schemas.xmlsoap.org/claims/Group",
            values: groups.collect(),
        },
        one("DisplayName", member.display_name),
        perhaps("ODS", member.ods),
    ]
}

fn one(name: &'static str, value: &str) -> Claim {
    perhaps(name, Some(value))
}

fn perhaps(name: &'static str, value: Option<&str>) -> Claim {
    Claim {
        name,
        values: value.into_iter().map(str::to_owned).collect(),
    }
}
