//! What is no Response of SAML 2.0 (attacks A24, A25, P11).

use crate::protocol::saml::names::PROTOCOL;
use crate::upstream::saml_sp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, draft};
use crate::upstream::saml_sp::rules::tests::wrapping::cut;

fn honest() -> Letter {
    draft().post()
}

pub(super) const ROOTS: &[Refused] = &[
    Refused {
        because: "A24: a bare assertion",
        by: "response-root",
        also: &[],
        message: || honest().rewritten(|text| cut(text, "saml:Assertion")[1].to_owned()),
        twin: honest,
    },
    Refused {
        because: "A25: a LogoutResponse",
        by: "response-root",
        also: &[],
        message: || honest().rewritten(|text| text.replace("samlp:Response", "samlp:LogoutResponse")),
        twin: honest,
    },
    Refused {
        because: "a Response of another namespace",
        by: "response-root",
        also: &[],
        message: || honest().altered(PROTOCOL, "urn:oasis:names:tc:SAML:1.0:protocol"),
        twin: honest,
    },
    Refused {
        because: "the Response is of another version",
        by: "response-version",
        also: &[],
        message: || honest().altered("Version=\"2.0\"", "Version=\"1.1\""),
        twin: honest,
    },
    Refused {
        because: "the Response states no version",
        by: "response-version",
        also: &[],
        message: || honest().altered(" Version=\"2.0\"", ""),
        twin: honest,
    },
    Refused {
        because: "the Response has no ID",
        by: "response-id",
        also: &[],
        message: || honest().altered(" ID=\"_response\"", ""),
        twin: honest,
    },
    Refused {
        because: "P11: the ID is an expression in quotes",
        by: "response-id",
        also: &[],
        message: || honest().altered("ID=\"_response\"", "ID=\"x' or 1=1 or 'a'='a\""),
        twin: || honest().altered("ID=\"_response\"", "ID=\"28338c8c-39ab-4b94-bcdc-46f68f99d962\""),
    },
    Refused {
        because: "there are two Statuses",
        by: "response-parts",
        also: &[],
        message: || honest().altered("</samlp:Status>", "</samlp:Status><samlp:Status/>"),
        twin: honest,
    },
];

#[test]
fn only_a_response_of_saml_2_is_judged_at_all() {
    refuse_all(ROOTS);
}
