//! The shape of a signature (attacks D1 to D13, X11, X15 and X16).

use crate::protocol::saml::names::{ENVELOPED, EXCLUSIVE_C14N};
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, Signed, draft};

fn honest() -> Letter {
    draft().post()
}

/// Between two words of the message, another text.
pub(super) fn between(letter: Letter, from: &str, to: &str, instead: &str) -> Letter {
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

#[test]
fn sp_07_a_message_without_a_signature_is_refused() {
    refuse_all(ABSENT);
}

#[test]
fn sp_10_a_signature_of_another_shape_is_refused() {
    refuse_all(SHAPES);
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
