//! The URL table, grouped by who calls.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, get, post};

use tower_http::timeout::TimeoutLayer;

use crate::protocol::saml::limits::FORM_BODY_OCTETS;
use crate::web::oauth2::{authorize, cors, discovery, introspect, logout, par, revoke, token, userinfo};
use crate::web::pages::Trouble;
use crate::web::state::WebState;
use crate::web::{
    answer, assets, error, forward_auth, hand_over, health, management, openid, role, saml, session, sign_in,
    sign_out, single_logout,
};

/// How long one request may take, a slow body included.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most octets of an application's wish that somebody be logged out.
const WISH_BODY_OCTETS: usize = 32 * 1024;

/// The largest body on the management listener.
const MANAGEMENT_BODY_OCTETS: usize = 4096;

/// Everything that browsers, identity providers, applications and proxies may ask.
pub fn public(state: WebState) -> Router {
    Router::new()
        // people
        .route("/", get(sign_in::front))
        .route("/sign-in", get(sign_in::leave))
        .route(role::PATH, get(role::ask).post(role::choose))
        .route(role::SOMEBODY_ELSE_PATH, get(role::somebody_else))
        .route(role::CHANGE_PATH, get(role::change).post(role::changed))
        .route("/sign-out", get(sign_out::ask).post(sign_out::end))
        .route("/signed-out", get(sign_out::ended))
        .route(session::ENDED_PATH, get(session::ended))
        .route(&assets::stylesheet().path, get(assets::styles))
        .route(assets::WARNING_PATH, get(assets::warning))
        // identity providers
        .route("/saml/{connection}/metadata", get(saml::metadata))
        .route("/saml/{connection}/acs", post(saml::acs))
        .route(
            "/saml/{connection}/slo",
            get(single_logout::by_redirect).post(single_logout::by_post),
        )
        // OpenID providers
        .route("/oidc/{connection}/callback", get(openid::callback))
        .route("/oidc/{connection}/jwks.json", get(openid::jwks))
        .route(
            "/oidc/{connection}/backchannel-logout",
            post(openid::backchannel_logout),
        )
        // applications and proxies
        .route("/session", get(session::show))
        .route("/session/extend", post(session::extend))
        .route("/session/token", get(session::token))
        .merge(for_proxies())
        .route(
            logout::PATH,
            get(logout::get)
                .post(logout::post)
                .layer(DefaultBodyLimit::max(WISH_BODY_OCTETS)),
        )
        .route(authorize::PATH, get(authorize::ask).post(authorize::ask_by_form))
        .route(authorize::CONTINUE_PATH, get(authorize::go_on))
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(FORM_BODY_OCTETS))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            PATIENCE,
        ))
        .layer(axum::middleware::map_response_with_state(
            state.clone(),
            in_our_words,
        ))
        .merge(asked_by_machines())
        .with_state(state)
}

/// What proxies ask before each request that they let through, and what applications ask themselves, some of them from a
/// browser. No layer stands around it, for each costs a part of what such an answer costs: bodies are read by
/// [`Posted`](crate::web::oauth2::posted::Posted), which has bounds of its own, and everything is said in our words.
fn asked_by_machines() -> Router<WebState> {
    let discovery = || get(discovery::discovery).options(cors::preflight);
    let userinfo = get(userinfo::userinfo).post(userinfo::userinfo);
    Router::new()
        .route("/auth/verify", any(forward_auth::verify))
        .route("/auth/verify/", any(forward_auth::verify_path))
        .route("/auth/verify/{*path}", any(forward_auth::verify_path))
        .route(discovery::PATH, discovery())
        .route(discovery::OAUTH_PATH, discovery())
        .route("/oauth2/jwks.json", get(keys).options(cors::preflight))
        .route(par::PATH, post(par::push).options(cors::preflight))
        .route(token::PATH, post(token::token).options(cors::preflight))
        .route(userinfo::PATH, userinfo.options(cors::preflight))
        .route(introspect::PATH, post(introspect::introspect))
        .route(revoke::PATH, post(revoke::revoke).options(cors::preflight))
        .method_not_allowed_fallback(other_method)
}

/// What reverse proxies ask for themselves, and what they pass on to us of the sites behind them.
fn for_proxies() -> Router<WebState> {
    let styles_at_a_site = format!("{}{}", hand_over::SITE, assets::stylesheet().path);
    Router::new()
        .route("/auth/refusal", any(forward_auth::refusal))
        .route(hand_over::PATH, get(hand_over::leave))
        .route(hand_over::ARRIVE, get(hand_over::arrive))
        .route(hand_over::SIGN_OUT, get(hand_over::sign_out))
        .route(&styles_at_a_site, get(assets::styles))
}

/// What an operator's machines may ask; never to be published.
pub fn management(state: WebState) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/logouts", get(management::logouts::show))
        .route("/sessions/end", post(management::sessions::end))
        .layer(DefaultBodyLimit::max(MANAGEMENT_BODY_OCTETS))
        .with_state(state)
}

/// Our keys, the next among them, so that a roll-over surprises nobody.
async fn keys(State(state): State<WebState>, asked: HeaderMap) -> Response {
    let set = state.tokens.keys().jwks(state.clock.now());
    let mut answer = answer::json(&state, StatusCode::OK, &set);
    answer.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    cors::readable(&state, &asked, answer)
}

async fn nothing_here(State(state): State<WebState>) -> Response {
    error::problem(&state, &Trouble::NotFound, None)
}

async fn other_method(State(state): State<WebState>) -> Response {
    error::problem(&state, &Trouble::WrongMethod, None)
}

/// What is refused before any handler sees it gets our page with our headers: a body over the bound or too slow, a
/// query or a form that cannot be read. Everything a handler says has a policy already.
async fn in_our_words(State(state): State<WebState>, answer: Response) -> Response {
    if answer.headers().contains_key(header::CONTENT_SECURITY_POLICY) {
        return answer;
    }
    let trouble = match answer.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLarge,
        StatusCode::REQUEST_TIMEOUT => Trouble::TookTooLong,
        StatusCode::BAD_REQUEST => Trouble::NotFound,
        StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => Trouble::FormExpired,
        _ => return answer,
    };
    error::problem(&state, &trouble, None)
}
