//! The Response around the assertion: its status, its address, its issuer, the question it answers.

use crate::protocol::saml::encryption::ContentAlgorithm;
use crate::upstream::saml_sp::rules::tests::case::{Refused, decide, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ACS, IDP, QUESTION};
use crate::upstream::saml_sp::rules::tests::letter::{Draft, Letter, Signed, draft};
use crate::upstream::saml_sp::terms::Grant;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const ISSUER: &str = "<saml:Issuer>https://idp.example.test/</saml:Issuer><samlp:Status>";

fn honest() -> Letter {
    draft().post()
}

fn response_signed() -> Letter {
    draft().signed(Signed::Response).post()
}

fn without_destination() -> Draft {
    draft().response(&format!(" Destination=\"{ACS}\""), "")
}

fn destined_for(address: &str) -> Letter {
    let from = format!("Destination=\"{ACS}\"");
    draft()
        .response(&from, &format!("Destination=\"{address}\""))
        .post()
}

fn without_issuer() -> Draft {
    draft().response(ISSUER, "<samlp:Status>")
}

/// The signature stands where the Issuer would have been.
fn signed_without_issuer() -> Letter {
    without_issuer().signed(Signed::Response).post()
}

fn issued_by(issuer: &str) -> Letter {
    draft()
        .response(ISSUER, &format!("{issuer}<samlp:Status>"))
        .post()
}

fn with_status(inside: &str) -> Letter {
    let from = format!("<samlp:StatusCode Value=\"{SUCCESS}\"/>");
    draft().response(&from, inside).post()
}

fn answering(response: &str) -> Letter {
    let from = format!(" InResponseTo=\"{QUESTION}\"");
    draft().response(&from, response).post()
}

/// Nobody asked, and the message says so.
fn unasked() -> Letter {
    let answers = format!(" InResponseTo=\"{QUESTION}\"");
    let unasked = draft().response(&answers, "").assertion(&answers, "").post();
    unasked.on_terms(|terms| terms.question = None)
}

pub(super) const STATUS: &[Refused] = &[
    Refused {
        because: "A14: the identity provider refuses, though there is an assertion",
        by: "response-status",
        also: &[],
        message: || with_status("<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/>"),
        twin: honest,
    },
    Refused {
        because: "A14: success stands only inside a refusal",
        by: "response-status",
        also: &[],
        message: || {
            let inner = format!("<samlp:StatusCode Value=\"{SUCCESS}\"/>");
            with_status(&format!(
                "<samlp:StatusCode Value=\"urn:other\">{inner}</samlp:StatusCode>"
            ))
        },
        twin: honest,
    },
    Refused {
        because: "A14: there is no StatusCode",
        by: "response-status",
        also: &[],
        message: || with_status(""),
        twin: honest,
    },
    Refused {
        because: "A14: there is no Status",
        by: "response-status",
        also: &[],
        message: || {
            draft()
                .response(
                    &format!("<samlp:Status><samlp:StatusCode Value=\"{SUCCESS}\"/></samlp:Status>"),
                    "",
                )
                .post()
        },
        twin: honest,
    },
];

pub(super) const DESTINATION: &[Refused] = &[
    Refused {
        because: "A5: it is addressed elsewhere",
        by: "response-destination",
        also: &[],
        message: || destined_for("https://other.example.test/saml/nhsmail/acs"),
        twin: honest,
    },
    Refused {
        because: "A5: the address ends in a slash",
        by: "response-destination",
        also: &[],
        message: || destined_for(&format!("{ACS}/")),
        twin: honest,
    },
    Refused {
        because: "A5: the address is empty",
        by: "response-destination",
        also: &[],
        message: || destined_for(""),
        twin: honest,
    },
    Refused {
        because: "A5: a signed Response is not addressed at all",
        by: "response-destination",
        also: &[],
        message: || without_destination().signed(Signed::Response).post(),
        twin: || without_destination().post(),
    },
];

