//! `Wish`: what a person is asked for at an upstream beyond signing in.

use serde::{Deserialize, Serialize};

/// What a person is asked for at an upstream beyond signing in: step-up, or another role. It is kept with the pending
/// sign-in, so that the answer is judged by what was asked and not by what the browser made of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wish {
    /// Whether a role is asked for anew.
    pub role: RoleWish,
    /// Whether people prove themselves anew.
    pub proof: ProofWish,
    /// The authentication assurance level to ask CIS2 for, 1 to 3, where the connection asks for less. Whether it was
    /// met is judged by whoever wished it: the connection's own least level alone decides who comes in.
    pub least_aal: Option<u8>,
}

/// Whether a role is asked for anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleWish {
    /// As the connection does it.
    #[default]
    AsUsual,
    /// To choose another role (CIS2 scope `changedrole`).
    Another,
}

/// Whether people prove themselves anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofWish {
    /// As the connection does it.
    #[default]
    AsUsual,
    /// No earlier login is taken: `prompt=login` (OpenID Connect Core 3.1.2.1), `ForceAuthn` (SAML Core 3.4.1).
    Fresh,
}

impl Wish {
    /// Nothing beyond signing in.
    pub const SIGN_IN: Self = Self {
        role: RoleWish::AsUsual,
        proof: ProofWish::AsUsual,
        least_aal: None,
    };
    /// To choose another role.
    pub const CHANGE_ROLE: Self = Self {
        role: RoleWish::Another,
        ..Self::SIGN_IN
    };
    /// To prove oneself anew.
    pub const FRESH: Self = Self {
        proof: ProofWish::Fresh,
        ..Self::SIGN_IN
    };

    /// To prove oneself at `level` or above.
    pub fn at_least(level: u8) -> Self {
        Self {
            least_aal: Some(level),
            ..Self::SIGN_IN
        }
    }

    /// Both wishes in one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            role: if self.role == RoleWish::Another {
                self.role
            } else {
                other.role
            },
            proof: if self.proof == ProofWish::Fresh {
                self.proof
            } else {
                other.proof
            },
            least_aal: self.least_aal.max(other.least_aal),
        }
    }

    /// True if whoever was asked this was asked `other` as well.
    pub fn covers(self, other: Self) -> bool {
        self.and(other) == self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_wishes_in_one_cover_both_and_neither_covers_the_other() {
        let both = Wish::FRESH.and(Wish::at_least(2)).and(Wish::at_least(3));
        assert_eq!(both.least_aal, Some(3));
        assert!(both.covers(Wish::FRESH) && both.covers(Wish::at_least(2)) && both.covers(Wish::SIGN_IN));
        assert!(!both.covers(Wish::CHANGE_ROLE) && !Wish::FRESH.covers(both));
        assert!(!Wish::at_least(2).covers(Wish::at_least(3)));
    }
}
