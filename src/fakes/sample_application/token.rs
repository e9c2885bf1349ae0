//! The session token taken apart, for people to look at.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Header and claims of a JWT. Nothing is verified: that is for applications that decide by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) header: String,
    pub(super) claims: String,
}

/// Takes `token` apart; `None` if it is no JWT.
pub(super) fn decoded(token: &str) -> Option<Decoded> {
    let mut parts = token.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Decoded {
        header: pretty(header)?,
        claims: pretty(claims)?,
    })
}

fn pretty(part: &str) -> Option<String> {
    let octets = URL_SAFE_NO_PAD.decode(part).ok()?;
    let value: Value = serde_json::from_slice(&octets).ok()?;
    serde_json::to_string_pretty(&value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_apart_and_nonsense_is_not() {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let token = format!("{}.{}.c2ln", part("{\"alg\":\"ES256\"}"), part("{\"sub\":\"é\"}"));
        let shown = decoded(&token).unwrap();
        assert!(shown.header.contains("\"ES256\"") && shown.claims.contains("\"é\""));
        for nonsense in ["", "a.b", "a.b.c", "e30.e30"] {
            assert_eq!(decoded(nonsense), None, "{nonsense}");
        }
    }
}
