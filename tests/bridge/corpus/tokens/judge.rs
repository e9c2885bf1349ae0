//! The judge of the product, asked as the `explain` command asks it, without clock skew.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::cli::explain_token::{ExplainTokenRequest, TokenKind, explain_token};
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::signer::Signer;
use nhsmail_bridge::upstream::judgement::explanation::Outcome;
use serde_json::{Map, Value, json};
use time::Duration;

use super::index::{Case, Change, RelyingParty, read};
use crate::corpus::index::instant;

/// Stands in where a case leaves a setting open.
const OPEN: &str = "https://nobody.example.net/";

/// A key set that signed none of the tokens.
static STRANGERS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let stranger = Signer::generate_rsa(Algorithm::RS256, None).expect("a key");
    json!({ "keys": [stranger.public_jwk()] })
        .to_string()
        .into_bytes()
});

/// What the judge said.
pub(super) struct Verdict {
    pub(super) accepted: bool,
    /// The rules that refuse.
    pub(super) refusing: BTreeSet<&'static str>,
    /// The claims, if a signature vouches for them.
    pub(super) claims: Option<Map<String, Value>>,
}

/// Judges the token of a case as it came.
pub(super) fn judged(case: &Case) -> Verdict {
    judge(case, &Change::default())
}

/// Judges the token of a case with one setting changed.
pub(super) fn judge(case: &Case, change: &Change) -> Verdict {
    let rp = case.rp.as_ref().expect("a token has terms");
    let kind = match change.received_as.as_deref().unwrap_or(&case.kind) {
        "logout_token" => TokenKind::LogoutToken,
        _ => TokenKind::IdToken,
    };
    let now = change.now.as_ref().unwrap_or(&rp.now);
    let explanation =
        explain_token(kind, &request(case, rp, change), instant(now)).expect("nothing is allowed");
    let refusing = explanation.refusing().collect();
    Verdict {
        accepted: explanation.verdict == Outcome::Accept,
        refusing,
        claims: explanation.identity.map(|identity| {
            let shown = identity.claims.into_iter();
            shown
                .map(|(name, value)| (name, value.expect("nothing is hidden")))
                .collect()
        }),
    }
}

fn request(case: &Case, rp: &RelyingParty, change: &Change) -> ExplainTokenRequest {
    let or_open = |changed: &Option<String>, own: &Option<String>| {
        let stated = changed.as_ref().or(own.as_ref());
        stated.cloned().unwrap_or_else(|| OPEN.to_owned())
    };
    // A corpus checker takes secret and keys at once; here the family is one or the other.
    let secret = rp
        .client_secret_base64url
        .as_ref()
        .filter(|_| change.algs.is_none());
    let algorithms = change.algs.as_ref().unwrap_or(&rp.allowed_algs);
    let hmac = secret.map(|_| "HS256".to_owned());
    let named = algorithms.iter().chain(&hmac);
    ExplainTokenRequest {
        message: read(&case.file),
        issuer: or_open(&change.issuer, &rp.issuer),
        client_id: or_open(&change.client_id, &rp.client_id),
        nonce: change.nonce.clone().or_else(|| rp.nonce.clone()),
        algorithms: named.filter_map(|name| name.parse().ok()).collect(),
        jwks: match (&change.jwks, &rp.jwks) {
            (Some(_), _) => Some(STRANGERS.clone()),
            (None, Some(file)) => Some(read(file)),
            (None, None) => None,
        },
        client_secret: secret.map(|text| {
            URL_SAFE_NO_PAD
                .decode(text.trim_end_matches('='))
                .expect("base64url")
        }),
        skew: Duration::ZERO,
        ..ExplainTokenRequest::default()
    }
}
