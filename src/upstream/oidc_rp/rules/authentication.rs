//! Rules on when the person proved themselves: a person can take `prompt=login` out of the address.

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who, times};
use crate::upstream::oidc_rp::stated::{Stated, described, instant};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "id-token-auth-time",
        clause: "OpenID Connect Core 2, 3.1.2.1; OI-10",
        who: Who::Both,
        remedy: "Send auth_time where max_age or prompt=login was asked for. If it lies ahead, check both clocks.",
        check: stated,
    },
    Rule {
        id: "id-token-auth-age",
        clause: "OpenID Connect Core 3.1.3.7 (13); OI-10",
        who: Who::Person,
        remedy: "Log in again: the last time was too long ago.",
        check: recent,
    },
];

fn stated<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.id_token()) else {
        return Finding::NotReached;
    };
    let auth_time = instant(claims, "auth_time");
    let now = described(case.terms().now);
    let may_be_absent = terms.max_auth_age.is_none();
    let expected = if may_be_absent {
        format!("absent or not later than {now}")
    } else {
        format!("not later than {now}")
    };
    let holds = times::is_past(case, auth_time) || (may_be_absent && auth_time == Stated::Absent);
    Note::on("auth_time", expected, auth_time.describe()).holds_if(holds)
}

fn recent<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(oldest)) = (
        case.claims(),
        case.id_token().and_then(|terms| terms.max_auth_age),
    ) else {
        return Finding::NotReached;
    };
    let Stated::Is(auth_time) = instant(claims, "auth_time") else {
        return Finding::NotReached;
    };
    let earliest = case.terms().now.saturating_sub(oldest);
    let holds = auth_time >= earliest.saturating_sub(case.terms().skew);
    let expected = format!("not before {}", described(earliest));
    Note::on("auth_time", expected, described(auth_time)).holds_if(holds)
}
