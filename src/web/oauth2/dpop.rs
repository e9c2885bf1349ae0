//! The `DPoP` header: which key a request shows (RFC 9449 4).

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::downstream::dpop::{NoProof, Request};
use crate::web::oauth2::client::Asked;
use crate::web::oauth2::refusal::Refusal;
use crate::web::state::WebState;

/// The header that carries a proof.
const PROOF: &str = "dpop";
/// The header that carries a nonce of ours.
pub(crate) const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The thumbprint of the key that a request shows; `None` if it shows none.
pub(crate) async fn shown(
    state: &WebState,
    headers: &HeaderMap,
    request: &Request<'_>,
) -> Result<Option<String>, NoProof> {
    let mut all = headers.get_all(PROOF).iter();
    let proof = match (all.next(), all.next()) {
        (None, _) => return Ok(None),
        (Some(one), None) => one.to_str().unwrap_or_default(),
        (Some(_), Some(_)) => return Err(NoProof::Rule("dpop-one-proof")),
    };
    state.proofs.judge(proof, request).await.map(Some)
}

/// The same for a form that an application posts to the endpoint it asks.
pub(crate) async fn shown_with_form(asked: &Asked<'_>) -> Result<Option<String>, NoProof> {
    let address = format!("{}{}", asked.state.origin.as_str(), asked.path);
    let request = Request {
        method: "POST",
        address: &address,
        access_token: None,
    };
    shown(asked.state, asked.headers, &request).await
}

/// The nonce of this moment, for whoever needs one.
pub(crate) fn nonce(state: &WebState) -> Option<HeaderValue> {
    HeaderValue::from_str(&state.proofs.nonce()?).ok()
}

/// What an endpoint says that takes forms (RFC 9449 5 and 8).
pub(crate) fn refusal(state: &WebState, cause: &NoProof) -> Refusal {
    match cause {
        NoProof::Store(_) => Refusal::unavailable(),
        NoProof::NeedsNonce => {
            let description = "put the nonce of the header DPoP-Nonce into the proof";
            let refusal = Refusal::bad_request("use_dpop_nonce", description);
            match nonce(state) {
                Some(nonce) => refusal.with_header(NONCE, nonce),
                None => refusal,
            }
        }
        NoProof::Unreadable(_) | NoProof::Key | NoProof::Rule(_) => {
            Refusal::bad_request("invalid_dpop_proof", "the DPoP proof is not one for this request")
        }
    }
}
