//! What we say that we can do is what we do.

use axum::http::Method;
use nhsmail_bridge::downstream::application::TokenAlgorithm;
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, SubjectType};
use nhsmail_bridge::platform::random::{self, SystemRandom};
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::protocol::jose::Algorithm;
use nhsmail_bridge::protocol::jose::signer::Signer;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::scene::{ROTA, ROTA_SECRET, answer_at_once, asked, bridge_with_rota};
use super::token_scene::{Client, Tokens, basic, claims, code, error, header, signed_in};
use crate::support::TestBridge;

const PATH: &str = "/.well-known/openid-configuration";

async fn document(bridge: &TestBridge) -> Value {
    let page = bridge.visitor().ask(Method::GET, PATH, &[]).await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "application/json")
    );
    page.json()
}

fn words(document: &Value, name: &str) -> Vec<String> {
    let list = document[name].as_array().unwrap_or_else(|| panic!("{name}"));
    list.iter()
        .map(|word| word.as_str().expect("a word").to_owned())
        .collect()
}

#[tokio::test]
async fn ap_08_every_address_that_is_advertised_answers_and_both_documents_are_one() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let document = document(&bridge).await;
    assert_eq!(document["issuer"], bridge.origin().as_str());
    let mut agent = bridge.visitor();
    let oauth = agent
        .ask(Method::GET, "/.well-known/oauth-authorization-server", &[])
        .await;
    assert_eq!(oauth.json(), document);
    let addresses = document.as_object().expect("an object").iter();
    let addresses: Vec<_> = addresses
        .filter(|(name, _)| name.ends_with("_endpoint") || name.as_str() == "jwks_uri")
        .collect();
    assert!(addresses.len() >= 6);
    for (name, address) in addresses {
        let address = address.as_str().expect("an address");
        assert!(
            address.starts_with(&format!("{}/", bridge.origin().as_str())),
            "{name}"
        );
        let got = agent.ask(Method::GET, address, &[]).await.status;
        let posted = agent.post(address, &[], String::new()).await.status;
        assert!(got != 404 && posted != 404, "{name}: {got} {posted}");
        assert!(got != 405 || posted != 405, "{name}: {got} {posted}");
    }
}

#[tokio::test]
async fn ap_08_every_scope_that_is_advertised_is_granted() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let scopes = words(&document(&bridge).await, "scopes_supported").join(" ");
    let mut visitor = signed_in(&bridge).await;
    let code = code(&mut visitor, &asked(&bridge).with("scope", &scopes)).await;
    let tokens = Tokens::of(&Client::rota(&bridge).redeem(&bridge, &code).await);
    assert_eq!(tokens.0["scope"], scopes.as_str());
}

#[tokio::test]
async fn ap_08_every_kind_of_answer_that_is_advertised_is_given_and_no_other() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let document = document(&bridge).await;
    let mut visitor = signed_in(&bridge).await;
    for word in words(&document, "response_types_supported") {
        let answer = answer_at_once(&mut visitor, &asked(&bridge).with("response_type", &word)).await;
        assert!(!answer.code().is_empty(), "{word}");
    }
    let answer = answer_at_once(
        &mut visitor,
        &asked(&bridge).with("response_type", "code id_token"),
    )
    .await;
    assert_eq!(answer.error(), "unsupported_response_type");
    for word in words(&document, "response_modes_supported") {
        let answer = answer_at_once(&mut visitor, &asked(&bridge).with("response_mode", &word)).await;
        assert!(!answer.code().is_empty(), "{word}");
    }
    assert_eq!(words(&document, "code_challenge_methods_supported"), ["S256"]);
    let plain = asked(&bridge).with("code_challenge_method", "plain");
    assert_eq!(
        answer_at_once(&mut visitor, &plain).await.error(),
        "invalid_request"
    );
    for word in words(&document, "grant_types_supported") {
        let page = Client::rota(&bridge)
            .post("/oauth2/token", &[("grant_type", &word)])
            .await;
        assert_eq!(
            error(&page),
            "400 invalid_request",
            "{word} is known and the rest is missing"
        );
    }
    for word in words(&document, "acr_values_supported") {
        let asked = asked(&bridge).with("acr_values", &word).with("prompt", "none");
        let answer = answer_at_once(&mut visitor, &asked).await;
        let told = answer.error();
        assert!(
            [
                "",
                "unmet_authentication_requirements",
                "login_required",
                "interaction_required"
            ]
            .contains(&told),
            "{word}: {told}"
        );
    }
    for word in words(&document, "prompt_values_supported") {
        let page = visitor
            .ask(Method::GET, &asked(&bridge).with("prompt", &word).address(), &[])
            .await;
        assert!(!page.header("location").contains("error="), "{word}");
    }
    let answer = answer_at_once(&mut visitor, &asked(&bridge)).await;
    let says_who = document["authorization_response_iss_parameter_supported"] == true;
    assert_eq!(says_who, answer.value("iss") == bridge.origin().as_str());
}

