//! Rules on the key and the signature: the dear ones.

use crate::protocol::jose::Algorithm;
use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who};
use crate::upstream::oidc_rp::stated::shown;
use crate::upstream::oidc_rp::terms::Keys;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "token-key-set",
        clause: "RFC 7517 5; RFC 7518 3.2; attacks O3, O24",
        who: Who::Both,
        remedy: "Give the key set that the signer publishes, with one usable key at least. A client secret is as long \
                 as the digest.",
        check: key_set,
    },
    Rule {
        id: "token-key",
        clause: "OpenID Connect Core 10.1; OI-07, attacks O4, O5, O6",
        who: Who::Both,
        remedy: "Publish the signing key under the kid of the token, once, for signatures. Then fetch the set again.",
        check: key,
    },
    Rule {
        id: "token-signature",
        clause: "RFC 7515 5.2; OI-06, attacks O2, O9",
        who: Who::IdentityProvider,
        remedy: "Sign with the published key. If the key is right, the token was changed on its way.",
        check: signature,
    },
];

/// A secret shorter than the digest can be guessed (RFC 7518 3.2).
fn key_set<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let shortest = match case.algorithm() {
        Some(Algorithm::HS512) => 64,
        Some(Algorithm::HS384) => 48,
        _ => 32,
    };
    if case.is_plain() {
        return Finding::NotReached;
    }
    let (expected, actual) = match case.terms().keys {
        Keys::Published(set) if set.is_empty() => {
            ("a usable key", format!("{} unusable", set.skipped().len()))
        }
        Keys::Published(set) => return holds(format!("{} usable", set.keys().len())),
        Keys::Shared(secret) if secret.expose().len() < shortest => {
            let actual = "a shorter secret".to_owned();
            return Finding::Refuses(Note::on("client secret", format!("{shortest} octets"), actual));
        }
        Keys::Shared(_) => return holds("a client secret".to_owned()),
        Keys::NotGiven => ("a key set", "none was given".to_owned()),
        Keys::Unreadable => ("a key set", "it cannot be read".to_owned()),
    };
    Finding::Refuses(Note::on("key set", expected, actual))
}

fn holds<'c>(actual: String) -> Finding<'c> {
    Finding::Holds(Note::on("key set", "a usable key", actual))
}

fn key<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let (Some(token), Some(key)) = (case.token(), case.key()) else {
        return Finding::NotReached;
    };
    let kid = token.kid().map_or("no kid".into(), shown);
    let actual = match key {
        Ok(_) => kid,
        Err(none) => format!("{kid}: {none}").into(),
    };
    Note::on("header/kid", "the name of one key for this algorithm", actual).holds_if(key.is_ok())
}

fn signature<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let Some(is_signed) = case.is_signed() else {
        return Finding::NotReached;
    };
    let actual = if is_signed { "verifies" } else { "does not verify" };
    Note::on("signature", "verifies with that key", actual).holds_if(is_signed)
}
