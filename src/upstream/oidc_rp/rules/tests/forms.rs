//! The form of a token and its header (attacks O7, O8, O16, L3).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{
    Draft, ISSUERS, client_assertion, id_token, logout_token, userinfo,
};

/// The payload in these very octets, signed.
fn of_payload(draft: &Draft, payload: &str) -> String {
    ISSUERS
        .sign_with_header(&draft.header, payload.as_bytes())
        .unwrap()
}

fn honest(draft: &Draft) -> String {
    draft.signed_by(&ISSUERS)
}

pub(super) const FORMS: &[Refused] = &[
    Refused {
        because: "O8: it has white space at its end",
        by: "token-form",
        also: &[],
        token: || id_token().written(|draft| honest(draft) + "\n"),
        twin: id_token,
    },
    Refused {
        because: "O8: its signature has padding",
        by: "token-form",
        also: &[],
        token: || id_token().written(|draft| honest(draft) + "=="),
        twin: id_token,
    },
    Refused {
        because: "O8: it has five parts",
        by: "token-form",
        also: &[],
        token: || id_token().written(|draft| honest(draft) + ".AAAA.AAAA"),
        twin: id_token,
    },
    Refused {
        because: "O1: its third part is missing",
        by: "token-form",
        also: &[],
        token: || id_token().written(|draft| honest(draft).rsplit_once('.').unwrap().0.to_owned()),
        twin: id_token,
    },
    Refused {
        because: "O8: it is in the JSON serialization",
        by: "token-form",
        also: &[],
        token: || {
            id_token().written(|draft| {
                let token = honest(draft);
                let parts: Vec<&str> = token.split('.').collect();
                json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] }).to_string()
            })
        },
        twin: id_token,
    },
    Refused {
        because: "O8: its parts are in plain base64",
        by: "token-form",
        also: &[],
        token: || {
            id_token().claim("name", "ÿÿÿ???>>>").written(|draft| {
                let token = honest(draft);
                let plain = token
                    .split('.')
                    .map(|part| STANDARD.encode(URL_SAFE_NO_PAD.decode(part).unwrap()));
                plain.collect::<Vec<_>>().join(".")
            })
        },
        twin: || id_token().claim("name", "ÿÿÿ???>>>"),
    },
    Refused {
        because: "O8: a claim is there twice",
        by: "token-form",
        also: &[],
        token: || {
            id_token().written(|draft| {
                let claims = Value::Object(draft.claims.clone()).to_string();
                of_payload(draft, &claims.replacen('{', "{\"sub\":\"somebody else\",", 1))
            })
        },
        twin: || {
            id_token().written(|draft| {
                let claims = Value::Object(draft.claims.clone()).to_string();
                of_payload(draft, &claims.replacen('{', "{\"other\":\"somebody else\",", 1))
            })
        },
    },
    Refused {
        because: "O8: its payload is a list",
        by: "token-form",
        also: &[],
        token: || id_token().written(|draft| of_payload(draft, "[]")),
        twin: id_token,
    },
    Refused {
        because: "O8: its payload begins with a byte order mark",
        by: "token-form",
        also: &[],
        token: || {
            id_token().written(|draft| {
                of_payload(draft, &format!("\u{feff}{}", Value::Object(draft.claims.clone())))
            })
        },
        twin: || {
            id_token()
                .written(|draft| of_payload(draft, &format!(" {} ", Value::Object(draft.claims.clone()))))
        },
    },
    Refused {
        because: "O6: its kid is a list",
        by: "token-form",
        also: &[],
        token: || id_token().header("kid", json!([ISSUERS.kid()])),
        twin: id_token,
    },
];

pub(super) const HEADERS: &[Refused] = &[
    Refused {
        because: "O7: it demands an extension that nobody knows",
        by: "token-critical",
        also: &[],
        token: || id_token().header("crit", json!(["x"])).header("x", 1),
        twin: || id_token().header("x", 1),
    },
    Refused {
        because: "O7: its list of extensions is empty",
        by: "token-critical",
        also: &[],
        token: || id_token().header("crit", json!([])),
        twin: id_token,
    },
    Refused {
        because: "O7: its payload is said to be unencoded",
        by: "token-critical",
        also: &[],
        token: || id_token().header("b64", false),
        twin: id_token,
    },
    Refused {
        because: "O7: it is said to be compressed",
        by: "token-critical",
        also: &[],
        token: || logout_token().header("zip", "DEF"),
        twin: logout_token,
    },
    Refused {
        because: "O16: it is an access token by its type",
        by: "id-token-type",
        also: &[],
        token: || id_token().header("typ", "at+jwt"),
        twin: || id_token().headless("typ"),
    },
    Refused {
        because: "O16: it is a proof of possession by its type",
        by: "id-token-type",
        also: &[],
        token: || id_token().header("typ", "dpop+jwt"),
        twin: || id_token().header("typ", "application/jwt"),
    },
    Refused {
        because: "O16: it is a client assertion by its type",
        by: "id-token-type",
        also: &[],
        token: || id_token().header("typ", "client-authentication+jwt"),
        twin: || id_token().header("typ", "jwt"),
    },
    Refused {
        because: "L3: it is a logout token by its type",
        by: "id-token-type",
        also: &[],
        token: || id_token().header("typ", "logout+jwt"),
        twin: id_token,
    },
    Refused {
        because: "L2: it is an access token by its type",
        by: "logout-token-type",
        also: &[],
        token: || logout_token().header("typ", "at+jwt"),
        twin: || logout_token().header("typ", "logout+jwt"),
    },
    Refused {
        because: "it is an event of another profile by its type",
        by: "logout-token-type",
        also: &[],
        token: || logout_token().header("typ", "secevent+jwt"),
        twin: || logout_token().headless("typ"),
    },
    Refused {
        because: "O16: the answer is an access token by its type",
        by: "userinfo-type",
        also: &[],
        token: || userinfo().header("typ", "at+jwt"),
        twin: || userinfo().headless("typ"),
    },
    Refused {
        because: "the assertion is an access token by its type",
        by: "client-assertion-type",
        also: &[],
        token: || client_assertion().header("typ", "at+jwt"),
        twin: || client_assertion().header("typ", "client-authentication+jwt"),
    },
];

#[test]
fn o8_only_the_compact_form_is_read_and_no_member_twice() {
    refuse_all(FORMS);
}

#[test]
fn o7_o16_a_header_demands_nothing_and_names_no_other_kind() {
    refuse_all(HEADERS);
}
