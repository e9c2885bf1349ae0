//! What is wrong with a signature or with the key that made it (attacks D and K).

use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};

use crate::protocol::saml::names::{ENVELOPED, EXCLUSIVE_C14N};
use crate::protocol::saml::signature::{
    DigestAlgorithm, Family, SignatureAlgorithm, SigningKey, sign_octets,
};
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ANNA, EVE, KEYS};
use crate::upstream::saml_sp::rules::tests::letter::{Draft, Letter, Signed, changed, draft};
use crate::upstream::saml_sp::terms::Grant;

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const ECDSA: SignatureAlgorithm = SignatureAlgorithm {
    family: Family::Ecdsa,
    digest: DigestAlgorithm::Sha256,
};

fn honest() -> Letter {
    draft().post()
}

/// Between two words of the message, another text.
fn between(letter: Letter, from: &str, to: &str, instead: &str) -> Letter {
    letter.rewritten(|text| {
        let begin = text.find(from).unwrap() + from.len();
        let end = begin + text[begin..].find(to).unwrap();
        [&text[..begin], instead, &text[end..]].concat()
    })
}

fn transforms(instead: &str) -> Letter {
    between(honest(), "<ds:Transforms>", "</ds:Transforms>", instead)
}

fn transform(algorithm: &str, inside: &str) -> String {
    format!("<ds:Transform Algorithm=\"{algorithm}\">{inside}</ds:Transform>")
}

fn with_method(uri: &str) -> Letter {
    honest().altered(RSA_SHA256, uri)
}

fn with_digest(uri: &str) -> Letter {
    honest().altered(SHA256, uri)
}

fn sha1_signature() -> Draft {
    draft().crafted(|craft| {
        craft.method = SignatureAlgorithm::RSA_SHA1.uri().to_owned();
        craft.value = |key, info| sign_octets(key, SignatureAlgorithm::RSA_SHA1, info).unwrap();
    })
}

fn sha1_digest() -> Draft {
    draft().crafted(|craft| {
        craft.digest = DigestAlgorithm::Sha1.uri().to_owned();
        craft.hash = DigestAlgorithm::Sha1;
    })
}

fn by_ec_key(value: fn(&SigningKey, &[u8]) -> Vec<u8>) -> Letter {
    let crafted = draft().with_key(&KEYS.idp_ec).crafted(|craft| {
        craft.method = ECDSA.uri().to_owned();
        craft.value = value;
    });
    crafted.post().trusting(&[&KEYS.idp_ec])
}

fn honest_ec() -> Letter {
    by_ec_key(|key, info| sign_octets(key, ECDSA, info).unwrap())
}

fn der(key: &SigningKey, info: &[u8]) -> Vec<u8> {
    let mut signer = Signer::new(MessageDigest::sha256(), key.private()).unwrap();
    signer.sign_oneshot_to_vec(info).unwrap()
}

fn pss(key: &SigningKey, info: &[u8]) -> Vec<u8> {
    let mut signer = Signer::new(MessageDigest::sha256(), key.private()).unwrap();
    signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
    signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
    signer.sign_oneshot_to_vec(info).unwrap()
}

fn honest_pss() -> Letter {
    let crafted = draft().crafted(|craft| {
        craft.method = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1".to_owned();
        craft.value = pss;
    });
    crafted.post()
}

fn alone(letter: Letter) -> Letter {
    letter.on_terms(|terms| terms.second_judge = false)
}

fn signed_advice() -> Letter {
    let advice = "<saml:Advice><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo/>\
                  </ds:Signature></saml:Advice><saml:AuthnStatement";
    draft().assertion("<saml:AuthnStatement", advice).post()
}

