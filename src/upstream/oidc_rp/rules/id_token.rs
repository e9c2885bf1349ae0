//! Rules that only an ID token is judged by.

use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who, token};
use crate::upstream::oidc_rp::second_judge;
use crate::upstream::oidc_rp::stated::{Stated, audiences, is_name, shown, text};
use crate::upstream::oidc_rp::terms::SecondJudge;
use openssl::memcmp;

const KIND: &str = "This is no ID token. Find out who put it into the answer.";

pub(super) const KIND_RULES: &[Rule] = &[
    Rule {
        id: "id-token-type",
        clause: "RFC 8725 3.11; attacks O16, L3",
        who: Who::IdentityProvider,
        remedy: KIND,
        check: typ,
    },
    Rule {
        id: "id-token-no-other-kind",
        clause: "OpenID Connect Back-Channel Logout 2.4; attacks O16, L3",
        who: Who::IdentityProvider,
        remedy: KIND,
        check: no_other_kind,
    },
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "id-token-authorized-party",
        clause: "OpenID Connect Core 3.1.3.7 (4, 5); OI-06, attack O11",
        who: Who::IdentityProvider,
        remedy: "Issue the token to this client alone, or name it in azp.",
        check: authorized_party,
    },
    Rule {
        id: "id-token-subject",
        clause: "OpenID Connect Core 2; OI-06",
        who: Who::IdentityProvider,
        remedy: "Send sub as text, at most 255 characters.",
        check: subject,
    },
    Rule {
        id: "id-token-nonce",
        clause: "OpenID Connect Core 3.1.3.7 (11); OI-02, attacks O13, O15",
        who: Who::Person,
        remedy: "Start again, in this browser.",
        check: nonce,
    },
    Rule {
        id: "id-token-tenant",
        clause: "Microsoft identity platform, ID token claims (tid); attack O10",
        who: Who::Both,
        remedy: "Compare the configured tenant with the one that issued the token. Other tenants are not let in.",
        check: tenant,
    },
    Rule {
        id: "id-token-session",
        clause: "OpenID Connect Back-Channel Logout 2.1",
        who: Who::IdentityProvider,
        remedy: "Send sid as text, or leave it out.",
        check: session,
    },
];

pub(super) const LAST_RULES: &[Rule] = &[Rule {
    id: "id-token-second-judge",
    clause: "design 5a: two judges agree",
    who: Who::BridgeAdmin,
    remedy: "Keep the token and report it: two libraries read it differently.",
    check: second_judge_agrees,
}];

fn typ<'c>(case: &'c Case<'_>) -> Finding<'c> {
    token::typ(case, "absent or JWT", &["jwt"])
}

/// The events of a logout token, and the words by which ForgeRock (`tokenName`) and Keycloak (`typ` among the
/// claims) say what a token is.
fn no_other_kind<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let is = |name: &str, word: &str| claims.get(name).is_none_or(|value| value.as_str() == Some(word));
    let faults = [
        (claims.contains_key("events"), "events"),
        (!is("tokenName", "id_token"), "tokenName of another kind"),
        (!is("typ", "ID"), "typ of another kind"),
    ];
    let first = faults.iter().find(|(is_there, _)| *is_there);
    Note::on(
        "claims",
        "no events, no name of another kind of token",
        first.map_or("none", |(_, fault)| fault),
    )
    .holds_if(first.is_none())
}

fn authorized_party<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let us = case.terms().client_id;
    let several = audiences(claims).value().is_some_and(|all| all.len() > 1);
    let azp = text(claims, "azp");
    let expected = if several {
        us.to_owned()
    } else {
        format!("absent or {us}")
    };
    let holds = azp == Stated::Is(us) || (azp == Stated::Absent && !several);
    Note::on("azp", expected, azp.shown()).holds_if(holds)
}

fn subject<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let sub = text(claims, "sub");
    Note::on("sub", "text of 1 to 255 characters", sub.presence()).holds_if(sub.value().is_some_and(is_name))
}

fn nonce<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(ours)) = (case.claims(), case.id_token().and_then(|terms| terms.nonce)) else {
        return Finding::NotReached;
    };
    let nonce = text(claims, "nonce");
    let same = |theirs: &str| theirs.len() == ours.len() && memcmp::eq(theirs.as_bytes(), ours.as_bytes());
    let holds = nonce.value().is_some_and(same);
    let actual = match nonce {
        Stated::Is(_) if !holds => "another",
        Stated::Is(_) => "ours",
        Stated::Absent | Stated::Unreadable => nonce.presence(),
    };
    Note::on("nonce", "the one that we sent", actual).holds_if(holds)
}

/// The issuer of Entra has the tenant in it, so the claim must agree with both.
fn tenant<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(claims), Some(ours)) = (case.claims(), case.id_token().and_then(|terms| terms.tenant)) else {
        return Finding::NotReached;
    };
    let tid = text(claims, "tid");
    let in_issuer = text(claims, "iss").value().is_some_and(|iss| iss.contains(ours));
    Note::on("tid", ours, tid.shown()).holds_if(tid == Stated::Is(ours) && in_issuer)
}

fn session<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(claims) = case.claims() else {
        return Finding::NotReached;
    };
    let sid = text(claims, "sid");
    let holds = claims.get("sid").is_none_or(|sid| {
        sid.as_str()
            .is_some_and(|sid| is_name(sid) || sid.trim().is_empty())
    });
    Note::on(
        "sid",
        "absent, blank or text of at most 255 characters",
        sid.presence(),
    )
    .holds_if(holds)
}

/// Asked only about what our own judge accepts.
fn second_judge_agrees<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(terms) = case.id_token() else {
        return Finding::NotReached;
    };
    if terms.second_judge == SecondJudge::Off || case.is_refused() || case.is_signed() != Some(true) {
        return Finding::NotReached;
    }
    let Some(text) = case.text() else {
        return Finding::NotReached;
    };
    let says = second_judge::agrees(text, terms);
    let actual = match &says {
        Ok(()) => "accepted".to_owned(),
        Err(disagreement) => shown(&disagreement.to_string()).into_owned(),
    };
    Note::on("the token", "accepted by the second judge", actual).holds_if(says.is_ok())
}
