//! What a request brings to prove its client, read and not yet believed.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use crate::downstream::client_authentication::NotTheClient;
use crate::platform::secret::Secret;
use crate::protocol::jose::compact::Compact;

/// The one kind of assertion (RFC 7523 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Longer names are nobody's.
const LONGEST_NAME: usize = 255;

/// What came with a request. A parameter that was sent without a value is absent (RFC 6749 3.2).
#[derive(Clone, Copy, Default)]
pub struct Brought<'a> {
    /// `Authorization`, the whole header; it must not be there twice.
    pub authorization: Option<&'a str>,
    /// `client_id` of the form.
    pub client_id: Option<&'a str>,
    /// `client_secret` of the form.
    pub client_secret: Option<&'a str>,
    /// `client_assertion_type` of the form.
    pub client_assertion_type: Option<&'a str>,
    /// `client_assertion` of the form.
    pub client_assertion: Option<&'a str>,
    /// The address that was asked, as we publish it.
    pub endpoint: &'a str,
    /// Where the request comes from, if that is known.
    pub source: Option<IpAddr>,
}

/// A name and what shall prove it.
pub(super) struct Presented {
    pub(super) client_id: String,
    pub(super) proof: Proof,
}

/// What shall prove a name.
pub(super) enum Proof {
    Basic(Secret),
    Post(Secret),
    Assertion(Box<Compact>),
    Nothing,
}

impl Presented {
    /// Reads the one method that a request uses.
    pub(super) fn read(brought: &Brought<'_>) -> Result<Self, NotTheClient> {
        let methods = [
            brought.authorization.is_some(),
            brought.client_secret.is_some(),
            brought.client_assertion.is_some() || brought.client_assertion_type.is_some(),
        ];
        if methods.into_iter().filter(|used| *used).count() > 1 {
            return Err(NotTheClient::SeveralMethods);
        }
        let presented = if let Some(header) = brought.authorization {
            basic(header)?
        } else if brought.client_assertion.is_some() || brought.client_assertion_type.is_some() {
            assertion(brought)?
        } else {
            let client_id = brought.client_id.ok_or(NotTheClient::Unnamed)?.to_owned();
            let secret = brought.client_secret.map(|secret| Secret::new(secret.into()));
            Self {
                client_id,
                proof: secret.map_or(Proof::Nothing, Proof::Post),
            }
        };
        if presented.client_id.len() > LONGEST_NAME {
            return Err(NotTheClient::Unknown);
        }
        match brought.client_id {
            Some(named) if named != presented.client_id => Err(NotTheClient::SeveralMethods),
            _ => Ok(presented),
        }
    }
}

/// Both parts are form-encoded before they are joined with `:` and encoded again (RFC 6749 2.3.1).
fn basic(header: &str) -> Result<Presented, NotTheClient> {
    let unreadable = || NotTheClient::Unreadable("the Authorization header is not one of the scheme Basic");
    let (scheme, encoded) = header.split_once(' ').ok_or_else(unreadable)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unreadable());
    }
    let octets = STANDARD.decode(encoded.trim()).map_err(|_cause| unreadable())?;
    let pair = Secret::new(octets);
    let pair = str::from_utf8(pair.expose()).map_err(|_cause| unreadable())?;
    let (client_id, secret) = pair.split_once(':').ok_or_else(unreadable)?;
    let client_id = form_decoded(client_id).ok_or_else(unreadable)?;
    let secret = form_decoded(secret).ok_or_else(unreadable)?;
    if client_id.is_empty() {
        return Err(NotTheClient::Unnamed);
    }
    Ok(Presented {
        client_id,
        proof: Proof::Basic(Secret::new(secret.into_bytes())),
    })
}

/// Strictly: a `%` that begins no octet is no encoding.
fn form_decoded(text: &str) -> Option<String> {
    let strays = text.split('%').skip(1);
    let is_octet = |rest: &str| {
        rest.get(..2)
            .is_some_and(|two| two.bytes().all(|c| c.is_ascii_hexdigit()))
    };
    if !strays.into_iter().all(is_octet) {
        return None;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// The client is whom the assertion says it is about; `client_id` need not be there (RFC 7521 4.2).
fn assertion(brought: &Brought<'_>) -> Result<Presented, NotTheClient> {
    let (Some(kind), Some(token)) = (brought.client_assertion_type, brought.client_assertion) else {
        return Err(NotTheClient::Unreadable("an assertion comes with its type"));
    };
    if kind != ASSERTION_TYPE {
        return Err(NotTheClient::Unreadable("the type of the assertion is unknown"));
    }
    let unreadable = NotTheClient::Unreadable("the assertion is no signed token");
    let token = Compact::read(token).map_err(|_flaw| unreadable)?;
    let subject = token.claims().get("sub").and_then(|sub| sub.as_str());
    let client_id = subject.ok_or(NotTheClient::Unnamed)?.to_owned();
    Ok(Presented {
        client_id,
        proof: Proof::Assertion(Box::new(token)),
    })
}

/// Secrets and assertions are in it.
impl fmt::Debug for Brought<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Brought(…)")
    }
}