pub(super) const ABSENT: &[Refused] = &[
    Refused {
        because: "D1: nothing is signed",
        by: "signature-present",
        also: &[],
        message: || draft().signed(Signed::Nothing).post(),
        twin: honest,
    },
    Refused {
        because: "D2: the signature is empty",
        by: "signature-parts",
        also: &[
            "signature-values-plain",
            "signature-one-reference",
            "signature-reference-parent",
            "signature-canonicalisation",
            "signature-transforms",
            "signature-algorithm-known",
        ],
        message: || {
            between(
                honest(),
                "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
                "</ds:Signature>",
                "",
            )
        },
        twin: honest,
    },
    Refused {
        because: "D2: the value of the signature is empty",
        by: "signature-values-plain",
        also: &[],
        message: || between(honest(), "<ds:SignatureValue>", "</ds:SignatureValue>", ""),
        twin: honest,
    },
];

pub(super) const SHAPES: &[Refused] = &[
    Refused {
        because: "D3: there are two SignedInfo",
        by: "signature-parts",
        also: &[],
        message: || {
            honest().rewritten(|text| {
                let begin = text.find("<ds:SignedInfo").unwrap();
                let end = text.find("</ds:SignedInfo>").unwrap() + "</ds:SignedInfo>".len();
                [&text[..end], &text[begin..end], &text[end..]].concat()
            })
        },
        twin: honest,
    },
    Refused {
        because: "D21: there is an Object with a Manifest",
        by: "signature-parts",
        also: &[],
        message: || {
            honest().altered(
                "</ds:Signature>",
                "<ds:Object><ds:Manifest/></ds:Object></ds:Signature>",
            )
        },
        twin: honest,
    },
    Refused {
        because: "K6: the key is to be fetched",
        by: "signature-parts",
        also: &[],
        message: || {
            honest().altered(
                "</KeyInfo>",
                "<RetrievalMethod URI=\"https://evil.example/key\"/></KeyInfo>",
            )
        },
        twin: honest,
    },
    Refused {
        because: "D4: the digest holds an element",
        by: "signature-values-plain",
        also: &[],
        message: || honest().altered("</ds:DigestValue>", "<x/></ds:DigestValue>"),
        twin: honest,
    },
    Refused {
        because: "the method of the signature is not of its namespace",
        by: "signature-canonicalisation",
        also: &[],
        message: || {
            honest().altered(
                "<ds:CanonicalizationMethod",
                "<x:CanonicalizationMethod xmlns:x=\"urn:x\"",
            )
        },
        twin: honest,
    },
    Refused {
        because: "D12: canonicalisation is inclusive",
        by: "signature-canonicalisation",
        also: &[],
        message: || {
            honest().altered(
                &format!("CanonicalizationMethod Algorithm=\"{EXCLUSIVE_C14N}\""),
                "CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"",
            )
        },
        twin: honest,
    },
    Refused {
        because: "D13: the list of prefixes is endless",
        by: "signature-transforms",
        also: &[],
        message: || draft().crafted(|craft| craft.lists(&["a"; 33])).post(),
        twin: || draft().crafted(|craft| craft.lists(&["a"; 32])).post(),
    },
    Refused {
        because: "D7: a stylesheet is to be run",
        by: "signature-transforms",
        also: &[],
        message: || transforms(&transform("http://www.w3.org/TR/1999/REC-xslt-19991116", "<x/>")),
        twin: honest,
    },
    Refused {
        because: "D8: a path selects less than the element",
        by: "signature-transforms",
        also: &[],
        message: || {
            transforms(
                &(transform(ENVELOPED, "")
                    + &transform(
                        "http://www.w3.org/TR/1999/REC-xpath-19991116",
                        "<ds:XPath>1</ds:XPath>",
                    )),
            )
        },
        twin: honest,
    },
    Refused {
        because: "D9: enveloped-signature is there twice",
        by: "signature-transforms",
        also: &[],
        message: || transforms(&(transform(ENVELOPED, "").repeat(2) + &transform(EXCLUSIVE_C14N, ""))),
        twin: honest,
    },
    Refused {
        because: "D9: enveloped-signature is missing",
        by: "signature-transforms",
        also: &[],
        message: || transforms(&transform(EXCLUSIVE_C14N, "")),
        twin: honest,
    },
    Refused {
        because: "D9: the order is the other way round",
        by: "signature-transforms",
        also: &[],
        message: || transforms(&(transform(EXCLUSIVE_C14N, "") + &transform(ENVELOPED, ""))),
        twin: honest,
    },
    Refused {
        because: "D10: there are hundreds of transforms",
        by: "signature-transforms",
        also: &[],
        message: || transforms(&(transform(ENVELOPED, "") + &transform(EXCLUSIVE_C14N, "").repeat(300))),
        twin: honest,
    },
];

