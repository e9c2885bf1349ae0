//! The re-post page in Chromium, between an identity provider on one site and an application on another.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use fantoccini::key::Key;
use nhsmail_bridge::platform::random::SystemRandom;
use nhsmail_bridge::web::headers::{Nonce, PagePolicy, Transport, no_store};
use nhsmail_bridge::web::pages::{AGAIN_FIELD, Page as _, Repost, Reposted};

use super::in_a_browser::{serve, with_stylesheet};
use super::samples::live;
use crate::browser::{Browser, Script, Width};

/// An assertion consumer service that only knows how to ask again, and what it received.
#[derive(Clone, Debug)]
struct Acs {
    application: String,
    posts: Arc<Mutex<Vec<Post>>>,
}

/// What one POST brought.
#[derive(Clone, Debug)]
struct Post {
    fields: Vec<(String, String)>,
    cookie: Option<String>,
    fetch_site: Option<String>,
    origin: Option<String>,
}

impl Post {
    fn is_again(&self) -> bool {
        self.fields
            .iter()
            .any(|(name, value)| name == AGAIN_FIELD && value == "1")
    }
}

async fn begin() -> impl IntoResponse {
    let cookie = [(header::SET_COOKIE, "pending=mine; HttpOnly; SameSite=Lax; Path=/")];
    (cookie, Html("<!DOCTYPE html><title>Begin</title>"))
}

async fn acs(
    State(acs): State<Acs>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let said = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().expect("plain").to_owned())
    };
    let post = Post {
        fields,
        cookie: said("cookie"),
        fetch_site: said("sec-fetch-site"),
        origin: said("origin"),
    };
    acs.posts.lock().expect("not poisoned").push(post.clone());
    if post.is_again() {
        let mut answer = no_store(Transport::PlainHttp);
        answer.insert(header::LOCATION, acs.application.parse().expect("an address"));
        return (StatusCode::SEE_OTHER, answer).into_response();
    }
    let nonce = Nonce::draw(&SystemRandom).expect("randomness");
    let form_action = [acs.application.as_str()];
    let policy = PagePolicy {
        script: Some(&nonce),
        form_action: &form_action,
        ..PagePolicy::plain(Transport::PlainHttp)
    };
    let field = |name: &str| {
        post.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    };
    let page = Repost {
        frame: &live(),
        purpose: Reposted::SignIn,
        action: "/saml/nhsmail/acs",
        saml_response: field("SAMLResponse").expect("the answer"),
        relay_state: field("RelayState"),
        nonce: &nonce,
    };
    (policy.headers(), page.html()).into_response()
}

/// The three sites, and the address at which the identity provider's page posts its answer.
async fn sites() -> (Acs, String, String) {
    let application = serve(Router::new().route("/", get(|| async { Html("<h1>Rota</h1>") }))).await;
    let acs_state = Acs {
        application: format!("{application}/"),
        posts: Arc::default(),
    };
    let bridge = Router::new()
        .route("/begin", get(begin))
        .route("/saml/nhsmail/acs", post(acs));
    let bridge = serve(with_stylesheet(bridge.with_state(acs_state.clone()))).await;
    let answer = format!(
        "<!DOCTYPE html><title>IdP</title><form method=post action=\"{bridge}/saml/nhsmail/acs\">\
         <input type=hidden name=SAMLResponse value=\"PHg+PC94Pg==\"><input type=hidden name=RelayState value=r1>\
         <button>Send</button></form>"
    );
    let idp = serve(Router::new().route("/", get(|| async { Html(answer) }))).await;
    // The same loopback under another name is another site.
    (acs_state, bridge, idp.replace("127.0.0.1", "localhost"))
}

fn assert_sent_again_with_the_cookie(acs: &Acs) {
    let posts = acs.posts.lock().expect("not poisoned");
    assert_eq!(posts.len(), 2, "{posts:?}");
    let (first, again) = posts.first().zip(posts.last()).expect("two posts");
    assert_eq!((first.is_again(), first.cookie.as_deref()), (false, None));
    assert_eq!(first.fetch_site.as_deref(), Some("cross-site"));
    assert_eq!(
        (again.is_again(), again.cookie.as_deref()),
        (true, Some("pending=mine"))
    );
    assert_eq!(again.fetch_site.as_deref(), Some("same-origin"));
    assert_eq!(
        again.origin.as_deref(),
        Some("null"),
        "no-referrer hides the origin too"
    );
    let answer = |post: &Post| post.fields.iter().take(2).cloned().collect::<Vec<_>>();
    assert_eq!(
        answer(first),
        answer(again),
        "the answer is sent again as it came"
    );
}

#[tokio::test]
async fn ap_10_with_script_the_answer_is_sent_again_once_by_itself() {
    let (acs, bridge, idp) = sites().await;
    let browser = Browser::start(Width::Wide, Script::On).await;
    browser.open(&format!("{bridge}/begin")).await;
    browser.open(&idp).await;
    browser.follow("button").await;
    browser.wait_for_url(&acs.application).await;
    assert_eq!(browser.text("h1").await, "Rota");
    assert_sent_again_with_the_cookie(&acs);
}

#[tokio::test]
async fn gv_10_without_script_the_answer_is_sent_again_by_a_button_and_the_keyboard() {
    let (acs, bridge, idp) = sites().await;
    let browser = Browser::start(Width::Narrow, Script::Off).await;
    browser.open(&format!("{bridge}/begin")).await;
    browser.open(&idp).await;
    browser.follow("button").await;
    assert_eq!(browser.text("h1").await, "Finish logging in");
    for _ in ["the skip link", "the name of the service", "the button"] {
        browser.press(Key::Tab).await;
    }
    browser.press_away(Key::Enter).await;
    browser.wait_for_url(&acs.application).await;
    assert_sent_again_with_the_cookie(&acs);
}
