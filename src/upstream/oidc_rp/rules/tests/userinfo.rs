//! The answer of the UserInfo endpoint (attacks O16, O27, O28).

use serde_json::json;

use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{
    CLIENT, ISSUER, ISSUERS, NONCE, plain_userinfo, seconds, userinfo,
};
use crate::upstream::oidc_rp::terms::UserInfoForm;

pub(super) const USER_INFO: &[Refused] = &[
    Refused {
        because: "OI-11: it is plain where signed was agreed",
        by: "userinfo-as-agreed",
        also: &[],
        token: || plain_userinfo().on(|ground| ground.agreed = UserInfoForm::Signed),
        twin: plain_userinfo,
    },
    Refused {
        because: "OI-11: it is signed where plain was agreed",
        by: "userinfo-as-agreed",
        also: &[],
        token: || userinfo().on(|ground| ground.agreed = UserInfoForm::Json),
        twin: userinfo,
    },
    Refused {
        because: "a signed token comes as plain JSON",
        by: "userinfo-form",
        also: &[],
        token: || plain_userinfo().written(|draft| draft.signed_by(&ISSUERS)),
        twin: plain_userinfo,
    },
    Refused {
        because: "O8: the subject is there twice",
        by: "userinfo-form",
        also: &[],
        token: || plain_userinfo().written(|_| r#"{"sub":"a","sub":"b"}"#.to_owned()),
        twin: plain_userinfo,
    },
    Refused {
        because: "OI-11: it is of another issuer",
        by: "userinfo-issuer",
        also: &[],
        token: || userinfo().claim("iss", ISSUER.replace(":443", "")),
        twin: userinfo,
    },
    Refused {
        because: "OI-11: signed, it names no issuer",
        by: "userinfo-issuer",
        also: &[],
        token: || userinfo().without("iss"),
        twin: || plain_userinfo().without("iss"),
    },
    Refused {
        because: "OI-11: it is for another client",
        by: "userinfo-audience",
        also: &[],
        token: || userinfo().claim("aud", "other"),
        twin: || userinfo().claim("aud", json!([CLIENT, "other"])),
    },
    Refused {
        because: "it is expired",
        by: "userinfo-expires",
        also: &[],
        token: || userinfo().claim("exp", seconds(-60)),
        twin: || userinfo().claim("exp", seconds(-59)),
    },
    Refused {
        because: "it was issued in the future",
        by: "userinfo-issued",
        also: &[],
        token: || userinfo().claim("iat", seconds(61)),
        twin: || userinfo().claim("iat", seconds(60)),
    },
    Refused {
        because: "O16: it is an ID token by its claims",
        by: "userinfo-no-other-kind",
        also: &[],
        token: || userinfo().claim("nonce", NONCE),
        twin: userinfo,
    },
    Refused {
        because: "O16: it is a logout token by its claims",
        by: "userinfo-no-other-kind",
        also: &[],
        token: || userinfo().claim("events", json!({})),
        twin: userinfo,
    },
    Refused {
        because: "O27: it is about somebody else",
        by: "userinfo-subject",
        also: &[],
        token: || userinfo().claim("sub", "555200000002"),
        twin: userinfo,
    },
    Refused {
        because: "O27: plain, it is about somebody else",
        by: "userinfo-subject",
        also: &[],
        token: || plain_userinfo().claim("sub", "555200000002"),
        twin: plain_userinfo,
    },
    Refused {
        because: "O27: it is about nobody",
        by: "userinfo-subject",
        also: &[],
        token: || userinfo().without("sub"),
        twin: userinfo,
    },
    Refused {
        because: "O28: it states another level than the ID token",
        by: "userinfo-identity-assurance",
        also: &[],
        token: || userinfo().claim("idassurancelevel", 4),
        twin: || userinfo().without("idassurancelevel"),
    },
];

#[test]
fn oi_11_userinfo_is_as_agreed_and_about_the_person_of_the_id_token() {
    refuse_all(USER_INFO);
}
