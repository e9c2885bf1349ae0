//! Judging a signed token: its type, algorithm, key, signature, issuer, audience and times.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::protocol::jose::install;

/// What a token must be. None of it is taken from the token.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Its `typ`: a token of one kind is never one of another (RFC 8725 3.11).
    pub typ: &'a str,
    /// The algorithms it may be signed with.
    pub algorithms: &'a [Algorithm],
    /// Its `iss`, octet for octet.
    pub issuer: &'a str,
    /// Its `aud`, or one of them.
    pub audience: &'a str,
    /// How far the signer's clock may be off.
    pub skew: Duration,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Not three parts of base64url with JSON in them.
    #[error("this is not a signed token in compact form")]
    Malformed,
    /// A header that we must understand and do not.
    #[error("the header demands an extension (`crit`)")]
    Critical,
    /// A token of another kind.
    #[error("the token is of another type")]
    WrongType,
    /// An algorithm that is not allowed here.
    #[error("the algorithm is not allowed here")]
    WrongAlgorithm,
    /// No key of that name, more than one, or not one for this algorithm.
    #[error("the key set has no single key for this `kid` and algorithm")]
    NoKey,
    /// The signature is not that key's.
    #[error("the signature is wrong")]
    WrongSignature,
    /// Issued by somebody else.
    #[error("the issuer is another")]
    WrongIssuer,
    /// Meant for somebody else.
    #[error("the audience is another")]
    WrongAudience,
    /// No longer, or without an end.
    #[error("the token has expired or says not when it does")]
    Expired,
    /// Not yet.
    #[error("the token is from the future")]
    NotYet,
    /// Claims of another shape.
    #[error("the claims have another shape")]
    WrongClaims,
}

/// The claims of `token`, if it is what `expected` says and a key of `keys` signed it.
///
/// # Errors
/// [`TokenRefusal`], the first that applies in the order of its declaration.
pub fn verify<C: DeserializeOwned>(
    token: &str,
    keys: &JwkSet,
    expected: &Expected<'_>,
    now: OffsetDateTime,
) -> Result<C, TokenRefusal> {
    install();
    let header = decode_header(token).map_err(|_cause| TokenRefusal::Malformed)?;
    header_is_expected(&header, expected)?;
    let key = key_for(&header, keys)?;
    let claims = signed_claims(token, &key, header.alg)?;
    claims_are_expected(&claims, expected, now)?;
    serde_json::from_value(claims).map_err(|_cause| TokenRefusal::WrongClaims)
}

fn header_is_expected(header: &Header, expected: &Expected<'_>) -> Result<(), TokenRefusal> {
    if header.crit.is_some() {
        return Err(TokenRefusal::Critical);
    }
    if header.typ.as_deref() != Some(expected.typ) {
        return Err(TokenRefusal::WrongType);
    }
    if !expected.algorithms.contains(&header.alg) {
        return Err(TokenRefusal::WrongAlgorithm);
    }
    Ok(())
}

/// The one key that bears the token's `kid`; if it names an algorithm or a use, it must be this one.
fn key_for(header: &Header, keys: &JwkSet) -> Result<DecodingKey, TokenRefusal> {
    let kid = header.kid.as_deref().ok_or(TokenRefusal::NoKey)?;
    let mut named = keys
        .keys
        .iter()
        .filter(|key| key.common.key_id.as_deref() == Some(kid));
    match (named.next(), named.next()) {
        (Some(key), None) if is_for(key, header.alg) => {
            DecodingKey::from_jwk(key).map_err(|_cause| TokenRefusal::NoKey)
        }
        _ => Err(TokenRefusal::NoKey),
    }
}

fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    let named = key.common.key_algorithm.map(|named| named.to_string());
    let for_algorithm = named.is_none_or(|named| named.parse() == Ok(algorithm));
    let for_signatures = match &key.common.public_key_use {
        None => true,
        Some(usage) => *usage == PublicKeyUse::Signature,
    };
    for_algorithm && for_signatures
}

fn signed_claims(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Value, TokenRefusal> {
    let mut validation = Validation::new(algorithm);
    // The library would ask the machine for the time; the claims are judged below, by the time we are given.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let token = decode::<Value>(token, key, &validation).map_err(|cause| {
        let unreadable = matches!(cause.kind(), ErrorKind::Json(_) | ErrorKind::Utf8(_));
        if unreadable {
            TokenRefusal::Malformed
        } else {
            TokenRefusal::WrongSignature
        }
    })?;
    Ok(token.claims)
}

fn claims_are_expected(
    claims: &Value,
    expected: &Expected<'_>,
    now: OffsetDateTime,
) -> Result<(), TokenRefusal> {
    let text = |value: &Value, wanted: &str| value.as_str() == Some(wanted);
    if !claims.get("iss").is_some_and(|iss| text(iss, expected.issuer)) {
        return Err(TokenRefusal::WrongIssuer);
    }
    let for_us = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(|one| text(one, expected.audience)),
        Some(one) => text(one, expected.audience),
        None => false,
    };
    if !for_us {
        return Err(TokenRefusal::WrongAudience);
    }
    times_are_right(claims, expected.skew, now)
}

/// `exp` is required and ahead; `iat` and `nbf`, where stated, are not (RFC 7519 4.1.4 to 4.1.6).
fn times_are_right(claims: &Value, skew: Duration, now: OffsetDateTime) -> Result<(), TokenRefusal> {
    let now = now.unix_timestamp();
    let skew = skew.whole_seconds();
    let expires = claims.get("exp").and_then(Value::as_i64);
    if expires.is_none_or(|expires| expires.saturating_add(skew) <= now) {
        return Err(TokenRefusal::Expired);
    }
    for name in ["iat", "nbf"] {
        match claims.get(name).map(Value::as_i64) {
            None => {}
            Some(Some(from)) if from <= now.saturating_add(skew) => {}
            Some(_) => return Err(TokenRefusal::NotYet),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
