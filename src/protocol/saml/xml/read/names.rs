//! Names: which namespace each is in, and that no two parsers could disagree about it.

use std::borrow::Cow;

use crate::protocol::saml::xml::chars;
use crate::protocol::saml::xml::read::Flaw;
use crate::protocol::saml::xml::read::attributes::RawAttribute;
use crate::protocol::saml::xml::read::builder::Builder;
use crate::protocol::saml::xml::tree::{Attribute, Declaration, Namespace, XML_NAMESPACE, place};

impl<'a> Builder<'a, '_> {
    /// Notes the namespace declarations of a tag and those that the surroundings lend to the root.
    pub(super) fn declare(&mut self, raw: &[RawAttribute<'a>]) -> Result<std::ops::Range<u32>, Flaw> {
        let first = place(self.tree.declarations.len()).0;
        for attribute in raw {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => rest.get(1..).unwrap_or_default(),
                Some(_) | None => continue,
            };
            let uri = attribute.value.clone();
            match attribute.name {
                "xmlns" => self.check_default(&uri)?,
                _ => self.check_prefixed(prefix, &uri)?,
            }
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

    /// Namespaces in XML 1.0, sections 2.2 and 5.2: an absolute URI, or empty to undeclare.
    fn check_default(&self, uri: &str) -> Result<(), Flaw> {
        if uri.is_empty() || (chars::is_absolute_namespace(uri) && uri != XML_NAMESPACE) {
            return Ok(());
        }
        Err(self.malformed("a default namespace that is no absolute URI"))
    }

    /// Namespaces in XML 1.0, sections 2.2 and 3.
    fn check_prefixed(&self, prefix: &str, uri: &str) -> Result<(), Flaw> {
        let reserved = prefix == "xmlns" || uri == "http://www.w3.org/2000/xmlns/";
        if !chars::is_ncname(prefix) || reserved || (prefix == "xml") != (uri == XML_NAMESPACE) {
            return Err(self.malformed("a namespace prefix that may not be declared so"));
        }
        if !chars::is_absolute_namespace(uri) {
            return Err(self.malformed("a namespace name that is no absolute URI"));
        }
        Ok(())
    }

    pub(super) fn attributes(&mut self, raw: Vec<RawAttribute<'a>>) -> Result<std::ops::Range<u32>, Flaw> {
        let first = self.tree.attributes.len();
        for attribute in raw {
            if attribute.name == "xmlns" || attribute.name.starts_with("xmlns:") {
                continue;
            }
            let (prefix, local) = self.qname(attribute.name)?;
            let namespace = match prefix {
                "" => Namespace::None,
                _ => self.resolve(prefix)?,
            };
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

    pub(super) fn qname(&self, name: &'a str) -> Result<(&'a str, &'a str), Flaw> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let prefix_is_good = (prefix.is_empty() && !name.starts_with(':')) || chars::is_ncname(prefix);
        if prefix_is_good && prefix != "xmlns" && chars::is_ncname(local) {
            Ok((prefix, local))
        } else {
            Err(self.malformed("a name that is no qualified name"))
        }
    }

    /// The namespace that `prefix` stands for; the empty prefix is that of an element without one. The default
    /// namespace is not for attributes.
    pub(super) fn resolve(&self, prefix: &str) -> Result<Namespace, Flaw> {
        if prefix == "xml" {
            return Ok(Namespace::Xml);
        }
        let declared = |at: &&u32| {
            self.tree
                .declarations
                .get(**at as usize)
                .is_some_and(|d| chars::same_prefix(d.prefix, prefix))
        };
        match self.scope.iter().rev().find(declared) {
            Some(at) if self.tree.uri(Namespace::Declared(*at)).is_empty() => Ok(Namespace::None),
            Some(at) => Ok(Namespace::Declared(*at)),
            None if prefix.is_empty() => Ok(Namespace::None),
            None => Err(self.malformed("a namespace prefix that is not declared")),
        }
    }
}
