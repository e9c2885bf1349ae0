//! What the browser gets once an upstream has been heard: a session, a question about its role, or another start.

use axum::http::HeaderMap;
use axum::response::Response;
use url::form_urlencoded::Serializer;

use crate::journey::sign_in::Arrival;
use crate::session::record::Session;
use crate::upstream::wish::Wish;
use crate::web::state::WebState;
use crate::web::{answer, cookies, role, sign_in};

/// Sends the browser where its arrival leads.
pub(crate) async fn arrived(state: &WebState, headers: &HeaderMap, door: &str, arrival: Arrival) -> Response {
    match arrival {
        Arrival::SignedIn {
            ticket,
            session,
            return_to,
        } => {
            log(&session);
            let place = if return_to.is_empty() {
                state.default_return_to()
            } else {
                &return_to
            };
            let mut answer = answer::see_other(state, place);
            let cookie = cookies::give_ticket(&ticket, state.transport());
            cookies::set(answer.headers_mut(), cookie);
            answer
        }
        Arrival::ChooseRole { handle } => {
            let query = Serializer::new(String::new())
                .append_pair(role::HANDLE_FIELD, &handle)
                .finish();
            answer::see_other(state, &format!("{}?{query}", role::PATH))
        }
        Arrival::AskOurselves => {
            let place = state.default_return_to().to_owned();
            sign_in::depart(state, headers, sign_in::to(door, Wish::SIGN_IN, &place)).await
        }
    }
}

/// Never who.
fn log(session: &Session) {
    let person = session.person();
    tracing::info!(
        connection = person.connection(),
        door = person.door().as_str(),
        role = person.role().map(crate::identity::role::Role::code),
        simulated = person.is_simulated(),
        "signed in"
    );
}
