//! The identity headers: what a token says, for an application behind a proxy that reads no tokens.
//!
//! A header value is visible ASCII and spaces. Everything else, and `%` itself, is percent-encoded as UTF-8, so that
//! `Zoë` is `Zo%C3%AB` and decoding is never a guess. A value with a control character in it is not sent at all: it
//! is a try to write a header of its own, or as good as one.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::downstream::session_token::SessionToken;

/// Who the person is (`sub`).
pub const SUBJECT: &str = "x-auth-subject";
/// The address to show.
pub const EMAIL: &str = "x-auth-email";
/// The name to show.
pub const NAME: &str = "x-auth-name";
/// The door they came through.
pub const DOOR: &str = "x-auth-door";
/// The authentication assurance level; only a Care Identity brings one.
pub const AAL: &str = "x-auth-aal";
/// The ODS code of the organisation.
pub const ORG: &str = "x-auth-org";
/// The job role that is selected, such as `R8001`; only a Care Identity brings one.
pub const ROLE: &str = "x-auth-role";
/// The token itself, as a bearer token (RFC 6750 2.1).
pub const AUTHORIZATION: &str = "authorization";

/// Headers that a proxy must take off every request before it asks us, so that nobody brings their own.
pub const TO_STRIP: [&str; 8] = [SUBJECT, EMAIL, NAME, DOOR, AAL, ORG, ROLE, AUTHORIZATION];

const ENCODED: &AsciiSet = &CONTROLS.add(b'%');

/// The headers that say what `token` says.
pub fn identity_headers(token: &SessionToken) -> Vec<(&'static str, String)> {
    let claims = &token.claims;
    let org = claims.org.as_ref().map(|org| org.code.as_str());
    let role = claims.role.as_ref().map(|role| role.code.as_str());
    let aal = claims.aal.map(|level| level.to_string());
    let values = [
        (SUBJECT, Some(claims.sub.as_str())),
        (EMAIL, claims.email.as_deref()),
        (NAME, claims.name.as_deref()),
        (DOOR, Some(claims.door.as_str())),
        (AAL, aal.as_deref()),
        (ORG, org),
        (ROLE, role),
    ];
    let mut headers: Vec<_> = values
        .into_iter()
        .filter_map(|(name, value)| Some((name, header_value(value?)?)))
        .collect();
    headers.push((AUTHORIZATION, format!("Bearer {}", token.compact)));
    headers
}

fn header_value(value: &str) -> Option<String> {
    let plain = !value.chars().any(char::is_control);
    plain.then(|| utf8_percent_encode(value, ENCODED).to_string())
}

#[cfg(test)]
mod tests;
