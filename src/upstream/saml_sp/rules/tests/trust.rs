//! Over what, and with whose key, a signature is made (attacks D5, D6, D13, D20 and K).

use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ANNA, EVE, KEYS};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, Signed, changed, draft};
use crate::upstream::saml_sp::rules::tests::signature::between;

fn honest() -> Letter {
    draft().post()
}

/// A prefix is listed that is declared on the Response and used in a value only, as Shibboleth does.
fn listing() -> Letter {
    let outside = draft().response("xmlns:samlp", "xmlns:xs=\"urn:xs\" xmlns:samlp");
    outside
        .crafted(|craft| craft.lists(&["xs", "missing", "#default"]))
        .post()
}

pub(super) const CONTENTS: &[Refused] = &[
    Refused {
        because: "D5: the name is another than was signed",
        by: "assertion-signature-verifies",
        also: &[],
        message: || honest().altered(ANNA, EVE),
        twin: honest,
    },
    Refused {
        because: "D6: the digest is made again for another name",
        by: "assertion-signature-verifies",
        also: &[],
        message: || {
            let evil = draft().assertion(ANNA, EVE).post();
            let digest = |text: &str| {
                let rest = text.split_once("<ds:DigestValue>").unwrap().1;
                rest.split_once('<').unwrap().0.to_owned()
            };
            let theirs = digest(evil.text());
            honest().rewritten(|text| changed(&changed(text, &digest(text), &theirs), ANNA, EVE))
        },
        twin: honest,
    },
    Refused {
        because: "D20: of two signatures that of the Response is broken",
        by: "response-signature-verifies",
        also: &[],
        message: || {
            draft()
                .signed(Signed::Both)
                .post()
                .altered("<samlp:Status>", "<samlp:Status >")
                .altered("<samlp:StatusCode", "<samlp:StatusCode x=\"\"")
        },
        twin: || draft().signed(Signed::Both).post(),
    },
    Refused {
        because: "D20: of two signatures that of the assertion is broken",
        by: "assertion-signature-verifies",
        also: &[],
        message: || {
            draft()
                .signed(Signed::Both)
                .enclosing(|signed| changed(&signed, ANNA, EVE))
                .post()
        },
        twin: || draft().signed(Signed::Both).post(),
    },
    Refused {
        because: "the name is another than the Response signed",
        by: "response-signature-verifies",
        also: &[],
        message: || draft().signed(Signed::Response).post().altered(ANNA, EVE),
        twin: || draft().signed(Signed::Response).post(),
    },
    Refused {
        because: "D13: a listed prefix is bound to another namespace",
        by: "assertion-signature-verifies",
        also: &[],
        message: || listing().altered("xmlns:xs=\"urn:xs\"", "xmlns:xs=\"urn:other\""),
        twin: listing,
    },
    Refused {
        because: "D13: the list is not obeyed",
        by: "assertion-signature-verifies",
        also: &[],
        message: || {
            draft()
                .response("xmlns:samlp", "xmlns:xs=\"urn:xs\" xmlns:samlp")
                .crafted(|craft| craft.listed = &["xs"])
                .post()
        },
        twin: listing,
    },
];

pub(super) const TRUST: &[Refused] = &[
    Refused {
        because: "no key is configured",
        by: "trusted-key-known",
        also: &["assertion-signature-verifies"],
        message: || honest().trusting(&[]),
        twin: honest,
    },
    Refused {
        because: "K1: signed with an own key whose certificate is in KeyInfo",
        by: "assertion-signature-verifies",
        also: &[],
        message: || draft().with_key(&KEYS.another_idp).post(),
        twin: honest,
    },
    Refused {
        because: "K7: signed with the key of another identity provider that is also configured",
        by: "assertion-signature-verifies",
        also: &[],
        message: || draft().with_key(&KEYS.another_idp).post(),
        twin: || {
            draft()
                .with_key(&KEYS.another_idp)
                .post()
                .trusting(&[&KEYS.idp, &KEYS.another_idp])
        },
    },
    Refused {
        because: "K9: signed with a key that was withdrawn",
        by: "response-signature-verifies",
        also: &[],
        message: || {
            draft()
                .signed(Signed::Response)
                .post()
                .trusting(&[&KEYS.another_idp])
        },
        twin: || {
            draft()
                .signed(Signed::Response)
                .post()
                .trusting(&[&KEYS.another_idp, &KEYS.idp])
        },
    },
];

#[test]
fn sp_11_a_key_that_is_not_the_identity_providers_is_refused_whatever_key_info_says() {
    refuse_all(TRUST);
}

#[test]
fn sp_11_key_info_decides_nothing() {
    let foreign = KEYS.another_idp.certificate_base64().unwrap();
    for key_info in [
        format!("<X509Data><X509Certificate>{foreign}</X509Certificate></X509Data>"),
        "<KeyName>any</KeyName>".to_owned(),
        String::new(),
    ] {
        let letter = between(
            honest(),
            "<KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">",
            "</KeyInfo>",
            &key_info,
        );
        assert!(decide(&letter).is_ok(), "{:?}", decide(&letter).err());
    }
}

#[test]
fn sp_12_without_a_key_everyone_is_refused_however_the_message_is_signed() {
    for signed in [Signed::Nothing, Signed::Assertion, Signed::Response, Signed::Both] {
        let letter = draft().signed(signed).post().trusting(&[]);
        assert!(decide(&letter).is_err(), "{signed:?}");
    }
}

#[test]
fn sp_08_either_signature_will_do_and_every_one_present_must_hold() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let accepted = decide(&draft().signed(signed).post()).unwrap();
        assert_eq!(accepted.statement.name_id.unwrap().value, ANNA, "{signed:?}");
        assert!(accepted.granted.is_empty());
    }
    refuse_all(CONTENTS);
}
