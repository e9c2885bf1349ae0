//! The client assertion (RFC 7523 3, OpenID Connect Core 9), judged as strictly as CIS2 judges it. The client hears
//! one sentence for every flaw; the true one is for the tester.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::fakes::cis2::client::{Authentication, ClientKeys};
use crate::platform::outbound::{Outbound, Send};
use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::compact::Compact;
use crate::protocol::jose::key_set::{KeySet, NoKey};
use crate::protocol::jose::public_key::VerificationKey;

/// `client_assertion_type` (RFC 7523 2.2).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// An assertion may expire at most this far ahead, in seconds.
const LONGEST: i64 = 300;
/// How far the clock of a client may be ahead, in seconds.
const SKEW: i64 = 60;

/// What is wrong with a client assertion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    #[error("client_assertion_type is not {JWT_BEARER}")]
    Type,
    #[error("the assertion cannot be read: {0}")]
    Unreadable(String),
    #[error("the algorithm {0} is not one for this client")]
    Algorithm(String),
    #[error("iss is missing")]
    NoIssuer,
    #[error("iss is {0:?}, and should be the client id")]
    Issuer(String),
    #[error("sub is missing")]
    NoSubject,
    #[error("sub is {0:?}, and should be the client id")]
    Subject(String),
    #[error("aud is missing")]
    NoAudience,
    #[error("aud is {found}, and should be {expected:?} octet for octet")]
    Audience { found: String, expected: String },
    #[error("aud is {found}, which leaves out the port; it should be {expected:?} octet for octet")]
    AudienceWithoutPort { found: String, expected: String },
    #[error("exp is missing or not a number")]
    NoExpiry,
    #[error("expired {0} s ago")]
    Expired(i64),
    #[error("exp is {0} s ahead; at most {LONGEST} s are allowed")]
    TooLong(i64),
    #[error("iat or nbf is {0} s ahead")]
    FromTheFuture(i64),
    #[error("jti is missing")]
    NoJti,
    #[error("jti was used before")]
    JtiUsed,
    #[error("kid is missing")]
    NoKid,
    #[error("the key set of the client was not reached: {0}")]
    KeysUnreached(String),
    #[error("the key set of the client cannot be read: {0}")]
    KeysUnreadable(String),
    #[error("kid {0:?} is not in the key set of the client")]
    UnknownKid(String),
    #[error("the key {0:?} of the client is not for this algorithm")]
    KeyDoesNotFit(String),
    #[error("the signature is not that of the key")]
    Signature,
    #[error("the client is registered for {0}")]
    OtherMethod(&'static str),
}

/// What an assertion is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) token_endpoint: &'a str,
    /// The parameter `client_id`, if it was sent.
    pub(super) client_id: Option<&'a str>,
    pub(super) now: OffsetDateTime,
}

/// What is left to do when everything stated is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) client_id: String,
    pub(super) jti: String,
}

/// Holds every claim against what it should be. The signature is [`verified`]'s.
pub(super) fn stated(assertion: &Compact, expected: &Expected<'_>) -> Result<Stated, Flaw> {
    let claims = assertion.claims();
    let issuer = text(claims, "iss").ok_or(Flaw::NoIssuer)?;
    let subject = text(claims, "sub").ok_or(Flaw::NoSubject)?;
    let client_id = expected.client_id.unwrap_or(subject);
    if issuer != client_id {
        return Err(Flaw::Issuer(issuer.to_owned()));
    }
    if subject != client_id {
        return Err(Flaw::Subject(subject.to_owned()));
    }
    audience(claims, expected.token_endpoint)?;
    times(claims, expected.now.unix_timestamp())?;
    let jti = text(claims, "jti")
        .filter(|jti| !jti.is_empty())
        .ok_or(Flaw::NoJti)?;
    Ok(Stated {
        client_id: client_id.to_owned(),
        jti: jti.to_owned(),
    })
}

