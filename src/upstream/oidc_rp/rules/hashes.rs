//! Rules on the hashes that bind an ID token to what came with it (OpenID Connect Core 3.1.3.6, 3.3.2.11).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::{MessageDigest, hash};

use crate::protocol::jose::Algorithm;
use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{Rule, Who};
use crate::upstream::oidc_rp::stated::{Stated, text};

const MIXED: &str = "Start again. If it happens every time, two answers are mixed up on the way.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "id-token-at-hash",
        clause: "OpenID Connect Core 3.1.3.6, 3.1.3.8; attack O14",
        who: Who::IdentityProvider,
        remedy: MIXED,
        check: at_hash,
    },
    Rule {
        id: "id-token-c-hash",
        clause: "OpenID Connect Core 3.3.2.11; attack O14",
        who: Who::IdentityProvider,
        remedy: MIXED,
        check: c_hash,
    },
    Rule {
        id: "id-token-s-hash",
        clause: "Financial-grade API 1.0 part 2, 5.1; attack O14",
        who: Who::IdentityProvider,
        remedy: MIXED,
        check: s_hash,
    },
];

fn at_hash<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let token = case.id_token().and_then(|terms| terms.access_token);
    binds(case, "at_hash", token)
}

fn c_hash<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let code = case.id_token().and_then(|terms| terms.code);
    binds(case, "c_hash", code)
}

fn s_hash<'c>(case: &'c Case<'_>) -> Finding<'c> {
    let state = case.id_token().and_then(|terms| terms.state);
    binds(case, "s_hash", state)
}

/// Where the hash is stated and what it is of is known, it must be right; the code flow needs no hash.
fn binds<'c>(case: &'c Case<'_>, name: &'static str, of: Option<&str>) -> Finding<'c> {
    let (Some(claims), Some(algorithm), Some(of)) = (case.claims(), case.algorithm(), of) else {
        return Finding::NotReached;
    };
    let stated = text(claims, name);
    let holds = stated == Stated::Absent || stated.value() == half_digest(algorithm, of).as_deref();
    let actual = match stated {
        Stated::Is(_) if !holds => "that of another",
        Stated::Is(_) => "its own",
        Stated::Absent | Stated::Unreadable => stated.presence(),
    };
    Note::on(name, "absent or its own", actual).holds_if(holds)
}

/// The left half of the digest that goes with the algorithm, in base64url.
fn half_digest(algorithm: Algorithm, of: &str) -> Option<String> {
    use Algorithm::{ES384, HS384, HS512, PS384, PS512, RS384, RS512};
    let digest = if matches!(algorithm, HS384 | RS384 | PS384 | ES384) {
        MessageDigest::sha384()
    } else if matches!(algorithm, HS512 | RS512 | PS512) {
        MessageDigest::sha512()
    } else {
        MessageDigest::sha256()
    };
    let whole = hash(digest, of.as_bytes()).ok()?;
    Some(URL_SAFE_NO_PAD.encode(whole.get(..whole.len() / 2)?))
}
