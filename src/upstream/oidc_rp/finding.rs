//! What a rule finds, in the words of OpenID Connect and with the grants that a connection may have.

use crate::upstream::judgement;
use crate::upstream::oidc_rp::terms::Grant;

/// The verdict of one rule on one token.
pub(crate) type Finding<'c> = judgement::Finding<'c, Grant>;

/// Where a rule looked, what it wanted and what it saw.
pub(crate) type Note<'c> = judgement::Note<'c, Grant>;
