//! HTTP-POST: a message as base64 in a form field (Bindings 3.5.4).

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;

use crate::protocol::saml::binding::{BindingFlaw, Fields, MessageKind};
use crate::protocol::saml::limits::{FORM_BODY_OCTETS, MESSAGE_OCTETS};

/// What a browser posted to an assertion consumer service. Nothing in it is believed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostedResponse {
    /// `SAMLResponse`, still base64.
    pub(crate) message: String,
    /// `RelayState`.
    pub(crate) relay_state: Option<String>,
}

impl std::fmt::Debug for PostedResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostedResponse(…)")
    }
}

impl PostedResponse {
    /// Reads a form body with exactly one `SAMLResponse`, at most one `RelayState` and no `SAMLRequest`.
    pub(crate) fn read(body: &[u8]) -> Result<Self, BindingFlaw> {
        if body.len() > FORM_BODY_OCTETS {
            return Err(BindingFlaw::TooLarge);
        }
        let text = std::str::from_utf8(body).map_err(|_cause| BindingFlaw::Escape("SAMLResponse"))?;
        Self::from_fields(&Fields::read(text)?)
    }

    /// The same from fields that are read already.
    pub(crate) fn from_fields(fields: &Fields<'_>) -> Result<Self, BindingFlaw> {
        if fields.once("SAMLRequest")?.is_some() {
            return Err(BindingFlaw::RequestAndResponse);
        }
        let message = fields.once("SAMLResponse")?;
        Ok(Self {
            message: message.ok_or(BindingFlaw::Missing("SAMLResponse"))?,
            relay_state: fields.once("RelayState")?,
        })
    }
}

/// What a browser posted to a single logout service, where either kind of message may arrive. Nothing in it is believed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostedMessage {
    /// Which way it goes.
    pub(crate) kind: MessageKind,
    /// `SAMLRequest` or `SAMLResponse`, still base64.
    pub(crate) message: String,
    /// `RelayState`.
    pub(crate) relay_state: Option<String>,
}

impl std::fmt::Debug for PostedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostedMessage(…)")
    }
}

impl PostedMessage {
    /// Reads fields with exactly one message and at most one `RelayState`.
    pub(crate) fn from_fields(fields: &Fields<'_>) -> Result<Self, BindingFlaw> {
        let (kind, message) = match (fields.once("SAMLRequest")?, fields.once("SAMLResponse")?) {
            (Some(message), None) => (MessageKind::Request, message),
            (None, Some(message)) => (MessageKind::Response, message),
            (Some(_), Some(_)) => return Err(BindingFlaw::RequestAndResponse),
            (None, None) => return Err(BindingFlaw::Missing("SAMLRequest")),
        };
        Ok(Self {
            kind,
            message,
            relay_state: fields.once("RelayState")?,
        })
    }
}

/// The octets of the message in the field: base64 of the standard alphabet with its padding. Line ends and blanks
/// may stand in it, since some identity providers wrap their lines; nothing else may.
pub(crate) fn decode_post(field: &str) -> Result<Vec<u8>, BindingFlaw> {
    let octets = decode_base64(field)?;
    if octets.len() > MESSAGE_OCTETS {
        return Err(BindingFlaw::TooLarge);
    }
    if is_markup(&octets) {
        return Ok(octets);
    }
    if std::str::from_utf8(&octets)
        .is_ok_and(|inner| decode_base64(inner).is_ok_and(|twice| is_markup(&twice)))
    {
        return Err(BindingFlaw::DoubleBase64);
    }
    if is_compressed_markup(&octets) {
        return Err(BindingFlaw::Compressed);
    }
    // Whatever else it is, the XML reader says so in its own words.
    Ok(octets)
}

/// The field that carries `message`.
#[cfg(any(test, feature = "fakes"))]
pub(crate) fn encode_post(message: &str) -> String {
    STANDARD.encode(message)
}

fn decode_base64(field: &str) -> Result<Vec<u8>, BindingFlaw> {
    let is_blank = |octet: &u8| matches!(octet, b' ' | b'\t' | b'\r' | b'\n');
    // A block is looked at whole, without a branch for each octet.
    let mut blocks = field.as_bytes().chunks(64);
    let has_blanks = blocks.any(|block| block.iter().fold(false, |found, octet| found | is_blank(octet)));
    let decoded = if has_blanks {
        let packed: Vec<u8> = field.bytes().filter(|octet| !is_blank(octet)).collect();
        STANDARD.decode(packed)
    } else {
        STANDARD.decode(field)
    };
    match decoded {
        Ok(octets) if !octets.is_empty() => Ok(octets),
        Ok(_) | Err(_) => Err(BindingFlaw::Base64),
    }
}

