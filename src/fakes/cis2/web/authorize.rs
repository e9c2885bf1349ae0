//! The authorization endpoint, and the pages between it and the answer.

use std::sync::Arc;

use axum::Form;
use axum::extract::{RawQuery, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::fakes::cis2::Mischief;
use crate::fakes::cis2::authenticator::Method;
use crate::fakes::cis2::form::Fields;
use crate::fakes::cis2::person::Person;
use crate::fakes::cis2::provider::{NoAnswer, Provider};
use crate::fakes::cis2::received::{Endpoint, Received};
use crate::fakes::cis2::request::{Asked, Objection, hear};
use crate::fakes::cis2::sign_in::{Next, Picked};
use crate::fakes::cis2::web::pages::{MethodPage, PersonPage, RolePicker, Trouble};
use crate::fakes::page::shown;

/// A request in the query.
pub(super) async fn get(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    answer(&provider, &query.unwrap_or_default(), &headers)
}

/// A request in a form.
pub(super) async fn post(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    answer(&provider, &body, &headers)
}

fn answer(provider: &Provider, text: &str, headers: &HeaderMap) -> Response {
    let fields = match Fields::read(text) {
        Ok(fields) => fields,
        Err(twice) => return Trouble::refused(&twice.to_string()).page(),
    };
    let clients = provider.memory().clients.clone();
    let heard = hear(provider.shape, &fields, &clients);
    write_down(provider, &fields, heard.as_ref().err());
    match heard {
        Ok(asked) => {
            let cookie = cookie(headers, provider.shape.cookie());
            next(provider, provider.begin(asked, cookie.as_deref()).map(Some))
        }
        Err(Objection::OnPage(why)) => Trouble::refused(&why).page(),
        Err(Objection::ToClient(error)) => next(provider, Ok(Some(provider.refuse(&error)))),
    }
}

fn write_down(provider: &Provider, fields: &Fields, objection: Option<&Objection>) {
    let reason = objection.map(|objection| match objection {
        Objection::OnPage(why) => why.clone(),
        Objection::ToClient(error) => format!("{}: {}", error.error, error.description),
    });
    let at = provider.now();
    provider.memory().receive(Received {
        endpoint: Endpoint::Authorize,
        at,
        parameters: fields.without_secrets(),
        authentication: None,
        reason,
    });
}

/// What the page with the methods sends.
#[derive(Debug, Deserialize)]
pub(super) struct MethodForm {
    ticket: String,
    /// Absent when nothing was chosen.
    #[serde(default)]
    method: String,
}

/// A method was chosen; the next page asks who.
pub(super) async fn method(State(provider): State<Arc<Provider>>, Form(form): Form<MethodForm>) -> Response {
    let waiting = provider.memory().waiting(&form.ticket).cloned();
    let Some(waiting) = waiting else {
        return Trouble::forgotten().page();
    };
    match Method::from_word(&form.method) {
        Some(method) => who(&provider, &form.ticket, method, &waiting.asked),
        None => how(
            &provider,
            &form.ticket,
            &waiting.asked,
            Some("Select a login method."),
        ),
    }
}

fn how(provider: &Provider, ticket: &str, asked: &Asked, complaint: Option<&'static str>) -> Response {
    // Microsoft asks who it is and nothing else.
    if let Some(only) = Method::from_word("nhsmail").filter(|_| !provider.shape.is_cis2()) {
        return who(provider, ticket, only, asked);
    }
    shown(&MethodPage {
        client_id: &asked.client_id,
        ticket,
        methods: asked.acr.methods(),
        complaint,
    })
}

fn who(provider: &Provider, ticket: &str, method: Method, asked: &Asked) -> Response {
    let can = |person: &Person| {
        let mut held = person.authenticators().iter();
        held.any(|held| method.authenticators.contains(held) && asked.acr.allows(*held))
    };
    let scripted = provider.memory().scripted.front().map(|next| next.mischief);
    shown(&PersonPage {
        client_id: &asked.client_id,
        ticket,
        method,
        scripted,
        people: provider.shape.people().into_iter().filter(can).collect(),
        mischiefs: Mischief::all().collect(),
    })
}

/// What the page with the people sends.
#[derive(Debug, Deserialize)]
pub(super) struct PersonForm {
    ticket: String,
    method: String,
    person: String,
    #[serde(default)]
    mischief: Mischief,
}

/// Somebody was picked.
pub(super) async fn person(State(provider): State<Arc<Provider>>, Form(form): Form<PersonForm>) -> Response {
    let (Some(method), Some(person)) = (
        Method::from_word(&form.method),
        provider.shape.person(&form.person),
    ) else {
        return Trouble::forgotten().page();
    };
    let picked = Picked {
        ticket: &form.ticket,
        method,
        person,
        mischief: form.mischief,
    };
    next(&provider, provider.picked(picked))
}

/// What the page with the roles sends.
#[derive(Debug, Deserialize)]
pub(super) struct RoleForm {
    ticket: String,
    role: String,
}

/// A role was chosen.
pub(super) async fn role(State(provider): State<Arc<Provider>>, Form(form): Form<RoleForm>) -> Response {
    next(&provider, provider.chosen(&form.ticket, &form.role))
}

/// What a cancel button sends.
#[derive(Debug, Deserialize)]
pub(super) struct CancelForm {
    ticket: String,
}

/// The person went away.
pub(super) async fn cancel(State(provider): State<Arc<Provider>>, Form(form): Form<CancelForm>) -> Response {
    next(&provider, Ok(provider.cancelled(&form.ticket)))
}

/// Shows what is next.
fn next(provider: &Provider, next: Result<Option<Next>, NoAnswer>) -> Response {
    match next {
        Ok(Some(Next::Method { ticket, asked })) => how(provider, &ticket, &asked, None),
        Ok(Some(Next::Role {
            ticket,
            cookie,
            roles,
        })) => {
            let page = RolePicker {
                ticket: &ticket,
                roles: &roles,
            };
            ([(SET_COOKIE, set_cookie(provider, &cookie))], shown(&page)).into_response()
        }
        Ok(Some(Next::Leave { url, cookie: None })) => (StatusCode::FOUND, [(LOCATION, url)]).into_response(),
        Ok(Some(Next::Leave {
            url,
            cookie: Some(cookie),
        })) => {
            let headers = [(LOCATION, url), (SET_COOKIE, set_cookie(provider, &cookie))];
            (StatusCode::FOUND, headers).into_response()
        }
        Ok(None) => Trouble::forgotten().page(),
        Err(cause) => Trouble::ours(&cause.to_string()).page(),
    }
}

fn set_cookie(provider: &Provider, value: &str) -> String {
    let secure = if provider.places.browsed.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let name = provider.shape.cookie();
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}")
}

/// The value of a cookie.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|line| line.split("; "))
        .filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(known, _)| *known == name);
    found.map(|(_, value)| value.to_owned())
}
