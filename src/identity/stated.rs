//! What the upstream stated, asked by name. Names match exactly; no name is guessed.

use crate::identity::values::is_blank;
use crate::upstream::verified::{UpstreamAttribute, VerifiedIdentity};

/// Blanks that a published example carries inside `Name="…"`; a Name that differs only by them is the same Name.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The attributes of one person.
#[derive(Clone, Copy)]
pub(in crate::identity) struct Stated<'a>(&'a [UpstreamAttribute]);

/// One attribute was stated more than once where only one value can be meant.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::identity) struct Ambiguous;

impl<'a> Stated<'a> {
    /// What `identity` states.
    pub(in crate::identity) fn by(identity: &'a VerifiedIdentity) -> Self {
        Self(identity.attributes())
    }

    /// Every value that says something: those under the first of `names`, then those under the next, in order.
    pub(in crate::identity) fn under<'n, N: AsRef<str>>(
        self,
        names: &'n [N],
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n, N> {
        let values = names.iter().flat_map(move |name| self.values(name.as_ref()));
        values.filter(|value| !is_blank(value))
    }

    /// The one value of the attribute `name`, where a second would make it unclear what is meant: an attribute
    /// stated twice or with two values is ambiguous even if the values agree or one is empty.
    pub(in crate::identity) fn only(self, name: &str) -> Result<Option<&'a str>, Ambiguous> {
        let mut values = self.values(name);
        let first = values.next();
        if values.next().is_some() || self.named(name).nth(1).is_some() {
            return Err(Ambiguous);
        }
        Ok(first.filter(|value| !is_blank(value)))
    }

    fn values(self, name: &str) -> impl Iterator<Item = &'a str> + use<'a, '_> {
        self.named(name)
            .flat_map(|attribute| attribute.values.iter().map(String::as_str))
    }

    fn named(self, name: &str) -> impl Iterator<Item = &'a UpstreamAttribute> + use<'a, '_> {
        let is_named = move |attribute: &&UpstreamAttribute| attribute.name.trim_matches(BLANKS) == name;
        self.0.iter().filter(is_named)
    }
}
