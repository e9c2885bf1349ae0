//! The whole of OpenID Connect by a certified relying party: discovery, login, refresh, questions, and what it hears when
//! the session is over.

use nhsmail_bridge::downstream::application::TokenAlgorithm;
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use nhsmail_bridge::platform::secret::Source;
use serde_json::{Value, json};

use super::scene::{CLIENT, application};
use super::story::{Request, Story, key, secret};

async fn whole_story(settings: Settings, proof: Value, request: Request) {
    let mut story = Story::of(settings, proof).await;
    let tokens = story.logs_in(request, json!({})).await;
    story.is_told(&tokens).await;
    story.refreshes(&tokens).await;
    story.logs_out(&tokens).await;
    story.hears_of_the_end(&tokens).await;
}

#[tokio::test]
async fn ap_08_openid_client_goes_the_whole_way_with_a_secret_in_the_header() {
    let settings = application(AuthenticationMethod::ClientSecretBasic);
    whole_story(settings, secret("client_secret_basic"), Request::InTheAddress).await;
}

#[tokio::test]
async fn ap_08_openid_client_goes_the_whole_way_with_a_secret_in_the_form_and_a_pushed_request() {
    let settings = application(AuthenticationMethod::ClientSecretPost);
    whole_story(settings, secret("client_secret_post"), Request::Pushed).await;
}

#[tokio::test]
async fn ap_08_openid_client_goes_the_whole_way_with_a_key_of_its_own_and_a_pushed_request() {
    let (private, public) = key();
    let mut settings = application(AuthenticationMethod::PrivateKeyJwt);
    settings.jwks = Some(Source::held(public));
    let proof = json!({ "method": "private_key_jwt", "key": private, "alg": "ES256" });
    whole_story(settings, proof, Request::Pushed).await;
}

#[tokio::test]
async fn ap_08_openid_client_goes_the_whole_way_without_a_secret() {
    let settings = application(AuthenticationMethod::None);
    whole_story(settings, json!({ "method": "none" }), Request::InTheAddress).await;
}

#[tokio::test]
async fn ap_08_openid_client_believes_tokens_signed_with_rs256_where_that_is_registered() {
    let mut settings = application(AuthenticationMethod::ClientSecretBasic);
    settings.signing_algorithm = TokenAlgorithm::Rs256;
    whole_story(settings, secret("client_secret_basic"), Request::InTheAddress).await;
}

#[tokio::test]
async fn ap_06_openid_client_asks_about_a_token_and_takes_it_back() {
    let settings = application(AuthenticationMethod::ClientSecretBasic);
    let mut story = Story::of(settings, secret("client_secret_basic")).await;
    let tokens = story.logs_in(Request::InTheAddress, json!({})).await;
    for kind in ["access_token", "refresh_token"] {
        let told = story.does("introspect", json!({ "token": tokens[kind] })).await;
        assert_eq!(told["active"], true, "{kind}: {told}");
        assert_eq!(told["client_id"], CLIENT, "{kind}");
    }
    let done = story
        .does("revoke", json!({ "token": tokens["refresh_token"] }))
        .await;
    assert_eq!(done, json!({}));
    for kind in ["access_token", "refresh_token"] {
        let told = story.does("introspect", json!({ "token": tokens[kind] })).await;
        assert_eq!(told, json!({ "active": false }), "{kind}");
    }
    let refused = story
        .does("refresh", json!({ "refresh_token": tokens["refresh_token"] }))
        .await;
    assert_eq!(refused["error"], "invalid_grant", "{refused}");
}

#[tokio::test]
async fn ap_07_openid_client_binds_its_tokens_to_a_key_by_dpop() {
    let settings = application(AuthenticationMethod::None);
    let mut story = Story::of(settings, json!({ "method": "none", "dpop": true })).await;
    let tokens = story.logs_in(Request::Pushed, json!({})).await;
    assert_eq!(
        tokens["token_type"].as_str().map(str::to_lowercase).as_deref(),
        Some("dpop"),
        "{tokens}"
    );
    story.is_told(&tokens).await;
    story.refreshes(&tokens).await;
}

#[tokio::test]
async fn ap_08_who_is_signed_in_already_is_not_asked_again_unless_the_application_wants_it() {
    let settings = application(AuthenticationMethod::ClientSecretBasic);
    let mut story = Story::of(settings, secret("client_secret_basic")).await;
    let first = story.logs_in(Request::InTheAddress, json!({})).await;
    let again = story
        .logs_in(Request::InTheAddress, json!({ "prompt": "none" }))
        .await;
    assert_eq!(again["claims"]["sid"], first["claims"]["sid"], "{again}");
    assert_eq!(
        story.bridge.fake.saved().len(),
        1,
        "the identity provider was asked once"
    );
    story
        .logs_in(Request::InTheAddress, json!({ "prompt": "login" }))
        .await;
    assert_eq!(
        story.bridge.fake.saved().len(),
        2,
        "and again when the application wanted it"
    );
}

#[tokio::test]
async fn ap_08_openid_client_is_told_that_nobody_is_signed_in() {
    let settings = application(AuthenticationMethod::ClientSecretBasic);
    let mut story = Story::of(settings, secret("client_secret_basic")).await;
    let refused = story
        .logs_in(Request::InTheAddress, json!({ "prompt": "none" }))
        .await;
    assert_eq!(refused["error"], "login_required", "{refused}");
}
