//! Rules on the answer of the UserInfo endpoint, signed or plain.

use serde_json::{Map, Value};

use crate::protocol::jose::compact::Compact;
use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::assurance::IDENTITY;
use crate::upstream::oidc_rp::rules::{Rule, Who, parties, times, token};
use crate::upstream::oidc_rp::stated::{Stated, audiences, instant, level, shown, text};
use crate::upstream::oidc_rp::terms::UserInfoForm;

pub(super) const FORM_RULES: &[Rule] = &[
    Rule {
        id: "userinfo-as-agreed",
        clause: "OpenID Connect Core 5.3.2; OI-11",
        who: Who::Both,
        remedy: "Register UserInfo as signed where the connection says signed, and as plain where it does not.",
        check: as_agreed,
    },
    Rule {
        id: "userinfo-form",
        clause: "OpenID Connect Core 5.3.2, RFC 8259 4; attack O8",
        who: Who::IdentityProvider,
        remedy: "Send one JSON object, no member twice.",
        check: form,
    },
];

pub(super) const SIGNED_RULES: &[Rule] = &[
    Rule {
        id: "userinfo-type",
        clause: "RFC 8725 3.11; attack O16",
        who: Who::IdentityProvider,
        remedy: "This is a token of another kind. Find out who put it into the answer.",
        check: typ,
    },
    Rule {
        id: "userinfo-issuer",
        clause: "OpenID Connect Core 5.3.2; OI-11",
        who: Who::Both,
        remedy: "Compare the configured issuer with the one of discovery, letter by letter.",
        check: issuer,
    },
    Rule {
        id: "userinfo-audience",
        clause: "OpenID Connect Core 5.3.2, CIS2 signed UserInfo; OI-11",
        who: Who::Both,
        remedy: "Leave out aud, or name this client in it.",
        check: audience,
    },
    Rule {
        id: "userinfo-expires",
        clause: "RFC 7519 4.1.4",
        who: Who::Both,
        remedy: "Start again. If it happens every time, check both clocks.",
        check: expires,
    },
    Rule {
        id: "userinfo-issued",
        clause: "RFC 7519 4.1.5, 4.1.6",
        who: Who::Both,
        remedy: "Check both clocks.",
        check: issued,
    },
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "userinfo-no-other-kind",
        clause: "RFC 8725 3.11; attack O16",
        who: Who::IdentityProvider,
        remedy: "This is an ID token or a logout token. Find out who put it into the answer.",
        check: no_other_kind,
    },
    Rule {
        id: "userinfo-subject",
        clause: "OpenID Connect Core 5.3.2; OI-11, attack O27",
        who: Who::IdentityProvider,
        remedy: "Send the claims of the person of the ID token.",
        check: subject,
    },
    Rule {
        id: "userinfo-identity-assurance",
        clause: "CIS2 UserInfo (idassurancelevel); attack O28",
        who: Who::IdentityProvider,
        remedy: "State one identity assurance level, the same in both places.",
        check: identity,
    },
];

fn as_agreed<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(terms) = case.userinfo() else {
        return Finding::NotReached;
    };
    let word = |form| {
        if form == UserInfoForm::Json {
            "plain JSON"
        } else {
            "a signed token"
        }
    };
    Note::on("Content-Type", word(terms.agreed), word(terms.came)).holds_if(terms.agreed == terms.came)
}

fn form<'c>(case: &'c Case<'_>) -> Finding<'c> {
    if !case.is_plain() {
        return Finding::NotReached;
    }
    let actual = case.flaw().map_or("this".to_owned(), |flaw| flaw.to_string());
    Note::on("the answer", "one object, no member twice", actual).holds_if(case.flaw().is_none())
}

fn typ<'c>(case: &'c Case<'_>) -> Finding<'c> {
    token::typ(case, "absent or JWT", &["jwt"])
}

/// The claims of a signed answer; plain JSON has no use for the rules that ask for them.
fn signed<'c>(case: &'c Case<'_>) -> Option<&'c Map<String, Value>> {
    case.token().map(Compact::claims)
}

fn issuer<'c>(case: &'c Case<'_>) -> Finding<'c> {
    match signed(case) {
        Some(_) => parties::issuer(case),
        None => Finding::NotReached,
    }
}

/// CIS2 sends none today and says that it may.
fn audience<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = signed(case) else {
        return Finding::NotReached;
    };
    let us = case.terms().client_id;
    let expected = format!("absent or {us}");
    match audiences(claims) {
        Stated::Is(all) => {
            let for_us = all.contains(&us);
            Note::on("aud", expected, shown(&all.join(", ")).into_owned()).holds_if(for_us)
        }
        Stated::Absent => Finding::Holds(Note::on("aud", expected, "absent")),
        Stated::Unreadable => Finding::Refuses(Note::on("aud", expected, "of another shape")),
    }
}

fn expires<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = signed(case) else {
        return Finding::NotReached;
    };
    let exp = instant(claims, "exp");
    times::ahead(case, exp).holds_if(exp == Stated::Absent || times::is_ahead(case, exp))
}

fn issued<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = signed(case) else {
        return Finding::NotReached;
    };
    let stated = ["iat", "nbf"].map(|name| instant(claims, name));
    let fault = stated
        .into_iter()
        .find(|stated| *stated != Stated::Absent && !times::is_past(case, *stated));
    let actual = fault.map_or("none ahead".to_owned(), Stated::describe);
    Note::on("iat, nbf", "absent or past", actual).holds_if(fault.is_none())
}

fn no_other_kind<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let other = ["events", "nonce", "at_hash", "c_hash", "s_hash"];
    let found = other.into_iter().find(|name| claims.contains_key(*name));
    Note::on("claims", "none of another kind of token", found.unwrap_or("none")).holds_if(found.is_none())
}

fn subject<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.userinfo()) else {
        return Finding::NotReached;
    };
    let sub = text(claims, "sub");
    let holds = sub == Stated::Is(terms.subject);
    let actual = match sub {
        Stated::Is(_) if !holds => "another",
        Stated::Is(_) => "the same",
        Stated::Absent | Stated::Unreadable => sub.presence(),
    };
    Note::on("sub", "the one of the ID token", actual).holds_if(holds)
}

fn identity<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(terms)) = (case.claims(), case.userinfo()) else {
        return Finding::NotReached;
    };
    let expected = terms
        .ial
        .map_or("absent or a level".to_owned(), |ial| format!("absent or {ial}"));
    let (actual, holds) = match level(claims, IDENTITY) {
        Stated::Is(level) => (level.to_string(), terms.ial.is_none_or(|ial| ial == level)),
        Stated::Absent => ("absent".to_owned(), true),
        Stated::Unreadable => ("no level, or two that disagree".to_owned(), false),
    };
    Note::on("idassurancelevel", expected, actual).holds_if(holds)
}
