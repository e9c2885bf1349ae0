//! Bounds of size and depth, applied before and while anything is parsed.

/// The largest form body that is read, in octets.
pub const FORM_BODY_OCTETS: usize = 512 * 1024;
/// The largest decoded message, in octets.
pub const MESSAGE_OCTETS: usize = 256 * 1024;
/// The largest query string of HTTP-Redirect, and the largest message that it may inflate to, in octets.
pub const REDIRECT_OCTETS: usize = 64 * 1024;
/// The largest metadata document, in octets.
pub const METADATA_OCTETS: usize = 16 * 1024 * 1024;

/// How much structure one document may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of the document.
    pub octets: usize,
    /// Elements inside one another.
    pub depth: usize,
    /// Elements in all.
    pub elements: usize,
    /// Attributes and namespace declarations on one element.
    pub attributes: usize,
    /// Namespace declarations in force at one place.
    pub namespaces: usize,
    /// Octets of one text or one attribute value.
    pub text: usize,
}

impl Limits {
    /// For a SAML message.
    pub const MESSAGE: Self = Self {
        octets: MESSAGE_OCTETS,
        depth: 64,
        elements: 20_000,
        attributes: 256,
        namespaces: 512,
        // An EncryptedAssertion carries the whole assertion as one text.
        text: MESSAGE_OCTETS,
    };

    /// For a metadata document, which may be a federation's aggregate.
    pub const METADATA: Self = Self {
        octets: METADATA_OCTETS,
        depth: 64,
        elements: 5_000_000,
        attributes: 256,
        namespaces: 512,
        text: 64 * 1024,
    };
}
