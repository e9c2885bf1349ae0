//! Whose token it is, for whom, and for which sign-in (attacks O10, O11, O13 to O16, L3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::sha::{sha256, sha512};
use serde_json::json;

use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{CLIENT, Draft, EVENT, ISSUER, id_token, logout_token};

const TENANT: &str = "37c354b2-85b0-47f5-b222-07b48d774ee3";
const ENTRA: &str = "https://login.example.test/37c354b2-85b0-47f5-b222-07b48d774ee3/v2.0";

fn half(of: &str) -> String {
    URL_SAFE_NO_PAD.encode(&sha256(of.as_bytes())[..16])
}

fn entra(tid: &str) -> Draft {
    id_token().claim("iss", ENTRA).claim("tid", tid).on(|ground| {
        ground.issuer = ENTRA;
        ground.tenant = Some(TENANT);
    })
}

fn with_access_token() -> Draft {
    id_token().on(|ground| ground.access_token = Some("the access token"))
}

pub(super) const KINDS: &[Refused] = &[
    Refused {
        because: "L3: a logout token by its claims, else an ID token",
        by: "id-token-no-other-kind",
        also: &[],
        token: || id_token().claim("events", json!({ EVENT: {} })),
        twin: id_token,
    },
    Refused {
        because: "O16: an access token by the name that the provider gives it",
        by: "id-token-no-other-kind",
        also: &[],
        token: || id_token().claim("tokenName", "access_token"),
        twin: || id_token().without("tokenName"),
    },
    Refused {
        because: "O16: a bearer token by the type among its claims",
        by: "id-token-no-other-kind",
        also: &[],
        token: || id_token().claim("typ", "Bearer"),
        twin: || id_token().claim("typ", "ID"),
    },
];

pub(super) const PARTIES: &[Refused] = &[
    Refused {
        because: "O10: the issuer's port was normalised away",
        by: "token-issuer",
        also: &[],
        token: || id_token().claim("iss", ISSUER.replace(":443", "")),
        twin: id_token,
    },
    Refused {
        because: "O10: the issuer ends in a slash",
        by: "token-issuer",
        also: &[],
        token: || id_token().claim("iss", format!("{ISSUER}/")),
        twin: id_token,
    },
    Refused {
        because: "O10: the issuer has another case",
        by: "token-issuer",
        also: &[],
        token: || id_token().claim("iss", ISSUER.to_uppercase()),
        twin: id_token,
    },
    Refused {
        because: "O10: there is no issuer",
        by: "token-issuer",
        also: &[],
        token: || id_token().without("iss"),
        twin: id_token,
    },
    Refused {
        because: "L9: the logout token is of another issuer",
        by: "token-issuer",
        also: &[],
        token: || logout_token().claim("iss", "https://other.example.test"),
        twin: logout_token,
    },
    Refused {
        because: "O11, O15: it is for another client",
        by: "token-audience",
        also: &[],
        token: || id_token().claim("aud", "111111111111.apps.supplier"),
        twin: || id_token().claim("aud", json!([CLIENT])),
    },
    Refused {
        because: "O11: our name has another case",
        by: "token-audience",
        also: &[],
        token: || id_token().claim("aud", CLIENT.to_uppercase()),
        twin: id_token,
    },
    Refused {
        because: "O11: the list of audiences is empty",
        by: "token-audience",
        also: &[],
        token: || id_token().claim("aud", json!([])),
        twin: id_token,
    },
    Refused {
        because: "O11: one audience is no text",
        by: "token-audience",
        also: &[],
        token: || id_token().claim("aud", json!([CLIENT, 7])),
        twin: || id_token().claim("aud", json!([CLIENT, "7"])),
    },
    Refused {
        because: "L9: the logout token is for another client",
        by: "token-audience",
        also: &[],
        token: || logout_token().claim("aud", json!(["another"])),
        twin: || logout_token().claim("aud", json!([CLIENT])),
    },
    Refused {
        because: "O11: of two audiences the other is the authorized party",
        by: "id-token-authorized-party",
        also: &[],
        token: || {
            id_token()
                .claim("aud", json!([CLIENT, "other"]))
                .claim("azp", "other")
        },
        twin: || id_token().claim("aud", json!([CLIENT, "other"])),
    },
    Refused {
        because: "O11: of two audiences none is the authorized party",
        by: "id-token-authorized-party",
        also: &[],
        token: || id_token().claim("aud", json!([CLIENT, "other"])).without("azp"),
        twin: || id_token().without("azp"),
    },
    Refused {
        because: "O11: the authorized party of our token is another",
        by: "id-token-authorized-party",
        also: &[],
        token: || id_token().claim("azp", "other"),
        twin: id_token,
    },
    Refused {
        because: "O10: it is of another tenant",
        by: "id-token-tenant",
        also: &[],
        token: || entra("00000000-0000-0000-0000-000000000000"),
        twin: || entra(TENANT),
    },
];

