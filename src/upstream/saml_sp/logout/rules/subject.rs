//! Rules on whom a request is about. None of them notes who it is.

use crate::protocol::saml::response::NameIdentifier;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::logout::case::LogoutCase;
use crate::upstream::saml_sp::logout::rules::{Rule, Who, is_so, on_believed};
use crate::upstream::saml_sp::terms::Grant;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "logout-name-id",
        clause: "SAML Core 3.7.1; LO-03",
        who: Who::IdentityProvider,
        remedy: "Name the person as in the assertion, in the clear or encrypted for us.",
        check: present,
    },
    Rule {
        id: "logout-name-id-encryption",
        clause: "XC-07",
        who: Who::IdentityProvider,
        remedy: "Encrypt with AES-GCM.",
        check: encryption,
    },
    Rule {
        id: "logout-name-id-not-empty",
        clause: "SAML Core 2.2.3",
        who: Who::IdentityProvider,
        remedy: "Send the person's name in NameID.",
        check: not_empty,
    },
    Rule {
        id: "logout-name-id-qualifier",
        clause: "SAML Core 8.3.7",
        who: Who::Both,
        remedy: "The request names somebody of another service. Compare what is registered.",
        check: qualifier,
    },
];

fn present<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let actual = match message.identifiers.as_slice() {
            [] => "absent",
            [one] if one.opened(case.terms.decryption).is_some() => "one that can be read",
            [_] => "one that cannot be read",
            [_, _, ..] => "more than one",
        };
        is_so("LogoutRequest/NameID", "one that can be read", actual)
    })
}

fn encryption<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let expected = "not encrypted with CBC";
        if message.identifiers.iter().any(NameIdentifier::is_sealed_with_cbc) {
            let note = Note::on("LogoutRequest/EncryptedID", expected, "encrypted with CBC");
            return note.refuses_unless(&case.terms.grants, Grant::Cbc);
        }
        is_so("LogoutRequest/EncryptedID", expected, expected)
    })
}

fn not_empty<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let Some(name) = message
            .identifiers
            .first()
            .and_then(|it| it.opened(case.terms.decryption))
        else {
            return Finding::NotReached;
        };
        let actual = if name.value.trim().is_empty() {
            "empty"
        } else {
            "a name"
        };
        is_so("LogoutRequest/NameID", "a name", actual)
    })
}

fn qualifier<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let Some(name) = message
            .identifiers
            .first()
            .and_then(|it| it.opened(case.terms.decryption))
        else {
            return Finding::NotReached;
        };
        let expected = case.terms.sp_entity_id;
        match name.sp_name_qualifier {
            None => Finding::Holds(Note::on("NameID/@SPNameQualifier", expected, "absent")),
            Some(stated) => {
                let is_ours = stated == expected;
                Note::on("NameID/@SPNameQualifier", expected, stated).holds_if(is_ours)
            }
        }
    })
}
