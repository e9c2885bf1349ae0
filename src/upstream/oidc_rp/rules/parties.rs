//! Rules on who issued a token and for whom.

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who};
use crate::upstream::oidc_rp::stated::{Stated, audiences, shown, text};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "token-issuer",
        clause: "OpenID Connect Core 3.1.3.7 (2); OI-03, attack O10",
        who: Who::Both,
        remedy: "Compare the configured issuer with the one of discovery, letter by letter, port and slash included.",
        check: issuer,
    },
    Rule {
        id: "token-audience",
        clause: "OpenID Connect Core 3.1.3.7 (3); OI-06, attacks O11, O15",
        who: Who::Both,
        remedy: "Compare the configured client id with the registered one. A token for another client is never taken.",
        check: audience,
    },
];

/// Octet for octet: an address parser drops the `:443` that CIS2's issuer has.
pub(super) fn issuer<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let issuer = text(claims, "iss");
    Note::on("iss", case.terms().issuer, issuer.shown()).holds_if(issuer == Stated::Is(case.terms().issuer))
}

fn audience<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let us = case.terms().client_id;
    match audiences(claims) {
        Stated::Is(all) => {
            let for_us = all.contains(&us);
            Note::on("aud", us, shown(&all.join(", ")).into_owned()).holds_if(for_us)
        }
        other @ (Stated::Absent | Stated::Unreadable) => {
            Finding::Refuses(Note::on("aud", us, other.presence()))
        }
    }
}
