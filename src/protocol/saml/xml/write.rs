//! Writes a tree out again: never the sender's octets, only what was understood.

use crate::protocol::saml::xml::tree::{ElementRef, Node, Tree, place};

/// The element and all in it as a document of its own. The declarations in force around it are written on it,
/// so that it means the same alone.
pub(crate) fn write_document(element: ElementRef<'_, '_>) -> String {
    let mut out = String::with_capacity(8 * 1024);
    let mut declared = element.in_scope();
    declared.sort_unstable();
    open_tag(element, &declared, &mut out);
    write_inside(element, &mut out);
    close_tag(element, &mut out);
    out
}

fn write_inside(element: ElementRef<'_, '_>, out: &mut String) {
    let tree = element.tree();
    let mut open: Vec<ElementRef<'_, '_>> = Vec::new();
    for at in element.id().0 + 1..element.end() {
        close_until(&mut open, at, out);
        match node(tree, at) {
            Some(Node::Text(text)) => escape_text(text, out),
            Some(Node::Element(_)) => {
                let Some(child) = tree.element(place(at as usize)) else {
                    continue;
                };
                let declared: Vec<_> = child.declarations().collect();
                open_tag(child, &declared, out);
                open.push(child);
            }
            None => {}
        }
    }
    close_until(&mut open, element.end(), out);
}

fn close_until(open: &mut Vec<ElementRef<'_, '_>>, at: u32, out: &mut String) {
    while let Some(last) = open.pop_if(|last| last.end() <= at) {
        close_tag(last, out);
    }
}

fn node<'t, 'a>(tree: &'t Tree<'a>, at: u32) -> Option<&'t Node<'a>> {
    tree.nodes.get(at as usize)
}

fn open_tag(element: ElementRef<'_, '_>, declared: &[(&str, &str)], out: &mut String) {
    out.push('<');
    push_qname(element.prefix(), element.local(), out);
    for (prefix, uri) in declared {
        push_declaration(prefix, uri, out);
    }
    for attribute in element.attributes() {
        out.push(' ');
        push_qname(attribute.prefix, attribute.local, out);
        out.push_str("=\"");
        escape_attribute(attribute.value(), out);
        out.push('"');
    }
    out.push('>');
}

fn close_tag(element: ElementRef<'_, '_>, out: &mut String) {
    out.push_str("</");
    push_qname(element.prefix(), element.local(), out);
    out.push('>');
}

/// ` xmlns="uri"` or ` xmlns:prefix="uri"`.
pub(super) fn push_declaration(prefix: &str, uri: &str, out: &mut String) {
    out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
    out.push_str(prefix);
    out.push_str("=\"");
    escape_attribute(uri, out);
    out.push('"');
}

pub(super) fn push_qname(prefix: &str, local: &str, out: &mut String) {
    if !prefix.is_empty() {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(local);
}

/// Text as Canonical XML writes it (Canonical XML 1.0 section 2.3).
pub(crate) fn escape_text(text: &str, out: &mut String) {
    escape(text, |octet| matches!(octet, b'&' | b'<' | b'>' | b'\r'), out);
}

/// An attribute value as Canonical XML writes it, for double quotes.
pub(crate) fn escape_attribute(value: &str, out: &mut String) {
    let is_special = |octet| matches!(octet, b'&' | b'<' | b'"' | b'\t' | b'\n' | b'\r');
    escape(value, is_special, out);
}

/// Escapes what is special, all of it ASCII: octets are looked at, which is several times faster than characters.
fn escape(text: &str, is_special: impl Fn(u8) -> bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(&is_special) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = from.chars();
        out.push_str(match chars.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            Some('\t') => "&#x9;",
            Some('\n') => "&#xA;",
            Some(_) | None => "&#xD;",
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
}
