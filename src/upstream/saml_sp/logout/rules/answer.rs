//! Rules on an answer to a request of ours.

use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::logout::case::LogoutCase;
use crate::upstream::saml_sp::logout::rules::{Rule, Who, on_believed};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "logout-in-response-to",
        clause: "SAML Core 3.2.2; LO-04",
        who: Who::Person,
        remedy: "Log out again, in one tab, and do not press Back.",
        check: in_response_to,
    },
    Rule {
        id: "logout-status",
        clause: "SAML Core 3.2.2.2; LO-04",
        who: Who::IdentityProvider,
        remedy: "Say what became of the request.",
        check: status,
    },
];

fn in_response_to<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let expected = case.terms.request_id.as_deref().unwrap_or("nothing was asked");
        let stated = message.in_response_to.as_deref();
        let is_ours = case.terms.request_id.is_some() && stated == case.terms.request_id.as_deref();
        Note::on(
            "LogoutResponse/@InResponseTo",
            expected,
            stated.unwrap_or("absent"),
        )
        .holds_if(is_ours)
    })
}

/// That there is one; what it says is for the person to hear.
fn status<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let codes = message.status_codes.join(" / ");
        let is_stated = message.status_codes.first().is_some_and(|code| !code.is_empty());
        Note::on("LogoutResponse/Status", "a status code", codes).holds_if(is_stated)
    })
}
