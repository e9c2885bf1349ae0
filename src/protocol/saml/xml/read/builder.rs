//! Token by token, the tree grows.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::protocol::saml::xml::chars;
use crate::protocol::saml::xml::read::attributes::{raw_attributes, referenced};
use crate::protocol::saml::xml::read::{Comments, Flaw, Reading};
use crate::protocol::saml::xml::tree::{Element, Node, NodeId, Tree, place};

pub(super) struct Builder<'a, 'r> {
    text: &'a str,
    pub(super) reading: &'r Reading<'a>,
    pub(super) tree: Tree<'a>,
    /// The elements that are open, outermost first, each with the length of `scope` outside it.
    pub(super) open: Vec<(NodeId, usize)>,
    /// The declarations in force, by their place in `tree.declarations`.
    pub(super) scope: Vec<u32>,
    elements: usize,
    /// How many nodes there were when an element was last closed: text after it is no part of text inside it.
    closed: usize,
    /// Where the token at hand begins.
    at: usize,
}

impl<'a, 'r> Builder<'a, 'r> {
    pub(super) fn new(text: &'a str, reading: &'r Reading<'a>) -> Self {
        // A SAML message full of groups has a node for every thirty octets.
        let nodes = Vec::with_capacity(text.len() / 30);
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

    pub(super) fn build(mut self) -> Result<Tree<'a>, Flaw> {
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
        let namespace = self.resolve(prefix)?;
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

    fn characters(&mut self, token: &'a str) -> Result<(), Flaw> {
        if self.open.is_empty() {
            let blank = token.chars().all(chars::is_blank);
            return if blank {
                Ok(())
            } else {
                Err(self.malformed("text outside the root element"))
            };
        }
        if token.contains('>') && token.contains("]]>") {
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
        let c = referenced(name).ok_or_else(|| self.malformed("a reference to something unknown"))?;
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

    pub(super) fn malformed(&self, what: &'static str) -> Flaw {
        Flaw::Malformed { at: self.at, what }
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
