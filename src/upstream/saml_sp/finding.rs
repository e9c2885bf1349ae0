//! What a rule finds, in the words of SAML and with the grants that a connection may have.

use crate::upstream::judgement;
use crate::upstream::saml_sp::terms::{Grant, Grants};

/// The verdict of one rule on one message.
pub(crate) type Finding<'c> = judgement::Finding<'c, Grant>;

/// Where a rule looked, what it wanted and what it saw.
pub(crate) type Note<'c> = judgement::Note<'c, Grant>;

impl<'c> Note<'c> {
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
