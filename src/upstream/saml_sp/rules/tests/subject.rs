//! The assertion, its subject, its conditions and its statements.

use crate::protocol::saml::names::BEARER;
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ACS, ANNA, QUESTION, SP, confirmation};
use crate::upstream::saml_sp::rules::tests::letter::{Draft, Letter, Signed, draft};
use crate::upstream::saml_sp::terms::Grant;

const LATER: &str = "2026-11-21T09:05:00Z";
const PASSED: &str = "2026-11-21T08:00:00Z";
const NAME: &str = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">anna@example.test</saml:NameID>";
const SENDER_VOUCHES: &str = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches";

fn honest() -> Letter {
    draft().post()
}

/// The identity provider says `to` instead of `from` in the assertion.
fn saying(from: &str, to: &str) -> Letter {
    draft().assertion(from, to).post()
}

fn named(instead: &str) -> Letter {
    saying(NAME, instead)
}

fn good_confirmation() -> String {
    confirmation(BEARER, QUESTION, LATER, ACS)
}

/// With these confirmations instead of the good one.
fn confirmed(confirmations: &[String]) -> Letter {
    saying(&good_confirmation(), &confirmations.concat())
}

fn without(attribute: &str) -> Letter {
    let value = match attribute {
        "Recipient" => ACS,
        "InResponseTo" => QUESTION,
        _ => LATER,
    };
    confirmed(&[good_confirmation().replace(&format!(" {attribute}=\"{value}\""), "")])
}

fn cut(element: &str) -> Draft {
    let whole = super::ground::assertion();
    let begin = whole.find(&format!("<saml:{element}")).unwrap();
    let close = format!("</saml:{element}>");
    let end = whole.find(&close).unwrap() + close.len();
    draft().assertion(&whole[begin..end], "")
}

fn restricted(restrictions: &str) -> Letter {
    let ours =
        format!("<saml:AudienceRestriction><saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction>");
    saying(&ours, restrictions)
}

