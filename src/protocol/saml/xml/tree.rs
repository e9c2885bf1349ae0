//! The tree: elements and texts in document order, in one vector, borrowing from the text they were read from.

use std::borrow::Cow;
use std::ops::Range;

/// The place of a node in its tree. Places grow in document order; a subtree is a run of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A well-formed document with its namespaces resolved.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) declarations: Vec<Declaration<'a>>,
}

#[derive(Debug)]
pub(super) enum Node<'a> {
    Element(Element<'a>),
    Text(Cow<'a, str>),
}

#[derive(Debug)]
pub(super) struct Element<'a> {
    pub(super) prefix: &'a str,
    pub(super) local: &'a str,
    pub(super) namespace: Namespace,
    pub(super) attributes: Range<u32>,
    pub(super) declarations: Range<u32>,
    pub(super) parent: Option<NodeId>,
    /// The place after the last node inside this element.
    pub(super) end: u32,
}

/// An attribute that is not a namespace declaration.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub(super) prefix: &'a str,
    pub(super) local: &'a str,
    pub(super) namespace: Namespace,
    pub(super) value: Cow<'a, str>,
}

/// `xmlns="uri"` (empty prefix) or `xmlns:prefix="uri"`.
#[derive(Debug)]
pub(super) struct Declaration<'a> {
    pub(super) prefix: &'a str,
    pub(super) uri: Cow<'a, str>,
}

/// Which declaration a name is resolved by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    None,
    Xml,
    Declared(u32),
}

pub(super) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

impl<'a> Tree<'a> {
    /// The outermost element.
    pub(crate) fn root(&self) -> Option<ElementRef<'_, 'a>> {
        self.elements().next()
    }

    /// Every element, in document order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = ElementRef<'_, 'a>> {
        self.elements_in(0, self.nodes.len())
    }

    /// The element at `id`, if an element stands there.
    pub(crate) fn element(&self, id: NodeId) -> Option<ElementRef<'_, 'a>> {
        match self.nodes.get(id.index()) {
            Some(Node::Element(element)) => Some(ElementRef {
                tree: self,
                id,
                element,
            }),
            Some(Node::Text(_)) | None => None,
        }
    }

    pub(super) fn uri(&self, namespace: Namespace) -> &str {
        match namespace {
            Namespace::None => "",
            Namespace::Xml => XML_NAMESPACE,
            Namespace::Declared(at) => self.declarations.get(at as usize).map_or("", |d| d.uri.as_ref()),
        }
    }

    fn elements_in(&self, from: usize, to: usize) -> impl Iterator<Item = ElementRef<'_, 'a>> {
        let nodes = self.nodes.get(from..to).unwrap_or_default();
        nodes.iter().zip(from..).filter_map(|(node, at)| match node {
            Node::Element(element) => Some(ElementRef {
                tree: self,
                id: place(at),
                element,
            }),
            Node::Text(_) => None,
        })
    }
}

/// The place with the number `at`. Trees are bounded far below `u32::MAX` nodes by `Limits`.
pub(super) fn place(at: usize) -> NodeId {
    NodeId(u32::try_from(at).unwrap_or(u32::MAX))
}

/// One element of a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementRef<'t, 'a> {
    tree: &'t Tree<'a>,
    id: NodeId,
    element: &'t Element<'a>,
}

impl PartialEq for ElementRef<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.tree, other.tree)
    }
}

impl<'t, 'a> ElementRef<'t, 'a> {
    /// Its place.
    pub(crate) fn id(self) -> NodeId {
        self.id
    }

    /// The tree it stands in.
    pub(crate) fn tree(self) -> &'t Tree<'a> {
        self.tree
    }

