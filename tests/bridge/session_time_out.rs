//! What people meet whose session is over, without any script.

use axum::http::Method;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::downstream::application::settings::{AuthenticationMethod, Settings};
use serde_json::json;
use time::Duration;
use url::form_urlencoded::Serializer;

use crate::support::{ENTRA, TestBridge};

fn over(why: &str, return_to: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("why", why).append_pair("return_to", return_to);
    format!("/session/ended?{}", query.finish())
}

#[tokio::test]
async fn ap_11_the_time_out_page_says_why_and_leads_back_to_where_they_were() {
    let bridge = TestBridge::configured(|config| {
        config.saml.retain(|door, _| door == ENTRA);
    })
    .await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    bridge.clock.advance(Duration::minutes(15));
    let shifts = bridge.application_url("/shifts/7");
    let page = visitor.open(&over("idle", shifts.as_str())).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "We logged you out"));
    assert!(page.says("because you did nothing for 15 minutes. This protects patient information."));

    let question = visitor.open(page.link("Log in again").as_str()).await;
    let answer = visitor.pick(&question, "amara-example").await;
    assert_eq!(visitor.bring(&answer).await.url, shifts);
}

#[tokio::test]
async fn ap_11_the_time_out_page_promises_no_number_where_doors_differ() {
    let bridge = TestBridge::configured(|config| {
        let entra = config.saml.get_mut(ENTRA).expect("a door");
        entra.session.idle = Duration::minutes(5);
    })
    .await;
    let page = bridge.visitor().open("/session/ended").await;
    assert!(page.says("because you did nothing for a while."), "{}", page.body);
}

#[tokio::test]
async fn ap_11_who_comes_back_after_a_time_out_is_told_before_choosing_and_nobody_else_is() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let told = "You have been logged out. This happens when you do nothing for 15 minutes";
    assert!(!visitor.open("/").await.says(told));
    visitor.sign_in(ENTRA, "amara-example").await;
    bridge.clock.advance(Duration::minutes(15));
    let chooser = visitor
        .open(&format!("/?return_to={}", bridge.application_url("/shifts/7")))
        .await;
    assert!(chooser.says(told), "{}", chooser.body);

    let mut leaver = bridge.visitor();
    let page = leaver.sign_in(ENTRA, "amara-example").await;
    leaver.press(&page, "Log out").await;
    assert!(!leaver.open("/").await.says(told), "who logged out knows");
}

#[tokio::test]
async fn ap_11_a_session_that_was_ended_elsewhere_is_not_called_a_time_out() {
    let bridge = TestBridge::start().await;
    for why in ["ended", "<b>", ""] {
        let page = bridge.visitor().open(&over(why, "/")).await;
        assert_eq!(page.heading(), "You are no longer logged in");
        assert!(
            !page.says("did nothing") && !page.body.contains("<b>"),
            "{}",
            page.body
        );
    }
}

#[tokio::test]
async fn ap_13_the_time_out_page_leads_nowhere_that_is_not_listed() {
    let bridge = TestBridge::start().await;
    for place in [
        "https://evil.example.test/",
        "//evil.example.test/",
        "javascript:alert(1)",
    ] {
        let page = bridge.visitor().open(&over("idle", place)).await;
        assert_eq!(page.link("Log in again"), bridge.url("/sign-in"), "{place}");
    }
}

#[tokio::test]
async fn who_is_still_logged_in_is_led_back_and_told_nothing_untrue() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let shifts = bridge.application_url("/shifts/7");
    let page = visitor.open(&over("idle", shifts.as_str())).await;
    assert_eq!(page.url, shifts);
    let page = visitor.open(&over("idle", "https://evil.example.test/")).await;
    assert_eq!(page.url, bridge.url("/"));
}

#[tokio::test]
async fn ap_11_without_a_script_the_last_two_minutes_are_said_on_the_page() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let warns = "You will be logged out in less than 2 minutes.";
    assert!(!visitor.open("/").await.says(warns));
    bridge.clock.advance(Duration::seconds(13 * 60 + 1));
    let page = visitor.open("/").await;
    assert!(page.says(warns));
    assert!(!visitor.press(&page, "Stay logged in").await.says(warns));
}

#[tokio::test]
async fn the_shape_of_a_session_is_what_the_documents_say() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let nobody = visitor.ask(Method::GET, "/session", &[]).await;
    assert_eq!(
        (nobody.status, nobody.body.as_str()),
        (401, "{\"signed_in\":false}")
    );
    visitor.sign_in(ENTRA, "amara-example").await;
    bridge.clock.advance(Duration::minutes(2));
    let session = visitor.ask(Method::GET, "/session", &[]).await.json();
    assert_eq!(session["seconds_left"], 780);
    assert_eq!(session["ends_in"], 12 * 3600 - 120);
    let names: Vec<&str> = session
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let documented = include_str!("../../docs/session.md");
    for name in names {
        assert!(
            documented.contains(&format!("`{name}`")),
            "{name} is not in docs/session.md"
        );
    }
}

#[tokio::test]
async fn the_script_has_a_stable_address_a_tag_and_may_be_loaded_by_the_same_site() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let script = visitor.ask(Method::GET, "/assets/session-warning.js", &[]).await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(script.header("cross-origin-resource-policy"), "same-site");
    assert_eq!(script.header("cache-control"), "public, max-age=300");
    assert_eq!(script.header("x-content-type-options"), "nosniff");
    let tag = script.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    let again = visitor
        .ask(Method::GET, "/assets/session-warning.js", &known)
        .await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

/// A registered application at this origin, which no list of the listener's names.
fn rota(config: &mut Config) {
    let mut rota = Settings::new("Rota");
    rota.redirect_uris = vec![format!("{ROTA}/callback")];
    rota.client_authentication = Some(AuthenticationMethod::None);
    config.applications.insert("rota".to_owned(), rota);
}

const ROTA: &str = "https://rota.example.test";

#[tokio::test]
async fn gv_05_a_registered_application_reads_how_long_still_and_not_who_and_gets_no_token_here() {
    let bridge = TestBridge::configured(rota).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    bridge.clock.advance(Duration::minutes(10));
    let asks = [("origin", ROTA)];
    for (method, path, left) in [
        (Method::GET, "/session", 300),
        (Method::POST, "/session/extend", 900),
    ] {
        let read = visitor.ask(method, path, &asks).await;
        let ends_in = 12 * 3600 - 600;
        let expected = json!({ "signed_in": true, "seconds_left": left, "ends_in": ends_in });
        assert_eq!(read.json(), expected, "{path}");
        assert_eq!(read.header("access-control-allow-origin"), ROTA);
    }
    let token = visitor.ask(Method::GET, "/session/token", &asks).await;
    assert_eq!(token.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn ap_13_after_a_time_out_a_registered_application_is_opened_again_itself() {
    let bridge = TestBridge::configured(rota).await;
    let shifts = format!("{ROTA}/shifts/7");
    let page = bridge.visitor().open(&over("idle", &shifts)).await;
    assert_eq!(page.link("Log in again").as_str(), shifts);
    let beside = bridge
        .visitor()
        .open(&over("idle", "https://rota.example.test.evil/"))
        .await;
    assert_eq!(beside.link("Log in again"), bridge.url("/sign-in"));
}
