//! The strict reader: text in, tree out, or the flaw that stopped it.
//!
//! quick-xml finds the tokens; everything that it leaves to its caller is checked here: names, namespaces,
//! character references, one root, and the bounds. Comments, DOCTYPE and processing instructions never enter
//! the tree.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::protocol::saml::limits::Limits;
use crate::protocol::saml::xml::chars;
use crate::protocol::saml::xml::tree::{
    Attribute, Declaration, Element, Namespace, Node, NodeId, Tree, XML_NAMESPACE, place,
};

mod attributes;

use attributes::{RawAttribute, raw_attributes};

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

struct Builder<'a, 'r> {
    text: &'a str,
    reading: &'r Reading<'a>,
    tree: Tree<'a>,
    /// The elements that are open, outermost first, each with the length of `scope` outside it.
    open: Vec<(NodeId, usize)>,
    /// The declarations in force, by their place in `tree.declarations`.
    scope: Vec<u32>,
    elements: usize,
    /// How many nodes there were when an element was last closed: text after it is no part of text inside it.
    closed: usize,
    /// Where the token at hand begins.
    at: usize,
}

impl<'a, 'r> Builder<'a, 'r> {
    fn new(text: &'a str, reading: &'r Reading<'a>) -> Self {
        // A SAML message has about one node for every forty octets.
        let nodes = Vec::with_capacity(text.len() / 40);
        let tree = Tree {
            nodes,
            ..Tree::default()
        };
        Self {
            text,
            reading,
            tree,
            open: Vec::new(),
            scope: Vec::new(),
            elements: 0,
            closed: 0,
            at: 0,
        }
    }

    fn build(mut self) -> Result<Tree<'a>, Flaw> {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().check_comments = true;
        loop {
            self.at = position(&reader);
            let event = reader
                .read_event()
                .map_err(|_cause| self.malformed("a tag that cannot be read"))?;
            let token = self.text.get(self.at..position(&reader)).unwrap_or_default();
            match event {
                Event::Start(_) => self.start(inner(token, 1, 1))?,
                Event::Empty(_) => {
                    self.start(inner(token, 1, 2))?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(_) => self.characters(token)?,
                Event::CData(_) => self.cdata(inner(token, 9, 3))?,
                Event::GeneralRef(reference) => self.reference(&reference)?,
                Event::Decl(_) => self.declaration(token)?,
                Event::Comment(_) if self.reading.comments == Comments::LeaveOut => {}
                Event::Comment(_) => return Err(Flaw::Comment),
                Event::PI(_) => return Err(Flaw::ProcessingInstruction),
                Event::DocType(_) => return Err(Flaw::Doctype),
                Event::Eof => break,
            }
        }
        if !self.open.is_empty() {
            return Err(self.malformed("an element that is not closed"));
        }
        if self.elements == 0 {
            return Err(self.malformed("no element"));
        }
        Ok(self.tree)
    }

    fn start(&mut self, tag: &'a str) -> Result<(), Flaw> {
        if self.open.is_empty() && self.elements > 0 {
            return Err(self.malformed("a second root element"));
        }
        self.elements += 1;
        if self.elements > self.reading.limits.elements {
            return Err(Flaw::Bound("elements"));
        }
        if self.open.len() >= self.reading.limits.depth {
            return Err(Flaw::Bound("depth"));
        }
        let name_end = tag.find(chars::is_blank).unwrap_or(tag.len());
        let (name, rest) = tag.split_at(name_end);
        let raw = raw_attributes(rest, self.reading.limits.attributes).map_err(|flaw| flaw.or_at(self.at))?;
        let outside = self.scope.len();
        let declarations = self.declare(&raw)?;
        let attributes = self.attributes(raw)?;
        let (prefix, local) = self.qname(name)?;
        let namespace = self.resolve(prefix, true)?;
        let id = place(self.tree.nodes.len());
        let parent = self.open.last().map(|(id, _)| *id);
        let element = Element {
            prefix,
            local,
            namespace,
            attributes,
            declarations,
            parent,
            end: 0,
        };
        self.tree.nodes.push(Node::Element(element));
        self.open.push((id, outside));
        Ok(())
    }

