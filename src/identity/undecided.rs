//! `Undecided`: somebody vouched for who has not said yet in which of their roles they come.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::admission::{admitted, is_admitted};
use crate::identity::person::Person;
use crate::identity::role::Role;
use crate::identity::role_refusal::RoleRefusal;
use crate::identity::settings::roles::{Picker, RoleSettings};
use crate::identity::values::is_blank;

/// Almost a [`Person`]: everything but the role. It can wait in the store while they choose, and no session begins
/// with it. Made by [`normalise`](crate::identity::normalise::normalise) and by nothing else, save by reading it back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Undecided(Person);

/// What becomes of the roles of somebody who has just arrived.
pub(in crate::identity) enum Selection {
    /// No role is selected: there is none, or nobody asks.
    Nothing,
    /// This one is.
    Role(Role),
    /// The person must be asked.
    Question,
}

impl Undecided {
    pub(in crate::identity) fn new(person: Person) -> Self {
        Self(person)
    }

    /// The roles to choose from, in the order CIS2 states them; always at least two.
    pub fn roles(&self) -> &[Role] {
        self.0.roles()
    }

    /// The configured name of the connection.
    pub fn connection(&self) -> &str {
        self.0.connection()
    }

    /// The name to show.
    pub fn name(&self) -> Option<String> {
        self.0.name()
    }

    /// True if choosing `role` would let them in.
    pub fn would_do(&self, role: &Role, settings: &RoleSettings) -> bool {
        is_admitted(role, settings)
    }

    /// The person in the role `role_id`.
    ///
    /// # Errors
    /// [`RoleRefusal`]: the role is none of theirs, or may not come in.
    pub fn choose(&self, role_id: &str, settings: &RoleSettings) -> Result<Person, RoleRefusal> {
        self.0.with_role(role_id, settings)
    }
}

impl Person {
    /// The same person, proven as before, in another of their roles.
    ///
    /// # Errors
    /// [`RoleRefusal`]: the role is none of theirs, or may not come in.
    pub fn with_role(&self, role_id: &str, settings: &RoleSettings) -> Result<Self, RoleRefusal> {
        let role = self.roles().iter().find(|role| role.id() == role_id);
        let role = role.ok_or(RoleRefusal::NoSuchRole)?.clone();
        admitted(self.clone().in_role(role), settings)
    }
}

/// What the upstream's selection and the number of roles come to. Where something was selected, that counts or
/// nothing does: the first of a list is never anybody's choice.
pub(in crate::identity) fn select(
    roles: &[Role],
    selected: Option<&str>,
    picker: Picker,
    stated: usize,
) -> Result<Selection, RoleRefusal> {
    match (selected, roles) {
        (Some(blank), []) if is_blank(blank) => Ok(Selection::Nothing),
        (Some(id), roles) => {
            let role = roles.iter().find(|role| role.id() == id);
            let role = role.ok_or(RoleRefusal::NoUsableRole)?;
            Ok(Selection::Role(role.clone()))
        }
        (None, []) => Ok(Selection::Nothing),
        // Who has others that we cannot read has not said that this is the one.
        (None, [only]) if stated == 1 => Ok(Selection::Role(only.clone())),
        (None, _several) => match picker {
            Picker::Cis2 => Err(RoleRefusal::NotSelected),
            Picker::Ours => Ok(Selection::Question),
            Picker::None => Ok(Selection::Nothing),
        },
    }
}

impl fmt::Debug for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Undecided(…)")
    }
}

#[cfg(test)]
mod tests;
