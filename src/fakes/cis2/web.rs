//! The fake's addresses, on one screen.

mod api;
mod authorize;
mod front;
mod pages;
mod sessions;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::HeaderValue;
use axum::http::header::DATE;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};

use crate::fakes::cis2::provider::Provider;
use crate::fakes::page::{from_another_site, is_from, style, with_headers};
use crate::platform::http_date;

/// The largest form or document that is read, in octets.
const LARGEST: usize = 256 * 1024;

/// Everything the fake answers to.
pub(super) fn router(provider: Arc<Provider>) -> Router {
    let paths = provider.shape.paths();
    // A page of another site may send a person here; it may not press our buttons.
    let buttons = Router::new()
        .route("/fake/method", post(authorize::method))
        .route("/fake/person", post(authorize::person))
        .route("/fake/role", post(authorize::role))
        .route("/fake/cancel", post(authorize::cancel))
        .route("/fake/logout", post(sessions::send))
        .route("/fake/end", post(sessions::end))
        .nest("/fake/api", orders())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&provider),
            from_our_own_pages,
        ));
    Router::new()
        .route("/", get(front::index))
        .route("/fake.css", get(style))
        .route("/fake/received", get(front::received))
        .route("/fake/sessions", get(sessions::list))
        .route(&provider.shape.discovery_path(), get(tokens::discovery))
        .route(paths.keys, get(tokens::keys))
        .route(paths.authorize, get(authorize::get).post(authorize::post))
        .route(paths.token, post(tokens::exchange))
        .route(paths.user_info, get(tokens::user_info).post(tokens::user_info))
        .route(
            paths.end_session,
            get(sessions::end_session_get).post(sessions::end_session_post),
        )
        .merge(buttons)
        .merge(views())
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::map_response(with_headers))
        .layer(middleware::map_response_with_state(Arc::clone(&provider), dated))
        .with_state(provider)
}

/// What a program may order.
fn orders() -> Router<Arc<Provider>> {
    Router::new()
        .route("/next-answer", post(api::next_answer))
        .route("/manner", post(api::manner))
        .route("/clock", post(api::clock))
        .route("/clients", post(api::client))
        .route("/keys", post(api::keys))
        .route("/logout", post(api::logout))
        .route("/end-session", post(api::end_session))
}

/// What a program may look at.
fn views() -> Router<Arc<Provider>> {
    Router::new()
        .route("/fake/api/received", get(api::received))
        .route("/fake/api/cast", get(api::cast))
        .route("/fake/api/sessions", get(api::sessions))
        .route("/fake/api/logouts", get(api::logouts))
}

async fn from_our_own_pages(State(provider): State<Arc<Provider>>, request: Request, next: Next) -> Response {
    if is_from(&provider.places.browsed, request.headers()) {
        next.run(request).await
    } else {
        from_another_site()
    }
}

/// Every answer bears the time of the fake's own clock (RFC 9110 6.6.1), which may be set ahead.
async fn dated(State(provider): State<Arc<Provider>>, mut response: Response) -> Response {
    let date = http_date::write(provider.now());
    if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(DATE, date);
    }
    response
}