pub(super) const ISSUERS: &[Refused] = &[
    Refused {
        because: "A13: the Response is issued by another, the assertion by the right one",
        by: "response-issuer",
        also: &[],
        message: || issued_by("<saml:Issuer>https://other.example.test/</saml:Issuer>"),
        twin: honest,
    },
    Refused {
        because: "A13: the issuer of the Response is no entity",
        by: "response-issuer",
        also: &[],
        message: || issued_by(&format!("<saml:Issuer Format=\"urn:other\">{IDP}</saml:Issuer>")),
        twin: || {
            issued_by(&format!(
                "<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">{IDP}</saml:Issuer>"
            ))
        },
    },
    Refused {
        because: "A13: a signed Response names no issuer",
        by: "response-issuer",
        also: &[],
        message: signed_without_issuer,
        twin: response_signed,
    },
    Refused {
        because: "A13: a Response with an encrypted assertion names no issuer",
        by: "response-issuer",
        also: &[],
        message: || without_issuer().sealed(ContentAlgorithm::Aes256Gcm).post(),
        twin: || without_issuer().post(),
    },
    Refused {
        because: "A13: the assertion is issued by another, the Response by the right one",
        by: "assertion-issuer",
        also: &[],
        message: || draft().assertion(IDP, "https://other.example.test/").post(),
        twin: honest,
    },
    Refused {
        because: "A13: the assertion names no issuer",
        by: "assertion-issuer",
        also: &[],
        message: || {
            draft()
                .signed(Signed::Response)
                .assertion(&format!("<saml:Issuer>{IDP}</saml:Issuer>"), "")
                .post()
        },
        twin: response_signed,
    },
    Refused {
        because: "A13: the issuer of the assertion is no entity",
        by: "assertion-issuer",
        also: &[],
        message: || {
            draft()
                .assertion("<saml:Issuer>", "<saml:Issuer Format=\"urn:other\">")
                .post()
        },
        twin: || {
            draft()
                .assertion(
                    "<saml:Issuer>",
                    "<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">",
                )
                .post()
        },
    },
    Refused {
        because: "A13: the assertion names two issuers",
        by: "assertion-issuer",
        also: &[],
        message: || {
            draft()
                .assertion(
                    "<saml:Subject>",
                    &format!("<saml:Issuer>{IDP}</saml:Issuer><saml:Subject>"),
                )
                .post()
        },
        twin: honest,
    },
];

pub(super) const QUESTIONS: &[Refused] = &[
    Refused {
        because: "A8: nobody asked",
        by: "solicited",
        also: &[],
        message: unasked,
        twin: || unasked().granting(&[Grant::Unsolicited]),
    },
    Refused {
        because: "A6: it answers a question that is not ours, though unsolicited answers are taken",
        by: "response-in-response-to",
        also: &["confirmation-in-response-to"],
        message: || {
            honest()
                .granting(&[Grant::Unsolicited])
                .on_terms(|terms| terms.question = None)
        },
        twin: || unasked().granting(&[Grant::Unsolicited]),
    },
    Refused {
        because: "A6: it answers another question",
        by: "response-in-response-to",
        also: &[],
        message: || answering(" InResponseTo=\"_another\""),
        twin: honest,
    },
    Refused {
        because: "A7: the Response does not say what it answers",
        by: "response-in-response-to",
        also: &[],
        message: || answering(""),
        twin: || answering("").granting(&[Grant::MissingResponseInResponseTo]),
    },
    Refused {
        because: "A7: nothing says what it answers, whatever is granted",
        by: "confirmation-in-response-to",
        also: &[],
        message: || {
            let both = [Grant::MissingResponseInResponseTo, Grant::MissingScdInResponseTo];
            unasked()
                .granting(&both)
                .on_terms(|terms| terms.question = honest().terms().question)
        },
        twin: honest,
    },
];

#[test]
fn sp_15_anything_but_success_is_refused_even_with_an_assertion() {
    refuse_all(STATUS);
    let said = with_status(
        "<samlp:StatusCode Value=\"urn:a\"><samlp:StatusCode Value=\"urn:b\"/></samlp:StatusCode>\
         <samlp:StatusMessage>AADSTS75011</samlp:StatusMessage>",
    );
    let status = decide(&said).unwrap_err().status.unwrap();
    assert_eq!(status.codes, ["urn:a", "urn:b"]);
    assert_eq!(status.message.as_deref(), Some("AADSTS75011"));
}

#[test]
fn sp_14_a_destination_is_ours_byte_for_byte_and_there_when_the_response_is_signed() {
    refuse_all(DESTINATION);
}

#[test]
fn sp_13_both_issuers_are_the_one_that_is_configured() {
    refuse_all(ISSUERS);
    assert!(
        decide(&without_issuer().post()).is_ok(),
        "the Response itself is not signed"
    );
}

#[test]
fn sp_16_an_answer_names_the_question_that_is_pending() {
    refuse_all(QUESTIONS);
}