pub(super) const REFERENCES: &[Refused] = &[
    Refused {
        because: "X16: there are two references",
        by: "signature-one-reference",
        also: &[],
        message: || {
            honest().altered(
                "</ds:SignedInfo>",
                "<ds:Reference URI=\"#_response\"/></ds:SignedInfo>",
            )
        },
        twin: honest,
    },
    Refused {
        because: "X16: there is no reference",
        by: "signature-values-plain",
        also: &[
            "signature-one-reference",
            "signature-reference-parent",
            "signature-transforms",
            "signature-algorithm-known",
        ],
        message: || {
            honest().rewritten(|text| {
                let begin = text.find("<ds:Reference").unwrap();
                let end = text.find("</ds:SignedInfo>").unwrap();
                [&text[..begin], &text[end..]].concat()
            })
        },
        twin: honest,
    },
    Refused {
        because: "X11: a second digest stands in the reference",
        by: "signature-one-reference",
        also: &[],
        message: || {
            honest().altered(
                "</ds:Reference>",
                "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>",
            )
        },
        twin: honest,
    },
    Refused {
        because: "X15: the reference is to the whole document",
        by: "signature-reference-parent",
        also: &[],
        message: || honest().altered("URI=\"#_assertion\"", "URI=\"\""),
        twin: honest,
    },
    Refused {
        because: "X16: the reference has no URI",
        by: "signature-reference-parent",
        also: &[],
        message: || honest().altered(" URI=\"#_assertion\"", ""),
        twin: honest,
    },
    Refused {
        because: "X16: the reference leads to a file",
        by: "signature-reference-parent",
        also: &[],
        message: || honest().altered("URI=\"#_assertion\"", "URI=\"file:///etc/hostname\""),
        twin: honest,
    },
    Refused {
        because: "X16: the reference is an expression",
        by: "signature-reference-parent",
        also: &[],
        message: || honest().altered("URI=\"#_assertion\"", "URI=\"#xpointer(id('_assertion'))\""),
        twin: honest,
    },
    Refused {
        because: "D19: something else is signed",
        by: "signature-reference-parent",
        also: &[],
        message: || honest().altered("URI=\"#_assertion\"", "URI=\"#_response\""),
        twin: honest,
    },
];

