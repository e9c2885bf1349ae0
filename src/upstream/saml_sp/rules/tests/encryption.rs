//! What is wrong with an encrypted assertion or with what was in it (attacks E).

use crate::platform::random::SystemRandom;
use crate::protocol::saml::encryption::{ContentAlgorithm, seal};
use crate::protocol::saml::names::ASSERTION;
use crate::protocol::saml::signature::{DigestAlgorithm, SignatureAlgorithm, sign_octets};
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, explained, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ANNA, EVE, KEYS};
use crate::upstream::saml_sp::rules::tests::letter::{Draft, Letter, Signed, changed, draft};
use crate::upstream::saml_sp::terms::Grant;

const GCM: ContentAlgorithm = ContentAlgorithm::Aes256Gcm;
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

fn sealed() -> Draft {
    draft().sealed(GCM)
}

fn honest() -> Letter {
    sealed().post()
}

fn cbc() -> Draft {
    draft().sealed(ContentAlgorithm::Aes256Cbc)
}

/// The name alone is encrypted.
fn hidden_name(algorithm: ContentAlgorithm) -> Draft {
    let name = format!("<NameID xmlns=\"{ASSERTION}\">{ANNA}</NameID>");
    let recipient = KEYS.ours.certificate_pem().unwrap();
    let hidden = seal(&name, &recipient, algorithm, &SystemRandom).unwrap();
    let hidden = hidden.replace("EncryptedAssertion", "EncryptedID");
    draft().assertion(&clear_name(), &hidden)
}

fn clear_name() -> String {
    format!(
        "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">{ANNA}</saml:NameID>"
    )
}

pub(super) const CONTAINERS: &[Refused] = &[
    Refused {
        because: "there are two EncryptedData",
        by: "encryption-parts",
        also: &[],
        message: || {
            honest().altered(
                "</EncryptedAssertion>",
                "<e:EncryptedData xmlns:e=\"http://www.w3.org/2001/04/xmlenc#\"/></EncryptedAssertion>",
            )
        },
        twin: honest,
    },
    Refused {
        because: "E8: the content is to be fetched",
        by: "encryption-parts",
        also: &["assertion-opens"],
        message: || {
            honest().rewritten(|text| {
                let begin = text.rfind("<xenc:CipherValue>").unwrap();
                let end = text.rfind("</xenc:CipherValue>").unwrap() + "</xenc:CipherValue>".len();
                [
                    &text[..begin],
                    "<xenc:CipherReference URI=\"https://evil.example/\"/>",
                    &text[end..],
                ]
                .concat()
            })
        },
        twin: honest,
    },
    Refused {
        because: "R7: there are a thousand wrapped keys",
        by: "encryption-parts",
        also: &["encryption-key-transport"],
        message: || {
            honest().altered(
                "</KeyInfo>",
                &("<e:EncryptedKey xmlns:e=\"http://www.w3.org/2001/04/xmlenc#\"/>".repeat(1000)
                    + "</KeyInfo>"),
            )
        },
        twin: honest,
    },
    Refused {
        because: "E3: the key is wrapped with RSA PKCS#1 v1.5",
        by: "encryption-key-transport",
        also: &[],
        message: || honest().altered(OAEP, "http://www.w3.org/2001/04/xmlenc#rsa-1_5"),
        twin: honest,
    },
    Refused {
        because: "E8: the content is encrypted with Triple DES",
        by: "encryption-algorithm-known",
        also: &[],
        message: || {
            honest().altered(
                "http://www.w3.org/2009/xmlenc11#aes256-gcm",
                "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
            )
        },
        twin: honest,
    },
    Refused {
        because: "the content is encrypted with CBC",
        by: "encryption-algorithm",
        also: &[],
        message: || cbc().post(),
        twin: || cbc().post().granting(&[Grant::Cbc]),
    },
    Refused {
        because: "E9: the name alone is encrypted, with CBC",
        by: "name-id-present",
        also: &[],
        message: || hidden_name(ContentAlgorithm::Aes128Cbc).post(),
        twin: || {
            hidden_name(ContentAlgorithm::Aes128Cbc)
                .post()
                .granting(&[Grant::Cbc])
        },
    },
];

