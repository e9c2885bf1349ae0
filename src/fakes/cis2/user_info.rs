//! The user info: which scopes show which claims, as a plain or as a signed answer.

use serde_json::{Map, Value, json};

use crate::fakes::cis2::cast::{CareIdentity, ORGANISATIONS};
use crate::fakes::cis2::id_token::{level, selected_role};
use crate::fakes::cis2::manner::{Manner, SelectedRole, SignatureAlgorithm, Single, UserInfoAudience};
use crate::fakes::cis2::memory::Grant;
use crate::fakes::cis2::person::Person;
use crate::fakes::cis2::provider::{NoAnswer, Provider};
use crate::fakes::cis2::response::{OTHER_CLIENT, OTHER_ISSUER};
use crate::fakes::cis2::{Mischief, Shape, microsoft};

/// Somebody else's UUID, for the mischief that names one.
const OTHER_SUBJECT: &str = "555399999999";
/// A role id of nobody's, for the mischief in which the two places differ.
const OTHER_ROLE: &str = "555288888888";

/// The answer of the user info endpoint.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum UserInfo {
    /// `application/json`.
    Plain(Value),
    /// `application/jwt`.
    Signed(String),
}

impl Provider {
    /// The user info of a grant.
    pub(super) fn user_info(&self, grant: &Grant) -> Result<UserInfo, NoAnswer> {
        let mut claims = claims(self.shape, grant);
        let agreed = self
            .memory()
            .client(&grant.asked.client_id)
            .and_then(|client| client.signed_user_info);
        let Some(algorithm) = agreed.filter(|_| grant.mischief != Mischief::PlainUserInfo) else {
            return Ok(UserInfo::Plain(Value::Object(claims)));
        };
        let issuer = if grant.mischief == Mischief::UserInfoWrongIssuer {
            OTHER_ISSUER.to_owned()
        } else {
            self.issuer()
        };
        claims.insert("iss".to_owned(), issuer.into());
        if let Some(audience) = audience(grant) {
            claims.insert("aud".to_owned(), audience.into());
        }
        self.signed_user_info(grant.mischief, algorithm, &claims)
            .map(UserInfo::Signed)
    }

    fn signed_user_info(
        &self,
        mischief: Mischief,
        algorithm: SignatureAlgorithm,
        claims: &Map<String, Value>,
    ) -> Result<String, NoAnswer> {
        let key = self.signing();
        let honest = key.signer(algorithm);
        if mischief == Mischief::UserInfoWrongKey {
            return self.under_kid(honest.kid(), algorithm, claims);
        }
        Ok(honest.sign(Some("JWT"), claims)?)
    }
}

fn audience(grant: &Grant) -> Option<&str> {
    if grant.mischief == Mischief::UserInfoWrongAudience {
        return Some(OTHER_CLIENT);
    }
    (grant.manner.user_info_audience == UserInfoAudience::Present).then_some(&grant.asked.client_id)
}

fn claims(shape: Shape, grant: &Grant) -> Map<String, Value> {
    let person = &grant.session.person;
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), person.subject(&grant.asked.client_id).into());
    match person {
        Person::Care(person) => {
            for scope in &grant.asked.scopes {
                claims.extend(of_scope(scope, person, &grant.manner));
            }
        }
        Person::Mailbox(member) => claims.extend(microsoft::user_info(shape, member)),
    }
    if let Some(role) = selected_role(grant).filter(|_| grant.manner.selected_role != SelectedRole::IdToken) {
        claims.insert("selected_roleid".to_owned(), role.into());
    }
    bend(&mut claims, grant.mischief);
    claims
}

/// The claims that a scope adds.
fn of_scope(scope: &str, person: &CareIdentity, manner: &Manner) -> Map<String, Value> {
    let added = match scope {
        "profile" => json!({
            "name": person.name(),
            "family_name": person.family_name,
            "given_name": person.given_name,
            "uid": person.uid,
        }),
        "email" => match person.email {
            Some(email) => json!({ "email": email }),
            None => Value::Null,
        },
        "nhsperson" => json!({
            "nhsid_useruid": person.uid,
            "title": person.title,
            "idassurancelevel": level(person.identity_level, manner),
            "initials": person.given_name.chars().take(1).collect::<String>(),
            "middle_names": "",
            "display_name": person.display_name(),
        }),
        "nationalrbacaccess" => json!({
            "nhsid_useruid": person.uid,
            "name": person.name(),
            "nhsid_nrbac_roles": single(person.roles.claim(), manner),
        }),
        "associatedorgs" => json!({ "nhsid_user_orgs": single(organisations(person), manner) }),
        "professionalmemberships" => person.professional.iter().copied().collect(),
        "organisationalmemberships" => json!({
            "nhsid_org_memberships": single(memberships(person), manner),
            "nhsid_org_roles": single(memberships(person), manner),
        }),
        _ => Value::Null,
    };
    match added {
        Value::Object(claims) => claims,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

/// The organisations of the roles, each once.
fn organisations_of(person: &CareIdentity) -> Vec<(&'static str, &'static str, Option<&'static str>)> {
    let roles = person.roles.list();
    let has = |code: &str| roles.iter().any(|role| role.org_code == code);
    ORGANISATIONS.into_iter().filter(|(code, ..)| has(code)).collect()
}

fn organisations(person: &CareIdentity) -> Value {
    let each = organisations_of(person).into_iter();
    each.map(|(code, _, name)| match name {
        Some(name) => json!({ "org_code": code, "org_name": name }),
        None => json!({ "org_code": code }),
    })
    .collect()
}

fn memberships(person: &CareIdentity) -> Value {
    let each = organisations_of(person).into_iter();
    each.map(|(code, id, name)| json!({ "person_orgid": id, "org_name": name, "org_code": code }))
        .collect()
}

/// A list of one as the one, if that is the manner.
fn single(list: Value, manner: &Manner) -> Value {
    match (manner.single, list) {
        (Single::Object, Value::Array(mut list)) if list.len() == 1 => list.pop().unwrap_or_default(),
        (Single::Object | Single::Array, list) => list,
    }
}

fn bend(claims: &mut Map<String, Value>, mischief: Mischief) {
    let changes = [
        (Mischief::OtherSubjectInUserInfo, "sub", OTHER_SUBJECT),
        (Mischief::IalsDisagree, "idassurancelevel", "2"),
        (Mischief::SelectedRolesDisagree, "selected_roleid", OTHER_ROLE),
    ];
    if let Some((_, name, value)) = changes.into_iter().find(|(known, ..)| *known == mischief) {
        claims.insert(name.to_owned(), value.into());
    }
}
