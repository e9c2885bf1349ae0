//! `/sign-in?request=`: the doors through which people may come on behalf of an application.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::downstream::application::{Application, Simulated};
use crate::downstream::authorization::AuthorizationRequest;
use crate::downstream::authorization::judgement::{Missing, Needs};
use crate::downstream::authorization::refusal::Nowhere;
use crate::downstream::authorization::waiting::{Found, Waiting};
use crate::journey::way::Way;
use crate::upstream::verified::Door;
use crate::upstream::wish::RoleWish;
use crate::web::oauth2::authorize::visit::Visit;
use crate::web::oauth2::authorize::{leaving, nowhere, unmet};
use crate::web::pages::{Chooser, DoorChoice, OnBehalf, Page as _, Trouble};
use crate::web::state::WebState;
use crate::web::{answer, cookies, error};

/// What a person chose on our pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<'a> {
    /// The handle of the request.
    pub(crate) handle: &'a str,
    /// The door; absent: they are asked, unless there is only one.
    pub(crate) door: Option<&'a str>,
    /// Whether they want another role there.
    pub(crate) role: RoleWish,
}

/// Leaves for the door that was chosen, or for the only one, or shows those that the application allows. The request stays
/// under its handle, so that the person may come back and choose another one.
pub(crate) async fn leave(state: &WebState, headers: &HeaderMap, chosen: Chosen<'_>) -> Response {
    let browser = cookies::browser(headers, state.transport()).map(|browser| browser.hash());
    let waiting = match state.waiting.find(chosen.handle, browser.as_deref()).await {
        Ok(Found::Ours(waiting)) => *waiting,
        Ok(Found::AnotherBrowser) => return error::problem(state, &Trouble::AnotherBrowser, None),
        Ok(Found::Unknown) => return error::problem(state, &Trouble::TookTooLong, None),
        Err(cause) => return error::unavailable(state, &cause),
    };
    let Some(application) = state.applications.find(&waiting.request.client_id) else {
        return nowhere::page(state, Nowhere::UnknownClient);
    };
    let visit = match Visit::of(state, headers, application).await {
        Ok(visit) => visit,
        Err(cause) => return error::unavailable(state, &cause),
    };
    let mut needs = Needs::of(&waiting.request, application);
    needs.role = chosen.role == RoleWish::Another;
    let ways: Vec<&Way> = allowed(state, application, &waiting.request).collect();
    let by_name = chosen
        .door
        .and_then(|door| ways.iter().find(|way| way.name() == door));
    match (by_name, ways.as_slice()) {
        (Some(way), _) | (None, [way]) => through(&visit, waiting, way, needs).await,
        (None, []) => unmet::page(&visit, &waiting, &Missing::Person).await,
        (None, _several) => chooser(&visit, chosen.handle, &ways),
    }
}

/// Leaves through `way`; where our own picker asks for the role and somebody is signed in there, only the role is asked.
async fn through(visit: &Visit<'_>, waiting: Waiting, way: &Way, needs: Needs) -> Response {
    let is_here = visit.way().is_some_and(|current| current.name() == way.name());
    if is_here && leaving::asks_here(way, needs) {
        let only_the_role = Needs {
            role: true,
            ..Needs::default()
        };
        return leaving::ask_for_role_here(visit, waiting, only_the_role).await;
    }
    leaving::leave(visit, waiting, way, needs).await
}

fn chooser(visit: &Visit<'_>, handle: &str, ways: &[&Way]) -> Response {
    let doors: Vec<DoorChoice> = ways
        .iter()
        .map(|way| DoorChoice::usual(way.name(), way.door(), way.label()))
        .collect();
    let page = Chooser {
        frame: &visit.state.frame,
        doors: &doors,
        return_to: None,
        logged_out: None,
        on_behalf: Some(OnBehalf {
            label: &visit.application.label,
            handle,
        }),
    };
    answer::page(visit.state, StatusCode::OK, page.html())
}

/// The ways through which people may come who use the application of `request`. Only a Care Identity has an assurance
/// level, or a role.
pub(super) fn allowed<'a>(
    state: &'a WebState,
    application: &'a Application,
    request: &AuthorizationRequest,
) -> impl Iterator<Item = &'a Way> {
    let doors = &application.requires.doors;
    let level = request.least_aal.or(application.requires.minimum_aal);
    let wants_care_identity = level.is_some() || !application.requires.roles.is_empty();
    let takes_invented = application.simulated == Simulated::Accept;
    state.sign_ins.open_ways().filter(move |way| {
        (doors.is_empty() || doors.contains(&way.door()))
            && (takes_invented || !way.is_simulated())
            && (!wants_care_identity || way.door() == Door::Cis2)
    })
}
