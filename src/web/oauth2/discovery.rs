//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: what we can do, in the words of
//! OpenID Connect Discovery 1.0 and RFC 8414. Each value is the one that the endpoint itself goes by.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::downstream::application::scope::Scope;
use crate::downstream::client_authentication::assertion;
use crate::downstream::session_token::CLAIMS;
use crate::downstream::{dpop, pkce};
use crate::web::answer;
use crate::web::oauth2::{authorize, cors, introspect, logout, par, revoke, token, userinfo};
use crate::web::state::WebState;

/// Where OpenID Connect looks (Discovery 4).
pub(crate) const PATH: &str = "/.well-known/openid-configuration";
/// Where OAuth looks (RFC 8414 3).
pub(crate) const OAUTH_PATH: &str = "/.well-known/oauth-authorization-server";

/// How a client may prove itself where it must hold a secret or a key.
const CONFIDENTIAL: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
/// How a client may prove itself where it need not.
const METHODS: [&str; 4] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "none",
];

/// What we can do, for anybody.
pub(crate) async fn discovery(State(state): State<WebState>, asked: HeaderMap) -> Response {
    let mut answer = answer::json(&state, StatusCode::OK, &document(&state));
    let cached = HeaderValue::from_static("public, max-age=300");
    answer.headers_mut().insert(header::CACHE_CONTROL, cached);
    cors::readable(&state, &asked, answer)
}

fn document(state: &WebState) -> Value {
    let at = |path: &str| format!("{}{path}", state.origin.as_str());
    let dpop_algorithms = dpop::ALGORITHMS.map(|algorithm| format!("{algorithm:?}"));
    let assertion_algorithms = assertion::ALGORITHMS.map(|algorithm| format!("{algorithm:?}"));
    json!({
        "issuer": state.origin.as_str(),
        "authorization_endpoint": at(authorize::PATH),
        "token_endpoint": at(token::PATH),
        "userinfo_endpoint": at(userinfo::PATH),
        "pushed_authorization_request_endpoint": at(par::PATH),
        "require_pushed_authorization_requests": false,
        "jwks_uri": at("/oauth2/jwks.json"),
        "introspection_endpoint": at(introspect::PATH),
        "revocation_endpoint": at(revoke::PATH),
        "end_session_endpoint": at(logout::PATH),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "authorization_response_iss_parameter_supported": true,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": ["urn:nhs:aal:1", "urn:nhs:aal:2", "urn:nhs:aal:3"],
        "grant_types_supported": token::GRANT_TYPES,
        "code_challenge_methods_supported": [pkce::METHOD],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": assertion_algorithms,
        "introspection_endpoint_auth_methods_supported": CONFIDENTIAL,
        "introspection_endpoint_auth_signing_alg_values_supported": assertion_algorithms,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": assertion_algorithms,
        "dpop_signing_alg_values_supported": dpop_algorithms,
        "claims_supported": CLAIMS,
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}