/// Holds the signature against what the client registered.
pub(super) async fn verified(
    assertion: &Compact,
    registered: &Authentication,
    outbound: &Outbound,
) -> Result<(), Flaw> {
    match registered {
        Authentication::PrivateKeyJwt(keys) => by_key(assertion, &key_set(keys, outbound).await?),
        Authentication::ClientSecretJwt(secret) => {
            let algorithm = algorithm(assertion, is_hmac)?;
            let secret = Secret::new(secret.expose().as_bytes().to_vec());
            let signed = assertion.is_signed_by(VerificationKey::Shared(&secret), algorithm);
            signed.then_some(()).ok_or(Flaw::Signature)
        }
        Authentication::ClientSecretPost(_) | Authentication::ClientSecretBasic(_) => {
            Err(Flaw::OtherMethod(registered.method()))
        }
    }
}

fn by_key(assertion: &Compact, keys: &KeySet) -> Result<(), Flaw> {
    let algorithm = algorithm(assertion, |algorithm| !is_hmac(algorithm))?;
    let kid = assertion.kid().ok_or(Flaw::NoKid)?;
    let key = keys.find(Some(kid), algorithm).map_err(|why| match why {
        NoKey::Unknown => Flaw::UnknownKid(kid.to_owned()),
        NoKey::DoesNotFit | NoKey::Ambiguous => Flaw::KeyDoesNotFit(kid.to_owned()),
    })?;
    let signed = assertion.is_signed_by(VerificationKey::Public(key), algorithm);
    signed.then_some(()).ok_or(Flaw::Signature)
}

async fn key_set(keys: &ClientKeys, outbound: &Outbound) -> Result<KeySet, Flaw> {
    let document = match keys {
        ClientKeys::Jwks(document) => document.to_string().into_bytes(),
        ClientKeys::JwksUri(address) => {
            let reply = outbound.ask(address, Send::Get, &[]).await;
            let reply = reply.map_err(|cause| Flaw::KeysUnreached(cause.to_string()))?;
            if reply.status != 200 {
                return Err(Flaw::KeysUnreached(format!(
                    "{address} answered {}",
                    reply.status
                )));
            }
            reply.body
        }
    };
    KeySet::read(&document).map_err(|flaw| Flaw::KeysUnreadable(flaw.to_string()))
}

fn algorithm(assertion: &Compact, allowed: impl Fn(Algorithm) -> bool) -> Result<Algorithm, Flaw> {
    let named = assertion.algorithm().filter(|algorithm| allowed(*algorithm));
    named.ok_or_else(|| Flaw::Algorithm(assertion.alg().to_owned()))
}

fn is_hmac(algorithm: Algorithm) -> bool {
    [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512].contains(&algorithm)
}

/// The token endpoint and nothing else, as a text or as the one member of an array.
fn audience(claims: &Map<String, Value>, endpoint: &str) -> Result<(), Flaw> {
    let stated = claims.get("aud").ok_or(Flaw::NoAudience)?;
    let named = stated.as_str().or_else(|| match stated.as_array()?.as_slice() {
        [only] => only.as_str(),
        _ => None,
    });
    if named == Some(endpoint) {
        return Ok(());
    }
    let (found, expected) = (stated.to_string(), endpoint.to_owned());
    let without_port = expected.replacen(":443/", "/", 1);
    if named == Some(without_port.as_str()) {
        return Err(Flaw::AudienceWithoutPort { found, expected });
    }
    Err(Flaw::Audience { found, expected })
}

fn times(claims: &Map<String, Value>, now: i64) -> Result<(), Flaw> {
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let expiry = number("exp").ok_or(Flaw::NoExpiry)?;
    if expiry <= now {
        return Err(Flaw::Expired(now - expiry));
    }
    if expiry > now + LONGEST {
        return Err(Flaw::TooLong(expiry - now));
    }
    let latest = ["iat", "nbf"].into_iter().filter_map(number).max();
    match latest.filter(|latest| *latest > now + SKEW) {
        Some(latest) => Err(Flaw::FromTheFuture(latest - now)),
        None => Ok(()),
    }
}

fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str)
}
