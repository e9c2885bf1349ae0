//! `Compact`: a signed token in compact form (RFC 7515 7.1), read strictly and not yet believed.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use crate::protocol::jose::json::{JsonFlaw, strict_object};
use crate::protocol::jose::public_key::VerificationKey;

/// The most octets of a token.
const LARGEST: usize = 64 * 1024;

type Claims = Result<Map<String, Value>, JsonFlaw>;

/// The parts of a token. Nothing in it is believed until [`Self::is_signed_by`] says so, and nothing in its header
/// but `alg` and `kid` ever helps to find a key: `jwk`, `jku`, `x5u` and `x5c` are the sender's word only.
#[derive(Clone)]
pub struct Compact {
    signed: String,
    signature: String,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
}

/// Why octets are no token that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFlaw {
    /// More than 64 KiB.
    #[error("the token is longer than 64 KiB")]
    TooLong,
    /// Not three parts with two dots between them.
    #[error("the token does not have three parts")]
    NotThreeParts,
    /// A part is not base64url, or has padding, white space or loose bits (RFC 7515 2).
    #[error("a part of the token is not strictly base64url")]
    NotBase64Url,
    /// The header is no object that we read.
    #[error("the header: {0}")]
    Header(JsonFlaw),
    /// The claims are no object that we read.
    #[error("the claims: {0}")]
    Claims(JsonFlaw),
    /// The header has no `alg` in text (RFC 7515 4.1.1).
    #[error("the header names no algorithm")]
    NoAlgorithm,
    /// `kid` or `typ` is there and is not text (RFC 7515 4.1.4, 4.1.9).
    #[error("`kid` or `typ` is not text")]
    NotText,
}

impl Compact {
    /// Reads `token`. A signature may be empty here: it is then nobody's.
    ///
    /// # Errors
    /// [`TokenFlaw`], the first that applies.
    pub fn read(token: &str) -> Result<Self, TokenFlaw> {
        Self::read_with(token, strict_object)
    }

    fn read_with(token: &str, payload: fn(&[u8]) -> Claims) -> Result<Self, TokenFlaw> {
        if token.len() > LARGEST {
            return Err(TokenFlaw::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenFlaw::NotThreeParts);
        };
        decode(signature)?;
        let head = strict_object(&decode(header)?).map_err(TokenFlaw::Header)?;
        Ok(Self {
            signed: format!("{header}.{claims}"),
            signature: signature.to_owned(),
            claims: payload(&decode(claims)?).map_err(TokenFlaw::Claims)?,
            alg: text(&head, "alg")?.ok_or(TokenFlaw::NoAlgorithm)?,
            kid: text(&head, "kid")?,
            typ: text(&head, "typ")?,
            header: head,
        })
    }

    /// `alg` as it stands there.
    pub fn alg(&self) -> &str {
        &self.alg
    }

    /// The algorithm that `alg` names, if it is one that exists here; `none` and what is written in another case
    /// is none of them.
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.alg.parse().ok()
    }

    /// `kid`, an opaque text that may hold `/`, `+` and `=`.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `typ` as it stands there.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// `crit`, of whatever shape: what it lists must be understood (RFC 7515 4.1.11).
    pub fn crit(&self) -> Option<&Value> {
        self.header.get("crit")
    }

    /// `b64` (RFC 7797 3).
    pub fn b64(&self) -> Option<&Value> {
        self.header.get("b64")
    }

    /// `zip` (RFC 7516 4.1.3), which no signed token has.
    pub fn zip(&self) -> Option<&Value> {
        self.header.get("zip")
    }

    /// The whole header.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// The claims.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// True if `key` made the signature with `algorithm`, which must be the one that the header names.
    pub fn is_signed_by(&self, key: VerificationKey<'_>, algorithm: Algorithm) -> bool {
        let named = self.algorithm() == Some(algorithm);
        named && key.verifies(algorithm, self.signed.as_bytes(), &self.signature)
    }
}

/// Claims may name a person, so only what is public of a token is ever printed.
impl fmt::Debug for Compact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compact")
            .field("alg", &self.alg)
            .field("kid", &self.kid)
            .field("typ", &self.typ)
            .finish_non_exhaustive()
    }
}

fn decode(part: &str) -> Result<Vec<u8>, TokenFlaw> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_cause| TokenFlaw::NotBase64Url)
}

fn text(header: &Map<String, Value>, name: &str) -> Result<Option<String>, TokenFlaw> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) if name == "alg" => Err(TokenFlaw::NoAlgorithm),
        Some(_) => Err(TokenFlaw::NotText),
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
