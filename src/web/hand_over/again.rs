//! Somebody who is signed in and not admitted to a site asks to log in once more: upstream is asked for what was missing.

use axum::http::HeaderMap;
use axum::response::Response;

use crate::downstream::application::requirements::Unmet;
use crate::journey::return_to::ReturnTo;
use crate::journey::way::Way;
use crate::platform::origin::Origin;
use crate::session::record::Session;
use crate::upstream::wish::Wish;
use crate::web::forward_auth::still_unmet;
use crate::web::sign_in;
use crate::web::state::WebState;

/// Leaves for what `session` lacks at `place`, to come back to `back`. `None`: nothing is missing any more.
pub(super) async fn leave(
    state: &WebState,
    headers: &HeaderMap,
    session: &Session,
    (site, place): (&Origin, &ReturnTo),
    back: &str,
) -> Option<Response> {
    let unmet = still_unmet(state, session, site, place)?;
    let door = session.person().connection();
    let is_open = state.sign_ins.way(door).is_some_and(Way::is_enabled);
    let wish = wish(&unmet).filter(|_| is_open);
    Some(match wish {
        Some(wish) => sign_in::depart(state, headers, sign_in::to(door, wish, back)).await,
        // Another account may do: the person chooses.
        None => super::to_sign_in(state, back),
    })
}

/// What to ask for; `None` where the same account will not do.
fn wish(unmet: &Unmet) -> Option<Wish> {
    match unmet {
        Unmet::Age | Unmet::Factors => Some(Wish::FRESH),
        Unmet::Aal { least, had: Some(_) } => Some(Wish::at_least(*least)),
        Unmet::Role => Some(Wish::CHANGE_ROLE),
        Unmet::Aal { had: None, .. } | Unmet::Door { .. } | Unmet::Organisation | Unmet::Simulated => None,
    }
}
