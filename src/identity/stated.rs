//! What the upstream stated, asked by name.

use crate::identity::attribute_map::{AttributeMap, Field};
use crate::identity::values::is_blank;
use crate::upstream::verified::{UpstreamAttribute, VerifiedIdentity};

/// Blanks that a published example carries inside `Name="…"`; a Name that differs only by them is the same Name.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The attributes of one person, read through one map.
pub(in crate::identity) struct Stated<'a> {
    attributes: &'a [UpstreamAttribute],
    map: &'a AttributeMap,
}

/// One field was stated more than once where only one value can be meant.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::identity) struct Ambiguous;

impl<'a> Stated<'a> {
    /// What `identity` states, read through `map`.
    pub(in crate::identity) fn new(identity: &'a VerifiedIdentity, map: &'a AttributeMap) -> Self {
        Self {
            attributes: identity.attributes(),
            map,
        }
    }

    /// Every value that says something under the first name that has one, in order.
    pub(in crate::identity) fn all(&self, field: Field) -> Vec<&'a str> {
        let mut lists = self.map.names_of(field).iter().map(|name| self.under(name));
        lists.find(|values| !values.is_empty()).unwrap_or_default()
    }

    /// Every value under every name of `field`.
    pub(in crate::identity) fn under_any_name(&self, field: Field) -> impl Iterator<Item = &'a str> {
        self.map.names_of(field).iter().flat_map(|name| self.under(name))
    }

    /// The first of [`Self::all`].
    pub(in crate::identity) fn first(&self, field: Field) -> Option<&'a str> {
        self.all(field).first().copied()
    }

    /// The one value of `field`, where a second would make it unclear who is meant: an attribute stated twice or
    /// with two values is ambiguous even if the values agree or one is empty.
    pub(in crate::identity) fn only(&self, field: Field) -> Result<Option<&'a str>, Ambiguous> {
        let names = self.map.names_of(field).iter();
        let mut answers = names.map(|name| self.only_under(name));
        answers.find(|answer| *answer != Ok(None)).unwrap_or(Ok(None))
    }

    /// The one value of the attribute `name`; see [`Self::only`].
    pub(in crate::identity) fn only_under(&self, name: &str) -> Result<Option<&'a str>, Ambiguous> {
        let mut values = self
            .named(name)
            .flat_map(|attribute| attribute.values.iter().map(String::as_str));
        let first = values.next();
        if values.next().is_some() || self.named(name).nth(1).is_some() {
            return Err(Ambiguous);
        }
        Ok(first.filter(|value| !is_blank(value)))
    }

    fn under(&self, name: &str) -> Vec<&'a str> {
        let values = self.named(name).flat_map(|attribute| &attribute.values);
        values
            .map(String::as_str)
            .filter(|value| !is_blank(value))
            .collect()
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &'a UpstreamAttribute> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.name.trim_matches(BLANKS) == name)
    }
}
