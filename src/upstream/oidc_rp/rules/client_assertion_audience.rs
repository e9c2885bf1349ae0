//! Rules on the audience of a client assertion. The first three name a mistake that people make; the last refuses
//! every other one.

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who};
use crate::upstream::oidc_rp::stated::{Stated, audiences, shown};

const CLAUSE: &str = "RFC 7523 3 (3); OI-03, OI-09, attack O31";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "client-assertion-audience-port",
        clause: CLAUSE,
        who: Who::BridgeAdmin,
        remedy: "Keep the :443 of the token endpoint. A library for addresses has taken it out: keep the text.",
        check: port,
    },
    Rule {
        id: "client-assertion-audience-issuer",
        clause: CLAUSE,
        who: Who::BridgeAdmin,
        remedy: "Name the token endpoint, not the issuer.",
        check: issuer,
    },
    Rule {
        id: "client-assertion-audience-slash",
        clause: CLAUSE,
        who: Who::BridgeAdmin,
        remedy: "Write the slash at the end as discovery does, or leave it out as discovery does.",
        check: slash,
    },
    Rule {
        id: "client-assertion-audience",
        clause: CLAUSE,
        who: Who::BridgeAdmin,
        remedy: "Copy the token endpoint from discovery, octet for octet, and name nothing else.",
        check: exact,
    },
];

/// The only audience of the assertion, and the one that it should have.
fn both<'c>(case: &'c Case<'_>) -> Option<(&'c str, &'c str)> {
    let endpoint = case.client_assertion()?.token_endpoint;
    match audiences(case.claims()?).value()?.as_slice() {
        [only] => Some((only, endpoint)),
        _ => None,
    }
}

/// Without the port that is the scheme's own, which address parsers drop.
fn portless(address: &str) -> String {
    let own = if address.starts_with("https://") {
        ":443/"
    } else {
        ":80/"
    };
    address.replacen(own, "/", 1)
}

fn distinct<'c>(case: &'c Case<'_>, is_mistake: impl Fn(&str, &str) -> bool) -> Finding<'c> {
    let Some((stated, endpoint)) = both(case) else {
        return Finding::NotReached;
    };
    let mistaken = stated != endpoint && is_mistake(stated, endpoint);
    Note::on("aud", endpoint, shown(stated)).holds_if(!mistaken)
}

fn port<'c>(case: &'c Case<'_>) -> Finding<'c> {
    distinct(case, |stated, endpoint| portless(stated) == portless(endpoint))
}

fn issuer<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let issuer = case.terms().issuer;
    let plain = |address: &str| portless(address.trim_end_matches('/'));
    distinct(case, |stated, _| plain(stated) == plain(issuer))
}

fn slash<'c>(case: &'c Case<'_>) -> Finding<'c> {
    distinct(case, |stated, endpoint| {
        stated.trim_end_matches('/') == endpoint.trim_end_matches('/')
    })
}

fn exact<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.client_assertion()) else {
        return Finding::NotReached;
    };
    let stated = audiences(claims);
    let actual = match &stated {
        Stated::Is(all) => shown(&all.join(", ")).into_owned(),
        Stated::Absent | Stated::Unreadable => stated.presence().to_owned(),
    };
    let holds = stated == Stated::Is(vec![terms.token_endpoint]);
    Note::on("aud", terms.token_endpoint, actual).holds_if(holds)
}
