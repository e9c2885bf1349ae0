//! The second judge: openidconnect must accept the ID token that our own rules accepted.
//!
//! It shares no code with ours: another reader of JSON, other mathematics, its own reading of OpenID Connect Core
//! 3.1.3.7. Measured limits: RSA keys above 4096 bits and ES512 it cannot use; a profile claim of an odd type (a
//! `name` that is a number) is its refusal, though we would not look at it. Of two EC keys under one `kid` it does
//! not look at the curve, so it is given those that fit the algorithm. It judges neither `azp` nor hashes nor
//! assurance.

use crate::upstream::oidc_rp::terms::IdTokenTerms;

/// How the second judge was unlike the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Disagreement {
    /// It cannot read the token, the key set or our terms.
    #[cfg(feature = "second-judge")]
    #[error("the second judge cannot read the {0}")]
    Unreadable(&'static str),
    /// It refuses.
    #[cfg(feature = "second-judge")]
    #[error("the second judge refuses: {0}")]
    Refuses(&'static str),
    /// It is not part of this program.
    #[cfg(not(feature = "second-judge"))]
    #[error("the second judge is not built into this program")]
    Absent,
}

/// Asks whether `token` is accepted on `terms`, with the same keys.
#[cfg(feature = "second-judge")]
pub(super) fn agrees(token: &str, terms: &IdTokenTerms<'_>) -> Result<(), Disagreement> {
    // A panic in a library is its refusal, not our end.
    let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| asked::agrees(token, terms)));
    asked.unwrap_or(Err(Disagreement::Refuses("it broke down")))
}

/// A program without the second judge never says that it agreed.
#[cfg(not(feature = "second-judge"))]
pub(super) fn agrees(_token: &str, _terms: &IdTokenTerms<'_>) -> Result<(), Disagreement> {
    Err(Disagreement::Absent)
}

#[cfg(feature = "second-judge")]
mod asked {
    use std::time::SystemTime;

    use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
    use openidconnect::{ClaimsVerificationError, ClientId, ClientSecret, IssuerUrl, Nonce};
    use serde_json::{Value, json};

    use super::Disagreement;
    use crate::protocol::jose::compact::Compact;
    use crate::upstream::oidc_rp::terms::{IdTokenTerms, Keys};

    pub(super) fn agrees(token: &str, terms: &IdTokenTerms<'_>) -> Result<(), Disagreement> {
        let read = token.parse::<CoreIdToken>();
        let read = read.map_err(|_cause| Disagreement::Unreadable("token"))?;
        let verifier = verifier(token, terms)?;
        let nonce = terms.nonce.map(|nonce| Nonce::new(nonce.to_owned()));
        let claims = match &nonce {
            Some(nonce) => read.claims(&verifier, nonce),
            None => read.claims(&verifier, |_: Option<&Nonce>| Ok(())),
        };
        claims
            .map(|_claims| ())
            .map_err(|cause| Disagreement::Refuses(word(&cause)))
    }

    fn verifier<'t>(token: &str, terms: &IdTokenTerms<'t>) -> Result<CoreIdTokenVerifier<'t>, Disagreement> {
        let unreadable = Disagreement::Unreadable;
        let issuer = IssuerUrl::new(terms.token.issuer.to_owned());
        let issuer = issuer.map_err(|_cause| unreadable("issuer"))?;
        let client = ClientId::new(terms.token.client_id.to_owned());
        let keys = keys(token, terms)?;
        let verifier = match terms.token.keys {
            Keys::Shared(secret) => {
                let secret = str::from_utf8(secret.expose()).map_err(|_cause| unreadable("client secret"))?;
                let secret = ClientSecret::new(secret.to_owned());
                CoreIdTokenVerifier::new_confidential_client(client, secret, issuer, keys)
            }
            Keys::Published(_) | Keys::NotGiven | Keys::Unreadable => {
                CoreIdTokenVerifier::new_public_client(client, issuer, keys)
            }
        };
        // It knows no skew, so it is asked at the earliest instant that may be now there.
        let now = SystemTime::from(terms.token.now.saturating_sub(terms.token.skew));
        Ok(verifier
            .set_allowed_algs(algorithms(terms)?)
            .set_other_audience_verifier_fn(|_| true)
            .set_time_fn(move || now.into()))
    }

    /// The same keys as ours, as far as they fit the algorithm.
    fn keys(token: &str, terms: &IdTokenTerms<'_>) -> Result<CoreJsonWebKeySet, Disagreement> {
        let algorithm = Compact::read(token).ok().and_then(|token| token.algorithm());
        let fitting: Vec<Value> = match (terms.token.keys, algorithm) {
            (Keys::Published(set), Some(algorithm)) => {
                let fitting = set.keys().iter().filter(|key| key.fits(algorithm));
                fitting.map(|key| Value::Object(key.jwk().clone())).collect()
            }
            _ => Vec::new(),
        };
        serde_json::from_value(json!({ "keys": fitting }))
            .map_err(|_cause| Disagreement::Unreadable("key set"))
    }

    fn algorithms(terms: &IdTokenTerms<'_>) -> Result<Vec<CoreJwsSigningAlgorithm>, Disagreement> {
        let named = serde_json::to_value(terms.token.algorithms);
        named
            .and_then(serde_json::from_value)
            .map_err(|_cause| Disagreement::Unreadable("list of algorithms"))
    }

    /// Its own words may hold claims, so they are not repeated.
    fn word(cause: &ClaimsVerificationError) -> &'static str {
        match cause {
            ClaimsVerificationError::Expired(_) => "it is expired",
            ClaimsVerificationError::InvalidAudience(_) => "the audience",
            ClaimsVerificationError::InvalidIssuer(_) => "the issuer",
            ClaimsVerificationError::InvalidNonce(_) => "the nonce",
            ClaimsVerificationError::SignatureVerification(_) => "the signature",
            ClaimsVerificationError::InvalidAuthContext(_)
            | ClaimsVerificationError::InvalidAuthTime(_)
            | ClaimsVerificationError::InvalidSubject(_)
            | ClaimsVerificationError::Other(_)
            | ClaimsVerificationError::Unsupported(_)
            | _ => "another reason",
        }
    }
}
