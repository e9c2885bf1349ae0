//! UserInfo, and which scripts may read what we say.

use axum::http::Method;
use nhsmail_bridge::downstream::application::settings::AuthenticationMethod;
use serde_json::json;

use super::scene::{asked, bridge_with_rota};
use super::token_scene::{Client, Tokens, claims, code, signed_in, tokens};
use crate::support::TestBridge;

#[tokio::test]
async fn ap_03_userinfo_says_what_the_scopes_of_the_token_allow_and_nothing_of_the_token() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let page = Client::rota(&bridge).userinfo(tokens.access()).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    let said = page.json();
    let id = claims(tokens.id());
    assert_eq!(
        (&said["sub"], &said["name"]),
        (&id["sub"], &json!("Amara Example"))
    );
    for name in [
        "iss",
        "aud",
        "exp",
        "iat",
        "jti",
        "sid",
        "scope",
        "client_id",
        "grant",
        "email",
    ] {
        assert!(said.get(name).is_none(), "{name} in {said}");
    }
    let asked = asked(&bridge).with("scope", "openid email nhs.organisation");
    let code = code(&mut visitor, &asked).await;
    let tokens = Tokens::of(&Client::rota(&bridge).redeem(&bridge, &code).await);
    let said = Client::rota(&bridge).userinfo(tokens.access()).await.json();
    assert_eq!(said["email_verified"], false);
    assert!(said.get("name").is_none() && said.get("org").is_some(), "{said}");
}

#[tokio::test]
async fn ap_03_userinfo_is_told_by_post_too_and_to_nobody_without_a_token() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = signed_in(&bridge).await;
    let tokens = tokens(&bridge, &mut visitor).await;
    let bearer = format!("bearer {}", tokens.access());
    let mut agent = bridge.visitor();
    let page = agent
        .post("/oauth2/userinfo", &[("authorization", &bearer)], String::new())
        .await;
    assert_eq!(page.status, 200);
    let page = agent.ask(Method::GET, "/oauth2/userinfo", &[]).await;
    let challenge = page.header("www-authenticate");
    assert_eq!(
        (page.status, challenge.contains("error")),
        (401, false),
        "{challenge}"
    );
    for other in ["Bearer", "Bearer ", "Basic abc", "Token abc"] {
        let page = agent
            .ask(Method::GET, "/oauth2/userinfo", &[("authorization", other)])
            .await;
        assert_eq!(page.status, 401, "{other}");
    }
    let in_the_address = format!("/oauth2/userinfo?access_token={}", tokens.access());
    assert_eq!(agent.ask(Method::GET, &in_the_address, &[]).await.status, 401);
}

async fn bridge_with_single_page() -> TestBridge {
    bridge_with_rota(|rota| {
        rota.client_authentication = Some(AuthenticationMethod::None);
        rota.client_secret = None;
    })
    .await
}

#[tokio::test]
async fn ap_08_a_script_of_a_public_client_reads_our_answers_and_no_other_does() {
    let bridge = bridge_with_single_page().await;
    let own = bridge.application_url("/").origin().ascii_serialization();
    let strangers = [
        "https://evil.example",
        "null",
        &format!("{own}.evil.example"),
        &format!("{own}/"),
    ];
    let mut script = bridge.visitor();
    for path in [
        "/oauth2/userinfo",
        "/oauth2/jwks.json",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ] {
        let page = script.ask(Method::GET, path, &[("origin", &own)]).await;
        assert_eq!(page.header("access-control-allow-origin"), own, "{path}");
        assert_eq!(page.header("access-control-allow-credentials"), "", "{path}");
        assert_eq!(page.header("vary"), "Origin", "{path}");
        for stranger in strangers {
            let page = script.ask(Method::GET, path, &[("origin", stranger)]).await;
            assert_eq!(
                page.header("access-control-allow-origin"),
                "",
                "{path} {stranger}"
            );
        }
    }
    for path in ["/oauth2/token", "/oauth2/revoke", "/oauth2/userinfo"] {
        let page = script.ask(Method::OPTIONS, path, &[("origin", &own)]).await;
        assert_eq!(
            (page.status, page.header("access-control-allow-origin")),
            (204, own.as_str()),
            "{path}"
        );
        assert!(
            page.header("access-control-allow-headers")
                .contains("Authorization"),
            "{path}"
        );
        let page = script
            .ask(Method::OPTIONS, path, &[("origin", strangers[0])])
            .await;
        assert_eq!(page.header("access-control-allow-headers"), "", "{path}");
        let page = script
            .post(path, &[("origin", &own)], "grant_type=x".to_owned())
            .await;
        assert_eq!(
            page.header("access-control-allow-origin"),
            own,
            "{path}: a refusal is read too"
        );
    }
}

#[tokio::test]
async fn ap_08_a_client_with_a_secret_has_no_script_that_asks() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let own = bridge.application_url("/").origin().ascii_serialization();
    let mut script = bridge.visitor();
    let page = script
        .ask(Method::GET, "/oauth2/userinfo", &[("origin", &own)])
        .await;
    assert_eq!(page.header("access-control-allow-origin"), "");
}
