//! Rules on how sure CIS2 is of the person and of the login (domain: absence is never "enough").

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who};
use crate::upstream::oidc_rp::stated::{Stated, level};

/// The ID token has the first, UserInfo the second; either may be met in both.
pub(in crate::upstream::oidc_rp) const IDENTITY: &[&str] = &["id_assurance_level", "idassurancelevel"];

/// The claim that counts; `acr` only repeats what was asked for.
pub(in crate::upstream::oidc_rp) const AUTHENTICATION: &[&str] = &["authentication_assurance_level"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "id-token-identity-assurance",
        clause: "CIS2 ID token checks (id_assurance_level); OI-10, attack O28",
        who: Who::Person,
        remedy: "Ask the registration authority to raise the identity check of this Care Identity.",
        check: identity,
    },
    Rule {
        id: "id-token-authentication-assurance",
        clause: "CIS2 ID token checks (authentication_assurance_level); OI-10, attack O28",
        who: Who::Person,
        remedy: "Log in again with a stronger method, a smartcard or a security key.",
        check: authentication,
    },
];

fn identity<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let minimum = case.id_token().and_then(|terms| terms.minimum_ial);
    at_least(case, "id_assurance_level", IDENTITY, minimum)
}

fn authentication<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let minimum = case.id_token().and_then(|terms| terms.minimum_aal);
    at_least(case, "authentication_assurance_level", AUTHENTICATION, minimum)
}

fn at_least<'c>(
    case: &'c Case<'_>,
    element: &'static str,
    spellings: &[&str],
    minimum: Option<u8>,
) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let stated = level(claims, spellings);
    let expected = minimum.map_or("absent or a level".to_owned(), |least| format!("{least} or more"));
    let (actual, holds) = match stated {
        Stated::Is(level) => (level.to_string(), minimum.is_none_or(|least| level >= least)),
        Stated::Absent => ("absent".to_owned(), minimum.is_none()),
        Stated::Unreadable => ("no level, or two that disagree".to_owned(), false),
    };
    Note::on(element, expected, actual).holds_if(holds)
}
