//! What somebody lacks at a site, in the words of our pages.

use crate::downstream::application::Application;
use crate::downstream::application::requirements::{PathAccess, Unmet};
use crate::identity::person::Person;
use crate::identity::values::DisplayText;
use crate::journey::way::Way;
use crate::session::record::Session;
use crate::web::pages::{Lack, NamedOrganisation};
use crate::web::state::WebState;

/// What is missing of whoever is behind `session`.
pub(super) fn lack<'a>(
    state: &'a WebState,
    session: &'a Session,
    application: &'a Application,
    unmet: &Unmet,
) -> Lack<'a> {
    let person = session.person();
    let door = person.door();
    match unmet {
        Unmet::Simulated => Lack::RealPerson,
        Unmet::Age => Lack::FreshLogin,
        Unmet::Factors => Lack::Factors { door },
        Unmet::Aal { least, .. } => Lack::Assurance { wanted: *least, door },
        Unmet::Door { .. } => Lack::Door {
            used: state
                .sign_ins
                .way(person.connection())
                .map_or("another account", Way::label),
        },
        Unmet::Organisation => Lack::Organisation {
            organisation: organisation(person),
            door,
        },
        Unmet::Role => Lack::Role {
            role: person.role().map(|role| role.name().unwrap_or(role.code())),
            accepted: accepted(application),
            door,
        },
    }
}

fn organisation(person: &Person) -> Option<NamedOrganisation<'_>> {
    person.organisation().map(|organisation| NamedOrganisation {
        code: organisation.code.as_str(),
        name: organisation.name.as_ref().map(DisplayText::as_str),
    })
}

/// The roles that may come in: those of the whole site, else those that some of its paths name.
fn accepted(application: &Application) -> Vec<&str> {
    if !application.requires.roles.is_empty() {
        return application.requires.roles.iter().map(String::as_str).collect();
    }
    let of_paths = application.paths.iter().filter_map(|rule| match &rule.access {
        PathAccess::Requires(requirements) => Some(&requirements.roles),
        PathAccess::Public => None,
    });
    of_paths.flatten().map(String::as_str).collect()
}
