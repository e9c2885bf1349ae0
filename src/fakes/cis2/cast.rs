//! The Care Identities: invented people whom the fake CIS2 knows. No name, address or number belongs to anybody.

mod roles;

use serde::Serialize;

use crate::fakes::cis2::authenticator::Authenticator;
pub(super) use roles::ORGANISATIONS;
pub use roles::{Malformed, Role, Roles};

/// One invented person with a Care Identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CareIdentity {
    /// The word by which tests and forms name the person.
    pub key: &'static str,
    /// What is special about the person, in a few words for the tester.
    pub note: &'static str,
    /// The UUID: twelve digits, as those of the integration environment.
    pub uid: &'static str,
    /// The title.
    pub title: &'static str,
    /// The first name.
    pub given_name: &'static str,
    /// The last name.
    pub family_name: &'static str,
    /// The mailbox, if the Care Identity has one.
    pub email: Option<&'static str>,
    /// How the person can sign in.
    pub authenticators: &'static [Authenticator],
    /// How well the identity was proved: 3, or 1 for one that no service should take.
    pub identity_level: u8,
    /// The roles.
    pub roles: Roles,
    /// What `selected_roleid` says.
    pub selection: Selection,
    /// Numbers of professional bodies, by the name of the claim.
    pub professional: &'static [(&'static str, &'static str)],
}

/// What `selected_roleid` says of somebody who chose a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    /// The chosen one.
    Chosen,
    /// Nothing: the claim is there and blank.
    Blank,
    /// A role that is not in the list.
    Unlisted,
}

/// The role id that is in nobody's list.
pub(super) const UNLISTED_ROLE: &str = "555299999999";

/// Everybody is like this, but for what the table says.
const ANYBODY: CareIdentity = CareIdentity {
    key: "",
    note: "",
    uid: "",
    title: "Ms",
    given_name: "",
    family_name: "",
    email: None,
    authenticators: &[Authenticator::SecurityKey, Authenticator::MicrosoftAuthenticator],
    identity_level: 3,
    roles: Roles::Listed(&roles::SUPPORT),
    selection: Selection::Chosen,
    professional: &[],
};