pub(super) const CLOSED: &[Refused] = &[
    Refused {
        because: "E6: it is encrypted for somebody else",
        by: "assertion-opens",
        also: &[],
        message: || draft().sealed_for(&KEYS.ours_next).post(),
        twin: || {
            draft()
                .sealed_for(&KEYS.ours_next)
                .post()
                .opened_by(&[&KEYS.ours, &KEYS.ours_next])
        },
    },
    Refused {
        because: "the wrapped key is rubbish",
        by: "assertion-opens",
        also: &[],
        message: || rubbish("e:CipherValue"),
        twin: honest,
    },
    Refused {
        because: "the content is rubbish",
        by: "assertion-opens",
        also: &[],
        message: || rubbish("xenc:CipherValue"),
        twin: honest,
    },
    Refused {
        because: "the content is no base64",
        by: "assertion-opens",
        also: &[],
        message: || honest().altered("<xenc:CipherValue>", "<xenc:CipherValue>!"),
        twin: honest,
    },
    Refused {
        because: "the content is shorter than its own tag",
        by: "assertion-opens",
        also: &[],
        message: || {
            honest().rewritten(|text| {
                let begin = text.find("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
                let end = text.find("</xenc:CipherValue>").unwrap();
                [&text[..begin], "AAAA", &text[end..]].concat()
            })
        },
        twin: honest,
    },
    Refused {
        because: "E4: the label of OAEP is set",
        by: "assertion-opens",
        also: &[],
        message: || {
            honest().altered(
                "</e:EncryptionMethod>",
                "<e:OAEPparams>AAAA</e:OAEPparams></e:EncryptionMethod>",
            )
        },
        twin: honest,
    },
    Refused {
        because: "we have no key to open with",
        by: "assertion-opens",
        also: &[],
        message: || honest().opened_by(&[]),
        twin: honest,
    },
];

/// The beginning of a value is overwritten.
fn rubbish(element: &str) -> Letter {
    honest().rewritten(|text| {
        let at = text.find(&format!("<{element}>")).unwrap() + element.len() + 2;
        [&text[..at], &"AAAA".repeat(8), &text[at + 32..]].concat()
    })
}

pub(super) const INSIDES: &[Refused] = &[
    Refused {
        because: "E7: there are two assertions inside",
        by: "opened-assertion",
        also: &[],
        message: || sealed().enclosing(|signed| format!("{signed}{signed}")).post(),
        twin: honest,
    },
    Refused {
        because: "E7: something else is inside",
        by: "opened-assertion",
        also: &[],
        message: || sealed().enclosing(|_| "<x/>".to_owned()).post(),
        twin: honest,
    },
    Refused {
        because: "E7: a document type is inside",
        by: "opened-assertion",
        also: &[],
        message: || {
            sealed()
                .enclosing(|signed| format!("<!DOCTYPE x>{signed}"))
                .post()
        },
        twin: honest,
    },
    Refused {
        because: "a comment is inside",
        by: "opened-assertion",
        also: &[],
        message: || {
            sealed()
                .enclosing(|signed| changed(&signed, "@", "@<!-- -->"))
                .post()
        },
        twin: honest,
    },
    Refused {
        because: "E7: what is inside is encrypted again",
        by: "opened-assertion",
        also: &[],
        message: || {
            sealed()
                .enclosing(|signed| {
                    let recipient = KEYS.ours.certificate_pem().unwrap();
                    seal(&signed, &recipient, GCM, &SystemRandom).unwrap()
                })
                .post()
        },
        twin: honest,
    },
    Refused {
        because: "a forged assertion is around the genuine one inside",
        by: "opened-assertion",
        also: &["opened-signature-present"],
        message: || {
            sealed()
                .enclosing(|signed| {
                    let forged = changed(
                        &crate::upstream::saml_sp::rules::tests::ground::assertion(),
                        ANNA,
                        EVE,
                    );
                    let forged = changed(&forged, "_assertion", "_forged");
                    changed(
                        &forged,
                        "</saml:Assertion>",
                        &format!("{signed}</saml:Assertion>"),
                    )
                })
                .post()
        },
        twin: honest,
    },
    Refused {
        because: "an ID occurs twice inside",
        by: "opened-assertion",
        also: &["assertion-signature-verifies"],
        message: || {
            sealed()
                .enclosing(|signed| changed(&signed, "<saml:Subject>", "<saml:Subject Id=\"_assertion\">"))
                .post()
        },
        twin: honest,
    },
    Refused {
        because: "E1: it is encrypted and signed by nobody",
        by: "opened-signature-present",
        also: &[],
        message: || sealed().signed(Signed::Nothing).post(),
        twin: || sealed().signed(Signed::Response).post(),
    },
    Refused {
        because: "the signature inside hides an Object",
        by: "opened-signature-shape",
        also: &[],
        message: || {
            sealed()
                .enclosing(|signed| changed(&signed, "</ds:Signature>", "<ds:Object/></ds:Signature>"))
                .post()
        },
        twin: honest,
    },
    Refused {
        because: "the signature inside is made with SHA-1",
        by: "opened-signature-algorithm",
        also: &[],
        message: || sha1_inside().post(),
        twin: || sha1_inside().post().granting(&[Grant::Sha1]),
    },
    Refused {
        because: "an attacker encrypts what they signed themselves",
        by: "assertion-signature-verifies",
        also: &[],
        message: || sealed().assertion(ANNA, EVE).with_key(&KEYS.another_idp).post(),
        twin: honest,
    },
    Refused {
        because: "what is inside was changed after it was signed",
        by: "assertion-signature-verifies",
        also: &[],
        message: || sealed().enclosing(|signed| changed(&signed, ANNA, EVE)).post(),
        twin: honest,
    },
    Refused {
        because: "what is inside leans on a prefix that a signed Response does not sign",
        by: "opened-assertion",
        also: &[],
        message: || leaning().signed(Signed::Response).post(),
        twin: || leaning().post(),
    },
];

/// The assertion uses a prefix that is declared on the Response only (E7).
fn leaning() -> Draft {
    sealed().assertion(&format!(" xmlns:saml=\"{ASSERTION}\""), "")
}

fn sha1_inside() -> Draft {
    sealed().crafted(|craft| {
        craft.method = SignatureAlgorithm::RSA_SHA1.uri().to_owned();
        craft.digest = DigestAlgorithm::Sha1.uri().to_owned();
        craft.hash = DigestAlgorithm::Sha1;
        craft.value = |key, info| sign_octets(key, SignatureAlgorithm::RSA_SHA1, info).unwrap();
    })
}

#[test]
fn xc_08_key_transport_and_content_are_opened_only_by_the_algorithms_that_have_a_name_here() {
    refuse_all(CONTAINERS);
}

#[test]
fn xc_09_every_failure_to_open_is_the_same_refusal() {
    refuse_all(CLOSED);
    let refusals: Vec<_> = CLOSED
        .iter()
        .map(|case| decide(&(case.message)()).unwrap_err())
        .collect();
    for refusal in &refusals {
        assert_eq!(*refusal, refusals[0]);
    }
}

#[test]
fn sp_23_an_encrypted_assertion_must_be_one_and_signed() {
    refuse_all(INSIDES);
}

#[test]
fn sp_23_every_place_of_a_signature_and_both_live_keys_will_do() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        for algorithm in [ContentAlgorithm::Aes128Gcm, GCM] {
            let letter = draft().sealed(algorithm).signed(signed).post();
            for keys in [[&KEYS.ours, &KEYS.ours_next], [&KEYS.ours_next, &KEYS.ours]] {
                let letter = draft()
                    .sealed(algorithm)
                    .signed(signed)
                    .post()
                    .opened_by(&keys.map(|key| &**key));
                let accepted = decide(&letter).unwrap();
                assert_eq!(
                    accepted.statement.name_id.unwrap().value,
                    ANNA,
                    "{signed:?} {algorithm:?}"
                );
            }
            assert!(explained(&letter).identity.is_some());
        }
    }
}

#[test]
fn sp_23_an_encrypted_name_is_opened() {
    let accepted = decide(&hidden_name(GCM).post()).unwrap();
    assert_eq!(accepted.statement.name_id.unwrap().value, ANNA);
    let refusal = decide(&hidden_name(GCM).post().opened_by(&[&KEYS.ours_next])).unwrap_err();
    assert_eq!(refusal.rule, "name-id-present");
}