    fn end(&mut self) {
        let end = place(self.tree.nodes.len()).0;
        let Some((id, outside)) = self.open.pop() else {
            return;
        };
        self.scope.truncate(outside);
        self.closed = self.tree.nodes.len();
        if let Some(Node::Element(element)) = self.tree.nodes.get_mut(id.index()) {
            element.end = end;
        }
    }

    /// Notes the namespace declarations of a tag and those that the surroundings lend to the root.
    fn declare(&mut self, raw: &[RawAttribute<'a>]) -> Result<std::ops::Range<u32>, Flaw> {
        let first = place(self.tree.declarations.len()).0;
        for attribute in raw {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => rest.get(1..).unwrap_or_default(),
                Some(_) | None => continue,
            };
            let uri = attribute.value.clone();
            self.check_declaration(prefix, &uri, attribute.name.len() > 5)?;
            let here = self.tree.declarations.get(first as usize..).unwrap_or_default();
            if here.iter().any(|other| other.prefix == prefix) {
                return Err(self.malformed("a namespace prefix that is declared twice"));
            }
            self.tree.declarations.push(Declaration { prefix, uri });
        }
        if self.open.is_empty() {
            for (prefix, uri) in self.reading.around {
                if !self.tree.declarations.iter().any(|d| d.prefix == prefix) {
                    self.tree.declarations.push(Declaration {
                        prefix,
                        uri: Cow::Borrowed(uri),
                    });
                }
            }
        }
        let last = place(self.tree.declarations.len()).0;
        self.scope.extend(first..last);
        if self.scope.len() > self.reading.limits.namespaces {
            return Err(Flaw::Bound("namespaces"));
        }
        Ok(first..last)
    }

    /// Namespaces in XML 1.0, sections 2.2, 3 and 5.
    fn check_declaration(&self, prefix: &str, uri: &str, prefixed: bool) -> Result<(), Flaw> {
        if !prefixed {
            let good = uri.is_empty() || (chars::is_absolute_namespace(uri) && uri != XML_NAMESPACE);
            return if good {
                Ok(())
            } else {
                Err(self.malformed("a default namespace that is no absolute URI"))
            };
        }
        let reserved = prefix == "xmlns" || uri == "http://www.w3.org/2000/xmlns/";
        if !chars::is_ncname(prefix) || reserved || (prefix == "xml") != (uri == XML_NAMESPACE) {
            return Err(self.malformed("a namespace prefix that may not be declared so"));
        }
        if !chars::is_absolute_namespace(uri) {
            return Err(self.malformed("a namespace name that is no absolute URI"));
        }
        Ok(())
    }

    fn attributes(&mut self, raw: Vec<RawAttribute<'a>>) -> Result<std::ops::Range<u32>, Flaw> {
        let first = self.tree.attributes.len();
        for attribute in raw {
            if attribute.name == "xmlns" || attribute.name.starts_with("xmlns:") {
                continue;
            }
            let (prefix, local) = self.qname(attribute.name)?;
            let namespace = self.resolve(prefix, false)?;
            if attribute.value.len() > self.reading.limits.text {
                return Err(Flaw::Bound("octets in one value"));
            }
            self.tree.attributes.push(Attribute {
                prefix,
                local,
                namespace,
                value: attribute.value,
            });
        }
        let written = self.tree.attributes.get(first..).unwrap_or_default();
        let twice = written.iter().enumerate().any(|(at, one)| {
            written.iter().take(at).any(|other| {
                one.local == other.local && self.tree.uri(one.namespace) == self.tree.uri(other.namespace)
            })
        });
        if twice {
            return Err(self.malformed("an attribute that occurs twice"));
        }
        Ok(place(first).0..place(self.tree.attributes.len()).0)
    }

    fn qname(&self, name: &'a str) -> Result<(&'a str, &'a str), Flaw> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let prefix_is_good = (prefix.is_empty() && !name.starts_with(':')) || chars::is_ncname(prefix);
        if prefix_is_good && prefix != "xmlns" && chars::is_ncname(local) {
            Ok((prefix, local))
        } else {
            Err(self.malformed("a name that is no qualified name"))
        }
    }

