//! Rules on the octets: what is refused before anything in them is looked at.

use crate::protocol::saml::xml::Flaw;
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who};

const ODD: &str = "No identity provider sends this. Keep the message and find out who did.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "document-bounds",
        clause: "design 6",
        who: Who::IdentityProvider,
        remedy: "Send fewer groups or attributes.",
        check: bounds,
    },
    Rule {
        id: "document-encoding",
        clause: "XML 1.0 4.3.3",
        who: Who::IdentityProvider,
        remedy: ODD,
        check: encoding,
    },
    Rule {
        id: "document-doctype",
        clause: "SAML Core 1.1; XC-01",
        who: Who::IdentityProvider,
        remedy: ODD,
        check: doctype,
    },
    Rule {
        id: "document-processing-instruction",
        clause: "XC-01",
        who: Who::IdentityProvider,
        remedy: ODD,
        check: processing_instruction,
    },
    Rule {
        id: "document-comment",
        clause: "XC-05",
        who: Who::IdentityProvider,
        remedy: ODD,
        check: comment,
    },
    Rule {
        id: "document-well-formed",
        clause: "XML 1.0 2.1; Namespaces in XML 1.0 7",
        who: Who::IdentityProvider,
        remedy: "Send well-formed XML with every prefix declared.",
        check: well_formed,
    },
];

fn bounds<'c>(case: &'c Case<'_>) -> Finding<'c> {
    flawless(
        case,
        "no more octets, depth, elements or attributes than the bounds",
        |flaw| {
            if let Flaw::Bound(which) = flaw {
                Some(*which)
            } else {
                None
            }
        },
    )
}

fn encoding<'c>(case: &'c Case<'_>) -> Finding<'c> {
    flawless(case, "UTF-8", |flaw| {
        (*flaw == Flaw::Encoding).then_some("another encoding")
    })
}

fn doctype<'c>(case: &'c Case<'_>) -> Finding<'c> {
    flawless(case, "no document type declaration", |flaw| {
        (*flaw == Flaw::Doctype).then_some("one")
    })
}

fn processing_instruction<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let expected = "no processing instruction but the XML declaration";
    flawless(case, expected, |flaw| {
        (*flaw == Flaw::ProcessingInstruction).then_some("one")
    })
}

fn comment<'c>(case: &'c Case<'_>) -> Finding<'c> {
    flawless(case, "no comment", |flaw| {
        (*flaw == Flaw::Comment).then_some("one")
    })
}

fn well_formed<'c>(case: &'c Case<'_>) -> Finding<'c> {
    flawless(case, "well-formed, also with respect to namespaces", |flaw| {
        if let Flaw::Malformed { what, .. } = flaw {
            Some(*what)
        } else {
            None
        }
    })
}

/// Reading stops at the first flaw, so of these rules one refuses and the others cannot be evaluated.
fn flawless<'c>(
    case: &'c Case<'_>,
    expected: &'static str,
    of: impl Fn(&Flaw) -> Option<&'static str>,
) -> Finding<'c> {
    match case.tree() {
        Ok(_) => Finding::Holds(Note::on("the document", expected, expected)),
        Err(flaw) => match of(flaw) {
            Some(actual) => Finding::Refuses(Note::on("the document", expected, actual)),
            None => Finding::NotReached,
        },
    }
}
