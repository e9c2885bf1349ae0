//! Signature wrapping: a genuine signature somewhere, a forged assertion where it is read (attacks X).

use crate::protocol::saml::encryption::ContentAlgorithm;
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ANNA, EVE, assertion};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, Signed, changed, draft};

fn honest() -> Letter {
    draft().post()
}

fn response_signed() -> Letter {
    draft().signed(Signed::Response).post()
}

/// The text before the first `<name` and up to the last `</name>`, and the rest.
pub(super) fn cut<'t>(text: &'t str, name: &str) -> [&'t str; 3] {
    let begin = text.find(&format!("<{name}")).unwrap();
    let close = format!("</{name}>");
    let end = text.rfind(&close).unwrap() + close.len();
    [&text[..begin], &text[begin..end], &text[end..]]
}

fn without_signature(text: &str) -> String {
    let [before, _, after] = cut(text, "ds:Signature");
    [before, after].concat()
}

/// An assertion about the attacker, unsigned.
fn forged() -> String {
    changed(&changed(&assertion(), ANNA, EVE), "_assertion", "_forged")
}

/// What the attacker makes of the genuine assertion, in its place.
fn in_place_of_assertion(how: impl Fn(&str) -> String) -> Letter {
    honest().rewritten(|text| {
        let [before, genuine, after] = cut(text, "saml:Assertion");
        [before, &how(genuine), after].concat()
    })
}

/// The genuine assertion changed to be about the attacker, its signature still in it.
fn resembling(genuine: &str, id: &str) -> String {
    changed(
        &changed(genuine, ANNA, EVE),
        "ID=\"_assertion\"",
        &format!("ID=\"{id}\""),
    )
}

/// The forged Response with the genuine signature; `hide` puts the genuine Response somewhere in it.
fn around_response(hide: impl Fn(&str, &str) -> String) -> Letter {
    response_signed().rewritten(|text| {
        let genuine = without_signature(text);
        let evil = changed(&resembling(text, "_forged"), "ID=\"_response\"", "ID=\"_evil\"");
        hide(&evil, &genuine)
    })
}

/// A forged, unsigned assertion is read; the genuine one stands in `holder` before Status.
fn genuine_in(holder: &str) -> Letter {
    let tag = holder.split(' ').next().unwrap_or_default();
    honest().rewritten(|text| {
        let [before, genuine, after] = cut(text, "saml:Assertion");
        let held = format!("<{holder}>{genuine}</{tag}><samlp:Status>");
        changed(&[before, &forged(), after].concat(), "<samlp:Status>", &held)
    })
}

pub(super) const XSW: &[Refused] = &[
    Refused {
        because: "XSW1: the genuine Response is inside the signature of a forged one",
        by: "response-parts",
        also: &["assertion-place", "signature-parts", "signature-reference-parent"],
        message: || {
            around_response(|evil, genuine| {
                changed(evil, "</ds:Signature>", &format!("{genuine}</ds:Signature>"))
            })
        },
        twin: response_signed,
    },
    Refused {
        because: "XSW2: the genuine Response is before the signature of a forged one",
        by: "response-parts",
        also: &["assertion-place", "signature-reference-parent"],
        message: || {
            around_response(|evil, genuine| {
                changed(evil, "<ds:Signature", &format!("{genuine}<ds:Signature"))
            })
        },
        twin: response_signed,
    },
    Refused {
        because: "XSW3: a forged assertion stands before the genuine one",
        by: "assertion-one",
        also: &[],
        message: || in_place_of_assertion(|genuine| [&forged(), genuine].concat()),
        twin: honest,
    },
    Refused {
        because: "XSW4: the genuine assertion is inside a forged one",
        by: "assertion-place",
        also: &["signature-place", "signature-present"],
        message: || {
            in_place_of_assertion(|genuine| {
                changed(
                    &forged(),
                    "</saml:Assertion>",
                    &format!("{genuine}</saml:Assertion>"),
                )
            })
        },
        twin: honest,
    },
    Refused {
        because: "XSW5: the forged assertion keeps the signature, the genuine one stands at the end",
        by: "assertion-one",
        also: &[],
        message: || {
            in_place_of_assertion(|genuine| resembling(genuine, "_forged") + &without_signature(genuine))
        },
        twin: honest,
    },
    Refused {
        because: "XSW6: the genuine assertion is inside the signature of the forged one",
        by: "assertion-place",
        also: &["signature-parts", "signature-reference-parent"],
        message: || {
            in_place_of_assertion(|genuine| {
                let inside = without_signature(genuine) + "</ds:Signature>";
                changed(&resembling(genuine, "_forged"), "</ds:Signature>", &inside)
            })
        },
        twin: honest,
    },
    Refused {
        because: "XSW7: a forged assertion with the same ID stands in Extensions",
        by: "document-unique-ids",
        also: &["assertion-place"],
        message: || {
            let forged = changed(&forged(), "_forged", "_assertion");
            let extensions = format!("<samlp:Extensions>{forged}</samlp:Extensions><samlp:Status>");
            honest().altered("<samlp:Status>", &extensions)
        },
        twin: honest,
    },
    Refused {
        because: "XSW8: the genuine assertion is in an Object of the forged one's signature, with the same ID",
        by: "document-unique-ids",
        also: &["assertion-place", "signature-parts"],
        message: || {
            in_place_of_assertion(|genuine| {
                let object = format!(
                    "<ds:Object>{}</ds:Object></ds:Signature>",
                    without_signature(genuine)
                );
                changed(&resembling(genuine, "_assertion"), "</ds:Signature>", &object)
            })
        },
        twin: honest,
    },
];

