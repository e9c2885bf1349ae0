//! Where the pieces of a message lie, by offset, so that a mutation can cut and paste them.
//!
//! This is no parser: it follows angle brackets and quotes and stops at the first thing it does not
//! understand. A mutant of a mutant may be nonsense, and that is welcome.

use std::ops::Range;

use crate::octets::find;

/// A message with the places of its pieces.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// The message.
    pub(crate) bytes: Vec<u8>,
    /// Its elements in document order.
    pub(crate) elements: Vec<Element>,
    /// Its texts that are not empty, in document order.
    pub(crate) texts: Vec<Range<usize>>,
}

/// Where one element lies.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// The qualified name in the start tag.
    pub(crate) name: Range<usize>,
    /// The start tag, angle brackets included.
    pub(crate) start_tag: Range<usize>,
    /// What is between start and end tag.
    pub(crate) content: Range<usize>,
    /// From the first angle bracket to the last.
    pub(crate) whole: Range<usize>,
    /// Its attributes and namespace declarations.
    pub(crate) attributes: Vec<Attribute>,
}

/// Where one attribute or namespace declaration lies.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    /// From the first letter of the name to the closing quote.
    pub(crate) whole: Range<usize>,
    /// The qualified name.
    pub(crate) name: Range<usize>,
    /// Between the quotes.
    pub(crate) value: Range<usize>,
}

impl Outline {
    /// Read as much as can be understood.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let mut outline = Self {
            bytes,
            elements: Vec::new(),
            texts: Vec::new(),
        };
        outline.scan();
        outline
    }

    /// The elements with this local name.
    pub(crate) fn named(&self, local: &str) -> Vec<&Element> {
        self.elements
            .iter()
            .filter(|element| self.local_name(element) == local.as_bytes())
            .collect()
    }

    /// The local names of the elements around one, outermost first.
    pub(crate) fn around(&self, inner: &Element) -> Vec<&[u8]> {
        let outside =
            |outer: &&Element| outer.whole.start < inner.whole.start && outer.whole.end >= inner.whole.end;
        self.elements
            .iter()
            .filter(outside)
            .map(|outer| self.local_name(outer))
            .collect()
    }

    /// The name of an element without its prefix.
    pub(crate) fn local_name(&self, element: &Element) -> &[u8] {
        let name = &self.bytes[element.name.clone()];
        name.iter()
            .position(|byte| *byte == b':')
            .map_or(name, |colon| &name[colon + 1..])
    }

    /// A copy of one piece.
    pub(crate) fn piece(&self, range: &Range<usize>) -> Vec<u8> {
        self.bytes[range.clone()].to_vec()
    }

    /// The message with one piece replaced.
    pub(crate) fn with(&self, range: &Range<usize>, replacement: &[u8]) -> Vec<u8> {
        let mut changed = self.bytes.clone();
        changed.splice(range.clone(), replacement.iter().copied());
        changed
    }

    /// The message with something inserted.
    pub(crate) fn inserted(&self, at: usize, insertion: &[u8]) -> Vec<u8> {
        self.with(&(at..at), insertion)
    }

    fn scan(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        while let Some(start) = self.find(b"<", at) {
            if start > at && !open.is_empty() {
                self.texts.push(at..start);
            }
            let Some(end) = self.end_of_markup(start) else {
                return;
            };
            match self.bytes.get(start + 1) {
                Some(b'!' | b'?') => {}
                Some(b'/') => self.close(&mut open, start, end),
                _ => self.open(&mut open, start, end),
            }
            at = end;
        }
    }

    fn open(&mut self, open: &mut Vec<usize>, start: usize, end: usize) {
        let empty = self.bytes[end - 2] == b'/';
        let name_end = (start + 1..end)
            .find(|at| b" \t\r\n/>".contains(&self.bytes[*at]))
            .unwrap_or(end);
        let attributes = self.attributes(name_end, end);
        let element = Element {
            name: start + 1..name_end,
            start_tag: start..end,
            content: end..end,
            whole: start..end,
            attributes,
        };
        self.elements.push(element);
        if !empty {
            open.push(self.elements.len() - 1);
        }
    }

    fn close(&mut self, open: &mut Vec<usize>, start: usize, end: usize) {
        if let Some(element) = open.pop().and_then(|index| self.elements.get_mut(index)) {
            element.content.end = start;
            element.whole.end = end;
        }
    }

    fn attributes(&self, mut at: usize, end: usize) -> Vec<Attribute> {
        let mut found = Vec::new();
        while let Some(equals) = self.find(b"=", at).filter(|equals| *equals < end) {
            let gap = self.bytes[at..equals]
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            let quote_at = equals + 1;
            let Some(quote @ (b'"' | b'\'')) = self.bytes.get(quote_at).copied() else {
                break;
            };
            let Some(close) = self.find(&[quote], quote_at + 1).filter(|close| *close < end) else {
                break;
            };
            let name = at + gap..equals;
            found.push(Attribute {
                whole: name.start..close + 1,
                name,
                value: quote_at + 1..close,
            });
            at = close + 1;
        }
        found
    }

    fn end_of_markup(&self, start: usize) -> Option<usize> {
        let rest = self.bytes.get(start..)?;
        let closing: &[u8] = match rest {
            _ if rest.starts_with(b"<!--") => b"-->",
            _ if rest.starts_with(b"<![CDATA[") => b"]]>",
            _ if rest.starts_with(b"<?") => b"?>",
            _ => return self.end_of_tag(start),
        };
        self.find(closing, start).map(|at| at + closing.len())
    }

    /// The end of a tag, past angle brackets inside quotes.
    fn end_of_tag(&self, start: usize) -> Option<usize> {
        let mut quote = None;
        for (offset, byte) in self.bytes.get(start..)?.iter().enumerate() {
            match (quote, byte) {
                (None, b'>') => return Some(start + offset + 1),
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(opened), closing) if opened == closing => quote = None,
                _ => {}
            }
        }
        None
    }

    fn find(&self, wanted: &[u8], from: usize) -> Option<usize> {
        find(wanted, self.bytes.get(from..)?).map(|at| from + at)
    }
}