    /// The name without prefix.
    pub(crate) fn local(self) -> &'t str {
        self.element.local
    }

    /// The namespace name; empty when the element is in none.
    pub(crate) fn namespace(self) -> &'t str {
        self.tree.uri(self.element.namespace)
    }

    /// True if the element has this namespace name and local name.
    pub(crate) fn is(self, namespace: &str, local: &str) -> bool {
        self.element.local == local && self.namespace() == namespace
    }

    /// The element around it.
    pub(crate) fn parent(self) -> Option<Self> {
        self.tree.element(self.element.parent?)
    }

    /// Its attributes, namespace declarations not among them.
    pub(crate) fn attributes(self) -> &'t [Attribute<'a>] {
        let Range { start, end } = self.element.attributes;
        self.tree
            .attributes
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The value of the attribute `name` that is in no namespace. A prefixed attribute is never meant.
    pub(crate) fn attribute(self, name: &str) -> Option<&'t str> {
        self.attributes()
            .iter()
            .find(|a| a.namespace == Namespace::None && a.local == name)
            .map(|a| a.value.as_ref())
    }

    /// The elements directly inside.
    pub(crate) fn children(self) -> impl Iterator<Item = ElementRef<'t, 'a>> {
        let tree = self.tree;
        let end = self.element.end;
        let mut at = self.id.0 + 1;
        std::iter::from_fn(move || {
            while at < end {
                let here = NodeId(at);
                match tree.nodes.get(here.index())? {
                    Node::Element(element) => {
                        at = element.end;
                        return Some(ElementRef {
                            tree,
                            id: here,
                            element,
                        });
                    }
                    Node::Text(_) => at += 1,
                }
            }
            None
        })
    }

    /// The elements directly inside that have this name.
    pub(crate) fn children_named(
        self,
        namespace: &str,
        local: &str,
    ) -> impl Iterator<Item = ElementRef<'t, 'a>> {
        self.children().filter(move |child| child.is(namespace, local))
    }

    /// The first element directly inside that has this name.
    pub(crate) fn child(self, namespace: &str, local: &str) -> Option<Self> {
        self.children_named(namespace, local).next()
    }

    /// Every element inside, however deep, in document order; the element itself not among them.
    pub(crate) fn descendants(self) -> impl Iterator<Item = ElementRef<'t, 'a>> {
        self.tree
            .elements_in(self.id.index() + 1, self.element.end as usize)
    }

    /// All character content, however deep, as one string: never the first text node alone, which a comment
    /// can make shorter than what was signed (CVE-2017-11427 and its family).
    pub(crate) fn text(self) -> Cow<'t, str> {
        let inside = self.id.index() + 1..self.element.end as usize;
        let mut texts =
            self.tree
                .nodes
                .get(inside)
                .unwrap_or_default()
                .iter()
                .filter_map(|node| match node {
                    Node::Text(text) => Some(text.as_ref()),
                    Node::Element(_) => None,
                });
        let first = texts.next().unwrap_or_default();
        texts.fold(Cow::Borrowed(first), |all, more| {
            Cow::Owned(all.into_owned() + more)
        })
    }

    /// The namespace declarations written on this element: prefix (empty for the default) and name.
    pub(crate) fn declarations(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let Range { start, end } = self.element.declarations;
        let declared = self
            .tree
            .declarations
            .get(start as usize..end as usize)
            .unwrap_or_default();
        declared.iter().map(|d| (d.prefix, d.uri.as_ref()))
    }

    /// [`Self::in_scope`] as values of its own, for reading a fragment that outlives this tree.
    pub(crate) fn surroundings(self) -> Vec<(String, String)> {
        self.in_scope()
            .into_iter()
            .map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned()))
            .collect()
    }

    /// Every prefix in force here with its namespace name, the nearest declaration of each.
    pub(crate) fn in_scope(self) -> Vec<(&'t str, &'t str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let mut here = Some(self);
        while let Some(element) = here {
            for (prefix, uri) in element.declarations() {
                if !found.iter().any(|(known, _)| *known == prefix) {
                    found.push((prefix, uri));
                }
            }
            here = element.parent();
        }
        found.retain(|(_, uri)| !uri.is_empty());
        found
    }

    pub(super) fn prefix(self) -> &'t str {
        self.element.prefix
    }

    pub(super) fn end(self) -> u32 {
        self.element.end
    }
}

impl Attribute<'_> {
    /// The name without prefix.
    pub(crate) fn local(&self) -> &str {
        self.local
    }

    /// The value, normalised as XML 1.0 section 3.3.3 says.
    pub(crate) fn value(&self) -> &str {
        &self.value
    }
}