#[tokio::test]
async fn ap_08_every_algorithm_and_kind_of_name_that_is_advertised_can_be_registered() {
    let mut bridge = bridge_with_rota(|_rota| {}).await;
    let document = document(&bridge).await;
    let mut visitor = signed_in(&bridge).await;
    for word in words(&document, "id_token_signing_alg_values_supported") {
        let algorithm: TokenAlgorithm = serde_json::from_value(json!(word)).expect("an algorithm");
        bridge
            .reload(|config| rota(config).signing_algorithm = algorithm)
            .await;
        let code = code(&mut visitor, &asked(&bridge)).await;
        let tokens = Tokens::of(&Client::rota(&bridge).redeem(&bridge, &code).await);
        assert_eq!(header(tokens.id())["alg"], word.as_str());
    }
    let mut names = Vec::new();
    for word in words(&document, "subject_types_supported") {
        let kind: SubjectType = serde_json::from_value(json!(word)).expect("a kind");
        bridge.reload(|config| rota(config).subject_type = kind).await;
        let code = code(&mut visitor, &asked(&bridge)).await;
        let tokens = Tokens::of(&Client::rota(&bridge).redeem(&bridge, &code).await);
        names.push(claims(tokens.id())["sub"].clone());
    }
    assert_ne!(names[0], names[1]);
}

fn rota(
    config: &mut nhsmail_bridge::config::Config,
) -> &mut nhsmail_bridge::downstream::application::settings::Settings {
    config.applications.get_mut(ROTA).expect("the application")
}

/// What a client brings that is registered for `method`.
fn proof(bridge: &TestBridge, method: &str, key: &Signer) -> Client {
    let client = Client::anybody(bridge);
    match method {
        "client_secret_basic" => client.with_header("authorization", &basic(ROTA, ROTA_SECRET)),
        "client_secret_post" => client
            .with_field("client_id", ROTA)
            .with_field("client_secret", ROTA_SECRET),
        "none" => client.with_field("client_id", ROTA),
        "private_key_jwt" => client
            .with_field(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            )
            .with_field("client_assertion", &assertion(bridge, key)),
        other => panic!("{other} is not known here"),
    }
}

fn assertion(bridge: &TestBridge, key: &Signer) -> String {
    use nhsmail_bridge::platform::clock::Clock as _;
    let now: OffsetDateTime = bridge.clock.now();
    let id = random::token(&SystemRandom).expect("chance");
    let claims = json!({
        "iss": ROTA, "sub": ROTA, "aud": bridge.origin().as_str(), "exp": now.unix_timestamp() + 60,
        "jti": id,
    });
    key.sign(None, &claims).expect("an assertion")
}

#[tokio::test]
async fn ap_08_every_method_of_client_authentication_that_is_advertised_works_where_it_is() {
    let mut bridge = bridge_with_rota(|_rota| {}).await;
    let document = document(&bridge).await;
    let key = Signer::generate_rsa(Algorithm::RS256, None).expect("a key");
    let keys = json!({ "keys": [key.public_jwk()] }).to_string();
    for (endpoint, path) in [
        ("token_endpoint", "/oauth2/token"),
        ("introspection_endpoint", "/oauth2/introspect"),
        ("revocation_endpoint", "/oauth2/revoke"),
    ] {
        for method in words(&document, &format!("{endpoint}_auth_methods_supported")) {
            let registered: AuthenticationMethod = serde_json::from_value(json!(method)).expect("a method");
            let keys = keys.clone();
            let change = |config: &mut nhsmail_bridge::config::Config| {
                let rota = rota(config);
                rota.client_authentication = Some(registered);
                let is_key = registered == AuthenticationMethod::PrivateKeyJwt;
                let is_none = registered == AuthenticationMethod::None;
                rota.client_secret = (!is_key && !is_none).then(|| Source::held(ROTA_SECRET));
                rota.jwks = is_key.then(|| Source::held(keys));
            };
            bridge.reload(change).await;
            let page = proof(&bridge, &method, &key).post(path, &[("token", "x")]).await;
            assert!(
                matches!(page.status, 200 | 400),
                "{method} at {path}: {}",
                page.body
            );
        }
    }
    let algorithms = words(&document, "token_endpoint_auth_signing_alg_values_supported");
    assert_eq!(algorithms, ["ES256", "RS256", "PS256"]);
}
