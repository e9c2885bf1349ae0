//! Somebody who may not use the application as they are: what is missing, who can help, and where else to go.

use axum::response::Response;

use crate::downstream::application::requirements::Unmet;
use crate::downstream::authorization::judgement::Missing;
use crate::downstream::authorization::waiting::Waiting;
use crate::identity::person::Person;
use crate::identity::settings::roles::Picker;
use crate::identity::values::DisplayText;
use crate::journey::way::Way;
use crate::session::record::Session;
use crate::upstream::verified::Door;
use crate::web::oauth2::authorize::visit::Visit;
use crate::web::oauth2::authorize::{HANDLE, doors};
use crate::web::pages::{DoorChoice, Lack, Link, NamedOrganisation, Page as _, ProblemPage, Trouble};
use crate::web::sign_in::{CHANGE, PATH};
use crate::web::{answer, error};

/// The page. Its links to other doors and to another role begin anew, so nothing that was asked before counts for them;
/// its link back brings the application the refusal.
pub(super) async fn page(visit: &Visit<'_>, waiting: &Waiting, missing: &Missing) -> Response {
    let state = visit.state;
    let anew = Waiting::new(waiting.request.clone(), state.clock.now());
    let handle = match state.waiting.note(&anew, &visit.browser.hash()).await {
        Ok(handle) => handle,
        Err(cause) => return error::unavailable(state, &cause),
    };
    let reference = error::reference(state.random.as_ref());
    tracing::warn!(
        reference,
        application = visit.application.client_id,
        connection = visit.way().map_or("none", Way::name),
        missing = missing.word(),
        "somebody may not use an application as they are"
    );
    let trouble = Trouble::Unmet {
        application: &visit.application.label,
        lack: lack(visit, missing),
    };
    let back = waiting.request.place.with_refusal(missing.told(), visit.issuer());
    let ways = other_ways(visit, waiting, missing, &handle);
    let page = ProblemPage::new(&state.frame, &trouble)
        .with_reference(&reference)
        .with_ways(ways)
        .with_back(Link {
            text: format!("Go back to {}", visit.application.label),
            address: back,
        });
    visit.tied(answer::page(state, trouble.status(), page.html()))
}

fn lack<'a>(visit: &'a Visit<'_>, missing: &Missing) -> Lack<'a> {
    let person = visit.session.as_ref().map(Session::person);
    let door = person.map_or(Door::Nhsmail, Person::door);
    match missing {
        Missing::Person | Missing::AnotherPerson | Missing::Choice => Lack::Login,
        Missing::FreshLogin | Missing::MaxAge | Missing::Requirement(Unmet::Age) => Lack::FreshLogin,
        Missing::Aal { least } | Missing::Requirement(Unmet::Aal { least, .. }) => {
            Lack::Assurance { wanted: *least, door }
        }
        Missing::Requirement(Unmet::Factors) => Lack::Factors { door },
        Missing::Requirement(Unmet::Simulated) => Lack::RealPerson,
        Missing::Requirement(Unmet::Door { .. }) => Lack::Door {
            used: visit.way().map_or("another account", Way::label),
        },
        Missing::Requirement(Unmet::Organisation) => Lack::Organisation {
            organisation: person.and_then(organisation),
            door,
        },
        Missing::Requirement(Unmet::Role) => Lack::Role {
            accepted: visit
                .application
                .requires
                .roles
                .iter()
                .map(String::as_str)
                .collect(),
            role: person
                .and_then(Person::role)
                .map(|role| role.name().unwrap_or(role.code())),
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

/// What may help: another role, the same door once more, or the doors that would do.
fn other_ways(visit: &Visit<'_>, waiting: &Waiting, missing: &Missing, handle: &str) -> Vec<Link> {
    let person = visit.session.as_ref().map(Session::person);
    let could = person.and_then(|person| missing.could_be_asked(person, &visit.application.requires));
    let way = visit.way().filter(|way| way.is_enabled());
    if let (Some(way), Some(needs)) = (way, could) {
        let asks_for_role = way.person.roles.picker != Picker::None;
        return match (needs.role, asks_for_role) {
            (true, true) => vec![link("Change role".to_owned(), handle, way, Some(CHANGE))],
            (true, false) => Vec::new(),
            (false, _) => vec![link("Log in again".to_owned(), handle, way, None)],
        };
    }
    let has_no_role = person.is_some_and(|person| person.door() == Door::Nhsmail);
    let is_about_the_door = match missing {
        Missing::Requirement(Unmet::Role) => has_no_role,
        Missing::Requirement(Unmet::Organisation | Unmet::Factors | Unmet::Age)
        | Missing::FreshLogin
        | Missing::MaxAge => false,
        Missing::Person
        | Missing::AnotherPerson
        | Missing::Choice
        | Missing::Aal { .. }
        | Missing::Requirement(Unmet::Door { .. } | Unmet::Simulated | Unmet::Aal { .. }) => true,
    };
    if !is_about_the_door {
        return Vec::new();
    }
    let allowed = doors::allowed(visit.state, visit.application, &waiting.request);
    let words = |way: &Way| DoorChoice::usual(way.name(), way.door(), way.label()).label;
    allowed.map(|way| link(words(way), handle, way, None)).collect()
}

fn link(text: String, handle: &str, way: &Way, role: Option<&str>) -> Link {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair(HANDLE, handle).append_pair("door", way.name());
    if let Some(role) = role {
        query.append_pair("role", role);
    }
    Link {
        text,
        address: format!("{PATH}?{}", query.finish()),
    }
}
