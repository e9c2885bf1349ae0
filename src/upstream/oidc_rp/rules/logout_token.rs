//! Rules that only a logout token is judged by (OpenID Connect Back-Channel Logout 2.4, 2.6).
//!
//! Whether its `jti` was seen before, and whether it is older than the session it would end, is asked by whoever
//! has the store.

use serde_json::Value;

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who, times, token};
use crate::upstream::oidc_rp::stated::{Stated, described, instant, is_name, text};
use crate::upstream::oidc_rp::terms::{Grant, LogoutExpiry};

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

const KIND: &str = "This is no logout token. Find out who sends it to this address.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "logout-token-type",
        clause: "OpenID Connect Back-Channel Logout 2.4, RFC 8725 3.11; OI-13, attack L2",
        who: Who::IdentityProvider,
        remedy: KIND,
        check: typ,
    },
    Rule {
        id: "logout-token-event",
        clause: "OpenID Connect Back-Channel Logout 2.4, 2.6 (6); OI-13, attacks L2, L5",
        who: Who::IdentityProvider,
        remedy: KIND,
        check: event,
    },
    Rule {
        id: "logout-token-no-nonce",
        clause: "OpenID Connect Back-Channel Logout 2.4, 2.6 (7); OI-13, attacks L2, L4",
        who: Who::IdentityProvider,
        remedy: KIND,
        check: no_nonce,
    },
    Rule {
        id: "logout-token-whom",
        clause: "OpenID Connect Back-Channel Logout 2.4, 2.6 (5); OI-13, attack L6",
        who: Who::IdentityProvider,
        remedy: "Say whose session ends: sub, sid or both, as text.",
        check: whom,
    },
    Rule {
        id: "logout-token-id",
        clause: "OpenID Connect Back-Channel Logout 2.4; OI-13, attack L7",
        who: Who::IdentityProvider,
        remedy: "Send jti as text, another in every token.",
        check: identifier,
    },
];

pub(super) const TIME_RULES: &[Rule] = &[
    Rule {
        id: "logout-token-age",
        clause: "OpenID Connect Back-Channel Logout 2.6; OI-13, attack L8",
        who: Who::IdentityProvider,
        remedy: "Send a fresh token each time. If it was fresh, check both clocks.",
        check: age,
    },
    Rule {
        id: "logout-token-expires",
        clause: "OpenID Connect Back-Channel Logout 2.4, 2.6 (4); OI-13, attack L8",
        who: Who::IdentityProvider,
        remedy: "Send exp, two minutes after iat. A provider that cannot needs a dated exception.",
        check: expires,
    },
];

fn typ<'c>(case: &'c Case<'_>) -> Finding<'c> {
    token::typ(case, "logout+jwt, JWT or absent", &["logout+jwt", "jwt"])
}

/// The member is an object, and for this event an empty one.
fn event<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let Some(events) = claims.get("events") else {
        return Finding::Refuses(Note::on("events", EVENT, "absent"));
    };
    // It should be empty, and need not be: a logout that says more is a logout.
    let member = events.get(EVENT);
    let holds = member.is_some_and(Value::is_object);
    let actual = match member {
        None => "without this member",
        Some(_) if holds => "an object",
        Some(_) => "not an object",
    };
    Note::on("events", EVENT, actual).holds_if(holds)
}

fn no_nonce<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let has_one = claims.contains_key("nonce");
    Note::on("nonce", "absent", if has_one { "present" } else { "absent" }).holds_if(!has_one)
}

fn whom<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let stated = ["sub", "sid"].map(|name| text(claims, name));
    let [sub, sid] = stated;
    let is_named = |stated: &Stated<&str>| stated.value().is_some_and(is_name);
    // Beside a person a blank session is none: all of that person's end, as a national service reads it.
    let is_no_session = sid == Stated::Absent || sid.value().is_some_and(|sid| sid.trim().is_empty());
    let holds = match sub {
        Stated::Absent => is_named(&sid),
        Stated::Unreadable | Stated::Is(_) => is_named(&sub) && (is_no_session || is_named(&sid)),
    };
    let actual = format!("sub {}, sid {}", sub.presence(), sid.presence());
    Note::on("sub, sid", "one of them, not blank", actual).holds_if(holds)
}

fn identifier<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let jti = text(claims, "jti");
    Note::on("jti", "text of 1 to 255 characters", jti.presence()).holds_if(jti.value().is_some_and(is_name))
}

fn age<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.logout_token()) else {
        return Finding::NotReached;
    };
    let Stated::Is(iat) = instant(claims, "iat") else {
        return Finding::NotReached;
    };
    let earliest = case.terms().now.saturating_sub(terms.max_age);
    let holds = iat >= earliest.saturating_sub(case.terms().skew);
    Note::on(
        "iat",
        format!("not before {}", described(earliest)),
        described(iat),
    )
    .holds_if(holds)
}

fn expires<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.logout_token()) else {
        return Finding::NotReached;
    };
    let exp = instant(claims, "exp");
    let mut note = times::ahead(case, exp);
    if exp == Stated::Absent && terms.expiry == LogoutExpiry::MayBeAbsent {
        note.granted = Some(Grant::LogoutWithoutExpiry);
        return Finding::Holds(note);
    }
    note.holds_if(times::is_ahead(case, exp))
}
