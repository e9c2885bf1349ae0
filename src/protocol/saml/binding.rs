//! HTTP-Redirect and HTTP-POST encodings (Bindings 3.4 and 3.5): text in, text out.
//!
//! Reading is strict where two readers could see two messages: a field given twice, a second encoding around
//! the first, a name hidden by percent-encoding.

mod fields;
mod post;
mod redirect;

pub(crate) use fields::Fields;
#[cfg(any(test, feature = "fakes"))]
pub(crate) use post::encode_post;
pub(crate) use post::{PostedMessage, PostedResponse, decode_post};
pub(crate) use redirect::{MessageKind, ReceivedRedirect, Redirect, redirect_address};

/// Why a form or a query carries no message that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BindingFlaw {
    /// More octets than the bounds allow.
    #[error("more octets than the bounds allow")]
    TooLarge,
    /// A `%` without two hexadecimal digits, or octets that are not UTF-8.
    #[error("the field {0} is not percent-encoded UTF-8")]
    Escape(&'static str),
    /// A field that may stand once stands more often.
    #[error("the field {0} is given more than once")]
    Twice(&'static str),
    /// A request where an answer belongs, or both at once.
    #[error("SAMLRequest and SAMLResponse may not stand together")]
    RequestAndResponse,
    /// No message at all.
    #[error("there is no {0}")]
    Missing(&'static str),
    /// The name of a field of the binding is itself percent-encoded, which only an attacker does.
    #[error("the name of the field {0} is percent-encoded")]
    HiddenName(&'static str),
    /// Not base64 of the standard alphabet with its padding.
    #[error("the message is not base64")]
    Base64,
    /// Base64 of base64.
    #[error("the message is base64 twice over")]
    DoubleBase64,
    /// A DEFLATE stream where HTTP-POST carries the plain message (Bindings 3.5.4).
    #[error("the message is compressed, which HTTP-POST is not")]
    Compressed,
    /// Not a DEFLATE stream, or something behind it.
    #[error("the message is not a DEFLATE stream")]
    Deflate,
    /// An encoding other than DEFLATE.
    #[error("an unknown SAMLEncoding")]
    Encoding,
    /// A signature without its algorithm, or the other way round.
    #[error("SigAlg and Signature belong together")]
    HalfSigned,
}
