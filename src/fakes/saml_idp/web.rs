//! The fake's addresses, on one screen.

mod answers;
mod api;
mod browser;
mod front;
mod logout;
mod pages;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};

use crate::fakes::page::{from_another_site, is_from, style, with_headers};
use crate::fakes::saml_idp::idp::Idp;
use crate::protocol::saml::limits::FORM_BODY_OCTETS;

/// Everything the fake answers to.
pub(super) fn router(idp: Arc<Idp>) -> Router {
    // A page of another site may send a question here; it may not press our buttons.
    let buttons = Router::new()
        .route("/pick", post(sign_in::pick))
        .route("/{personality}/start", post(front::begin))
        .route("/{personality}/sign-out", post(logout::leave))
        .route("/answers/{id}/replay", post(answers::replay))
        .route("/api/next-answer", post(api::next_answer))
        .route("/api/next-logout", post(api::next_logout))
        .route("/api/manner/{personality}", post(api::manner))
        .route("/api/clock", post(api::clock))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&idp),
            from_our_own_pages,
        ));
    Router::new()
        .route("/", get(front::index))
        .route("/fake.css", get(style))
        .route("/submit.js", get(pages::script))
        .route(
            "/entra/saml2",
            get(sign_in::entra_redirect).post(sign_in::entra_post),
        )
        .route("/adfs/ls", get(sign_in::adfs_redirect).post(sign_in::adfs_post))
        .route("/adfs/ls/", get(sign_in::adfs_redirect).post(sign_in::adfs_post))
        .route("/entra/federationmetadata.xml", get(front::entra_metadata))
        .route(
            "/adfs/FederationMetadata/2007-06/FederationMetadata.xml",
            get(front::adfs_metadata),
        )
        .route("/{personality}/start", get(front::start))
        .route("/{personality}/sign-out", get(logout::ask))
        .route("/answers", get(answers::list))
        .route("/answers/{id}", get(answers::file))
        .route("/api/received", get(api::received))
        .route("/api/answers", get(api::answers))
        .route("/api/logouts", get(api::logouts))
        .route("/api/cast", get(api::cast))
        .merge(buttons)
        .layer(DefaultBodyLimit::max(FORM_BODY_OCTETS))
        .layer(middleware::map_response(with_headers))
        .with_state(idp)
}

async fn from_our_own_pages(State(idp): State<Arc<Idp>>, request: Request, next: Next) -> Response {
    if is_from(&idp.base, request.headers()) {
        next.run(request).await
    } else {
        from_another_site()
    }
}
