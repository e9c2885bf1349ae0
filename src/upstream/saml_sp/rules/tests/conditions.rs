//! For whom and when the assertion speaks, and what it states (attacks A1, A2, A17, A21, A22, T4, T5).

use crate::upstream::saml_sp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::saml_sp::rules::tests::ground::SP;
use crate::upstream::saml_sp::rules::tests::letter::{Letter, draft};
use crate::upstream::saml_sp::rules::tests::subject::{cut, saying};

const LATER: &str = "2026-11-21T09:05:00Z";
const PASSED: &str = "2026-11-21T08:00:00Z";

fn honest() -> Letter {
    draft().post()
}

fn restricted(restrictions: &str) -> Letter {
    let ours =
        format!("<saml:AudienceRestriction><saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction>");
    saying(&ours, restrictions)
}

fn audiences(of: &[&str]) -> String {
    let all: Vec<String> = of
        .iter()
        .map(|audience| format!("<saml:Audience>{audience}</saml:Audience>"))
        .collect();
    format!(
        "<saml:AudienceRestriction>{}</saml:AudienceRestriction>",
        all.concat()
    )
}

fn second_statement(until: &str) -> Letter {
    let statement = format!(
        "<saml:AuthnStatement AuthnInstant=\"2026-11-21T08:58:00Z\" SessionNotOnOrAfter=\"{until}\"/><saml:AttributeStatement>"
    );
    saying("<saml:AttributeStatement>", &statement)
}

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

#[test]
fn sp_19_every_audience_restriction_names_us_and_every_condition_is_known() {
    refuse_all(CONDITIONS);
}

#[test]
fn a_statement_says_that_the_person_proved_themselves() {
    refuse_all(STATEMENTS);
}