pub(super) const ALGORITHMS: &[Refused] = &[
    Refused {
        because: "D17: HMAC with the public key",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        twin: honest,
    },
    Refused {
        because: "D15: a name that nobody gave RSA-SHA1",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha1"),
        twin: honest,
    },
    Refused {
        because: "D15: no name at all",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method(""),
        twin: honest,
    },
    Refused {
        because: "D14: RSA-MD5",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_method("http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        twin: honest,
    },
    Refused {
        because: "D14: the digest is MD5",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_digest("http://www.w3.org/2001/04/xmldsig-more#md5"),
        twin: honest,
    },
    Refused {
        because: "D14: the digest is SHA-224",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_digest("http://www.w3.org/2001/04/xmldsig-more#sha224"),
        twin: honest,
    },
    Refused {
        because: "D15: a name that nobody gave SHA-384",
        by: "signature-algorithm-known",
        also: &[],
        message: || with_digest("http://www.w3.org/2001/04/xmlenc#sha384"),
        twin: honest,
    },
    Refused {
        because: "D14: SHA-1 in the signature alone",
        by: "signature-algorithm",
        also: &[],
        message: || sha1_signature().post(),
        twin: || sha1_signature().post().granting(&[Grant::Sha1]),
    },
    Refused {
        because: "D14: SHA-1 in the digest alone",
        by: "signature-algorithm",
        also: &[],
        message: || sha1_digest().post(),
        twin: || sha1_digest().post().granting(&[Grant::Sha1]),
    },
    Refused {
        because: "K11: the signing key has 1024 bits",
        by: "signing-key-strength",
        also: &[],
        message: || draft().with_key(&KEYS.weak).post().trusting(&[&KEYS.weak]),
        twin: || {
            draft()
                .with_key(&KEYS.weak)
                .post()
                .trusting(&[&KEYS.weak])
                .granting(&[Grant::Rsa1024])
        },
    },
    Refused {
        because: "D16: an RSA name over an EC signature",
        by: "assertion-signature-verifies",
        also: &[],
        message: || honest_ec().altered(ECDSA.uri(), RSA_SHA256),
        twin: honest_ec,
    },
    Refused {
        because: "D16: an ECDSA value in the form of DER",
        by: "assertion-signature-verifies",
        also: &[],
        message: || by_ec_key(der),
        twin: honest_ec,
    },
    Refused {
        because: "D16: r and s are nothing",
        by: "assertion-signature-verifies",
        also: &[],
        message: || by_ec_key(|_, _| vec![0; 64]),
        twin: honest_ec,
    },
    Refused {
        because: "D16: r and s are the order of the curve",
        by: "assertion-signature-verifies",
        also: &[],
        message: || {
            by_ec_key(|key, _| {
                let mut order = BigNum::new().unwrap();
                let key = key.private().ec_key().unwrap();
                key.group()
                    .order(&mut order, &mut openssl::bn::BigNumContext::new().unwrap())
                    .unwrap();
                order.to_vec().repeat(2)
            })
        },
        twin: honest_ec,
    },
];

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

/// A prefix is listed that is declared on the Response and used in a value only, as Shibboleth does.
fn listing() -> Letter {
    let outside = draft().response("xmlns:samlp", "xmlns:xs=\"urn:xs\" xmlns:samlp");
    outside
        .crafted(|craft| craft.lists(&["xs", "missing", "#default"]))
        .post()
}

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

pub(super) const SECOND_JUDGE: &[Refused] = &[
    Refused {
        because: "RSA-PSS, which the second judge cannot verify",
        by: "second-judge-agrees",
        also: &[],
        message: honest_pss,
        twin: || alone(honest_pss()),
    },
    Refused {
        because: "a signature in Advice, which the second judge does not pass over",
        by: "second-judge-agrees",
        also: &[],
        message: signed_advice,
        twin: || alone(signed_advice()),
    },
];

#[test]
fn sp_07_a_message_without_a_signature_is_refused() {
    refuse_all(ABSENT);
}

#[test]
fn sp_10_a_signature_of_another_shape_is_refused() {
    refuse_all(SHAPES);
}

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

#[test]
fn xc_03_one_reference_names_the_element_that_carries_the_signature() {
    refuse_all(REFERENCES);
}

#[test]
fn xc_04_only_the_two_transforms_are_ever_run() {
    let cases = SHAPES.iter().filter(|case| case.by == "signature-transforms");
    assert!(cases.count() >= 7);
    let commented = draft().crafted(|craft| craft.info_list = &["ds"]).post();
    assert!(decide(&commented).is_ok(), "{:?}", decide(&commented).err());
}

#[test]
fn xc_07_weak_and_unknown_algorithms_and_values_of_another_form_are_refused() {
    refuse_all(ALGORITHMS);
}

#[test]
fn what_the_second_judge_cannot_confirm_is_refused_and_says_so() {
    refuse_all(SECOND_JUDGE);
    let refusal = decide(&honest_pss()).unwrap_err();
    assert!(refusal.actual.contains("RSA-PSS"), "{refusal:?}");
}