/// Everybody. The order is that of the pick-a-person page.
pub const CARE_IDENTITIES: [CareIdentity; 19] = [
    CareIdentity {
        key: "amara-example",
        note: "one role, R8015 at NHSID DEV; her e-mail address is that of an NHSmail account",
        uid: "555200000101",
        given_name: "Amara",
        family_name: "Example",
        email: Some("amara.example@fake.nhs.net.invalid"),
        authenticators: &[
            Authenticator::HscnSmartcard,
            Authenticator::WindowsHello,
            Authenticator::Nhsmail,
        ],
        ..ANYBODY
    },
    CareIdentity {
        key: "priya-tester",
        note: "three roles in two organisations, a nurse and a systems supporter",
        uid: "555200000102",
        given_name: "Priya",
        family_name: "Tester",
        email: Some("priya.tester@example.test"),
        authenticators: &[
            Authenticator::SecurityKey,
            Authenticator::MicrosoftAuthenticator,
            Authenticator::Passkey,
        ],
        roles: Roles::Listed(&roles::THREE),
        professional: &[("nmc_id", "99X9999E"), ("rcn_id", "FAKE0001")],
        ..ANYBODY
    },
    CareIdentity {
        key: "gareth-gpexample",
        note: "general practitioner with professional numbers",
        uid: "555300000103",
        title: "Dr",
        given_name: "Gareth",
        family_name: "Gpexample",
        email: Some("gareth.gpexample@example.test"),
        authenticators: &[Authenticator::InternetSmartcard, Authenticator::Ipad],
        roles: Roles::Listed(&roles::PRACTITIONER),
        professional: &[("gmc_id", "FAKE9999999"), ("gmp_id", "G9999999")],
        ..ANYBODY
    },
    CareIdentity {
        key: "noel-norole",
        note: "no role at all",
        uid: "555200000104",
        title: "Mr",
        given_name: "Noel",
        family_name: "Norole",
        email: Some("noel.norole@example.test"),
        authenticators: &[
            Authenticator::InternetSmartcard,
            Authenticator::MicrosoftAuthenticator,
        ],
        roles: Roles::Listed(&[]),
        ..ANYBODY
    },
    CareIdentity {
        key: "nell-nomail",
        note: "no e-mail address",
        uid: "555300000105",
        given_name: "Nell",
        family_name: "Nomail",
        authenticators: &[Authenticator::Ipad, Authenticator::Passkey],
        ..ANYBODY
    },
    CareIdentity {
        key: "zoe-umlaut",
        note: "a name with umlauts, an apostrophe and letters that need escaping",
        uid: "555200000106",
        given_name: "Zoë",
        family_name: "O\u{2019}Fünke-Łątka 'Ffug' <&>",
        email: Some("zoe.o'fuenke@example.test"),
        ..ANYBODY
    },
    CareIdentity {
        key: "zac-zero",
        note: "two roles whose ids begin with a zero",
        uid: "555200000107",
        title: "Mr",
        given_name: "Zac",
        family_name: "Zero",
        email: Some("zac.zero@example.test"),
        roles: Roles::Listed(&roles::LEADING_ZERO),
        ..ANYBODY
    },
    CareIdentity {
        key: "sixten-sixty",
        note: "60 roles",
        uid: "555200000108",
        title: "Mr",
        given_name: "Sixten",
        family_name: "Sixty",
        email: Some("sixten.sixty@example.test"),
        roles: Roles::Many(60),
        ..ANYBODY
    },
    CareIdentity {
        key: "bea-blank",
        note: "selected_roleid is there and blank",
        uid: "555200000109",
        given_name: "Bea",
        family_name: "Blank",
        email: Some("bea.blank@example.test"),
        roles: Roles::Listed(&roles::THREE),
        selection: Selection::Blank,
        ..ANYBODY
    },
    CareIdentity {
        key: "una-unlisted",
        note: "the selected role is not in her list",
        uid: "555200000110",
        given_name: "Una",
        family_name: "Unlisted",
        email: Some("una.unlisted@example.test"),
        selection: Selection::Unlisted,
        ..ANYBODY
    },
    CareIdentity {
        key: "cody-nocode",
        note: "malformed: the role has no role_code",
        uid: "555200000111",
        title: "Mr",
        given_name: "Cody",
        family_name: "Nocode",
        email: Some("cody.nocode@example.test"),
        roles: Roles::Malformed(Malformed::NoRoleCode),
        ..ANYBODY
    },
    CareIdentity {
        key: "pam-unparallel",
        note: "malformed: more activities than activity codes",
        uid: "555200000112",
        given_name: "Pam",
        family_name: "Unparallel",
        email: Some("pam.unparallel@example.test"),
        roles: Roles::Malformed(Malformed::Unparallel),
        ..ANYBODY
    },
    CareIdentity {
        key: "stan-string",
        note: "malformed: the roles are a text, not an array",
        uid: "555200000113",
        title: "Mr",
        given_name: "Stan",
        family_name: "String",
        email: Some("stan.string@example.test"),
        roles: Roles::Malformed(Malformed::NotAnArray),
        ..ANYBODY
    },
    CareIdentity {
        key: "lou-lowidentity",
        note: "the identity was proved to level 1 only",
        uid: "555300000114",
        given_name: "Lou",
        family_name: "Lowidentity",
        email: Some("lou.lowidentity@example.test"),
        identity_level: 1,
        ..ANYBODY
    },
    CareIdentity {
        key: "pat-password",
        note: "a user name and a password only: AAL1",
        uid: "555200000115",
        given_name: "Pat",
        family_name: "Password",
        email: Some("pat.password@example.test"),
        authenticators: &[Authenticator::UserPassword],
        ..ANYBODY
    },
    CareIdentity {
        key: "tess-totp",
        note: "Microsoft Authenticator only: stuck when AAL3 is asked",
        uid: "555200000116",
        given_name: "Tess",
        family_name: "Totp",
        email: Some("tess.totp@example.test"),
        authenticators: &[Authenticator::MicrosoftAuthenticator],
        ..ANYBODY
    },
    CareIdentity {
        key: "connie-connect",
        note: "NHS.net Connect (NHSmail) only: AAL2",
        uid: "555200000117",
        given_name: "Connie",
        family_name: "Connect",
        email: Some("connie.connect@example.test"),
        authenticators: &[Authenticator::Nhsmail],
        ..ANYBODY
    },
    CareIdentity {
        key: "ray-registration",
        note: "a role that few services accept, at an organisation few know",
        uid: "555300000118",
        title: "Mr",
        given_name: "Ray",
        family_name: "Registration",
        email: Some("ray.registration@example.test"),
        roles: Roles::Listed(&roles::REGISTRATION),
        ..ANYBODY
    },
    CareIdentity {
        key: "nona-nameless",
        note: "her role's organisation has no name",
        uid: "555300000119",
        given_name: "Nona",
        family_name: "Nameless",
        email: Some("nona.nameless@example.test"),
        roles: Roles::Listed(&roles::NAMELESS),
        ..ANYBODY
    },
];

