//! The assertion itself, whom it is about, and their attributes (attacks A18, A19, A20, E9).

use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ANNA, SP, assertion};
use crate::upstream::saml_sp::rules::tests::letter::{Draft, Letter, Signed, draft};
use crate::upstream::saml_sp::terms::Grant;

const NAME: &str = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">anna@example.test</saml:NameID>";

fn honest() -> Letter {
    draft().post()
}

/// The identity provider says `to` instead of `from` in the assertion.
pub(super) fn saying(from: &str, to: &str) -> Letter {
    draft().assertion(from, to).post()
}

fn named(instead: &str) -> Letter {
    saying(NAME, instead)
}

/// Without this element.
pub(super) fn cut(element: &str) -> Draft {
    let whole = assertion();
    let begin = whole.find(&format!("<saml:{element}")).unwrap();
    let close = format!("</saml:{element}>");
    let end = whole.find(&close).unwrap() + close.len();
    draft().assertion(&whole[begin..end], "")
}

pub(super) const ASSERTIONS: &[Refused] = &[
    Refused {
        because: "the assertion is of another version",
        by: "assertion-version",
        also: &[],
        message: || saying("Version=\"2.0\"", "Version=\"1.1\""),
        twin: honest,
    },
    Refused {
        because: "the assertion has no ID by which a second use could be noticed",
        by: "assertion-id",
        also: &[],
        message: || {
            draft()
                .assertion(" ID=\"_assertion\"", "")
                .signed(Signed::Response)
                .post()
        },
        twin: || draft().signed(Signed::Response).post(),
    },
    Refused {
        because: "P11: the ID of the assertion is no name",
        by: "assertion-id",
        also: &[],
        message: || {
            draft()
                .assertion("ID=\"_assertion\"", "ID=\"'or'\"")
                .signed(Signed::Response)
                .post()
                .on_terms(|terms| terms.second_judge = false)
        },
        twin: || draft().signed(Signed::Response).post(),
    },
    Refused {
        because: "E9: an attribute is encrypted and cannot be read",
        by: "attributes-readable",
        also: &[],
        message: || {
            saying(
                "<saml:Attribute Name",
                "<saml:EncryptedAttribute/><saml:Attribute Name",
            )
        },
        twin: honest,
    },
];

pub(super) const NAMES: &[Refused] = &[
    Refused {
        because: "there is no subject",
        by: "subject-present",
        also: &[],
        message: || cut("Subject").post(),
        twin: honest,
    },
    Refused {
        because: "there are two subjects",
        by: "subject-present",
        also: &[],
        message: || saying("<saml:Conditions ", "<saml:Subject/><saml:Conditions "),
        twin: honest,
    },
    Refused {
        because: "A18: there is no NameID",
        by: "name-id-present",
        also: &[],
        message: || named(""),
        twin: || named("").granting(&[Grant::NoNameId]),
    },
    Refused {
        because: "there are two NameIDs, though none need be",
        by: "name-id-present",
        also: &[],
        message: || named(&NAME.repeat(2)).granting(&[Grant::NoNameId]),
        twin: || named("").granting(&[Grant::NoNameId]),
    },
    Refused {
        because: "the NameID holds an element",
        by: "name-id-present",
        also: &[],
        message: || saying(ANNA, "<x>anna</x>@example.test"),
        twin: honest,
    },
    Refused {
        because: "there is a BaseID, which nothing can be read of",
        by: "name-id-present",
        also: &[],
        message: || named("<saml:BaseID/>"),
        twin: honest,
    },
    Refused {
        because: "E9: the name is encrypted for somebody else",
        by: "name-id-present",
        also: &[],
        message: || named("<saml:EncryptedID/>").granting(&[Grant::NoNameId]),
        twin: honest,
    },
    Refused {
        because: "A18: the NameID is empty",
        by: "name-id-not-empty",
        also: &[],
        message: || saying(ANNA, ""),
        twin: honest,
    },
    Refused {
        because: "A18: the NameID is blank",
        by: "name-id-not-empty",
        also: &[],
        message: || saying(ANNA, " \n\u{A0}"),
        twin: || saying(ANNA, " a "),
    },
    Refused {
        because: "A19: the NameID is qualified for another service",
        by: "name-id-qualifier",
        also: &[],
        message: || {
            saying(
                "<saml:NameID ",
                "<saml:NameID SPNameQualifier=\"https://other.example.test/\" ",
            )
        },
        twin: || {
            saying(
                "<saml:NameID ",
                &format!("<saml:NameID SPNameQualifier=\"{SP}\" "),
            )
        },
    },
];

#[test]
fn what_an_assertion_must_have_is_there() {
    refuse_all(ASSERTIONS);
}

#[test]
fn sp_24_a_name_is_there_once_readable_and_ours_or_by_grant_absent() {
    refuse_all(NAMES);
}

#[test]
fn sp_26_attributes_of_any_name_keep_their_values_in_order_and_may_repeat() {
    let more = "<saml:Attribute Name=\"urn:any\" NameFormat=\"urn:other\" FriendlyName=\"role\"><saml:AttributeValue>b\
                </saml:AttributeValue><saml:AttributeValue>a</saml:AttributeValue></saml:Attribute>\
                <saml:Attribute Name=\"role\"><saml:AttributeValue>porter</saml:AttributeValue></saml:Attribute>\
                </saml:AttributeStatement>";
    let accepted = decide(&saying("</saml:AttributeStatement>", more)).unwrap();
    let stated: Vec<_> = accepted
        .statement
        .attributes
        .iter()
        .map(|attribute| (attribute.name.as_str(), attribute.values.join(" ")))
        .collect();
    assert_eq!(
        stated,
        [
            ("role", "nurse".to_owned()),
            ("urn:any", "b a".to_owned()),
            ("role", "porter".to_owned())
        ]
    );
}
