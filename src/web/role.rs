//! Our own role picker: the question while logging in, and *change role* afterwards.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::identity::role::Role;
use crate::identity::settings::roles::Picker;
use crate::identity::values::DisplayText;
use crate::journey::role_choice::Choice;
use crate::journey::sign_in::Arrival;
use crate::journey::way::Way;
use crate::session::record::Session;
use crate::session::ticket::SessionTicket;
use crate::upstream::wish::Wish;
use crate::web::error::Onward;
use crate::web::forms::{Fields, csrf_token, own_form};
use crate::web::headers::PagePolicy;
use crate::web::oauth2::authorize;
use crate::web::oauth2::authorize::again::Again;
pub(crate) use crate::web::pages::HANDLE_FIELD;
use crate::web::pages::{
    NamedOrganisation, Page as _, ROLE_FIELD, RoleChoice, RoleChoiceError, RoleOption, RoleQuestion, Trouble,
};
use crate::web::state::WebState;
use crate::web::{answer, arrival, cookies, error, places, sign_in};

/// Where somebody who is logging in is asked.
pub(crate) const PATH: &str = "/sign-in/role";
/// Where somebody leaves again who is not the one that is asked.
pub(crate) const SOMEBODY_ELSE_PATH: &str = "/sign-in/role/somebody-else";
/// Where somebody who is logged in changes their role.
pub(crate) const CHANGE_PATH: &str = "/change-role";

/// Which choice.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    handle: Option<String>,
    request: Option<String>,
}

/// `GET /sign-in/role`.
pub(crate) async fn ask(
    State(state): State<WebState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let handle = asked.handle.unwrap_or_default();
    question(&state, &headers, &handle, None).await
}

/// `POST /sign-in/role`.
pub(crate) async fn choose(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = Fields::of(&headers, &body) else {
        return error::problem(&state, &Trouble::FormExpired, None);
    };
    let handle = form.once(HANDLE_FIELD).unwrap_or_default();
    if !form.carries(&csrf_token(&handle)) {
        return error::problem(&state, &Trouble::FormExpired, None);
    }
    let Some(role_id) = form.once(ROLE_FIELD).filter(|id| !id.is_empty()) else {
        return question(&state, &headers, &handle, Some(RoleChoiceError::NotSelected)).await;
    };
    let browser = cookies::browser(&headers, state.transport());
    let old_ticket = cookies::ticket(&headers, state.transport());
    let choice = Choice {
        handle: &handle,
        role_id: &role_id,
        browser: browser.as_ref(),
        old_ticket: old_ticket.as_ref(),
    };
    let found = state.sign_ins.choosing(&handle, browser.as_ref()).await;
    let (return_to, way) = match &found {
        Ok((waiting, way)) => (waiting.return_to.as_str(), Some(*way)),
        Err(_unknown) => ("", None),
    };
    match state.sign_ins.choose(choice).await {
        Ok(arrival) => {
            let door = way.map_or("", Way::name);
            arrival::arrived(&state, &headers, door, arrival).await
        }
        Err(failure) => {
            let change_role = format!("{PATH}?{HANDLE_FIELD}={handle}");
            let again = Again::after(&state, &headers, return_to).await;
            let onward = Onward {
                change_role: Some(&change_role),
                again: again.as_ref(),
            };
            error::sign_in_failed_with(&state, &failure, way, onward)
        }
    }
}

/// `GET /sign-in/role/somebody-else`: the choice ends, and the same way asks for the same again.
pub(crate) async fn somebody_else(
    State(state): State<WebState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let handle = asked.handle.unwrap_or_default();
    let browser = cookies::browser(&headers, state.transport());
    match state.sign_ins.choose_none(&handle, browser.as_ref()).await {
        Ok((waiting, way)) => {
            let leaving = sign_in::to(way.name(), waiting.wish, &waiting.return_to);
            sign_in::depart(&state, &headers, leaving).await
        }
        Err(failure) => error::sign_in_failed(&state, &failure, None),
    }
}

async fn question(
    state: &WebState,
    headers: &HeaderMap,
    handle: &str,
    mistake: Option<RoleChoiceError>,
) -> Response {
    let browser = cookies::browser(headers, state.transport());
    let (waiting, way) = match state.sign_ins.choosing(handle, browser.as_ref()).await {
        Ok(found) => found,
        Err(failure) => return error::sign_in_failed(state, &failure, None),
    };
    let undecided = waiting.undecided;
    let name = undecided.name();
    // The way back may be the handle of an application's request, which no page shows.
    let query = Serializer::new(String::new())
        .append_pair(HANDLE_FIELD, handle)
        .finish();
    let somebody_else = format!("{SOMEBODY_ELSE_PATH}?{query}");
    let page = RoleChoice {
        frame: &state.frame,
        person: name.as_deref().unwrap_or("somebody without a name"),
        question: RoleQuestion::LogIn {
            somebody_else: &somebody_else,
        },
        roles: &options(undecided.roles()),
        error: mistake,
        action: PATH,
        csrf_token: &csrf_token(handle),
        handle: Some(handle),
    };
    served(state, &page, Some(way)).await
}

