//! Exclusive XML Canonicalization 1.0 without comments, of one element, leaving out at most one element inside.
//!
//! This is the only canonicalisation there is here. Its output is what a digest covers, and what is believed.

use crate::protocol::saml::xml::chars::same_prefix;
use crate::protocol::saml::xml::tree::{Attribute, ElementRef, Node, NodeId, place};
use crate::protocol::saml::xml::write::{escape_attribute, escape_text, push_declaration, push_qname};

/// What to canonicalise, beyond the element itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Canonical<'p> {
    /// The element that the enveloped-signature transform leaves out.
    pub(crate) without: Option<NodeId>,
    /// `InclusiveNamespaces/@PrefixList`, split; `#default` is the default namespace.
    pub(crate) inclusive: &'p [&'p str],
}

/// The canonical octets of `element`, as text (they are UTF-8).
pub(crate) fn canonicalise(element: ElementRef<'_, '_>, how: Canonical<'_>) -> String {
    let length = element.end().saturating_sub(element.id().0) as usize;
    let mut writer = Writer {
        how,
        rendered: Vec::new(),
        out: String::with_capacity(length * 60),
    };
    writer.subtree(element);
    writer.out
}

struct Writer<'t, 'p> {
    how: Canonical<'p>,
    /// The declarations written on the elements that are open, outermost first.
    rendered: Vec<(&'t str, &'t str)>,
    out: String,
}

