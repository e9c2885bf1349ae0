//! What an administrator shows to be one.

use axum::http::{HeaderMap, header};
use openssl::memcmp;

use crate::platform::digest::sha256;
use crate::platform::secret::Secret;

/// A token shorter than this could be guessed.
const SHORTEST: usize = 32;
/// The scheme it is shown by (RFC 6750 2.1), with the blank that follows.
const SCHEME: &str = "bearer ";

/// The token of the administrators; only its hash is kept. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct ManagementToken([u8; 32]);

impl ManagementToken {
    /// The token that `secret` holds, without the line end of a file. `None` if it could be guessed or could not stand
    /// in a header.
    pub fn read(secret: &Secret) -> Option<Self> {
        let octets = secret.expose().trim_ascii();
        let is_fit = octets.len() >= SHORTEST && octets.iter().all(u8::is_ascii_graphic);
        is_fit.then(|| Self(sha256(octets)))
    }

    /// True if a request with these headers shows it. Compares in constant time.
    pub(crate) fn is_shown_in(&self, headers: &HeaderMap) -> bool {
        let mut shown = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (shown.next(), shown.next()) else {
            return false;
        };
        let Some((scheme, token)) = value.as_bytes().split_at_checked(SCHEME.len()) else {
            return false;
        };
        scheme.eq_ignore_ascii_case(SCHEME.as_bytes()) && memcmp::eq(&sha256(token), &self.0)
    }
}

impl std::fmt::Debug for ManagementToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ManagementToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "0123456789abcdef0123456789abcdef";

    fn read(text: &str) -> Option<ManagementToken> {
        ManagementToken::read(&Secret::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn a_token_that_could_be_guessed_or_not_be_sent_is_none() {
        assert!(read(GOOD).is_some() && read(&format!("{GOOD}\n")) == read(GOOD));
        for bad in [
            "",
            "secret",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef 0123456789abcdef",
            "ä".repeat(32).as_str(),
        ] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn it_is_shown_once_and_whole_as_a_bearer_token() {
        let token = read(GOOD).unwrap();
        let shown = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            token.is_shown_in(&headers)
        };
        assert!(shown(&[&format!("Bearer {GOOD}")]) && shown(&[&format!("bearer {GOOD}")]));
        let twice = format!("Bearer {GOOD}");
        for bad in [
            &[][..],
            &[""],
            &["Bearer"],
            &["Bearer "],
            &[GOOD],
            &["Basic 0123456789abcdef0123456789abcdef"],
            &["Bearer 0123456789abcdef0123456789abcdee"],
            &["Bearer 0123456789abcdef0123456789abcdef0"],
            &[&twice, &twice],
        ] {
            assert!(!shown(bad), "{bad:?}");
        }
        assert_eq!(format!("{token:?}"), "ManagementToken(…)");
    }
}
