//! Logout tokens (attacks L2, L4 to L8). Times are among the other times, keys and parties among the others.

use serde_json::{Value, json};

use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{Draft, EVENT, NONCE, id_token, logout_token};
use crate::upstream::oidc_rp::terms::LogoutExpiry;

fn with_events(events: Value) -> Draft {
    logout_token().claim("events", events)
}

fn unending(expiry: LogoutExpiry) -> Draft {
    logout_token().without("exp").on(|ground| ground.expiry = expiry)
}

pub(super) const KINDS: &[Refused] = &[
    Refused {
        because: "L2: a genuine ID token is posted here",
        by: "logout-token-event",
        also: &["logout-token-no-nonce", "logout-token-id"],
        token: || {
            let mut draft = logout_token();
            draft.claims = id_token().claims;
            draft
        },
        twin: logout_token,
    },
    Refused {
        because: "L4: there is a nonce, else it is genuine",
        by: "logout-token-no-nonce",
        also: &[],
        token: || logout_token().claim("nonce", NONCE),
        twin: logout_token,
    },
    Refused {
        because: "L4: the nonce is null",
        by: "logout-token-no-nonce",
        also: &[],
        token: || logout_token().claim("nonce", Value::Null),
        twin: logout_token,
    },
    Refused {
        because: "L5: there are no events",
        by: "logout-token-event",
        also: &[],
        token: || logout_token().without("events"),
        twin: logout_token,
    },
    Refused {
        because: "L5: the event is misspelt",
        by: "logout-token-event",
        also: &[],
        token: || with_events(json!({ "http://schemas.openid.net/event/back-channel-logout": {} })),
        twin: || with_events(json!({ EVENT: {}, "https://other.example.test/event": { "reason": 1 } })),
    },
    Refused {
        because: "L5: the event is null",
        by: "logout-token-event",
        also: &[],
        token: || with_events(json!({ EVENT: null })),
        twin: logout_token,
    },
    Refused {
        because: "L5: the event is a list",
        by: "logout-token-event",
        also: &[],
        token: || with_events(json!({ EVENT: [] })),
        twin: logout_token,
    },
    Refused {
        because: "L5: the events are a list",
        by: "logout-token-event",
        also: &[],
        token: || with_events(json!([EVENT])),
        twin: logout_token,
    },
];

pub(super) const CLAIMS: &[Refused] = &[
    Refused {
        because: "L6: nobody's session ends",
        by: "logout-token-whom",
        also: &[],
        token: || logout_token().without("sub").without("sid"),
        twin: || logout_token().without("sub"),
    },
    Refused {
        because: "L6: the session is blank and nobody is named",
        by: "logout-token-whom",
        also: &[],
        token: || logout_token().without("sub").claim("sid", ""),
        twin: || logout_token().claim("sid", ""),
    },
    Refused {
        because: "L6: the person is a number",
        by: "logout-token-whom",
        also: &[],
        token: || logout_token().claim("sub", 1),
        twin: logout_token,
    },
    Refused {
        because: "L7: it has no name by which a second use is noticed",
        by: "logout-token-id",
        also: &[],
        token: || logout_token().without("jti"),
        twin: logout_token,
    },
    Refused {
        because: "L7: its name is blank",
        by: "logout-token-id",
        also: &[],
        token: || logout_token().claim("jti", " "),
        twin: logout_token,
    },
    Refused {
        because: "L8: it has no end, and this provider has no exception",
        by: "logout-token-expires",
        also: &[],
        token: || unending(LogoutExpiry::Required),
        twin: || unending(LogoutExpiry::MayBeAbsent),
    },
    Refused {
        because: "L8: by exception too an end must be an instant",
        by: "logout-token-expires",
        also: &[],
        token: || {
            logout_token()
                .claim("exp", Value::Null)
                .on(|ground| ground.expiry = LogoutExpiry::MayBeAbsent)
        },
        twin: || unending(LogoutExpiry::MayBeAbsent),
    },
];

#[test]
fn oi_13_nothing_but_a_logout_token_is_one() {
    refuse_all(KINDS);
}

#[test]
fn oi_13_it_says_whom_it_means_and_when_it_ends() {
    refuse_all(CLAIMS);
}
