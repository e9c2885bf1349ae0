//! The name by which the world outside knows a person.

use std::fmt::Debug;

use crate::identity::person::Person;

/// Whoever knows under which name a person is known outside: an opaque one, the same in all of their sessions. An
/// administrator who ends them says it.
pub trait PublicName: Debug + Send + Sync {
    /// The name of `person`; `None` if it cannot be told.
    fn of(&self, person: &Person) -> Option<String>;
}
