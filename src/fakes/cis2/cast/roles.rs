//! The roles of the Care Identities and the organisations where they are held.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// The roles of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Roles {
    /// These.
    Listed(&'static [RoleRow]),
    /// So many, all alike but for their ids and organisations.
    Many(u16),
    /// One, written wrongly.
    Malformed(Malformed),
}

/// What is wrong with how a role is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Malformed {
    /// `role_code` is missing.
    NoRoleCode,
    /// There are more `activities` than `activity_codes`.
    Unparallel,
    /// The claim is a text instead of an array.
    NotAnArray,
}

/// A role as it stands in the table of the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RoleRow {
    id: &'static str,
    org_id: &'static str,
    org_code: &'static str,
    code: &'static str,
    name: &'static str,
    /// Name and code.
    activities: &'static [(&'static str, &'static str)],
    /// Name and code.
    workgroups: &'static [(&'static str, &'static str)],
}

/// One element of `nhsid_nrbac_roles`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The id that `selected_roleid` points to.
    pub person_roleid: String,
    /// The ODS code of the organisation.
    pub org_code: String,
    /// What the picker shows.
    pub label: String,
    /// The element itself.
    pub(in crate::fakes::cis2) claim: Value,
}

/// ODS code, the id of the membership, and the name if the organisation has one.
pub(in crate::fakes::cis2) const ORGANISATIONS: [(&str, &str, Option<&str>); 5] = [
    ("A9A5A", "555200000900", Some("NHSID DEV")),
    ("X26", "555200000901", Some("EXAMPLE ORG")),
    ("FAK01", "555200000902", Some("FAKE PHARMACY")),
    ("FAK02", "555200000903", Some("THE FAKE & SONS' SURGERY")),
    ("FAK99", "555200000904", None),
];

const SUPPORT_CODE: &str = "S8001:G8005:R8015";
const SUPPORT_NAME: &str = "\"Support\":\"Systems Support\":\"Systems Support Access Role\"";
const NURSE_NAME: &str = "\"Clinical\":\"Clinical Provision\":\"Nurse Access Role\"";

const fn support(id: &'static str) -> RoleRow {
    RoleRow {
        id,
        org_id: "555200000900",
        org_code: "A9A5A",
        code: SUPPORT_CODE,
        name: SUPPORT_NAME,
        activities: &[],
        workgroups: &[],
    }
}

/// What the path to live gives to somebody who asks for nothing in particular.
pub(in crate::fakes::cis2) const SUPPORT: [RoleRow; 1] = [support("555200000211")];

/// A nurse with activities and a workgroup, a systems supporter elsewhere, a clerk.
pub(in crate::fakes::cis2) const THREE: [RoleRow; 3] = [
    RoleRow {
        code: "S8000:G8000:R8001",
        name: NURSE_NAME,
        activities: &[
            ("View Patient Medication", "B0401"),
            ("Amend Patient Demographics", "B0825"),
        ],
        workgroups: &[("TEST TEAM", "555200000777")],
        ..support("555200000221")
    },
    RoleRow {
        org_id: "555200000901",
        org_code: "X26",
        ..support("555200000222")
    },
    RoleRow {
        code: "S8001:G8002:R8008",
        name: "\"Support\":\"Support\":\"Admin/Clinical Support Access Role\"",
        ..support("555200000223")
    },
];

pub(in crate::fakes::cis2) const PRACTITIONER: [RoleRow; 1] = [RoleRow {
    org_id: "555200000903",
    org_code: "FAK02",
    code: "S0030:G0100:R0260",
    name: "\"Medical\":\"General Practice\":\"General Medical Practitioner\"",
    activities: &[("View Patient Medication", "B0401")],
    ..support("555300000231")
}];

pub(in crate::fakes::cis2) const LEADING_ZERO: [RoleRow; 2] = [
    support("093895563513"),
    RoleRow {
        org_id: "555200000902",
        org_code: "FAK01",
        ..support("000000000042")
    },
];