pub(super) const BINDINGS: &[Refused] = &[
    Refused {
        because: "it is about nobody",
        by: "id-token-subject",
        also: &[],
        token: || id_token().claim("sub", "  "),
        twin: id_token,
    },
    Refused {
        because: "the subject is a number",
        by: "id-token-subject",
        also: &[],
        token: || id_token().claim("sub", 555_200_000_001_i64),
        twin: id_token,
    },
    Refused {
        because: "the subject is longer than 255 characters",
        by: "id-token-subject",
        also: &[],
        token: || id_token().claim("sub", "5".repeat(256)),
        twin: || id_token().claim("sub", "5".repeat(255)),
    },
    Refused {
        because: "O13: it has no nonce",
        by: "id-token-nonce",
        also: &[],
        token: || id_token().without("nonce"),
        twin: id_token,
    },
    Refused {
        because: "O13, O15: it has the nonce of another sign-in",
        by: "id-token-nonce",
        also: &[],
        token: || id_token().claim("nonce", "a-nonce-of-another-sign-in!!"),
        twin: id_token,
    },
    Refused {
        because: "the session there has a number for a name",
        by: "id-token-session",
        also: &[],
        token: || id_token().claim("sid", 7),
        twin: || id_token().claim("sid", ""),
    },
    Refused {
        because: "O14: it came with another access token",
        by: "id-token-at-hash",
        also: &[],
        token: || with_access_token().claim("at_hash", half("another access token")),
        twin: || with_access_token().claim("at_hash", half("the access token")),
    },
    Refused {
        because: "O14: the hash is of another length than the algorithm's",
        by: "id-token-at-hash",
        also: &[],
        token: || {
            let long = URL_SAFE_NO_PAD.encode(&sha512(b"the access token")[..32]);
            with_access_token().claim("at_hash", long)
        },
        twin: with_access_token,
    },
    Refused {
        because: "O14: it was given for another code",
        by: "id-token-c-hash",
        also: &[],
        token: || {
            id_token()
                .claim("c_hash", half("another"))
                .on(|ground| ground.code = Some("code"))
        },
        twin: || {
            id_token()
                .claim("c_hash", half("code"))
                .on(|ground| ground.code = Some("code"))
        },
    },
    Refused {
        because: "O14: it answers another state",
        by: "id-token-s-hash",
        also: &[],
        token: || {
            id_token()
                .claim("s_hash", half("another"))
                .on(|ground| ground.state = Some("state"))
        },
        twin: || {
            id_token()
                .claim("s_hash", half("state"))
                .on(|ground| ground.state = Some("state"))
        },
    },
    Refused {
        because: "two libraries read it differently: the name is a number to one of them",
        by: "id-token-second-judge",
        also: &[],
        token: || id_token().claim("name", 7),
        twin: || id_token().claim("name", "Priya"),
    },
];

#[test]
fn l3_o16_a_token_of_another_kind_is_no_id_token() {
    refuse_all(KINDS);
}

#[test]
fn oi_03_oi_06_issuer_and_audience_are_ours_octet_for_octet() {
    refuse_all(PARTIES);
}

#[test]
fn oi_06_the_token_is_of_this_sign_in() {
    refuse_all(BINDINGS);
}