impl CareIdentity {
    /// The name to show: `Priya Tester`.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// The name as CIS2 writes it: `TESTER Priya Ms`.
    pub fn name(&self) -> String {
        let family = self.family_name.to_uppercase();
        format!("{family} {} {}", self.given_name, self.title)
    }
}

/// The Care Identity with this key.
pub fn care_identity(key: &str) -> Option<CareIdentity> {
    CARE_IDENTITIES.into_iter().find(|person| person.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fakes::cast::CAST;
    use std::collections::HashSet;

    #[test]
    fn keys_and_uuids_are_nobody_elses() {
        let keys: HashSet<_> = CARE_IDENTITIES.iter().map(|person| person.key).collect();
        let uids: HashSet<_> = CARE_IDENTITIES.iter().map(|person| person.uid).collect();
        assert_eq!(
            (keys.len(), uids.len()),
            (CARE_IDENTITIES.len(), CARE_IDENTITIES.len())
        );
        for uid in uids {
            assert!(uid.starts_with("5552") || uid.starts_with("5553"), "{uid}");
            assert!(
                uid.len() == 12 && uid.chars().all(|c| c.is_ascii_digit()),
                "{uid}"
            );
        }
    }

    #[test]
    fn every_address_is_under_a_name_that_can_never_be_registered() {
        for email in CARE_IDENTITIES.iter().filter_map(|person| person.email) {
            assert!(
                email.ends_with("@example.test") || email.ends_with(".invalid"),
                "{email}"
            );
        }
    }

    #[test]
    fn one_address_is_also_that_of_an_nhsmail_account() {
        let mailboxes: HashSet<_> = CAST.iter().filter_map(|member| member.email).collect();
        let shared = CARE_IDENTITIES.iter().filter_map(|person| person.email);
        assert_eq!(shared.filter(|email| mailboxes.contains(email)).count(), 1);
    }

    #[test]
    fn the_cast_holds_every_kind_of_person_a_service_trips_over() {
        let any = |what: fn(&CareIdentity) -> bool| CARE_IDENTITIES.iter().any(what);
        for authenticator in Authenticator::ALL {
            let held = CARE_IDENTITIES
                .iter()
                .any(|person| person.authenticators.contains(&authenticator));
            assert!(held, "{authenticator:?}");
        }
        for many in [0, 1, 3, 60] {
            assert!(
                CARE_IDENTITIES
                    .iter()
                    .any(|person| person.roles.list().len() == many)
            );
        }
        assert!(any(|p| p.email.is_none()) && any(|p| p.identity_level == 1));
        assert!(any(|p| p.selection == Selection::Blank) && any(|p| p.selection == Selection::Unlisted));
        assert!(any(|p| matches!(
            p.roles,
            Roles::Malformed(Malformed::NotAnArray)
        )));
        assert!(any(|p| !p.family_name.is_ascii()));
        assert!(any(|p| p
            .roles
            .list()
            .iter()
            .any(|role| role.person_roleid.starts_with('0'))));
    }
}
