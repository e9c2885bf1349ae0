//! Sessions of invented people, for the tests of the rooms that come after.

use crate::identity::person::Person;
use crate::identity::person::examples::AT;
use crate::platform::environment::Environment;
use crate::platform::random::SeededRandom;
use crate::session::lifetime::Lifetime;
use crate::session::record::Session;
use crate::session::settings::Settings;
use crate::session::sid::Sid;
use crate::session::ticket::TicketHash;

/// A session of `person` that began when they proved themselves, shared with nobody.
pub(crate) fn session_of(person: Person) -> Session {
    Session {
        sid: Sid::draw(&SeededRandom::from_seed(7)).unwrap(),
        opened_by: TicketHash::default(),
        person,
        environment: Environment::Test,
        began_at: AT,
        lifetime: Lifetime::begin(Settings::default(), AT, None),
        shared_with: Vec::new(),
    }
}

/// The same, shared with these applications.
pub(crate) fn session_shared_with(person: Person, client_ids: &[&str]) -> Session {
    Session {
        shared_with: client_ids.iter().map(|&client_id| client_id.to_owned()).collect(),
        ..session_of(person)
    }
}
