//! Rules on a client assertion of ours (RFC 7523 3), each one a mistake that CIS2 answers with `JWT is not valid`.

use time::Duration;

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who, times, token};
use crate::upstream::oidc_rp::stated::{Stated, described, instant, is_name, text};
use crate::upstream::oidc_rp::terms::Keys;

/// Every client identifier of CIS2 has it; a key of the API platform does not.
const CLIENT_MARK: &str = ".apps";

const CLIENT: &str = "Put the CIS2 client id into iss and sub, as Connection Manager shows it.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "client-assertion-type",
        clause: "RFC 8725 3.11, RFC 7523bis; OI-09",
        who: Who::BridgeAdmin,
        remedy: "Sign an assertion for the token endpoint, with typ JWT.",
        check: typ,
    },
    Rule {
        id: "client-assertion-no-api-key",
        clause: "RFC 7523 3 (1, 2); OI-08, attack O31",
        who: Who::BridgeAdmin,
        remedy: "This is the key of the API platform. Put the CIS2 client id into iss and sub instead.",
        check: no_api_key,
    },
    Rule {
        id: "client-assertion-issuer",
        clause: "RFC 7523 3 (1); OI-08, attack O31",
        who: Who::BridgeAdmin,
        remedy: CLIENT,
        check: issuer,
    },
    Rule {
        id: "client-assertion-subject",
        clause: "RFC 7523 3 (2); OI-08, attack O31",
        who: Who::BridgeAdmin,
        remedy: CLIENT,
        check: subject,
    },
];

pub(super) const LIFE_RULES: &[Rule] = &[
    Rule {
        id: "client-assertion-issued",
        clause: "RFC 7523 3 (6), RFC 7519 4.1.6; OI-08",
        who: Who::BridgeAdmin,
        remedy: "Set the clock of this machine: iat lies ahead.",
        check: issued,
    },
    Rule {
        id: "client-assertion-life",
        clause: "CIS2 client authentication; OI-08, attack O31",
        who: Who::BridgeAdmin,
        remedy: "Let it expire five minutes after it is made, or earlier.",
        check: life,
    },
    Rule {
        id: "client-assertion-id",
        clause: "CIS2 client authentication, RFC 7523 3 (7); OI-08",
        who: Who::BridgeAdmin,
        remedy: "Send jti as text, another in every assertion.",
        check: identifier,
    },
    Rule {
        id: "client-assertion-id-unused",
        clause: "RFC 7523 3 (7); OI-08, attack O31",
        who: Who::BridgeAdmin,
        remedy: "Make a new assertion for every request, a retried one too.",
        check: unused,
    },
];

pub(super) const KEY_RULES: &[Rule] = &[Rule {
    id: "client-assertion-kid",
    clause: "CIS2 key management; OI-08, attack O31",
    who: Who::BridgeAdmin,
    remedy: "Name the key in kid, as the published key set does.",
    check: kid,
}];

fn typ<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let allowed = ["jwt", "client-authentication+jwt"];
    token::typ(case, "JWT, client-authentication+jwt or absent", &allowed)
}

/// A client of NHS API platform has an API key too, and it is the commonest thing to stand here instead.
fn no_api_key<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let ours = case.terms().client_id;
    if !ours.contains(CLIENT_MARK) {
        return Finding::NotReached;
    }
    let [iss, sub] = ["iss", "sub"].map(|name| text(claims, name).value());
    let is_api_key = |id: Option<&str>| id.is_some_and(looks_like_api_key);
    let actual = match (is_api_key(iss), is_api_key(sub)) {
        (false, false) => "none",
        (true, false) => "in iss",
        (false, true) => "in sub",
        (true, true) => "in both",
    };
    Note::on("iss, sub", "no API key", actual).holds_if(actual == "none")
}

/// A key of the API platform is one word of letters and digits, 24 or more, without a dot.
pub(in crate::upstream::oidc_rp) fn looks_like_api_key(id: &str) -> bool {
    id.len() >= 24 && id.chars().all(|c| c.is_ascii_alphanumeric())
}

fn issuer<'c>(case: &'c Case<'_>) -> Finding<'c> {
    client(case, "iss")
}

fn subject<'c>(case: &'c Case<'_>) -> Finding<'c> {
    client(case, "sub")
}

fn client<'c>(case: &'c Case<'_>, name: &'static str) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let us = case.terms().client_id;
    let stated = text(claims, name);
    Note::on(name, us, stated.shown()).holds_if(stated == Stated::Is(us))
}

fn issued<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let iat = instant(claims, "iat");
    let expected = format!("absent or not later than {}", described(case.terms().now));
    Note::on("iat", expected, iat.describe()).holds_if(iat == Stated::Absent || times::is_past(case, iat))
}

/// From `iat`, or from now where it is not stated, until `exp`.
fn life<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.client_assertion()) else {
        return Finding::NotReached;
    };
    let Stated::Is(exp) = instant(claims, "exp") else {
        return Finding::NotReached;
    };
    let from = match instant(claims, "iat") {
        Stated::Is(iat) => iat,
        Stated::Absent => case.terms().now,
        Stated::Unreadable => return Finding::NotReached,
    };
    let life = exp - from;
    let seconds = |life: Duration| format!("{} s", life.whole_seconds());
    Note::on(
        "exp",
        format!("at most {} after iat", seconds(terms.max_life)),
        seconds(life),
    )
    .holds_if(life <= terms.max_life)
}

fn identifier<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let jti = text(claims, "jti");
    Note::on("jti", "text of 1 to 255 characters", jti.presence()).holds_if(jti.value().is_some_and(is_name))
}

fn unused<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.client_assertion()) else {
        return Finding::NotReached;
    };
    let Stated::Is(jti) = text(claims, "jti") else {
        return Finding::NotReached;
    };
    let used = terms.used.iter().any(|used| used == jti);
    Note::on(
        "jti",
        "not used before",
        if used { "used before" } else { "not used before" },
    )
    .holds_if(!used)
}

/// A client secret has no name.
fn kid<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(token) = case.token() else {
        return Finding::NotReached;
    };
    if matches!(case.terms().keys, Keys::Shared(_)) {
        return Finding::NotReached;
    }
    let presence = if token.kid().is_some() {
        "present"
    } else {
        "absent"
    };
    Note::on("header/kid", "present", presence).holds_if(token.kid().is_some())
}
