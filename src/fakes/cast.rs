//! The cast: invented people whom every fake knows. No name, address or number belongs to anybody.

use serde::Serialize;

/// The invented tenant, in the place where a real one stands in the entity ID and in the claim `tenantid`.
pub const TENANT: &str = "fa4e0000-0000-4000-8000-00000000fa4e";

/// One invented person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CastMember {
    /// The word by which tests and forms name the person.
    pub key: &'static str,
    /// What is special about the person, in a few words for the tester.
    pub note: &'static str,
    /// The display name.
    pub display_name: &'static str,
    /// The first name.
    pub given_name: &'static str,
    /// The last name.
    pub surname: &'static str,
    /// The user principal name; for a guest with `#EXT#`.
    pub upn: &'static str,
    /// The mailbox, if there is one.
    pub email: Option<&'static str>,
    /// The immutable object identifier (a GUID).
    pub object_id: &'static str,
    /// The ODS code of the person's organisation, if NHSmail knows one.
    pub ods: Option<&'static str>,
    /// How many groups the person is in.
    pub groups: usize,
    /// Whether the person did a second factor.
    pub mfa: bool,
    /// Whether the account belongs to another tenant.
    pub is_guest: bool,
    /// Whether the claim rules of ADFS issue a `NameID` for the person.
    pub adfs_name_id: bool,
}

/// Everybody. The order is that of the pick-a-person page.
pub const CAST: [CastMember; 10] = [
    CastMember {
        key: "amara-example",
        note: "hospital doctor, with a second factor",
        display_name: "Amara Example",
        given_name: "Amara",
        surname: "Example",
        upn: "amara.example@fake.nhs.net.invalid",
        email: Some("amara.example@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000001",
        ods: Some("A9A5A"),
        groups: 4,
        mfa: true,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "priya-tester",
        note: "community pharmacist, with a second factor",
        display_name: "Priya Tester",
        given_name: "Priya",
        surname: "Tester",
        upn: "priya.tester@fake.nhs.net.invalid",
        email: Some("pharmacy.tester@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000002",
        ods: Some("FAK01"),
        groups: 2,
        mfa: true,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "sam-sample-ward",
        note: "one of two people with the same name: the ward sister",
        display_name: "Sam Sample",
        given_name: "Sam",
        surname: "Sample",
        upn: "sam.sample@fake.nhs.net.invalid",
        email: Some("sam.sample@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000003",
        ods: Some("A9A5A"),
        groups: 3,
        mfa: true,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "sam-sample-records",
        note: "one of two people with the same name: the records clerk",
        display_name: "Sam Sample",
        given_name: "Sam",
        surname: "Sample",
        upn: "sam.sample2@fake.nhs.net.invalid",
        email: Some("sam.sample2@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000004",
        ods: Some("A9A5A"),
        groups: 1,
        mfa: true,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "vic-visitor",
        note: "guest from another tenant (#EXT#)",
        display_name: "Vic Visitor",
        given_name: "Vic",
        surname: "Visitor",
        upn: "vic.visitor_example.test#EXT#@fakenhs.onmicrosoft.invalid",
        email: Some("vic.visitor@example.test"),
        object_id: "fa4e0000-0000-4000-8000-000000000005",
        ods: None,
        groups: 0,
        mfa: true,
        is_guest: true,
        adfs_name_id: true,
    },
    CastMember {
        key: "nell-nomail",
        note: "no mailbox, so no e-mail claim",
        display_name: "Nell Nomail",
        given_name: "Nell",
        surname: "Nomail",
        upn: "nell.nomail@fake.nhs.net.invalid",
        email: None,
        object_id: "fa4e0000-0000-4000-8000-000000000006",
        ods: Some("FAK02"),
        groups: 1,
        mfa: true,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "sian-ffug",
        note: "a name of many alphabets, & one that needs escaping",
        display_name: "Siân Ó Ffug-Łątka <例子> & 🩺",
        given_name: "Siân",
        surname: "Ó Ffug-Łątka",
        upn: "sian.ffug@fake.nhs.net.invalid",
        email: Some("sian.ffug@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000007",
        ods: Some("FAK03"),
        groups: 2,
        mfa: true,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "gill-groups",
        note: "in 300 groups: Entra sends a link instead of the list",
        display_name: "Gill Groups",
        given_name: "Gill",
        surname: "Groups",
        upn: "gill.groups@fake.nhs.net.invalid",
        email: Some("gill.groups@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000008",
        ods: Some("A9A5A"),
        groups: 300,
        mfa: true,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "pat-password",
        note: "no second factor",
        display_name: "Pat Password",
        given_name: "Pat",
        surname: "Password",
        upn: "pat.password@fake.nhs.net.invalid",
        email: Some("pat.password@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000009",
        ods: Some("A9A5A"),
        groups: 1,
        mfa: false,
        is_guest: false,
        adfs_name_id: true,
    },
    CastMember {
        key: "nia-nameless",
        note: "ADFS sends no NameID for her",
        display_name: "Nia Nameless",
        given_name: "Nia",
        surname: "Nameless",
        upn: "nia.nameless@fake.nhs.net.invalid",
        email: Some("nia.nameless@fake.nhs.net.invalid"),
        object_id: "fa4e0000-0000-4000-8000-000000000010",
        ods: Some("FAK01"),
        groups: 2,
        mfa: true,
        is_guest: false,
        adfs_name_id: false,
    },
];

/// The member with this key.
pub fn member(key: &str) -> Option<CastMember> {
    CAST.into_iter().find(|member| member.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_and_object_identifiers_are_nobody_elses() {
        let keys: HashSet<_> = CAST.iter().map(|member| member.key).collect();
        let objects: HashSet<_> = CAST.iter().map(|member| member.object_id).collect();
        assert_eq!((keys.len(), objects.len()), (CAST.len(), CAST.len()));
    }

    #[test]
    fn every_address_is_under_a_name_that_can_never_be_registered() {
        for member in &CAST {
            for address in [Some(member.upn), member.email].into_iter().flatten() {
                assert!(
                    address.ends_with(".invalid") || address.ends_with("@example.test"),
                    "{address}"
                );
            }
        }
    }

    #[test]
    fn the_cast_holds_every_kind_of_person_a_service_trips_over() {
        let any = |what: fn(&CastMember) -> bool| CAST.iter().any(what);
        assert!(CAST.len() >= 8);
        assert!(any(|m| m.is_guest && m.upn.contains("#EXT#")) && any(|m| m.email.is_none()));
        assert!(any(|m| !m.display_name.is_ascii()) && any(|m| m.groups == 300));
        assert!(any(|m| m.mfa) && any(|m| !m.mfa) && any(|m| !m.adfs_name_id) && any(|m| m.adfs_name_id));
        let names: HashSet<_> = CAST.iter().map(|member| member.display_name).collect();
        assert_eq!(names.len(), CAST.len() - 1, "two share a name");
    }
}
