//! HTTP-Redirect: a message in a query string, DEFLATE and base64, perhaps signed (Bindings 3.4.4.1).

mod received;

use std::fmt::Write as _;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use openssl::error::ErrorStack;

use crate::protocol::saml::signature::{SignatureAlgorithm, SigningKey, sign_octets};

pub(crate) use received::ReceivedRedirect;

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageKind {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl MessageKind {
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// A message on its way out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redirect<'m> {
    kind: MessageKind,
    message: &'m str,
    relay_state: Option<&'m str>,
}

impl<'m> Redirect<'m> {
    /// `message` without `RelayState`.
    pub(crate) fn of(kind: MessageKind, message: &'m str) -> Self {
        Self {
            kind,
            message,
            relay_state: None,
        }
    }

    /// The same with a `RelayState`.
    pub(crate) fn with_relay_state(self, relay_state: Option<&'m str>) -> Self {
        Self { relay_state, ..self }
    }

    /// The query string, unsigned.
    pub(crate) fn query(&self) -> String {
        let mut query = format!("{}=", self.kind.field());
        push_escaped(&STANDARD.encode(deflate(self.message)), &mut query);
        if let Some(relay_state) = self.relay_state {
            query.push_str("&RelayState=");
            push_escaped(relay_state, &mut query);
        }
        query
    }

    /// The query string with `SigAlg` and `Signature`. The signature covers the query exactly as it is sent,
    /// `RelayState` included.
    pub(crate) fn signed_query(
        &self,
        key: &SigningKey,
        algorithm: SignatureAlgorithm,
    ) -> Result<String, ErrorStack> {
        let mut query = self.query();
        query.push_str("&SigAlg=");
        push_escaped(algorithm.uri(), &mut query);
        let value = STANDARD.encode(sign_octets(key, algorithm, query.as_bytes())?);
        query.push_str("&Signature=");
        push_escaped(&value, &mut query);
        Ok(query)
    }
}

/// RFC 3986 section 2.3: everything but the unreserved characters is escaped.
fn push_escaped(text: &str, out: &mut String) {
    for octet in text.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            out.push(char::from(octet));
        } else {
            let written = write!(out, "%{octet:02X}");
            debug_assert!(written.is_ok(), "writing to a String cannot fail");
        }
    }
}

/// The address that carries `query` to `destination`, which may have a query of its own.
pub(crate) fn redirect_address(destination: &str, query: &str) -> String {
    let separator = if destination.contains('?') { '&' } else { '?' };
    format!("{destination}{separator}{query}")
}

fn deflate(message: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // A Vec takes whatever is written to it.
    let written = encoder
        .write_all(message.as_bytes())
        .and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

#[cfg(test)]
mod tests;
