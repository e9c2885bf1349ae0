//! People and programs at a site behind a real proxy. Each story is told of every proxy that the machine has.

use axum::http::Method;
use base64::Engine as _;
use nhsmail_bridge::cli::protect::Proxy;

use super::scene::{A_PAGE, A_PROGRAM, Scene, arrived, ask};
use crate::support::Visitor;

/// Everything that a browser might bring to be somebody else: our names, and what servers read as our names.
const FORGED: [(&str, &str); 10] = [
    ("x-auth-subject", "forged"),
    ("x-auth-email", "forged@example.test"),
    ("x-auth-name", "Forged"),
    ("x-auth-aal", "3"),
    ("x-auth-role", "R8001-forged"),
    ("x_auth_role", "forged"),
    ("x-auth_role", "forged"),
    ("x.auth.role", "forged"),
    ("x!auth!role", "forged"),
    ("authorization", "Bearer forged"),
];

async fn the_whole_way(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor = scene.bridge.visitor();
    let page = scene.log_in_for(&mut visitor, "/shifts?day=1&x=%2Fa%20b").await;
    assert_eq!(page.url.as_str(), scene.at("/shifts?day=1&x=%2Fa%20b"));
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.json()["uri"], "/shifts?day=1&x=%2Fa%20b");
    assert_eq!(arrived(&page, "x-auth-name"), ["Nell Nomail"]);
    assert_eq!(arrived(&page, "x-auth-org"), ["FAK02"]);
    let token = arrived(&page, "authorization");
    assert!(token.len() == 1 && token[0].starts_with("Bearer ey"), "{token:?}");

    let again = ask(&mut visitor, &scene.at("/other"), &[A_PROGRAM]).await;
    assert_eq!(again.status, 200, "a program of the same browser comes in too");
}

async fn forgeries(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor = scene.bridge.visitor();
    let stranger = ask(
        &mut visitor,
        &scene.at("/"),
        &[&FORGED[..], &[A_PROGRAM]].concat(),
    )
    .await;
    assert_eq!(stranger.status, 401, "a forged header signs nobody in");

    scene.log_in_for(&mut visitor, "/").await;
    let page = ask(
        &mut visitor,
        &scene.at("/"),
        &[&FORGED[..], &[A_PROGRAM]].concat(),
    )
    .await;
    assert_eq!(page.status, 200);
    assert!(!page.body.to_lowercase().contains("forged"), "{}", page.body);
    assert_eq!(arrived(&page, "x-auth-name"), ["Nell Nomail"]);
    for absent in ["x-auth-aal", "x-auth-role"] {
        let values = arrived(&page, absent);
        assert!(values.iter().all(String::is_empty), "{absent}: {values:?}");
    }
}

async fn cookies(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor = scene.bridge.visitor();
    scene.log_in_for(&mut visitor, "/").await;
    let kept = visitor.cookies_for(&scene.at("/"));
    assert!(kept.contains("nhsmail-bridge-site="), "{kept}");
    let both = format!("theme=dark; {kept}; lang=cy");
    let page = ask(&mut visitor, &scene.at("/"), &[A_PROGRAM, ("cookie", &both)]).await;
    assert_eq!(page.status, 200);
    // The fake stands at the same host, so that its cookie comes along like any other.
    let [seen] = &arrived(&page, "cookie")[..] else {
        panic!("one header");
    };
    assert!(
        seen.starts_with("theme=dark; ") && seen.ends_with("; lang=cy"),
        "{seen}"
    );
    assert!(!seen.contains("nhsmail-bridge"), "{seen}");
}

async fn sign_out(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor = scene.bridge.visitor();
    scene.log_in_for(&mut visitor, "/").await;
    let question = visitor.open(&scene.at("/.nhsmail-bridge/sign-out")).await;
    assert!(question.url.as_str().starts_with(scene.bridge.origin().as_str()));
    let form = question.form("Log out");
    let left = visitor.submit_without_following(&question, &form).await;
    assert_eq!(left.status, 303, "to wherever NHSmail ends its own session");
    let after = ask(&mut visitor, &scene.at("/"), &[A_PROGRAM]).await;
    assert_eq!(after.status, 401, "at the next request");
}

async fn programs_and_forms(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor = scene.bridge.visitor();
    a_program_gets_401(&scene, &mut visitor).await;
    a_form_gets_a_page(&scene, &mut visitor).await;
    scene.log_in_for(&mut visitor, "/").await;
    let sent = visitor
        .post(&scene.at("/leave"), &[A_PAGE], "days=3".to_owned())
        .await;
    let seen = sent.json();
    assert_eq!(
        (&seen["method"], &seen["body"]),
        (&"POST".into(), &"days=3".into())
    );
}

