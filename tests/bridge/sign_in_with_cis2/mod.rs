//! Somebody signs in with a Care Identity: the story told well, then its variations.

mod assurance;
mod callback;
mod change_role;
mod client_keys;
mod client_proofs;
mod logout_order;
mod logout_sources;
mod logout_tokens;
mod nhsmail_over_openid;
mod provider_keys;
mod provider_trouble;
mod refusals;
mod roles_accepted;
mod roles_of_cis2;
mod roles_of_ours;
mod sign_out;
mod story;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nhsmail_bridge::config::{Config, OidcConnection};
use nhsmail_bridge::fakes::cis2::NextAnswer;
use serde_json::Value;
use url::Url;

use crate::support::log::Log;
use crate::support::{CIS2, Page, TestBridge, Visitor};

/// Somebody with one role, by whom most stories are told.
const ZOE: &str = "zoe-umlaut";
/// Somebody with three: nurse and clerk at one organisation, supporter at another.
const PRIYA: &str = "priya-tester";

/// The connection of most stories.
fn cis2_of(config: &mut Config) -> &mut OidcConnection {
    config.oidc.get_mut(CIS2).expect("a door")
}

/// A bridge whose connection to CIS2 is changed like this.
async fn bridge_where(change: impl FnOnce(&mut OidcConnection)) -> TestBridge {
    TestBridge::with_cis2(|config| change(cis2_of(config))).await
}

/// Somebody leaves for CIS2, which answers as it is told; ends wherever that leads.
async fn arrives(bridge: &TestBridge, visitor: &mut Visitor, next: NextAnswer) -> Page {
    bridge.cis2().script(next);
    visitor.leave(CIS2).await
}

/// The same for somebody whom nothing keeps out.
async fn signs_in(bridge: &TestBridge, visitor: &mut Visitor, person: &str) -> Page {
    let page = arrives(bridge, visitor, NextAnswer::about(person)).await;
    assert!(visitor.is_signed_in().await, "{person}: {}", page.body);
    page
}

/// Somebody leaves for CIS2, and its answer stays in the address that the browser is about to open.
async fn answer_on_its_way(bridge: &TestBridge, visitor: &mut Visitor, door: &str) -> Url {
    bridge.cis2().script(NextAnswer::about(ZOE));
    let leaving = visitor
        .ask(Method::GET, &format!("/sign-in?door={door}"), &[])
        .await;
    let answer = visitor.ask(Method::GET, leaving.header("location"), &[]).await;
    Url::parse(answer.header("location")).expect("an answer")
}

/// What the session token says. That it is signed is for another story.
async fn claims(visitor: &mut Visitor) -> Value {
    let token = visitor.open("/session/token").await.json();
    let token = token["token"].as_str().expect("a token");
    let payload = token.split('.').nth(1).expect("three parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&payload).expect("claims")
}

/// Nobody is signed in, and the person reads this heading with this status.
async fn assert_kept_out(visitor: &mut Visitor, page: &Page, said: (u16, &str)) {
    assert_eq!((page.status, page.heading().as_str()), said, "{}", page.body);
    assert!(
        visitor.ticket().is_none() && !visitor.is_signed_in().await,
        "{said:?}"
    );
}

/// One line of the log has the reference on the page and these words.
fn assert_logged_once(log: &Log, page: &Page, words: &str) {
    let lines = log.lines_with(&page.reference());
    let [line] = lines.as_slice() else {
        unreachable!("{words}: {lines:#?}");
    };
    assert!(line.contains(words), "{words}: {line}");
}

/// The `sid` of the newest session at CIS2.
fn newest_sid(bridge: &TestBridge) -> String {
    bridge.cis2().sessions().last().expect("a session").clone()
}