fn audiences(of: &[&str]) -> String {
    let all: String = of
        .iter()
        .map(|audience| format!("<saml:Audience>{audience}</saml:Audience>"))
        .collect();
    format!("<saml:AudienceRestriction>{all}</saml:AudienceRestriction>")
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

pub(super) const CONFIRMATIONS: &[Refused] = &[
    Refused {
        because: "A10: there is no confirmation",
        by: "confirmation-bearer",
        also: &[],
        message: || confirmed(&[]),
        twin: honest,
    },
    Refused {
        because: "A10: the confirmation is of another method",
        by: "confirmation-bearer",
        also: &[],
        message: || confirmed(&[confirmation(SENDER_VOUCHES, QUESTION, LATER, ACS)]),
        twin: || {
            confirmed(&[
                confirmation(SENDER_VOUCHES, QUESTION, LATER, ACS),
                good_confirmation(),
            ])
        },
    },
    Refused {
        because: "A10: the method is misspelt",
        by: "confirmation-bearer",
        also: &[],
        message: || saying(BEARER, "urn:oasis:names:tc:SAML:2.0:cm:Bearer"),
        twin: honest,
    },
    Refused {
        because: "A10: the confirmation has no data",
        by: "confirmation-data",
        also: &[],
        message: || confirmed(&[format!("<saml:SubjectConfirmation Method=\"{BEARER}\"/>")]),
        twin: honest,
    },
    Refused {
        because: "A3: it is confirmed for another address",
        by: "confirmation-recipient",
        also: &[],
        message: || {
            confirmed(&[confirmation(
                BEARER,
                QUESTION,
                LATER,
                &ACS.replace("https", "http"),
            )])
        },
        twin: honest,
    },
    Refused {
        because: "A4: it is confirmed for no address",
        by: "confirmation-recipient",
        also: &[],
        message: || without("Recipient"),
        twin: honest,
    },
    Refused {
        because: "T3: the confirmation never ends",
        by: "confirmation-not-on-or-after",
        also: &[],
        message: || without("NotOnOrAfter"),
        twin: honest,
    },
    Refused {
        because: "T5: the confirmation ends at no instant",
        by: "confirmation-not-on-or-after",
        also: &[],
        message: || saying(LATER, "2026-11-21T09:05:00"),
        twin: honest,
    },
    Refused {
        because: "A12: the confirmation begins, which a bearer's may not",
        by: "confirmation-not-before",
        also: &[],
        message: || {
            saying(
                "<saml:SubjectConfirmationData ",
                "<saml:SubjectConfirmationData NotBefore=\"2026-11-21T08:00:00Z\" ",
            )
        },
        twin: honest,
    },
    Refused {
        because: "A7: the confirmation answers another question than the Response",
        by: "confirmation-in-response-to",
        also: &[],
        message: || confirmed(&[confirmation(BEARER, "_another", LATER, ACS)]),
        twin: honest,
    },
    Refused {
        because: "A7: the confirmation does not say what it answers",
        by: "confirmation-in-response-to",
        also: &[],
        message: || without("InResponseTo"),
        twin: || without("InResponseTo").granting(&[Grant::MissingScdInResponseTo]),
    },
    Refused {
        because: "A11: each of two confirmations is good in what the other is not",
        by: "confirmation-recipient",
        also: &[],
        message: || {
            confirmed(&[
                confirmation(BEARER, QUESTION, LATER, "https://other.example.test/acs"),
                confirmation(BEARER, QUESTION, PASSED, ACS),
            ])
        },
        twin: || {
            confirmed(&[
                confirmation(BEARER, QUESTION, LATER, "https://other.example.test/acs"),
                confirmation(BEARER, QUESTION, PASSED, ACS),
                good_confirmation(),
            ])
        },
    },
    Refused {
        because: "A11: what one bearer lacks stands in a confirmation of another method",
        by: "confirmation-not-on-or-after",
        also: &[],
        message: || {
            confirmed(&[
                confirmation(BEARER, QUESTION, PASSED, ACS),
                confirmation(SENDER_VOUCHES, QUESTION, LATER, ACS),
            ])
        },
        twin: || {
            confirmed(&[
                good_confirmation(),
                confirmation(SENDER_VOUCHES, QUESTION, PASSED, ACS),
            ])
        },
    },
];

pub(super) const CONDITIONS: &[Refused] = &[
    Refused {
        because: "there are no conditions",
        by: "conditions-present",
        also: &[],
        message: || cut("Conditions").post(),
        twin: honest,
    },
    Refused {
        because: "there are conditions twice",
        by: "conditions-present",
        also: &[],
        message: || saying("<saml:AuthnStatement", "<saml:Conditions/><saml:AuthnStatement"),
        twin: honest,
    },
    Refused {
        because: "T5: the conditions begin at no instant",
        by: "conditions-not-before",
        also: &[],
        message: || saying("NotBefore=\"2026-11-21T08:55:00Z\"", "NotBefore=\"yesterday\""),
        twin: || saying(" NotBefore=\"2026-11-21T08:55:00Z\"", ""),
    },
    Refused {
        because: "T5: the conditions end at no instant",
        by: "conditions-not-on-or-after",
        also: &[],
        message: || saying("NotOnOrAfter=\"2026-11-21T10:00:00Z\"", "NotOnOrAfter=\"\""),
        twin: || saying(" NotOnOrAfter=\"2026-11-21T10:00:00Z\"", ""),
    },
    Refused {
        because: "A21: there is a condition that nobody knows",
        by: "conditions-known",
        also: &[],
        message: || saying("</saml:Conditions>", "<saml:Condition/></saml:Conditions>"),
        twin: || {
            saying(
                "</saml:Conditions>",
                "<saml:OneTimeUse/><saml:ProxyRestriction Count=\"0\"/></saml:Conditions>",
            )
        },
    },
    Refused {
        because: "A21: a known name is of another namespace",
        by: "conditions-known",
        also: &[],
        message: || {
            saying(
                "</saml:Conditions>",
                "<x:OneTimeUse xmlns:x=\"urn:x\"/></saml:Conditions>",
            )
        },
        twin: || saying("</saml:Conditions>", "<saml:OneTimeUse/></saml:Conditions>"),
    },
    Refused {
        because: "A2: no audience is named",
        by: "audience-present",
        also: &[],
        message: || restricted(""),
        twin: honest,
    },
    Refused {
        because: "A1: it is made for another service",
        by: "audience-names-us",
        also: &[],
        message: || restricted(&audiences(&["https://other.example.test/"])),
        twin: || restricted(&audiences(&["https://other.example.test/", SP])),
    },
    Refused {
        because: "A1: of two restrictions only one is met",
        by: "audience-names-us",
        also: &[],
        message: || restricted(&(audiences(&[SP]) + &audiences(&["https://other.example.test/"]))),
        twin: || restricted(&audiences(&[SP]).repeat(2)),
    },
    Refused {
        because: "A1: our name has another case",
        by: "audience-names-us",
        also: &[],
        message: || restricted(&audiences(&[&SP.to_uppercase()])),
        twin: || restricted(&audiences(&[&format!("\n  {SP}\n")])),
    },
    Refused {
        because: "a restriction names nobody",
        by: "audience-names-us",
        also: &[],
        message: || restricted(&(audiences(&[SP]) + "<saml:AudienceRestriction/>")),
        twin: honest,
    },
];

pub(super) const STATEMENTS: &[Refused] = &[
    Refused {
        because: "A17: nobody proved anything",
        by: "authn-statement-present",
        also: &[],
        message: || cut("AuthnStatement").post(),
        twin: honest,
    },
    Refused {
        because: "T5: it was proved at no instant",
        by: "authn-instant",
        also: &[],
        message: || {
            saying(
                "AuthnInstant=\"2026-11-21T08:58:00Z\"",
                "AuthnInstant=\"2026-11-21T08:58:00+01:00\"",
            )
        },
        twin: || {
            saying(
                "AuthnInstant=\"2026-11-21T08:58:00Z\"",
                "AuthnInstant=\"2026-11-20T08:58:00Z\"",
            )
        },
    },
    Refused {
        because: "T5: the session ends at no instant",
        by: "session-not-on-or-after",
        also: &[],
        message: || {
            saying(
                "SessionNotOnOrAfter=\"2026-11-21T17:00:00Z\"",
                "SessionNotOnOrAfter=\"never\"",
            )
        },
        twin: || saying(" SessionNotOnOrAfter=\"2026-11-21T17:00:00Z\"", ""),
    },
    Refused {
        because: "T4: a second statement says that the session is over",
        by: "session-not-on-or-after",
        also: &[],
        message: || second_statement(PASSED),
        twin: || second_statement(LATER),
    },
];

fn second_statement(until: &str) -> Letter {
    let statement = format!(
        "<saml:AuthnStatement AuthnInstant=\"2026-11-21T08:58:00Z\" SessionNotOnOrAfter=\"{until}\"/><saml:AttributeStatement>"
    );
    saying("<saml:AttributeStatement>", &statement)
}

#[test]
fn what_an_assertion_must_have_is_there() {
    refuse_all(ASSERTIONS);
}

#[test]
fn sp_24_a_name_is_there_once_readable_and_ours_or_by_grant_absent() {
    refuse_all(NAMES);
}

#[test]
fn sp_18_one_bearer_confirmation_holds_in_full() {
    refuse_all(CONFIRMATIONS);
}

#[test]
fn sp_19_every_audience_restriction_names_us_and_every_condition_is_known() {
    refuse_all(CONDITIONS);
}

#[test]
fn a_statement_says_that_the_person_proved_themselves() {
    refuse_all(STATEMENTS);
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