    /// The namespace that `prefix` stands for. The default namespace is for elements only.
    fn resolve(&self, prefix: &str, is_element: bool) -> Result<Namespace, Flaw> {
        if prefix == "xml" {
            return Ok(Namespace::Xml);
        }
        if prefix.is_empty() && !is_element {
            return Ok(Namespace::None);
        }
        let declared = |at: &&u32| {
            self.tree
                .declarations
                .get(**at as usize)
                .is_some_and(|d| d.prefix == prefix)
        };
        match self.scope.iter().rev().find(declared) {
            Some(at) if self.tree.uri(Namespace::Declared(*at)).is_empty() => Ok(Namespace::None),
            Some(at) => Ok(Namespace::Declared(*at)),
            None if prefix.is_empty() => Ok(Namespace::None),
            None => Err(self.malformed("a namespace prefix that is not declared")),
        }
    }

    fn characters(&mut self, token: &'a str) -> Result<(), Flaw> {
        if self.open.is_empty() {
            let blank = token.chars().all(chars::is_blank);
            return if blank {
                Ok(())
            } else {
                Err(self.malformed("text outside the root element"))
            };
        }
        if token.contains("]]>") {
            return Err(self.malformed("the end of a CDATA section that never began"));
        }
        self.append(line_ends(token))
    }

    fn cdata(&mut self, content: &'a str) -> Result<(), Flaw> {
        if self.open.is_empty() {
            return Err(self.malformed("a CDATA section outside the root element"));
        }
        self.append(line_ends(content))
    }

    fn reference(&mut self, reference: &BytesRef<'a>) -> Result<(), Flaw> {
        if self.open.is_empty() {
            return Err(self.malformed("a reference outside the root element"));
        }
        let name: &str = reference;
        let c =
            attributes::referenced(name).ok_or_else(|| self.malformed("a reference to something unknown"))?;
        self.append(Cow::Owned(c.to_string()))
    }

    /// Adds characters to the text node at the end, or begins one.
    fn append(&mut self, more: Cow<'a, str>) -> Result<(), Flaw> {
        if more.is_empty() {
            return Ok(());
        }
        let continues = self.tree.nodes.len() > self.closed;
        let length = match self.tree.nodes.last_mut() {
            Some(Node::Text(text)) if continues => {
                text.to_mut().push_str(&more);
                text.len()
            }
            Some(Node::Text(_) | Node::Element(_)) | None => {
                let length = more.len();
                self.tree.nodes.push(Node::Text(more));
                length
            }
        };
        if length > self.reading.limits.text {
            Err(Flaw::Bound("octets in one text"))
        } else {
            Ok(())
        }
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>`, at the very beginning and nowhere else.
    fn declaration(&self, token: &'a str) -> Result<(), Flaw> {
        if self.at != 0 {
            return Err(Flaw::ProcessingInstruction);
        }
        let raw = raw_attributes(inner(token, 5, 2), 3).map_err(|flaw| flaw.or_at(self.at))?;
        let names: Vec<&str> = raw.iter().map(|a| a.name).collect();
        let order = ["version", "encoding", "standalone"];
        let in_order = order.iter().filter(|name| names.contains(name)).eq(names.iter());
        let version = raw.iter().find(|a| a.name == "version").map(|a| a.value.as_ref());
        if !in_order || version != Some("1.0") {
            return Err(self.malformed("an XML declaration that is not of version 1.0"));
        }
        let encoding = raw
            .iter()
            .find(|a| a.name == "encoding")
            .map(|a| a.value.as_ref());
        // US-ASCII is a part of UTF-8, and the octets have been checked.
        match encoding {
            Some(e) if !e.eq_ignore_ascii_case("utf-8") && !e.eq_ignore_ascii_case("us-ascii") => {
                Err(Flaw::Encoding)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn malformed(&self, what: &'static str) -> Flaw {
        Flaw::Malformed { at: self.at, what }
    }
}

impl Flaw {
    fn or_at(self, at: usize) -> Self {
        match self {
            Self::Malformed { what, .. } => Self::Malformed { at, what },
            other => other,
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// `token` without its first `before` and last `after` octets, which are ASCII.
fn inner(token: &str, before: usize, after: usize) -> &str {
    token
        .get(before..token.len().saturating_sub(after))
        .unwrap_or_default()
}

/// XML 1.0 section 2.11: every line end is read as one line feed.
fn line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests;