async fn a_program_gets_401(scene: &Scene, visitor: &mut Visitor) {
    let program = ask(visitor, &scene.at("/api"), &[A_PROGRAM]).await;
    let said = (
        program.status,
        program.header("content-type"),
        program.header("location"),
    );
    assert_eq!(said, (401, "application/json", ""));
    assert_eq!(program.json()["error"], "login_required");
    let challenge = format!("Bearer realm=\"{}\"", scene.bridge.origin());
    assert_eq!(program.header("www-authenticate"), challenge);
}

async fn a_form_gets_a_page(scene: &Scene, visitor: &mut Visitor) {
    let referer = scene.at("/leave/new?step=2");
    let headers = [A_PAGE, ("referer", &referer)];
    let form = visitor
        .post(&scene.at("/leave"), &headers, "days=3".to_owned())
        .await;
    let said = (form.status, form.header("location"));
    assert_eq!(said, (401, ""), "a form does not come back as a page");
    assert_eq!(form.heading(), "You need to log in again");
    assert_eq!(form.link("Start again").as_str(), referer);
    let styles = form.stylesheet();
    assert!(styles.as_str().starts_with(&scene.at("/.nhsmail-bridge/assets/")));
    assert_eq!(ask(visitor, styles.as_str(), &[]).await.status, 200);
}

async fn bridge_away(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor = scene.bridge.visitor();
    scene.log_in_for(&mut visitor, "/").await;
    scene.bridge.stop_answering().await;
    for headers in [[A_PAGE], [A_PROGRAM]] {
        let page = ask(&mut visitor, &scene.at("/"), &headers).await;
        assert!(page.status >= 500, "{}", page.status);
        assert!(
            !page.body.contains("\"headers\""),
            "nothing of the site: {}",
            page.body
        );
    }
}

async fn not_for_the_browser(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor: Visitor = scene.bridge.visitor();
    scene.log_in_for(&mut visitor, "/").await;
    for path in [
        "/.nhsmail-bridge-verify",
        "/.nhsmail-bridge/auth/verify",
        "/.nhsmail-bridge/session/token",
        "/.nhsmail-bridge/../auth/verify",
    ] {
        let page = visitor.ask(Method::GET, &scene.at(path), &[A_PROGRAM]).await;
        assert_eq!(page.header("authorization"), "", "{path}");
        assert_eq!(page.header("x-auth-name"), "", "{path}");
        assert_eq!(page.header("cookie"), "", "{path}");
    }
}

async fn the_site_is_what_the_proxy_says(proxy: Proxy) {
    let scene = Scene::set(proxy).await;
    let mut visitor = scene.bridge.visitor();
    let at = scene.at("/.nhsmail-bridge/arrive?code=none");
    let honest = ask(&mut visitor, &at, &[A_PAGE]).await;
    let elsewhere = [
        ("x-forwarded-host", "elsewhere.example.test"),
        ("x-forwarded-uri", "/elsewhere"),
        ("x-forwarded-method", "POST"),
    ];
    let forged = ask(&mut visitor, &at, &[&elsewhere[..], &[A_PAGE]].concat()).await;
    assert_eq!(
        (forged.status, forged.heading()),
        (honest.status, honest.heading())
    );
    let page = ask(
        &mut visitor,
        &scene.at("/here"),
        &[&elsewhere[..], &[A_PAGE]].concat(),
    )
    .await;
    let left = page.header("location").to_owned();
    let wanted = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(scene.at("/here"));
    assert!(left.contains(&wanted), "{left}");
}

/// Every story, behind each proxy.
macro_rules! behind {
    ($($name:ident: $proxy:expr),* $(,)?) => {
        $(mod $name {
            use super::*;

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_a_deep_link_survives_the_login_and_the_site_learns_who_it_is() {
                the_whole_way($proxy).await;
            }

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_forged_identity_does_not_arrive() {
                forgeries($proxy).await;
            }

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_the_site_sees_every_cookie_but_ours() {
                cookies($proxy).await;
            }

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_a_logout_counts_at_the_next_request() {
                sign_out($proxy).await;
            }

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_programs_get_401_and_forms_a_page_that_says_so() {
                programs_and_forms($proxy).await;
            }

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_nobody_is_waved_through_while_the_bridge_is_away() {
                bridge_away($proxy).await;
            }

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_no_browser_says_which_site_was_asked() {
                the_site_is_what_the_proxy_says($proxy).await;
            }

            #[tokio::test]
            async fn ap_12_behind_a_real_proxy_no_browser_can_ask_who_it_is() {
                not_for_the_browser($proxy).await;
            }
        })*
    };
}

behind! {
    nginx: Proxy::Nginx,
    caddy: Proxy::Caddy,
    traefik: Proxy::Traefik,
    envoy: Proxy::Envoy,
}
