//! What a rule finds, and who must act on it.

use std::borrow::Cow;

/// The verdict of one rule on one message. `G` is what a connection may be granted by exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding<'c, G> {
    /// The rule holds.
    Holds(Note<'c, G>),
    /// The rule refuses the message.
    Refuses(Note<'c, G>),
    /// The rule cannot be evaluated: what it looks at is not there, or it does not concern this message.
    NotReached,
}

/// Where a rule looked, what it wanted and what it saw. Never a name or an attribute value of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note<'c, G> {
    /// The element, attribute or claim, as a path.
    pub(crate) element: &'static str,
    /// What the rule wanted.
    pub(crate) expected: Cow<'c, str>,
    /// What it saw.
    pub(crate) actual: Cow<'c, str>,
    /// The exception by which it holds nevertheless.
    pub(crate) granted: Option<G>,
}

impl<'c, G> Note<'c, G> {
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
    pub(crate) fn holds_if(self, condition: bool) -> Finding<'c, G> {
        if condition {
            Finding::Holds(self)
        } else {
            Finding::Refuses(self)
        }
    }
}

/// Who must act on a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever runs the identity provider: for NHSmail, the helpdesk.
    IdentityProvider,
    /// Whoever runs this bridge.
    BridgeAdmin,
    /// Both compare one value with one another, letter by letter.
    Both,
    /// The person starts again.
    Person,
}

impl Who {
    /// For people.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::IdentityProvider => "the identity provider",
            Self::BridgeAdmin => "the administrator of the bridge",
            Self::Both => "the administrator of the bridge with the identity provider",
            Self::Person => "the person signing in",
        }
    }
}
