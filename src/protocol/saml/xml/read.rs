//! The strict reader: text in, tree out, or the flaw that stopped it.
//!
//! quick-xml finds the tokens; everything that it leaves to its caller is checked here: names, namespaces,
//! character references, one root, and the bounds. Comments, DOCTYPE and processing instructions never enter
//! the tree.

use crate::protocol::saml::limits::Limits;
use crate::protocol::saml::xml::chars;
use crate::protocol::saml::xml::tree::Tree;

mod attributes;
mod builder;
mod names;

use builder::Builder;

/// Why a text is not a document that we read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Flaw {
    /// It is larger, deeper or wider than the bounds allow; the word says which bound.
    #[error("more {0} than the bounds allow")]
    Bound(&'static str),
    /// It is not UTF-8, or says that it is something else.
    #[error("not UTF-8")]
    Encoding,
    /// It has a document type declaration.
    #[error("a document type declaration")]
    Doctype,
    /// It has a processing instruction other than the XML declaration.
    #[error("a processing instruction")]
    ProcessingInstruction,
    /// It has a comment where comments are refused.
    #[error("a comment")]
    Comment,
    /// It is not well-formed, or not so with respect to namespaces.
    #[error("not well-formed at octet {at}: {what}")]
    Malformed {
        /// The octet of the text near which it was noticed.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
}

/// How a document is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// The bounds.
    pub(crate) limits: Limits,
    /// What to do with a comment.
    pub(crate) comments: Comments,
    /// Declarations in force around the text: a decrypted fragment stands inside the message that carried it.
    pub(crate) around: &'a [(String, String)],
}

/// What to do with a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comments {
    /// Refuse the document: no identity provider writes comments into a message.
    Refuse,
    /// Leave it out, as canonicalisation without comments does. For metadata.
    LeaveOut,
}

impl Reading<'_> {
    /// A SAML message.
    pub(crate) const MESSAGE: Self = Self {
        limits: Limits::MESSAGE,
        comments: Comments::Refuse,
        around: &[],
    };
    /// A metadata document.
    pub(crate) const METADATA: Self = Self {
        limits: Limits::METADATA,
        comments: Comments::LeaveOut,
        around: &[],
    };
}

/// Reads `octets`: UTF-8, with or without a byte order mark.
pub(crate) fn read<'a>(octets: &'a [u8], reading: &Reading<'a>) -> Result<Tree<'a>, Flaw> {
    if octets.len() > reading.limits.octets {
        return Err(Flaw::Bound("octets"));
    }
    let text = std::str::from_utf8(octets).map_err(|_cause| Flaw::Encoding)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if let Some(at) = chars::first_forbidden(text) {
        return Err(Flaw::Malformed {
            at,
            what: "a character that XML does not allow",
        });
    }
    Builder::new(text, reading).build()
}

impl Flaw {
    fn or_at(self, at: usize) -> Self {
        match self {
            Self::Malformed { what, .. } => Self::Malformed { at, what },
            Self::Bound(_) | Self::Encoding | Self::Doctype | Self::ProcessingInstruction | Self::Comment => {
                self
            }
        }
    }
}

#[cfg(test)]
mod tests;
