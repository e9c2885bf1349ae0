//! What is done about what is missing: the person signs in, is asked for more, or is told.

use axum::response::Response;
use url::form_urlencoded::Serializer;

use crate::downstream::authorization::judgement::{Missing, Needs};
use crate::downstream::authorization::waiting::Waiting;
use crate::identity::settings::roles::Picker;
use crate::journey::limits::Waits;
use crate::journey::way::Way;
use crate::session::record::Session;
use crate::upstream::wish::{ProofWish, RoleWish, Wish};
use crate::web::oauth2::authorize::visit::Visit;
use crate::web::oauth2::authorize::{CONTINUE_PATH, HANDLE, unmet};
use crate::web::pages::Trouble;
use crate::web::{answer, error, role, sign_in};

/// The next step. Nothing is asked twice: who comes back without it is told what is missing.
pub(super) async fn next(visit: &Visit<'_>, waiting: Waiting, missing: Missing) -> Response {
    let has_left = waiting.asked_for.is_some();
    let is_about_who = matches!(
        missing,
        Missing::Person | Missing::AnotherPerson | Missing::Choice
    );
    if is_about_who && !has_left {
        return choose_door(visit, &waiting).await;
    }
    match step_up(visit, &waiting, &missing) {
        Some((way, needs)) if asks_here(way, needs) => ask_for_role_here(visit, waiting, needs).await,
        Some((way, needs)) => leave(visit, waiting, way, needs).await,
        None => unmet::page(visit, &waiting, &missing).await,
    }
}

/// What the upstream of whoever is signed in could be asked for, and was not.
fn step_up<'a>(visit: &'a Visit<'_>, waiting: &Waiting, missing: &Missing) -> Option<(&'a Way, Needs)> {
    let session: &Session = visit.session.as_ref()?;
    let way = visit.way().filter(|way| way.is_enabled())?;
    let could = missing.could_be_asked(session.person(), &visit.application.requires)?;
    // Our own picker proves nothing anew: nothing but the role is asked there.
    let needs = if asks_here(way, could) {
        could
    } else {
        Needs::of(&waiting.request, visit.application).and(could)
    };
    let is_possible = !needs.role || way.person.roles.picker != Picker::None;
    (is_possible && !waiting.was_asked_for(needs)).then_some((way, needs))
}

pub(super) fn asks_here(way: &Way, needs: Needs) -> bool {
    needs.role && way.person.roles.picker == Picker::Ours
}

/// To the doors that the application allows.
async fn choose_door(visit: &Visit<'_>, waiting: &Waiting) -> Response {
    match kept(visit, waiting, who_waits(visit, waiting)).await {
        Ok(handle) => {
            let address = format!("{}?{HANDLE}={handle}", sign_in::PATH);
            visit.tied(answer::see_other(visit.state, &address))
        }
        Err(refused) => *refused,
    }
}

/// Through `way`, asking for `needs`. The browser does not see the new handle before it comes back.
pub(super) async fn leave(visit: &Visit<'_>, waiting: Waiting, way: &Way, needs: Needs) -> Response {
    let who = who_waits(visit, &waiting);
    let waiting = waiting.on_the_way(needs, visit.state.clock.now());
    match kept(visit, &waiting, who).await {
        Ok(handle) => {
            let place = continue_address(&handle);
            let leaving = sign_in::to(way.name(), wish(needs), &place);
            sign_in::depart_as(visit.state, &visit.browser, leaving).await
        }
        Err(refused) => *refused,
    }
}

/// Our own picker asks.
pub(super) async fn ask_for_role_here(visit: &Visit<'_>, waiting: Waiting, needs: Needs) -> Response {
    let who = who_waits(visit, &waiting);
    let waiting = waiting.on_the_way(needs, visit.state.clock.now());
    match kept(visit, &waiting, who).await {
        Ok(handle) => {
            let address = format!("{}?{HANDLE}={handle}", role::CHANGE_PATH);
            visit.tied(answer::see_other(visit.state, &address))
        }
        Err(refused) => *refused,
    }
}

/// The handle of a request that waits.
async fn kept(visit: &Visit<'_>, waiting: &Waiting, who: Waits) -> Result<String, Box<Response>> {
    let state = visit.state;
    if !state.sign_ins.limits.allow_waiting(&visit.browser, who) {
        return Err(Box::new(error::problem(state, &Trouble::TooMany, None)));
    }
    let kept = state.waiting.note(waiting, &visit.browser.hash()).await;
    kept.map_err(|cause| Box::new(error::unavailable(state, &cause)))
}

/// Whoever has left before, or is signed in, has proven something.
fn who_waits(visit: &Visit<'_>, waiting: &Waiting) -> Waits {
    if visit.session.is_some() || waiting.asked_for.is_some() {
        Waits::Known
    } else {
        Waits::Stranger
    }
}

/// Where somebody goes on who signed in for the request of `handle`.
pub(crate) fn continue_address(handle: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair(HANDLE, handle)
        .finish();
    format!("{CONTINUE_PATH}?{query}")
}

fn wish(needs: Needs) -> Wish {
    Wish {
        role: if needs.role {
            RoleWish::Another
        } else {
            RoleWish::AsUsual
        },
        proof: if needs.fresh {
            ProofWish::Fresh
        } else {
            ProofWish::AsUsual
        },
        least_aal: needs.least_aal,
    }
}