pub(in crate::fakes::cis2) const REGISTRATION: [RoleRow; 1] = [RoleRow {
    org_id: "555200000902",
    org_code: "FAK01",
    code: "S0080:G0450:R5080",
    name: "\"Admin & Clerical\":\"Management - A & C\":\"Registration Authority Manager\"",
    ..support("555300000241")
}];

pub(in crate::fakes::cis2) const NAMELESS: [RoleRow; 1] = [RoleRow {
    org_id: "555200000904",
    org_code: "FAK99",
    ..support("555300000251")
}];

impl Roles {
    /// The roles, however they are written.
    pub fn list(&self) -> Vec<Role> {
        match self {
            Self::Listed(rows) => rows.iter().map(RoleRow::role).collect(),
            Self::Many(number) => (1..=*number).map(numbered).collect(),
            Self::Malformed(how) => {
                let mut role = support("555200000261").role();
                how.spoil(&mut role.claim);
                vec![role]
            }
        }
    }

    /// The claim `nhsid_nrbac_roles`.
    pub(in crate::fakes::cis2) fn claim(&self) -> Value {
        if let Self::Malformed(Malformed::NotAnArray) = self {
            return Value::from("R8015");
        }
        self.list().into_iter().map(|role| role.claim).collect()
    }
}

impl Malformed {
    fn spoil(self, claim: &mut Value) {
        let Some(role) = claim.as_object_mut() else {
            return;
        };
        match self {
            Self::NoRoleCode => {
                role.remove("role_code");
            }
            Self::Unparallel => {
                role.insert(
                    "activities".to_owned(),
                    json!(["View Patient Medication", "Manage Allergies"]),
                );
                role.insert("activity_codes".to_owned(), json!(["B0401"]));
            }
            Self::NotAnArray => {}
        }
    }
}

impl RoleRow {
    fn role(&self) -> Role {
        Role {
            person_roleid: self.id.to_owned(),
            org_code: self.org_code.to_owned(),
            label: label(self.name, self.org_code),
            claim: self.claim(),
        }
    }

    fn claim(&self) -> Value {
        let mut role = Map::new();
        role.insert("person_orgid".to_owned(), self.org_id.into());
        role.insert("person_roleid".to_owned(), self.id.into());
        role.insert("org_code".to_owned(), self.org_code.into());
        role.insert("role_name".to_owned(), self.name.into());
        role.insert("role_code".to_owned(), self.code.into());
        parallel(&mut role, ["activities", "activity_codes"], self.activities);
        parallel(&mut role, ["workgroups", "workgroups_codes"], self.workgroups);
        Value::Object(role)
    }
}

/// Two arrays that belong together; neither is there when they would be empty.
fn parallel(role: &mut Map<String, Value>, claims: [&str; 2], pairs: &[(&str, &str)]) {
    if pairs.is_empty() {
        return;
    }
    let [names, codes] = claims;
    role.insert(names.to_owned(), pairs.iter().map(|(name, _)| *name).collect());
    role.insert(codes.to_owned(), pairs.iter().map(|(_, code)| *code).collect());
}

fn numbered(number: u16) -> Role {
    let mut role = support("").role();
    role.person_roleid = format!("5552000010{number:02}");
    role.label = format!("{} {number}", role.label);
    if let Some(claim) = role.claim.as_object_mut() {
        claim.insert("person_roleid".to_owned(), role.person_roleid.clone().into());
    }
    role
}

/// The last of the three parts of a role's name, and the organisation.
fn label(name: &str, org_code: &str) -> String {
    let last = name.rsplit(':').next().unwrap_or(name).trim_matches('"');
    let organisation = ORGANISATIONS.iter().find(|(code, ..)| *code == org_code);
    match organisation.and_then(|(_, _, name)| *name) {
        Some(organisation) => format!("{last}, {organisation} ({org_code})"),
        None => format!("{last}, {org_code}"),
    }
}