pub(super) const LATER: &[Refused] = &[
    Refused {
        because: "X9: the genuine assertion stands in a wrapper beside a forged one",
        by: "response-parts",
        also: &["assertion-place", "signature-place", "signature-present"],
        message: || genuine_in("x:wrapper xmlns:x=\"urn:x\""),
        twin: honest,
    },
    Refused {
        because: "X10: the genuine assertion stands in Extensions, the one that is read is not signed",
        by: "assertion-place",
        also: &["signature-place", "signature-present"],
        message: || genuine_in("samlp:Extensions"),
        twin: honest,
    },
    Refused {
        because: "X10: the genuine assertion stands in StatusDetail",
        by: "assertion-place",
        also: &["signature-place", "signature-present"],
        message: || {
            genuine_in("samlp:Extensions").rewritten(|text| {
                let [before, held, after] = cut(text, "samlp:Extensions");
                let detail = held.replace("samlp:Extensions", "samlp:StatusDetail") + "</samlp:Status>";
                changed(&[before, after].concat(), "</samlp:Status>", &detail)
            })
        },
        twin: honest,
    },
    Refused {
        because: "X10, A29: the genuine assertion stands in the Advice of an unsigned one",
        by: "signature-present",
        also: &[],
        message: || {
            in_place_of_assertion(|genuine| {
                let advice = format!("<saml:Advice>{genuine}</saml:Advice><saml:AuthnStatement");
                changed(&forged(), "<saml:AuthnStatement", &advice)
            })
        },
        twin: honest,
    },
    Refused {
        because: "X12: the signature of the assertion is made a child of the Response",
        by: "signature-reference-parent",
        also: &[],
        message: || {
            honest().rewritten(|text| {
                let [before, signature, after] = cut(text, "ds:Signature");
                let moved = format!("{signature}<samlp:Status>");
                changed(&[before, after].concat(), "<samlp:Status>", &moved)
            })
        },
        twin: response_signed,
    },
    Refused {
        because: "X12: the signature of the assertion is put into its Subject",
        by: "signature-place",
        also: &["signature-present"],
        message: || {
            honest().rewritten(|text| {
                let [before, signature, after] = cut(text, "ds:Signature");
                changed(
                    &[before, after].concat(),
                    "<saml:Subject>",
                    &format!("<saml:Subject>{signature}"),
                )
            })
        },
        twin: honest,
    },
    Refused {
        because: "X13: an attribute's value is an assertion",
        by: "assertion-place",
        also: &[],
        message: || draft().assertion(">nurse<", &format!(">{}<", forged())).post(),
        twin: || {
            draft()
                .assertion(">nurse<", &format!(">{}<", forged().replace('<', "&lt;")))
                .post()
        },
    },
    Refused {
        because: "X14: another element has the ID of the assertion in another spelling",
        by: "document-unique-ids",
        also: &[],
        message: || {
            honest().altered(
                "<samlp:Status>",
                "<samlp:Extensions><x iD=\"_assertion\"/></samlp:Extensions><samlp:Status>",
            )
        },
        twin: || {
            honest().altered(
                "<samlp:Status>",
                "<samlp:Extensions><x iD=\"_other\"/></samlp:Extensions><samlp:Status>",
            )
        },
    },
    Refused {
        because: "X14: another element has the ID of the assertion in xml:id",
        by: "document-unique-ids",
        also: &[],
        message: || {
            honest().altered(
                "<samlp:Status>",
                "<samlp:Extensions><x xml:id=\"_assertion\"/></samlp:Extensions><samlp:Status>",
            )
        },
        twin: || {
            honest().altered(
                "<samlp:Status>",
                "<samlp:Extensions><x xml:id=\"_other\"/></samlp:Extensions><samlp:Status>",
            )
        },
    },
    Refused {
        because: "X17: the attacker replaces what is encrypted in a signed Response",
        by: "response-signature-verifies",
        also: &["opened-signature-shape"],
        message: || {
            let sealed = draft().sealed(ContentAlgorithm::Aes256Gcm);
            let evil = sealed.assertion(ANNA, EVE).signed(Signed::Assertion);
            let evil = evil
                .enclosing(|signed| changed(&signed, "</ds:Signature>", "<ds:Object/></ds:Signature>"))
                .post();
            let [_, replaced, _] = cut(evil.text(), "EncryptedAssertion").map(ToOwned::to_owned);
            let genuine = draft()
                .sealed(ContentAlgorithm::Aes256Gcm)
                .signed(Signed::Response)
                .post();
            genuine.rewritten(|text| {
                let [before, _, after] = cut(text, "EncryptedAssertion");
                [before, &replaced, after].concat()
            })
        },
        twin: || {
            draft()
                .sealed(ContentAlgorithm::Aes256Gcm)
                .signed(Signed::Response)
                .post()
        },
    },
    Refused {
        because: "X18: one assertion in the clear and one encrypted",
        by: "assertion-one",
        also: &[],
        message: || {
            let sealed = draft().sealed(ContentAlgorithm::Aes256Gcm).post();
            let [_, container, _] = cut(sealed.text(), "EncryptedAssertion").map(ToOwned::to_owned);
            in_place_of_assertion(|genuine| [genuine, &container].concat())
        },
        twin: honest,
    },
    Refused {
        because: "A16: two genuine assertions",
        by: "assertion-one",
        also: &[],
        message: || {
            in_place_of_assertion(|genuine| [genuine, &changed(genuine, "_assertion", "_second")].concat())
        },
        twin: honest,
    },
    Refused {
        because: "A15: success and no assertion",
        by: "assertion-one",
        also: &[],
        message: || in_place_of_assertion(|_| String::new()),
        twin: honest,
    },
    Refused {
        because: "there are two signatures in one element",
        by: "signature-place",
        also: &["assertion-signature-verifies"],
        message: || {
            honest().rewritten(|text| {
                let [before, signature, after] = cut(text, "ds:Signature");
                [before, signature, signature, after].concat()
            })
        },
        twin: honest,
    },
];

#[test]
fn sp_09_more_than_one_assertion_is_refused_wherever_the_second_stands() {
    let cases = XSW.iter().chain(LATER);
    assert!(cases.filter(|case| case.by.starts_with("assertion-")).count() >= 8);
    refuse_all(LATER);
}

#[test]
fn sp_10_the_eight_wrappings_are_refused() {
    refuse_all(XSW);
}

#[test]
fn what_stands_in_advice_is_never_read() {
    let advice = format!("<saml:Advice>{}</saml:Advice><saml:AuthnStatement", forged());
    let letter = draft().assertion("<saml:AuthnStatement", &advice).post();
    assert_eq!(decide(&letter).unwrap().statement.name_id.unwrap().value, ANNA);
}
