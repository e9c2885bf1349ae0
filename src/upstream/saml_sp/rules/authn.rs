//! Rules on `AuthnStatement`: that the person proved themselves, when, and until when that counts.

use crate::protocol::saml::response::{AuthnStatement, Stated};
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "authn-statement-present",
        clause: "SAML Profiles 4.1.4.2; attack A17",
        who: Who::IdentityProvider,
        remedy: "Send an AuthnStatement: attributes alone say nothing about who is there.",
        check: present,
    },
    Rule {
        id: "authn-instant",
        clause: "SAML Core 2.7.2; SP-20",
        who: Who::Both,
        remedy: "Send AuthnInstant in UTC.",
        check: instant,
    },
    Rule {
        id: "session-not-on-or-after",
        clause: "SAML Core 2.7.2; SP-20",
        who: Who::Person,
        remedy: "Sign out at the identity provider and start again.",
        check: session_end,
    },
    Rule {
        id: "force-authn-honoured",
        clause: "SAML Core 3.4.1; attack T7",
        who: Who::IdentityProvider,
        remedy: "Ask the person to prove themselves again when ForceAuthn says so.",
        check: proved_again,
    },
];

fn statement<'c>(case: &'c Case<'_>) -> Option<&'c AuthnStatement> {
    case.stated()?.authn_statements.first()
}

fn present<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    let present = !assertion.authn_statements.is_empty();
    Note::on(
        "Assertion/AuthnStatement",
        "present",
        if present { "present" } else { "absent" },
    )
    .holds_if(present)
}

/// Stated, as an instant. What instant it is matters only where we asked that the person prove themselves again:
/// Entra's is often a day old, from a session that the person has there.
fn instant<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(statement) = statement(case) else {
        return Finding::NotReached;
    };
    Note::on(
        "AuthnStatement/@AuthnInstant",
        "an instant in UTC",
        statement.instant.describe(),
    )
    .holds_if(statement.instant.at().is_some())
}

fn session_end<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(assertion) = case.stated() else {
        return Finding::NotReached;
    };
    let over = |statement: &&AuthnStatement| match statement.session_not_on_or_after {
        Stated::Absent => false,
        Stated::Unreadable => true,
        // Not `end` and skew: the last instant there is, which .NET writes for "never", has no later one.
        Stated::At(end) => case.terms.now - case.terms.skew >= end,
    };
    let place = "AuthnStatement/@SessionNotOnOrAfter";
    let statements = &assertion.authn_statements;
    match (statements.iter().find(over), statements.first()) {
        (Some(over), _) => Finding::Refuses(Note::on(
            place,
            "not passed",
            over.session_not_on_or_after.describe(),
        )),
        (None, Some(first)) => Finding::Holds(Note::on(
            place,
            "not passed",
            first.session_not_on_or_after.describe(),
        )),
        (None, None) => Finding::NotReached,
    }
}

fn proved_again<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let forced_at = case
        .terms
        .question
        .as_ref()
        .and_then(|question| question.forced_at);
    let (Some(forced_at), Some(statement)) = (forced_at, statement(case)) else {
        return Finding::NotReached;
    };
    let terms = case.terms;
    let expected = format!("from {} until now", Stated::At(forced_at).describe());
    let proved_at = statement.instant.at();
    let holds = proved_at.is_some_and(|at| at >= forced_at - terms.skew && at <= terms.now + terms.skew);
    Note::on(
        "AuthnStatement/@AuthnInstant",
        expected,
        statement.instant.describe(),
    )
    .holds_if(holds)
}
