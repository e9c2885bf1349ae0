//! XML as SAML needs it: a strict reader, a small tree, one canonicalisation.
//!
//! The reader accepts less than XML allows. Whatever could make two parsers see two documents is refused while
//! reading, and the tree that results is the only thing that is signed, verified or written out again.

pub(crate) mod canonical;
mod chars;
mod read;
mod tree;
mod write;

pub(crate) use canonical::{Canonical, canonicalise};
pub(crate) use chars::is_name_token;
pub(crate) use read::{Flaw, Reading, read};
pub(crate) use tree::{ElementRef, NodeId, Tree};
pub(crate) use write::write_document;
pub(crate) use write::{escape_attribute, escape_text};
