//! Algorithm, key and signature (attacks O1 to O6, O9, O24, L9).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::pkey::PKey;
use serde_json::{Value, json};

use crate::platform::random::SeededRandom;
use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::es256::Es256Key;
use crate::protocol::jose::signer::Signer;
use crate::upstream::oidc_rp::rules::tests::case::{Refused, refuse_all};
use crate::upstream::oidc_rp::rules::tests::draft::{
    Draft, FORGERS, ISSUERS, SECRET, Trust, client_assertion, id_token, logout_token, published, userinfo,
};

/// The token with another signature: none, or that of somebody who knows `secret` only.
fn unsigned(draft: &Draft) -> String {
    let token = draft.signed_by(&ISSUERS);
    format!("{}.", token.rsplit_once('.').unwrap().0)
}

fn hmac(draft: &Draft, secret: &[u8]) -> String {
    draft.signed_by(&Signer::from_secret(secret, Algorithm::HS256).unwrap())
}

fn public_pem() -> Vec<u8> {
    let key = PKey::private_key_from_pem(ISSUERS.to_pem().unwrap().expose()).unwrap();
    key.public_key_to_pem().unwrap()
}

/// An honest token under HMAC with the client secret.
fn shared() -> Draft {
    let mut draft = id_token().headless("kid").header("alg", "HS256");
    draft.ground.algorithms = vec![Algorithm::HS256];
    draft.ground.trust = Trust::Shared(Secret::new(SECRET.to_vec()));
    draft.written(|draft| hmac(draft, SECRET))
}

/// An honest token on P-256.
fn on_curve() -> Draft {
    let key = curve_key();
    let mut draft = id_token()
        .header("alg", "ES256")
        .header("kid", key.kid().unwrap());
    draft.ground.algorithms = vec![Algorithm::ES256];
    draft.ground.trust = published(&[ISSUERS.public_jwk(), key.public_jwk()]);
    draft.written(|draft| draft.signed_by(&curve_key()))
}

fn curve_key() -> Signer {
    let pem = Es256Key::draw(&SeededRandom::from_seed(1))
        .unwrap()
        .to_pem()
        .unwrap();
    Signer::from_pem(pem.expose(), Algorithm::ES256, None).unwrap()
}

/// `FORGERS` under a header that carries the forger's key or says where to find it.
fn with_own_key(name: &str, value: Value) -> Draft {
    id_token()
        .header(name, value)
        .written(|draft| draft.signed_by(&FORGERS))
}

pub(super) const ALGORITHMS: &[Refused] = &[
    Refused {
        because: "O1: it says none and has no signature",
        by: "token-algorithm",
        also: &[],
        token: || id_token().header("alg", "none").written(unsigned),
        twin: id_token,
    },
    Refused {
        because: "O1: it says nOnE and keeps the signature",
        by: "token-algorithm",
        also: &[],
        token: || id_token().header("alg", "nOnE"),
        twin: id_token,
    },
    Refused {
        because: "L9: the logout token says none",
        by: "token-algorithm",
        also: &[],
        token: || logout_token().header("alg", "none").written(unsigned),
        twin: logout_token,
    },
    Refused {
        because: "O2: the public key in PEM is the secret of an HMAC",
        by: "token-algorithm",
        also: &[],
        token: || {
            id_token()
                .header("alg", "HS256")
                .written(|draft| hmac(draft, &public_pem()))
        },
        twin: id_token,
    },
    Refused {
        because: "O2: the same, where HMAC has been put on the list beside the public keys",
        by: "token-algorithm",
        also: &[],
        token: || {
            let draft = id_token()
                .header("alg", "HS256")
                .written(|draft| hmac(draft, &public_pem()));
            draft.on(|ground| ground.algorithms.push(Algorithm::HS256))
        },
        twin: || id_token().on(|ground| ground.algorithms.push(Algorithm::HS256)),
    },
    Refused {
        because: "O2: RSA where the client secret is agreed",
        by: "token-algorithm",
        also: &[],
        token: || {
            shared()
                .on(|ground| ground.algorithms.push(Algorithm::RS256))
                .header("alg", "RS256")
        },
        twin: shared,
    },
    Refused {
        because: "OI-06: an algorithm that is not agreed",
        by: "token-algorithm",
        also: &[],
        token: || id_token().on(|ground| ground.algorithms = vec![Algorithm::RS512]),
        twin: || id_token().on(|ground| ground.algorithms = vec![Algorithm::RS256]),
    },
];

