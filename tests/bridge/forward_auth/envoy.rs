//! The question as Envoy asks it: the path of the site behind ours, its method and host as they were.

use axum::http::Method;

use super::believing_at;
use super::scene::{A_PAGE, A_PROGRAM, signed_in};

const SITE: [(&str, &str); 2] = [("host", "rota.example.test"), ("x-forwarded-proto", "http")];

#[tokio::test]
async fn ap_12_envoys_question_keeps_path_and_method() {
    let bridge = believing_at(&["http://rota.example.test"]).await;
    let mut visitor = bridge.visitor();
    let page = [&SITE[..], &[A_PAGE]].concat();
    for (path, wanted) in [
        (
            "/auth/verify/shifts?day=1",
            "http://rota.example.test/shifts?day=1",
        ),
        ("/auth/verify/", "http://rota.example.test/"),
    ] {
        let left = visitor.ask(Method::GET, path, &page).await;
        assert_eq!(left.status, 302, "{path}");
        let (_, query) = left.header("location").split_once("?to=").expect("a hand-over");
        let to = query.split('&').next().expect("a place");
        assert_eq!(to, base64_of(wanted), "{path}");
    }
    let form = visitor.ask(Method::POST, "/auth/verify/shifts", &page).await;
    assert_eq!((form.status, form.header("location")), (401, ""));
    let program = [&SITE[..], &[A_PROGRAM]].concat();
    let call = visitor
        .ask(Method::DELETE, "/auth/verify/shifts/1", &program)
        .await;
    assert_eq!(call.json()["error"], "login_required");
}

#[tokio::test]
async fn ap_12_what_a_browser_says_of_its_path_counts_for_nothing_with_envoy() {
    let bridge = believing_at(&["http://rota.example.test"]).await;
    let mut visitor = bridge.visitor();
    let forged = [("x-forwarded-uri", "/forged"), ("x-forwarded-method", "GET")];
    let headers = [&SITE[..], &[A_PAGE], &forged].concat();
    let left = visitor.ask(Method::GET, "/auth/verify/real", &headers).await;
    assert!(
        left.header("location")
            .contains(&base64_of("http://rota.example.test/real"))
    );
    let form = visitor.ask(Method::POST, "/auth/verify/real", &headers).await;
    assert_eq!(form.status, 401);
}

#[tokio::test]
async fn ap_12_without_a_proxy_that_we_know_envoys_question_names_nobody() {
    let bridge = crate::support::TestBridge::start().await;
    let mut visitor = signed_in(&bridge).await;
    let answer = visitor
        .ask(Method::GET, "/auth/verify/shifts", &[A_PROGRAM])
        .await;
    assert_eq!((answer.status, answer.header("x-auth-subject")), (403, ""));
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}
