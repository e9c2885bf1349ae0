//! HTTP-Redirect as it comes in.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;

use crate::protocol::saml::binding::{BindingFlaw, Fields, MessageKind};
use crate::protocol::saml::limits::REDIRECT_OCTETS;
use crate::protocol::saml::signature::{SignatureAlgorithm, VerificationKey, verify_octets};

/// A message as it came in. Nothing in it is believed.
#[derive(Debug)]
pub(crate) struct ReceivedRedirect {
    /// Which way it goes.
    pub(crate) kind: MessageKind,
    /// The message itself, which still has to be read as XML.
    pub(crate) message: Vec<u8>,
    /// `RelayState`.
    pub(crate) relay_state: Option<String>,
    signature: Option<QuerySignature>,
}

#[derive(Debug)]
struct QuerySignature {
    algorithm: String,
    value: Vec<u8>,
    /// The octets that the signature covers, as they were received.
    covers: String,
}

/// Why the signature of a query proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unproven {
    /// There is none.
    #[error("the query is not signed")]
    Unsigned,
    /// An algorithm that has no name here, or is too weak.
    #[error("the signature algorithm is not accepted")]
    Algorithm,
    /// No trusted key made it over these octets.
    #[error("no trusted key made this signature")]
    Signature,
}

impl ReceivedRedirect {
    /// Reads the query string as received, without its `?`.
    pub(crate) fn read(query: &str) -> Result<Self, BindingFlaw> {
        if query.len() > REDIRECT_OCTETS {
            return Err(BindingFlaw::TooLarge);
        }
        let fields = Fields::read(query)?;
        let (kind, message) = match (fields.once("SAMLRequest")?, fields.once("SAMLResponse")?) {
            (Some(message), None) => (MessageKind::Request, message),
            (None, Some(message)) => (MessageKind::Response, message),
            (Some(_), Some(_)) => return Err(BindingFlaw::RequestAndResponse),
            (None, None) => return Err(BindingFlaw::Missing("SAMLRequest")),
        };
        let encoding = fields.once("SAMLEncoding")?;
        if encoding
            .is_some_and(|encoding| encoding != "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE")
        {
            return Err(BindingFlaw::Encoding);
        }
        // White space inside is refused: Bindings 3.4.4.1 says that it is taken out before sending.
        let deflated = STANDARD.decode(&message).map_err(|_cause| BindingFlaw::Base64)?;
        Ok(Self {
            kind,
            message: inflate(&deflated)?,
            relay_state: fields.once("RelayState")?,
            signature: QuerySignature::read(&fields, kind)?,
        })
    }

    /// True if the sender claims to have signed it.
    pub(crate) fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// `SigAlg`, as it was stated.
    pub(crate) fn algorithm_uri(&self) -> Option<&str> {
        self.signature
            .as_ref()
            .map(|signature| signature.algorithm.as_str())
    }

    /// Verifies the signature over the query as it was received, never over one that is encoded anew: ADFS and Entra
    /// escape in lower case, and a query that is written again would not match. Gives the place of the key that made it.
    /// Whether the algorithm is good enough is for the caller to say.
    pub(crate) fn verified_by(&self, keys: &[VerificationKey]) -> Result<usize, Unproven> {
        let signature = self.signature.as_ref().ok_or(Unproven::Unsigned)?;
        let algorithm = SignatureAlgorithm::from_uri(&signature.algorithm).ok_or(Unproven::Algorithm)?;
        let made = |key: &VerificationKey| {
            verify_octets(algorithm, key, signature.covers.as_bytes(), &signature.value)
        };
        keys.iter().position(made).ok_or(Unproven::Signature)
    }

    /// The same, where SHA-1 is never good enough.
    #[cfg(any(test, feature = "fakes"))]
    pub(crate) fn verify(&self, keys: &[VerificationKey]) -> Result<(), Unproven> {
        let algorithm = self.algorithm_uri().and_then(SignatureAlgorithm::from_uri);
        if algorithm == Some(SignatureAlgorithm::RSA_SHA1) {
            return Err(Unproven::Algorithm);
        }
        self.verified_by(keys).map(|_key| ())
    }
}

impl QuerySignature {
    fn read(fields: &Fields<'_>, kind: MessageKind) -> Result<Option<Self>, BindingFlaw> {
        let (algorithm, value) = match (fields.once("SigAlg")?, fields.once("Signature")?) {
            (None, None) => return Ok(None),
            (Some(algorithm), Some(value)) => (algorithm, value),
            (Some(_), None) | (None, Some(_)) => return Err(BindingFlaw::HalfSigned),
        };
        // The order is that of Bindings 3.4.4.1, whatever the order of the query is.
        let mut covers = String::new();
        for name in [kind.field(), "RelayState", "SigAlg"] {
            if let Some(raw) = fields.raw_once(name)? {
                let separator = if covers.is_empty() { "" } else { "&" };
                covers.push_str(&[separator, name, "=", raw].concat());
            }
        }
        let value = STANDARD.decode(&value).map_err(|_cause| BindingFlaw::Base64)?;
        Ok(Some(Self {
            algorithm,
            value,
            covers,
        }))
    }
}

/// Inflates at most [`REDIRECT_OCTETS`]; a stream that gives more, or has something behind its end, is refused.
fn inflate(deflated: &[u8]) -> Result<Vec<u8>, BindingFlaw> {
    let bound = REDIRECT_OCTETS as u64;
    let mut decoder = DeflateDecoder::new(deflated).take(bound + 1);
    let mut message = Vec::new();
    decoder
        .read_to_end(&mut message)
        .map_err(|_cause| BindingFlaw::Deflate)?;
    if message.len() > REDIRECT_OCTETS {
        return Err(BindingFlaw::TooLarge);
    }
    let consumed = decoder.get_ref().total_in();
    if consumed != deflated.len() as u64 {
        return Err(BindingFlaw::Deflate);
    }
    Ok(message)
}
