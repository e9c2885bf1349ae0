//! Rules on the Response around the assertion: to whom, from whom, in answer to what, when, with what status.

use crate::protocol::saml::names::{FORMAT_ENTITY, STATUS_SUCCESS};
use crate::protocol::saml::response::Stated;
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{Rule, Who};
use crate::upstream::saml_sp::terms::Grant;

/// Judged before an assertion is looked for: a refusal of the identity provider has none.
pub(super) const STATUS_RULES: &[Rule] = &[Rule {
    id: "response-status",
    clause: "SAML Core 3.2.2.2; SP-15",
    who: Who::IdentityProvider,
    remedy: "Read the status codes and the message: the identity provider says there why it refused.",
    check: status,
}];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "response-destination",
        clause: "SAML Bindings 3.5.5.2; SP-14",
        who: Who::Both,
        remedy: "Register the address of this assertion consumer service exactly as our metadata gives it.",
        check: destination,
    },
    Rule {
        id: "response-issuer",
        clause: "SAML Profiles 4.1.4.2; SP-13",
        who: Who::Both,
        remedy: "Compare the identity provider's entity ID with the configured one, letter by letter.",
        check: issuer,
    },
    Rule {
        id: "solicited",
        clause: "SAML Profiles 4.1.5; SP-17",
        who: Who::Person,
        remedy: "Start again from the application. A sign-in that begins at the identity provider must be switched on.",
        check: solicited,
    },
    Rule {
        id: "response-in-response-to",
        clause: "SAML Core 3.2.2; SP-16",
        who: Who::Person,
        remedy: "Start again from the application, in one tab, and do not press Back.",
        check: in_response_to,
    },
    Rule {
        id: "response-issue-instant",
        clause: "SAML Core 3.2.2; SP-21",
        who: Who::Both,
        remedy: "Check both clocks; an answer that is kept for long is not taken.",
        check: issue_instant,
    },
];

/// Required when the Response is signed, checked whenever it is there.
fn destination<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    match response.attribute("Destination") {
        Some(stated) => Note::on("Response/@Destination", case.terms.acs_url, stated)
            .holds_if(stated == case.terms.acs_url),
        None => Note::on("Response/@Destination", case.terms.acs_url, "absent")
            .holds_if(case.response_signature().is_none()),
    }
}

/// Required when the Response is signed or the assertion encrypted, checked whenever it is there.
fn issuer<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let Some(issuer) = response.issuers().next() else {
        let may_lack_it =
            case.response_signature().is_none() && response.encrypted_assertions().next().is_none();
        return Note::on("Response/Issuer", case.terms.idp_entity_id, "absent").holds_if(may_lack_it);
    };
    let good = issuer.value == case.terms.idp_entity_id
        && issuer.format.is_none_or(|format| format == FORMAT_ENTITY);
    Note::on("Response/Issuer", case.terms.idp_entity_id, issuer.value).holds_if(good)
}

fn solicited<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let expected = "a question that this browser asked";
    match &case.terms.question {
        Some(_) => Finding::Holds(Note::on("Response", expected, "one is pending")),
        None => Note::on("Response", expected, "nothing was asked")
            .refuses_unless(&case.terms.grants, Grant::Unsolicited),
    }
}

/// An answer names our question; what answers no question of ours names none.
fn in_response_to<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let stated = response.attribute("InResponseTo");
    let place = "Response/@InResponseTo";
    match (&case.terms.question, stated) {
        (Some(asked), Some(stated)) => {
            Note::on(place, &asked.request_id, stated).holds_if(stated == asked.request_id)
        }
        (Some(asked), None) => {
            let grant = Grant::MissingResponseInResponseTo;
            Note::on(place, &asked.request_id, "absent").refuses_unless(&case.terms.grants, grant)
        }
        (None, Some(stated)) => Finding::Refuses(Note::on(place, "absent", stated)),
        (None, None) => Finding::Holds(Note::on(place, "absent", "absent")),
    }
}

fn issue_instant<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    fresh("Response/@IssueInstant", response.issue_instant(), case)
}

/// Not in the future and, where a window is configured, not older than it; both beyond skew.
pub(super) fn fresh<'c>(place: &'static str, stated: Stated, case: &Case<'_>) -> Finding<'c> {
    let terms = case.terms;
    let expected = match terms.max_response_age {
        Some(age) => format!(
            "at most {} s old, and not in the future",
            (age + terms.skew).whole_seconds()
        ),
        None => "not in the future".to_owned(),
    };
    let holds = stated.at().is_some_and(|at| {
        let young_enough = terms
            .max_response_age
            .is_none_or(|age| terms.now - at <= age + terms.skew);
        at <= terms.now + terms.skew && young_enough
    });
    Note::on(place, expected, stated.describe()).holds_if(holds)
}

fn status<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(response) = case.response() else {
        return Finding::NotReached;
    };
    let codes = response.status_codes();
    let actual = if codes.is_empty() {
        "absent".to_owned()
    } else {
        codes.join(" / ")
    };
    Note::on("Response/Status/StatusCode", STATUS_SUCCESS, actual)
        .holds_if(codes.first() == Some(&STATUS_SUCCESS))
}
