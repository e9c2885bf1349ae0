//! What CIS2 states about a person, from the claims of a verified ID token and UserInfo.
//!
//! Lists come as one object or as an array, and optional lists come empty or not at all (seen in national test data).
//! An entry that lacks what a role needs is counted, never guessed at.

use serde_json::{Map, Value};

use crate::upstream::verified::{CareIdentity, NationalRole, UpstreamAttribute};

/// The claims of professional registrations (CIS2 scope `professionalmemberships`).
const PROFESSIONAL_IDS: [&str; 8] = [
    "gmc_id",
    "gmp_id",
    "gdc_id",
    "gdp_id",
    "nmc_id",
    "rcn_id",
    "gphc_id",
    "consultant_id",
];
/// More roles than anybody has; what lies beyond is unreadable.
const MOST_ROLES: usize = 500;

/// The claims of one person, verified.
pub(super) struct Claims<'a> {
    /// Those of the ID token.
    pub(super) id_token: &'a Map<String, Value>,
    /// Those of UserInfo, if it was asked.
    pub(super) userinfo: Option<&'a Map<String, Value>>,
}

/// `selected_roleid` differs between ID token and UserInfo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TwoSelections;

impl Claims<'_> {
    /// Roles, organisations and registrations.
    pub(super) fn care_identity(&self) -> Result<CareIdentity, TwoSelections> {
        let entries = list(self.claim("nhsid_nrbac_roles"));
        let roles: Vec<NationalRole> = entries
            .iter()
            .take(MOST_ROLES)
            .filter_map(|entry| role(entry))
            .collect();
        Ok(CareIdentity {
            unreadable_roles: entries.len() - roles.len(),
            roles,
            selected_role_id: self.selected_role_id()?,
            organisations: self.organisations(),
            professional_ids: self.professional_ids(),
        })
    }

    /// Every claim that is a text or a list of texts, for the attribute map of the connection. What the ID token says
    /// counts, for it is always signed; UserInfo adds to it.
    pub(super) fn attributes(&self) -> Vec<UpstreamAttribute> {
        let only_in_userinfo = self
            .userinfo
            .into_iter()
            .flatten()
            .filter(|(name, _)| !self.id_token.contains_key(*name));
        self.id_token
            .iter()
            .chain(only_in_userinfo)
            .filter_map(|(name, value)| {
                let values = texts(value);
                (!values.is_empty()).then(|| UpstreamAttribute {
                    name: name.clone(),
                    values,
                })
            })
            .collect()
    }

    fn claim(&self, name: &str) -> Option<&Value> {
        let in_userinfo = || self.userinfo.and_then(|userinfo| userinfo.get(name));
        self.id_token.get(name).or_else(in_userinfo)
    }

    /// In the ID token, in UserInfo, or in both alike. A blank one is one: it says that no role was chosen.
    fn selected_role_id(&self) -> Result<Option<String>, TwoSelections> {
        let of = |claims: &Map<String, Value>| claims.get("selected_roleid").map(text_or_blank);
        let (token, userinfo) = (of(self.id_token), self.userinfo.and_then(of));
        match (token, userinfo) {
            (Some(one), Some(other)) if one != other => Err(TwoSelections),
            (one, other) => Ok(one.or(other)),
        }
    }

    fn organisations(&self) -> Vec<(String, String)> {
        let lists = ["nhsid_user_orgs", "nhsid_org_memberships"];
        let entries = lists.iter().flat_map(|name| list(self.claim(name)));
        entries
            .filter_map(|entry| Some((text(entry.get("org_code")?)?, text(entry.get("org_name")?)?)))
            .collect()
    }

    fn professional_ids(&self) -> Vec<(String, String)> {
        let stated = PROFESSIONAL_IDS.iter();
        stated
            .filter_map(|name| Some(((*name).to_owned(), text(self.claim(name)?)?)))
            .collect()
    }
}

fn role(entry: &Value) -> Option<NationalRole> {
    let needed = |name: &str| text(entry.get(name)?);
    let texts_of = |name: &str| entry.get(name).map(texts).unwrap_or_default();
    Some(NationalRole {
        id: needed("person_roleid")?,
        org_code: needed("org_code")?,
        code: needed("role_code")?,
        name: needed("role_name"),
        activities: texts_of("activities"),
        activity_codes: texts_of("activity_codes"),
        workgroups: texts_of("workgroups"),
        workgroup_codes: texts_of("workgroups_codes"),
    })
}

