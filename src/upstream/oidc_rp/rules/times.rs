//! Rules on the times of a token. Skew is granted either way, and no further.

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who};
use crate::upstream::oidc_rp::stated::{Stated, described, instant};

const CLOCKS: &str = "Start again. If it happens every time, check both clocks.";

pub(super) const EXPIRES: &[Rule] = &[Rule {
    id: "token-expires",
    clause: "OpenID Connect Core 3.1.3.7 (9), RFC 7519 4.1.4; attack O12",
    who: Who::Both,
    remedy: CLOCKS,
    check: expires,
}];

pub(super) const ISSUED: &[Rule] = &[Rule {
    id: "token-issued",
    clause: "OpenID Connect Core 3.1.3.7 (10), RFC 7519 4.1.6; attack O12",
    who: Who::Both,
    remedy: CLOCKS,
    check: issued,
}];

pub(super) const NOT_BEFORE: &[Rule] = &[Rule {
    id: "token-not-before",
    clause: "RFC 7519 4.1.5; attack O12",
    who: Who::Both,
    remedy: CLOCKS,
    check: not_before,
}];

fn expires<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let exp = instant(claims, "exp");
    ahead(case, exp).holds_if(is_ahead(case, exp))
}

/// On or after `exp` the token is no longer good, skew apart.
pub(super) fn is_ahead(case: &Case<'_>, exp: Stated<time::OffsetDateTime>) -> bool {
    let now = case.terms().now.saturating_sub(case.terms().skew);
    exp.value().is_some_and(|exp| now < exp)
}

pub(super) fn ahead<'c>(case: &Case<'_>, exp: Stated<time::OffsetDateTime>) -> Note<'c> {
    let expected = format!("later than {}", described(case.terms().now));
    Note::on("exp", expected, exp.describe())
}

fn issued<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let iat = instant(claims, "iat");
    let expected = format!("not later than {}", described(case.terms().now));
    Note::on("iat", expected, iat.describe()).holds_if(is_past(case, iat))
}

/// Not in the future, skew apart.
pub(super) fn is_past(case: &Case<'_>, stated: Stated<time::OffsetDateTime>) -> bool {
    let now = case.terms().now.saturating_add(case.terms().skew);
    stated.value().is_some_and(|stated| stated <= now)
}

fn not_before<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let nbf = instant(claims, "nbf");
    let expected = format!("absent or not later than {}", described(case.terms().now));
    Note::on("nbf", expected, nbf.describe()).holds_if(nbf == Stated::Absent || is_past(case, nbf))
}