pub(super) const KEYS: &[Refused] = &[
    Refused {
        because: "O3: the client secret can be guessed",
        by: "token-key-set",
        also: &[],
        token: || {
            shared()
                .on(|ground| ground.trust = Trust::Shared(Secret::new(b"secret".to_vec())))
                .written(|draft| hmac(draft, b"secret"))
        },
        twin: shared,
    },
    Refused {
        because: "O24: the key set has no usable key",
        by: "token-key-set",
        also: &["token-key"],
        token: || {
            let weak = ISSUERS.public_jwk().map(|mut jwk| {
                jwk["use"] = json!("enc");
                jwk
            });
            id_token().on(|ground| ground.trust = published(&[weak]))
        },
        twin: id_token,
    },
    Refused {
        because: "no key set was given",
        by: "token-key-set",
        also: &[],
        token: || client_assertion().on(|ground| ground.trust = Trust::NotGiven),
        twin: client_assertion,
    },
    Refused {
        because: "the key set cannot be read",
        by: "token-key-set",
        also: &[],
        token: || client_assertion().on(|ground| ground.trust = Trust::Unreadable),
        twin: client_assertion,
    },
    Refused {
        because: "O6: the kid is a path",
        by: "token-key",
        also: &[],
        token: || id_token().header("kid", "../../dev/null"),
        twin: id_token,
    },
    Refused {
        because: "O6: the kid differs in its padding, which is not to be normalised",
        by: "token-key",
        also: &[],
        token: || id_token().header("kid", ISSUERS.kid().unwrap().trim_end_matches('=')),
        twin: id_token,
    },
    Refused {
        because: "O6: there is no kid and two keys fit",
        by: "token-key",
        also: &[],
        token: || {
            let other = Signer::generate_rsa(Algorithm::RS256, None).unwrap().public_jwk();
            let draft = id_token().headless("kid");
            draft.on(|ground| ground.trust = published(&[ISSUERS.public_jwk(), other]))
        },
        twin: || id_token().headless("kid"),
    },
    Refused {
        because: "O24: two keys have one kid",
        by: "token-key",
        also: &[],
        token: || {
            let both = [ISSUERS.public_jwk(), FORGERS.public_jwk()];
            id_token().on(|ground| ground.trust = published(&both))
        },
        twin: id_token,
    },
    Refused {
        because: "OI-07: the key of this kid is of another type",
        by: "token-key",
        also: &[],
        token: || on_curve().header("kid", ISSUERS.kid().unwrap()),
        twin: on_curve,
    },
];

pub(super) const SIGNATURES: &[Refused] = &[
    Refused {
        because: "L9: another key made the signature, under the same kid",
        by: "token-signature",
        also: &[],
        token: || logout_token().written(|draft| draft.signed_by(&FORGERS)),
        twin: logout_token,
    },
    Refused {
        because: "O4: the header carries the forger's key",
        by: "token-signature",
        also: &[],
        token: || with_own_key("jwk", FORGERS.public_jwk().unwrap()),
        twin: || id_token().header("jwk", FORGERS.public_jwk().unwrap()),
    },
    Refused {
        because: "O5: the header says where the forger's keys are",
        by: "token-signature",
        also: &[],
        token: || with_own_key("jku", json!("https://evil.example.test/jwks.json")),
        twin: || id_token().header("jku", json!("https://evil.example.test/jwks.json")),
    },
    Refused {
        because: "O5: the header carries the forger's certificate",
        by: "token-signature",
        also: &[],
        token: || with_own_key("x5c", json!(["AAAA"])),
        twin: || id_token().header("x5c", json!(["AAAA"])),
    },
    Refused {
        because: "the signature is that of another payload",
        by: "token-signature",
        also: &[],
        token: || {
            userinfo().written(|draft| {
                let token = draft.signed_by(&ISSUERS);
                let other = ISSUERS.sign_with_header(&draft.header, b"{}").unwrap();
                let signature = other.rsplit_once('.').unwrap().1;
                format!("{}.{signature}", token.rsplit_once('.').unwrap().0)
            })
        },
        twin: userinfo,
    },
    Refused {
        because: "O9: the two numbers of the signature are zero",
        by: "token-signature",
        also: &[],
        token: || on_curve().written(|draft| with_signature(draft, &[0; 64])),
        twin: on_curve,
    },
    Refused {
        because: "O9: the signature is of another length",
        by: "token-signature",
        also: &[],
        token: || on_curve().written(|draft| with_signature(draft, &[1; 63])),
        twin: on_curve,
    },
    Refused {
        because: "O2: another knows no client secret",
        by: "token-signature",
        also: &[],
        token: || shared().written(|draft| hmac(draft, &[b'x'; 36])),
        twin: shared,
    },
];

fn with_signature(draft: &Draft, signature: &[u8]) -> String {
    let token = draft.signed_by(&curve_key());
    let message = token.rsplit_once('.').unwrap().0;
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn oi_06_the_algorithm_is_agreed_and_of_the_family_of_the_keys() {
    refuse_all(ALGORITHMS);
}

#[test]
fn oi_07_the_key_is_the_published_one_that_kid_and_algorithm_name() {
    refuse_all(KEYS);
}

#[test]
fn oi_06_the_signature_is_that_of_the_published_key_whatever_the_header_carries() {
    refuse_all(SIGNATURES);
}
