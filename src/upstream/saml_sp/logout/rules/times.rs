//! Rules on when the message was made and until when it is good.

use crate::protocol::saml::response::Stated;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::logout::case::LogoutCase;
use crate::upstream::saml_sp::logout::rules::{Rule, Who, on_believed};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "logout-issue-instant",
    clause: "SAML Core 3.2.1; LO-03",
    who: Who::Both,
    remedy: "Check both clocks; a message that is kept for long is not taken.",
    check: issue_instant,
}];

pub(super) const REQUEST_RULES: &[Rule] = &[Rule {
    id: "logout-not-on-or-after",
    clause: "SAML Core 3.7.1; LO-03",
    who: Who::Both,
    remedy: "Check both clocks.",
    check: not_on_or_after,
}];

/// Stated, not in the future and not too old, both beyond skew.
fn issue_instant<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let terms = case.terms;
        let oldest = terms.max_age + terms.skew;
        let expected = format!("at most {} s old, and not in the future", oldest.whole_seconds());
        let is_fresh = |at| terms.now - at <= oldest && at <= terms.now + terms.skew;
        let stated = message.issue_instant;
        Note::on("message/@IssueInstant", expected, stated.describe())
            .holds_if(stated.at().is_some_and(is_fresh))
    })
}

/// It may be left out (SAML Core 3.7.1), since the instant of issue bounds the age.
fn not_on_or_after<'c>(case: &'c LogoutCase<'_>) -> Finding<'c> {
    on_believed(case, |message| {
        let is_over = match message.not_on_or_after {
            Stated::Absent => false,
            Stated::Unreadable => true,
            Stated::At(end) => case.terms.now - case.terms.skew >= end,
        };
        let stated = message.not_on_or_after.describe();
        Note::on("LogoutRequest/@NotOnOrAfter", "not passed", stated).holds_if(!is_over)
    })
}
