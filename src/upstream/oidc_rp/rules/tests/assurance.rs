//! Assurance (attack O28): absence is never enough, and two spellings say one thing.

use serde_json::{Value, json};

use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{Draft, id_token};

fn aal(level: impl Into<Value>) -> Draft {
    id_token().claim("authentication_assurance_level", level)
}

fn ial(level: impl Into<Value>) -> Draft {
    id_token().claim("id_assurance_level", level)
}

pub(super) const ASSURANCE: &[Refused] = &[
    Refused {
        because: "O28: the login is weaker than asked",
        by: "id-token-authentication-assurance",
        also: &[],
        token: || aal("1"),
        twin: || aal("2"),
    },
    Refused {
        because: "O28: AAL2 where AAL3 is due, whatever acr says",
        by: "id-token-authentication-assurance",
        also: &[],
        token: || {
            aal(2)
                .claim("acr", "AAL3_ANY")
                .on(|ground| ground.minimum = Some((3, 3)))
        },
        twin: || {
            aal(3)
                .claim("acr", "AAL2_ANY")
                .on(|ground| ground.minimum = Some((3, 3)))
        },
    },
    Refused {
        because: "O28: nobody says how strong the login was",
        by: "id-token-authentication-assurance",
        also: &[],
        token: || id_token().without("authentication_assurance_level"),
        twin: || {
            let draft = id_token().without("authentication_assurance_level");
            draft.on(|ground| ground.minimum = None)
        },
    },
    Refused {
        because: "the strength of the login is a word",
        by: "id-token-authentication-assurance",
        also: &[],
        token: || aal("AAL3"),
        twin: || aal(3),
    },
    Refused {
        because: "O28: the person is proofed less well than asked",
        by: "id-token-identity-assurance",
        also: &[],
        token: || ial(2),
        twin: || ial(3),
    },
    Refused {
        because: "O28: nobody says how well the person is proofed",
        by: "id-token-identity-assurance",
        also: &[],
        token: || id_token().without("id_assurance_level"),
        twin: || {
            id_token()
                .without("id_assurance_level")
                .claim("idassurancelevel", "3")
        },
    },
    Refused {
        because: "O28: the two spellings disagree",
        by: "id-token-identity-assurance",
        also: &[],
        token: || ial("3").claim("idassurancelevel", "4"),
        twin: || ial("3").claim("idassurancelevel", 3),
    },
    Refused {
        because: "the level is a fraction",
        by: "id-token-identity-assurance",
        also: &[],
        token: || ial(json!(3.5)),
        twin: || ial(json!(3)),
    },
    Refused {
        because: "the level is a list",
        by: "id-token-identity-assurance",
        also: &[],
        token: || ial(json!(["3"])),
        twin: || ial("4"),
    },
];

#[test]
fn oi_10_a_weaker_login_or_a_less_proofed_person_is_refused() {
    refuse_all(ASSURANCE);
}
