//! Client assertions of ours, with the mistakes that the token endpoint calls `JWT is not valid` (attack O31).

use serde_json::json;

use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{
    CLIENT, Draft, ENDPOINT, ISSUER, client_assertion, seconds,
};

const API_KEY: &str = "Vp8J2sGxQm4tK7nR1cYdW0hZ5uB3eA6f";

fn aud(audience: &str) -> Draft {
    client_assertion().claim("aud", audience)
}

pub(super) const CLIENTS: &[Refused] = &[
    Refused {
        because: "O31: the key of the API platform stands in the client's place",
        by: "client-assertion-no-api-key",
        also: &["client-assertion-issuer", "client-assertion-subject"],
        token: || client_assertion().claim("iss", API_KEY).claim("sub", API_KEY),
        twin: client_assertion,
    },
    Refused {
        because: "O31: another client issued it",
        by: "client-assertion-issuer",
        also: &[],
        token: || client_assertion().claim("iss", "111111111111.apps.supplier"),
        twin: client_assertion,
    },
    Refused {
        because: "O31: it is about another client",
        by: "client-assertion-subject",
        also: &[],
        token: || client_assertion().claim("sub", "111111111111.apps.supplier"),
        twin: client_assertion,
    },
    Refused {
        because: "its clock is ahead",
        by: "client-assertion-issued",
        also: &[],
        token: || client_assertion().claim("iat", seconds(61)),
        twin: || client_assertion().claim("iat", seconds(60)),
    },
    Refused {
        because: "O31: it lives longer than five minutes",
        by: "client-assertion-life",
        also: &[],
        token: || client_assertion().claim("exp", seconds(301)),
        twin: || client_assertion().claim("exp", seconds(300)),
    },
    Refused {
        because: "O31: without a beginning, it lives longer than five minutes from now",
        by: "client-assertion-life",
        also: &[],
        token: || client_assertion().without("iat").claim("exp", seconds(301)),
        twin: || client_assertion().without("iat").claim("exp", seconds(300)),
    },
    Refused {
        because: "it is expired",
        by: "token-expires",
        also: &[],
        token: || {
            client_assertion()
                .claim("iat", seconds(-300))
                .claim("exp", seconds(-60))
        },
        twin: || {
            client_assertion()
                .claim("iat", seconds(-300))
                .claim("exp", seconds(-59))
        },
    },
    Refused {
        because: "it has no name",
        by: "client-assertion-id",
        also: &[],
        token: || client_assertion().without("jti"),
        twin: client_assertion,
    },
    Refused {
        because: "O31: its name was used before",
        by: "client-assertion-id-unused",
        also: &[],
        token: || client_assertion().on(|ground| ground.used = vec!["0b9e0f0e".to_owned()]),
        twin: || client_assertion().on(|ground| ground.used = vec!["another".to_owned()]),
    },
    Refused {
        because: "its key has no name",
        by: "client-assertion-kid",
        also: &[],
        token: || client_assertion().headless("kid"),
        twin: client_assertion,
    },
];

pub(super) const AUDIENCES: &[Refused] = &[
    Refused {
        because: "OI-03: the port was normalised away",
        by: "client-assertion-audience-port",
        also: &["client-assertion-audience"],
        token: || aud(&ENDPOINT.replace(":443", "")),
        twin: client_assertion,
    },
    Refused {
        because: "OI-09: it is for the issuer",
        by: "client-assertion-audience-issuer",
        also: &["client-assertion-audience"],
        token: || aud(ISSUER),
        twin: client_assertion,
    },
    Refused {
        because: "OI-09: it is for the issuer, without its port",
        by: "client-assertion-audience-issuer",
        also: &["client-assertion-audience"],
        token: || aud(&ISSUER.replace(":443", "")),
        twin: client_assertion,
    },
    Refused {
        because: "OI-03: it ends in a slash",
        by: "client-assertion-audience-slash",
        also: &["client-assertion-audience"],
        token: || aud(&format!("{ENDPOINT}/")),
        twin: client_assertion,
    },
    Refused {
        because: "O31: it is for another token endpoint",
        by: "client-assertion-audience",
        also: &[],
        token: || aud("https://other.example.test/access_token"),
        twin: || client_assertion().claim("aud", json!([ENDPOINT])),
    },
    Refused {
        because: "OI-09: it is for two",
        by: "client-assertion-audience",
        also: &[],
        token: || client_assertion().claim("aud", json!([ENDPOINT, CLIENT])),
        twin: client_assertion,
    },
    Refused {
        because: "it is for nobody",
        by: "client-assertion-audience",
        also: &[],
        token: || client_assertion().without("aud"),
        twin: client_assertion,
    },
];

#[test]
fn oi_08_an_assertion_is_of_the_client_once_and_for_minutes() {
    refuse_all(CLIENTS);
}

#[test]
fn oi_09_an_assertion_names_the_token_endpoint_octet_for_octet() {
    refuse_all(AUDIENCES);
}