/// An array as it is, one object as a list of one, anything else as one unreadable entry; absent or null is empty.
fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
    }
}

/// A text that is not blank; a number is read as its digits.
fn text(value: &Value) -> Option<String> {
    let text = text_or_blank(value);
    (!text.trim().is_empty()).then_some(text)
}

fn text_or_blank(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// Texts, numbers and truths as texts; objects are no texts.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().filter_map(text).collect(),
        Value::Bool(truth) => vec![truth.to_string()],
        Value::String(_) | Value::Number(_) => text(value).into_iter().collect(),
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    fn role_of(id: &str) -> Value {
        json!({"person_orgid": "1", "person_roleid": id, "org_code": "A9A5A", "role_code": "S8001:G8005:R8015"})
    }

    fn care(id_token: Value, userinfo: Value) -> Result<CareIdentity, TwoSelections> {
        let (id_token, userinfo) = (map(id_token), map(userinfo));
        Claims {
            id_token: &id_token,
            userinfo: Some(&userinfo),
        }
        .care_identity()
    }

    #[test]
    fn oi_12_one_object_is_a_list_of_one() {
        let one = care(json!({}), json!({"nhsid_nrbac_roles": role_of("555")})).unwrap();
        let listed = care(json!({}), json!({"nhsid_nrbac_roles": [role_of("555")]})).unwrap();
        assert_eq!(one, listed);
        assert_eq!(one.roles.len(), 1);
        let org = json!({"org_code": "A9A5A", "org_name": "NHSID DEV"});
        let orgs = care(json!({}), json!({"nhsid_user_orgs": org}))
            .unwrap()
            .organisations;
        assert_eq!(orgs, [("A9A5A".to_owned(), "NHSID DEV".to_owned())]);
    }

    #[test]
    fn oi_12_an_entry_that_is_no_role_is_counted_and_not_guessed_at() {
        let mut nameless = role_of("556");
        nameless.as_object_mut().unwrap().remove("role_code");
        let roles = json!([role_of("555"), nameless, "R8001", null, {"person_roleid": " "}]);
        let care = care(json!({}), json!({"nhsid_nrbac_roles": roles})).unwrap();
        assert_eq!((care.roles.len(), care.unreadable_roles), (1, 4));
    }

    #[test]
    fn oi_12_the_selected_role_is_read_in_both_places_and_two_selections_are_refused() {
        let id = |care: Result<CareIdentity, TwoSelections>| care.map(|care| care.selected_role_id);
        let chosen = Ok(Some("555".to_owned()));
        assert_eq!(id(care(json!({"selected_roleid": "555"}), json!({}))), chosen);
        assert_eq!(id(care(json!({}), json!({"selected_roleid": "555"}))), chosen);
        let both = json!({"selected_roleid": "555"});
        assert_eq!(id(care(both.clone(), both.clone())), chosen);
        assert_eq!(
            id(care(both, json!({"selected_roleid": "556"}))),
            Err(TwoSelections)
        );
        assert_eq!(
            id(care(json!({"selected_roleid": ""}), json!({}))),
            Ok(Some(String::new()))
        );
        assert_eq!(id(care(json!({}), json!({}))), Ok(None));
    }

    #[test]
    fn a_leading_zero_is_kept() {
        let care = care(json!({}), json!({"nhsid_nrbac_roles": role_of("093895563513")})).unwrap();
        assert_eq!(care.roles.first().unwrap().id, "093895563513");
    }

    #[test]
    fn details_come_from_the_id_token_before_userinfo() {
        let (id_token, userinfo) = (
            map(json!({"email": "signed@example.test", "oid": "1"})),
            map(json!({"email": "other@example.test", "oid": "2", "groups": ["a", "b"], "nested": {"a": 1}})),
        );
        let claims = Claims {
            id_token: &id_token,
            userinfo: Some(&userinfo),
        };
        let attributes = claims.attributes();
        let values = |name: &str| {
            let found: Vec<_> = attributes.iter().filter(|a| a.name == name).collect();
            found.iter().flat_map(|a| a.values.clone()).collect::<Vec<_>>()
        };
        assert_eq!(values("email"), ["signed@example.test"]);
        assert_eq!(values("groups"), ["a", "b"]);
        assert_eq!(values("oid"), ["1"]);
        assert!(values("nested").is_empty());
    }
}
