//! Rules on the form of a token: what is refused before anything in it is looked at.

use crate::protocol::jose::compact::Compact;
use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who};
use crate::upstream::oidc_rp::stated::shown;
use crate::upstream::oidc_rp::terms::Keys;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "token-form",
        clause: "RFC 7515 7.1, 2; RFC 8259 4; attack O8",
        who: Who::IdentityProvider,
        remedy: "Send one signed token in compact form. If this is another thing, keep it and find out who sent it.",
        check: form,
    },
    Rule {
        id: "token-critical",
        clause: "RFC 7515 4.1.11, RFC 7797 6; attack O7",
        who: Who::IdentityProvider,
        remedy: "Send no header that must be understood beyond alg, kid and typ.",
        check: critical,
    },
    Rule {
        id: "token-algorithm",
        clause: "RFC 8725 3.1, 3.2; OI-06, attacks O1, O2",
        who: Who::Both,
        remedy: "Register the algorithm that this connection is configured for. Never allow none.",
        check: algorithm,
    },
];

/// A type of token that says what it is must say the right thing (RFC 8725 3.11): each kind has its list.
pub(super) fn typ<'c>(case: &'c Case<'_>, expected: &'static str, allowed: &[&str]) -> Finding<'c> {
    let Some(token) = case.token() else {
        return Finding::NotReached;
    };
    let typ = token.typ();
    // A media type in `typ` is written in any case, and may keep its `application/` (RFC 7515 4.1.9).
    let plain = typ.map(str::to_ascii_lowercase);
    let plain = plain
        .as_deref()
        .map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
    Note::on("header/typ", expected, typ.map_or("absent".into(), shown))
        .holds_if(plain.is_none_or(|typ| allowed.contains(&typ)))
}

fn form<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let expected = "three parts of base64url with an object in the first two, and no member twice";
    if case.is_plain() {
        return Finding::NotReached;
    }
    match case.flaw() {
        None => Finding::Holds(Note::on("the token", expected, "these")),
        Some(flaw) => Finding::Refuses(Note::on("the token", expected, flaw.to_string())),
    }
}

fn critical<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(token) = case.token() else {
        return Finding::NotReached;
    };
    let all = [("crit", token.crit()), ("b64", token.b64()), ("zip", token.zip())];
    let first = all.iter().find(|(_, value)| value.is_some());
    Note::on(
        "header",
        "no crit, no b64, no zip",
        first.map_or("none of them", |(name, _)| name),
    )
    .holds_if(first.is_none())
}

fn algorithm<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(token) = case.token() else {
        return Finding::NotReached;
    };
    let terms = case.terms();
    let agreed: Vec<String> = terms.algorithms.iter().map(|alg| format!("{alg:?}")).collect();
    let with = if matches!(terms.keys, Keys::Shared(_)) {
        "with the client secret"
    } else {
        "with a public key"
    };
    let expected = format!("{}, {with}", agreed.join(", "));
    Note::on("header/alg", expected, shown(Compact::alg(token))).holds_if(case.algorithm().is_some())
}
