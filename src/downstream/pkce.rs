//! PKCE with S256, the only method here (RFC 7636): who redeems a code is who asked for it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::memcmp;

use crate::platform::digest::sha256;

/// The name of the one method.
pub const METHOD: &str = "S256";

/// True if `text` can be a challenge of S256: 32 octets in base64url (RFC 7636 4.2).
pub fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(text)
        .is_ok_and(|octets| octets.len() == 32)
}

/// True if `verifier` is the one that `challenge` was made of (RFC 7636 4.6). One of another shape is none.
pub fn verifies(verifier: &str, challenge: &str) -> bool {
    let computed = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    let is_equal = computed.len() == challenge.len() && memcmp::eq(computed.as_bytes(), challenge.as_bytes());
    is_verifier(verifier) && is_equal
}

/// 43 to 128 unreserved characters (RFC 7636 4.1).
fn is_verifier(text: &str) -> bool {
    let is_unreserved = |c: u8| c.is_ascii_alphanumeric() || b"-._~".contains(&c);
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn ap_02_the_example_of_the_standard_verifies() {
        assert!(is_challenge(CHALLENGE));
        assert!(verifies(VERIFIER, CHALLENGE));
    }

    #[test]
    fn o19_nothing_but_the_verifier_of_the_challenge_will_do() {
        let other = "e".repeat(43);
        // `plain`: the challenge itself.
        for wrong in ["", CHALLENGE, &other, &VERIFIER.to_lowercase()] {
            assert!(!verifies(wrong, CHALLENGE), "{wrong:?}");
        }
        let (short, long) = ("a".repeat(42), "a".repeat(129));
        for misshapen in [&short, &long, &format!("{} ", "a".repeat(43))] {
            let challenge = URL_SAFE_NO_PAD.encode(sha256(misshapen.as_bytes()));
            assert!(!verifies(misshapen, &challenge), "{misshapen:?}");
        }
        for text in ["", "short", &"a".repeat(44), &format!("{CHALLENGE}=")] {
            assert!(!is_challenge(text), "{text:?}");
        }
    }
}