/// `GET /change-role`: where the provider asks for the role, leaves for it; else asks here.
pub(crate) async fn change(
    State(state): State<WebState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let (ticket, session) = match signed_in(&state, &headers).await {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    match picker(&state, &session) {
        Some(Picker::Cis2) => {
            let place = state.default_return_to().to_owned();
            let door = session.person().connection().to_owned();
            sign_in::depart(&state, &headers, sign_in::to(&door, Wish::CHANGE_ROLE, &place)).await
        }
        Some(Picker::Ours) if session.person().roles().len() > 1 => {
            let request = asked.request.as_deref();
            change_page(
                &state,
                &Changing {
                    ticket,
                    session,
                    request,
                },
                None,
            )
            .await
        }
        Some(Picker::Ours | Picker::None) | None => answer::see_other(&state, "/"),
    }
}

/// `POST /change-role`: a new session in the other role; the old one ends.
pub(crate) async fn changed(State(state): State<WebState>, headers: HeaderMap, body: Bytes) -> Response {
    let (ticket, session) = match signed_in(&state, &headers).await {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    let Some(form) = own_form(&headers, &body, &ticket) else {
        return error::problem(&state, &Trouble::FormExpired, None);
    };
    let request = form.once(HANDLE_FIELD);
    let Some(role_id) = form.once(ROLE_FIELD).filter(|id| !id.is_empty()) else {
        let request = request.as_deref();
        let changing = Changing {
            ticket,
            session,
            request,
        };
        return change_page(&state, &changing, Some(RoleChoiceError::NotSelected)).await;
    };
    match state.sign_ins.change_role(&ticket, &role_id).await {
        Ok(arrival) => {
            log(&session, &arrival);
            let place = request.map_or_else(String::new, |handle| authorize::continue_address(&handle));
            let arrival = arrival.going_to(place);
            arrival::arrived(&state, &headers, session.person().connection(), arrival).await
        }
        Err(failure) => {
            let way = state.sign_ins.way(session.person().connection());
            let onward = Onward {
                change_role: Some(CHANGE_PATH),
                again: None,
            };
            error::sign_in_failed_with(&state, &failure, way, onward)
        }
    }
}

/// The codes of the two roles, never who.
fn log(before: &Session, arrival: &Arrival) {
    let Arrival::SignedIn { session: after, .. } = arrival else {
        return;
    };
    let code = |session: &Session| session.person().role().map(|role| role.code().to_owned());
    tracing::info!(
        connection = before.person().connection(),
        from = code(before),
        to = code(after),
        "role changed"
    );
}

/// True if the person of `session` could change their role.
pub(crate) fn can_change(state: &WebState, session: &Session) -> bool {
    let has_several = session.person().roles().len() > 1;
    has_several && matches!(picker(state, session), Some(Picker::Cis2 | Picker::Ours))
}

fn picker(state: &WebState, session: &Session) -> Option<Picker> {
    let way = state.sign_ins.way(session.person().connection())?;
    let asks = way.is_enabled() && way.open_id().is_some();
    asks.then_some(way.person.roles.picker)
}

async fn signed_in(state: &WebState, headers: &HeaderMap) -> Result<(SessionTicket, Session), Box<Response>> {
    let Some(ticket) = cookies::ticket(headers, state.transport()) else {
        return Err(Box::new(answer::see_other(state, "/")));
    };
    match state.sessions.find(&ticket).await {
        Ok(Some(session)) => Ok((ticket, session)),
        Ok(None) => Err(Box::new(answer::see_other(state, "/"))),
        Err(cause) => Err(Box::new(error::unavailable(state, &cause))),
    }
}

/// Somebody who changes their role, perhaps for the request of an application.
struct Changing<'a> {
    ticket: SessionTicket,
    session: Session,
    request: Option<&'a str>,
}

async fn change_page(
    state: &WebState,
    changing: &Changing<'_>,
    mistake: Option<RoleChoiceError>,
) -> Response {
    let person = changing.session.person();
    let name = person.name();
    let going_on = changing.request.map(authorize::continue_address);
    let page = RoleChoice {
        frame: &state.frame,
        person: name.as_deref().unwrap_or("somebody without a name"),
        question: RoleQuestion::Change {
            current: person.role().map(Role::id),
            keep: going_on.as_deref().unwrap_or("/"),
        },
        roles: &options(person.roles()),
        error: mistake,
        action: CHANGE_PATH,
        csrf_token: &csrf_token(changing.ticket.expose()),
        handle: changing.request,
    };
    let way = state.sign_ins.way(person.connection());
    served(state, &page, way).await
}

/// The answer of the form leads to where the person wanted to go, which may be an application.
async fn served(state: &WebState, page: &RoleChoice<'_>, way: Option<&Way>) -> Response {
    let places = places::on_the_way_in(state, way).await;
    let origins: Vec<&str> = places.iter().map(String::as_str).collect();
    let policy = PagePolicy {
        transport: state.transport(),
        script: None,
        form_action: &origins,
    };
    let mut answer = answer::page(state, StatusCode::OK, page.html());
    answer.headers_mut().extend(policy.headers());
    answer
}

fn options(roles: &[Role]) -> Vec<RoleOption<'_>> {
    let option = |role| -> RoleOption<'_> {
        let role: &Role = role;
        RoleOption {
            id: role.id(),
            name: role.name().unwrap_or(role.code()),
            organisation: NamedOrganisation {
                code: role.organisation().code.as_str(),
                name: role.organisation().name.as_ref().map(DisplayText::as_str),
            },
        }
    };
    roles.iter().map(option).collect()
}