impl<'t> Writer<'t, '_> {
    fn subtree(&mut self, top: ElementRef<'t, '_>) {
        let tree = top.tree();
        // Each open element with the number of declarations rendered outside it.
        let mut open: Vec<(ElementRef<'t, '_>, usize)> = Vec::new();
        let mut at = top.id().0;
        while at < top.end() {
            self.close_until(&mut open, at);
            let id = place(at as usize);
            at += 1;
            match tree.nodes.get(id.index()) {
                Some(Node::Text(text)) => escape_text(text, &mut self.out),
                Some(Node::Element(_)) => {
                    let Some(element) = tree.element(id) else { continue };
                    if self.how.without == Some(id) {
                        at = element.end();
                        continue;
                    }
                    open.push((element, self.rendered.len()));
                    self.open_tag(element);
                }
                None => {}
            }
        }
        self.close_until(&mut open, top.end());
    }

    fn close_until(&mut self, open: &mut Vec<(ElementRef<'t, '_>, usize)>, at: u32) {
        while let Some((last, outside)) = open.pop_if(|(last, _)| last.end() <= at) {
            self.rendered.truncate(outside);
            self.out.push_str("</");
            push_qname(last.prefix(), last.local(), &mut self.out);
            self.out.push('>');
        }
    }

    fn open_tag(&mut self, element: ElementRef<'t, '_>) {
        self.out.push('<');
        push_qname(element.prefix(), element.local(), &mut self.out);
        let first_new = self.rendered.len();
        self.utilise(element.prefix(), element.namespace(), first_new);
        for attribute in element.attributes() {
            if !attribute.prefix.is_empty() {
                self.utilise(
                    attribute.prefix,
                    element.tree().uri(attribute.namespace),
                    first_new,
                );
            }
        }
        for prefix in self.how.inclusive {
            self.include(element, prefix, first_new);
        }
        let new = self.rendered.get_mut(first_new..).unwrap_or_default();
        new.sort_unstable();
        for (prefix, uri) in new.iter() {
            push_declaration(prefix, uri, &mut self.out);
        }
        self.attributes(element);
        self.out.push('>');
    }

    /// Renders a declaration that this tag makes use of, unless the nearest one rendered says the same.
    fn utilise(&mut self, prefix: &'t str, uri: &'t str, first_new: usize) {
        if prefix == "xml" || self.new_has(prefix, first_new) {
            return;
        }
        let nearest = self
            .rendered
            .iter()
            .rev()
            .find(|(known, _)| same_prefix(known, prefix))
            .map(|(_, uri)| *uri);
        let needed = match nearest {
            // Most often it is the very same declaration.
            Some(known) => !std::ptr::eq(known, uri) && known != uri,
            // Nothing rendered: an empty default namespace needs no undeclaring.
            None => !(prefix.is_empty() && uri.is_empty()),
        };
        if needed {
            self.rendered.push((prefix, uri));
        }
    }

    fn new_has(&self, prefix: &str, first_new: usize) -> bool {
        self.rendered
            .get(first_new..)
            .unwrap_or_default()
            .iter()
            .any(|(known, _)| same_prefix(known, prefix))
    }

    /// A prefix of the `PrefixList` is treated as in inclusive canonicalisation: rendered where it is in force.
    fn include(&mut self, element: ElementRef<'t, '_>, listed: &str, first_new: usize) {
        let listed = if listed == "#default" { "" } else { listed };
        let mut here = Some(element);
        while let Some(at) = here {
            if let Some((prefix, uri)) = at.declarations().find(|(prefix, _)| *prefix == listed) {
                self.utilise(prefix, uri, first_new);
                return;
            }
            here = at.parent();
        }
    }

    /// Attributes in the order of Canonical XML 1.0 section 2.2: by namespace name, then by local name.
    fn attributes(&mut self, element: ElementRef<'t, '_>) {
        let tree = element.tree();
        let key = |a: &&'t Attribute<'_>| (tree.uri(a.namespace), a.local);
        let mut sorted: Vec<&'t Attribute<'_>> = element.attributes().iter().collect();
        sorted.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
        for attribute in sorted {
            self.out.push(' ');
            push_qname(attribute.prefix, attribute.local, &mut self.out);
            self.out.push_str("=\"");
            escape_attribute(attribute.value(), &mut self.out);
            self.out.push('"');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::saml::xml::{Reading, read};

    fn canonical(text: &str, local: &str, inclusive: &[&str]) -> String {
        let tree = read(text.as_bytes(), &Reading::MESSAGE).unwrap();
        let element = tree.elements().find(|e| e.local() == local).unwrap();
        canonicalise(
            element,
            Canonical {
                without: None,
                inclusive,
            },
        )
    }

    #[test]
    fn only_visibly_used_namespaces_are_rendered_and_where_they_are_used() {
        let text = "<n0:local xmlns:n0='foo:bar' xmlns:n3='ftp://example.org'><n1:elem2 xmlns:n1='http://example.net' \
                    xml:lang='en'><n3:stuff/></n1:elem2></n0:local>";
        assert_eq!(
            canonical(text, "elem2", &[]),
            "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\"><n3:stuff \
             xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>"
        );
    }

    #[test]
    fn a_prefix_list_renders_what_is_in_force() {
        let text = "<a xmlns:xs='urn:xs' xmlns:u='urn:u'><b><c/></b></a>";
        assert_eq!(
            canonical(text, "b", &["xs", "missing"]),
            "<b xmlns:xs=\"urn:xs\"><c></c></b>"
        );
    }

    #[test]
    fn default_namespaces_are_undeclared_only_where_one_was_rendered() {
        assert_eq!(
            canonical("<a xmlns='urn:a'><b xmlns=''><c/></b></a>", "b", &[]),
            "<b><c></c></b>"
        );
        assert_eq!(
            canonical("<a xmlns='urn:a'><b xmlns=''><c/></b></a>", "a", &[]),
            "<a xmlns=\"urn:a\"><b xmlns=\"\"><c></c></b></a>"
        );
    }

    #[test]
    fn attributes_are_sorted_and_characters_escaped() {
        assert_eq!(
            canonical(
                "<a xmlns:z='urn:a' xmlns:y='urn:b' y:k='1' b='&lt;&#9;\"' z:k='&#xD;' a='>'>&gt;\"&#xD;</a>",
                "a",
                &[]
            ),
            "<a xmlns:y=\"urn:b\" xmlns:z=\"urn:a\" a=\">\" b=\"&lt;&#x9;&quot;\" z:k=\"&#xD;\" y:k=\"1\">&gt;\"&#xD;</a>"
        );
    }

    #[test]
    fn one_element_can_be_left_out() {
        let tree = read(b"<a>1<s><t/></s>2</a>", &Reading::MESSAGE).unwrap();
        let root = tree.root().unwrap();
        let how = Canonical {
            without: root.children().next().map(ElementRef::id),
            inclusive: &[],
        };
        assert_eq!(canonicalise(root, how), "<a>12</a>");
    }
}
