//! What a rule finds.

use std::borrow::Cow;

use crate::upstream::saml_sp::terms::{Grant, Grants};

/// The verdict of one rule on one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding<'c> {
    /// The rule holds.
    Holds(Note<'c>),
    /// The rule refuses the message.
    Refuses(Note<'c>),
    /// The rule cannot be evaluated: what it looks at is not there, or it does not concern this message.
    NotReached,
}

/// Where a rule looked, what it wanted and what it saw. Never a name or an attribute value of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note<'c> {
    /// The element or attribute, as a path.
    pub(crate) element: &'static str,
    /// What the rule wanted.
    pub(crate) expected: Cow<'c, str>,
    /// What it saw.
    pub(crate) actual: Cow<'c, str>,
    /// The exception by which it holds nevertheless.
    pub(crate) granted: Option<Grant>,
}

impl<'c> Note<'c> {
    /// A note on `element`.
    pub(crate) fn on(
        element: &'static str,
        expected: impl Into<Cow<'c, str>>,
        actual: impl Into<Cow<'c, str>>,
    ) -> Self {
        Self {
            element,
            expected: expected.into(),
            actual: actual.into(),
            granted: None,
        }
    }

    /// The rule holds if `condition` does, else it refuses.
    #[expect(
        clippy::fn_params_excessive_bools,
        reason = "a rule ends in one condition, named at the call"
    )]
    pub(crate) fn holds_if(self, condition: bool) -> Finding<'c> {
        if condition {
            Finding::Holds(self)
        } else {
            Finding::Refuses(self)
        }
    }

    /// What would be a refusal is granted by exception if `grant` is among `granted`.
    pub(crate) fn refuses_unless(mut self, granted: &Grants, grant: Grant) -> Finding<'c> {
        if granted.contains(grant) {
            self.granted = Some(grant);
            Finding::Holds(self)
        } else {
            Finding::Refuses(self)
        }
    }
}
