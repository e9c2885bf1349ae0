//! Times (attacks O12, L8): each is a number, none is too far off, and skew is granted to the second.

use serde_json::json;
use time::Duration;

use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{id_token, logout_token, seconds};

pub(super) const TIMES: &[Refused] = &[
    Refused {
        because: "O12: it is expired, skew included",
        by: "token-expires",
        also: &[],
        token: || id_token().claim("exp", seconds(-60)),
        twin: || id_token().claim("exp", seconds(-59)),
    },
    Refused {
        because: "O12: the end is text",
        by: "token-expires",
        also: &[],
        token: || id_token().claim("exp", "9999999999"),
        twin: || id_token().claim("exp", 9_999_999_999_i64),
    },
    Refused {
        because: "O12: the end is after the last year there is",
        by: "token-expires",
        also: &[],
        token: || id_token().claim("exp", 9e18),
        twin: id_token,
    },
    Refused {
        because: "O12: there is no end",
        by: "token-expires",
        also: &[],
        token: || id_token().without("exp"),
        twin: id_token,
    },
    Refused {
        because: "O12: it was issued in the future, skew included",
        by: "token-issued",
        also: &[],
        token: || id_token().claim("iat", seconds(61)),
        twin: || id_token().claim("iat", seconds(60)),
    },
    Refused {
        because: "O12: nobody says when it was issued",
        by: "token-issued",
        also: &[],
        token: || id_token().without("iat"),
        twin: id_token,
    },
    Refused {
        because: "O12: it begins in the future, skew included",
        by: "token-not-before",
        also: &[],
        token: || id_token().claim("nbf", seconds(61)),
        twin: || id_token().claim("nbf", seconds(60)),
    },
    Refused {
        because: "O12: its beginning is an object",
        by: "token-not-before",
        also: &[],
        token: || id_token().claim("nbf", json!({})),
        twin: id_token,
    },
    Refused {
        because: "OI-10: nobody says when the person proved themselves, though we asked",
        by: "id-token-auth-time",
        also: &[],
        token: || id_token().without("auth_time"),
        twin: || {
            id_token()
                .without("auth_time")
                .on(|ground| ground.max_auth_age = None)
        },
    },
    Refused {
        because: "OI-10: the person will prove themselves in the future",
        by: "id-token-auth-time",
        also: &[],
        token: || id_token().claim("auth_time", seconds(61)),
        twin: || id_token().claim("auth_time", seconds(60)),
    },
    Refused {
        because: "OI-10: the instant is text",
        by: "id-token-auth-time",
        also: &[],
        token: || id_token().claim("auth_time", "now"),
        twin: id_token,
    },
    Refused {
        because: "OI-10: the person proved themselves too long ago",
        by: "id-token-auth-age",
        also: &[],
        token: || id_token().claim("auth_time", seconds(-361)),
        twin: || id_token().claim("auth_time", seconds(-360)),
    },
    Refused {
        because: "L8: it is of six minutes ago, without saying that it is expired",
        by: "logout-token-age",
        also: &[],
        token: || {
            logout_token()
                .claim("iat", seconds(-361))
                .claim("exp", seconds(60))
        },
        twin: || {
            logout_token()
                .claim("iat", seconds(-360))
                .claim("exp", seconds(60))
        },
    },
    Refused {
        because: "L8: the logout token was issued in the future",
        by: "token-issued",
        also: &[],
        token: || logout_token().claim("iat", seconds(61)),
        twin: || logout_token().claim("iat", seconds(60)),
    },
    Refused {
        because: "L8: the logout token is expired",
        by: "logout-token-expires",
        also: &[],
        token: || logout_token().on(|ground| ground.later = Duration::seconds(175)),
        twin: || logout_token().on(|ground| ground.later = Duration::seconds(174)),
    },
];

#[test]
fn oi_06_oi_10_times_are_numbers_and_no_further_off_than_the_skew() {
    refuse_all(TIMES);
}
