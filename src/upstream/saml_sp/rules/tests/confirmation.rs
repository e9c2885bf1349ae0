//! How the bearer is confirmed (attacks A3, A4, A7, A10 to A12, T3).

use crate::protocol::saml::names::BEARER;
use crate::upstream::saml_sp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::{ACS, QUESTION, confirmation};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, draft};
use crate::upstream::saml_sp::rules::tests::subject::saying;
use crate::upstream::saml_sp::terms::Grant;

const LATER: &str = "2026-11-21T09:05:00Z";
const PASSED: &str = "2026-11-21T08:00:00Z";
const SENDER_VOUCHES: &str = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches";

fn honest() -> Letter {
    draft().post()
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

#[test]
fn sp_18_one_bearer_confirmation_holds_in_full() {
    refuse_all(CONFIRMATIONS);
}