fn is_markup(octets: &[u8]) -> bool {
    let octets = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets);
    octets.trim_ascii_start().starts_with(b"<")
}

/// Only a few octets are ever inflated.
fn is_compressed_markup(octets: &[u8]) -> bool {
    let mut head = Vec::new();
    let inflated = DeflateDecoder::new(octets).take(64).read_to_end(&mut head);
    inflated.is_ok() && is_markup(&head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::saml::binding::{MessageKind, Redirect};

    const MESSAGE: &str = "<samlp:Response>é?~</samlp:Response>";

    fn wrapped(line_end: &str) -> String {
        let field = encode_post(MESSAGE);
        let (first, second) = field.split_at(20);
        format!(" {first}{line_end}{second}{line_end}")
    }

    #[test]
    fn base64_may_be_wrapped_and_holds_exactly_the_message() {
        for field in [
            encode_post(MESSAGE),
            wrapped("\n"),
            wrapped("\r\n"),
            wrapped("\t "),
        ] {
            assert_eq!(decode_post(&field), Ok(MESSAGE.as_bytes().to_vec()), "{field}");
        }
    }

    #[test]
    fn base64_of_another_kind_is_refused() {
        let right = encode_post(MESSAGE);
        let url_safe = base64::engine::general_purpose::URL_SAFE.encode("<\u{ff}?~\u{fbff}>");
        assert!(url_safe.contains(['-', '_']), "{url_safe}");
        let unpadded = encode_post("<a>12</a>.").trim_end_matches('=').to_owned();
        for field in [
            String::new(),
            url_safe,
            unpadded,
            format!("{right}!"),
            format!("{right}\u{a0}"),
            right.replacen('P', "%50", 1),
            right.replacen('P', "P\u{b}", 1),
        ] {
            assert_eq!(decode_post(&field), Err(BindingFlaw::Base64), "{field}");
        }
    }

    #[test]
    fn a_second_encoding_inside_the_first_is_refused() {
        let twice = encode_post(&encode_post(MESSAGE));
        assert_eq!(decode_post(&twice), Err(BindingFlaw::DoubleBase64));
        let query = Redirect::of(MessageKind::Response, MESSAGE).query();
        let field = Fields::read(&query)
            .unwrap()
            .once("SAMLResponse")
            .unwrap()
            .unwrap();
        assert_eq!(decode_post(&field), Err(BindingFlaw::Compressed));
    }

    #[test]
    fn a_form_carries_one_answer_and_nothing_that_contradicts_it() {
        let posted = PostedResponse::read(b"SAMLResponse=YQ%3D%3D&RelayState=a%26b&x=1").unwrap();
        assert_eq!(
            (posted.message.as_str(), posted.relay_state.as_deref()),
            ("YQ==", Some("a&b"))
        );
        let refused = |body: &str| PostedResponse::read(body.as_bytes()).unwrap_err();
        assert_eq!(refused("RelayState=a"), BindingFlaw::Missing("SAMLResponse"));
        assert_eq!(
            refused("SAMLResponse=a&SAMLResponse=b"),
            BindingFlaw::Twice("SAMLResponse")
        );
        assert_eq!(
            refused("SAMLResponse=a&RelayState=a&RelayState=b"),
            BindingFlaw::Twice("RelayState")
        );
        assert_eq!(
            refused("SAMLResponse=a&SAMLRequest=b"),
            BindingFlaw::RequestAndResponse
        );
        assert_eq!(
            refused(&format!("SAMLResponse={}", "a".repeat(FORM_BODY_OCTETS))),
            BindingFlaw::TooLarge
        );
    }

    #[test]
    fn a_message_beyond_the_bound_is_refused_before_it_is_read() {
        let message = |octets: usize| encode_post(&format!("<{}", "a".repeat(octets - 1)));
        assert!(decode_post(&message(MESSAGE_OCTETS)).is_ok());
        assert_eq!(
            decode_post(&message(MESSAGE_OCTETS + 1)),
            Err(BindingFlaw::TooLarge)
        );
    }
}
