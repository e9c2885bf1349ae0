//! Somebody signs in on behalf of an application, and our own page asks for their role on the way.

use nhsmail_bridge::identity::settings::roles::Picker;
use nhsmail_bridge::upstream::verified::Door;

use super::scene::{Asked, answered, asked, asked_of_cis2, authorize, sign_in_at_cis2, with_rota};
use crate::support::{CIS2, Page, TestBridge, Visitor};

async fn bridge_that_asks() -> TestBridge {
    TestBridge::with_cis2(|config| {
        config.oidc.get_mut(CIS2).expect("a door").person.roles.picker = Picker::Ours;
        with_rota(config, |rota| rota.requires.doors = vec![Door::Cis2]);
    })
    .await
}

/// A nurse with several roles stands before our question.
async fn question(visitor: &mut Visitor, request: &Asked) -> Page {
    let methods = authorize(visitor, request).await;
    let roles = sign_in_at_cis2(visitor, &methods, "security-key", "priya-tester").await;
    assert_eq!(roles.heading(), "Select your role", "{}", roles.body);
    assert!(
        !roles.body.contains("/oauth2/authorize/continue"),
        "{}",
        roles.body
    );
    assert!(!roles.body.contains("continue%3Frequest"), "{}", roles.body);
    roles
}

#[tokio::test]
async fn a_role_is_chosen_on_our_page_on_the_way_to_the_application() {
    let bridge = bridge_that_asks().await;
    let mut visitor = bridge.visitor();
    let roles = question(&mut visitor, &asked(&bridge)).await;
    let policy = roles.header("content-security-policy").to_owned();
    let place = bridge.application_url("/").origin().ascii_serialization();
    assert!(policy.contains(&place), "the form ends there: {policy}");
    let form = roles
        .form("Continue")
        .without("role")
        .with("role", "555200000221");
    let page = visitor.submit(&roles, &form).await;
    assert!(!answered(&bridge, &page).code().is_empty());
}

#[tokio::test]
async fn somebody_else_is_asked_for_the_same_fresh_login_at_the_same_level() {
    let bridge = bridge_that_asks().await;
    let (mut visitor, mut stranger) = (bridge.visitor(), bridge.visitor());
    let request = asked(&bridge)
        .with("prompt", "login")
        .with("acr_values", "urn:nhs:aal:3");
    let roles = question(&mut visitor, &request).await;
    let asked_first = ["state", "acr_values", "prompt"].map(|name| asked_of_cis2(&bridge, name));
    assert_eq!(asked_first[1..], ["AAL3_ANY", "login"]);

    let other = roles.link("Log in as somebody else");
    assert_eq!(stranger.open(other.as_str()).await.status, 400, "it is hers");
    let methods = visitor.open(other.as_str()).await;
    assert!(methods.says("Select your login method"), "{}", methods.body);
    let asked_again = ["state", "acr_values", "prompt"].map(|name| asked_of_cis2(&bridge, name));
    assert_ne!(asked_again[0], asked_first[0], "it is a new question");
    assert_eq!(asked_again[1..], asked_first[1..]);

    for over in [&other, &roles.url] {
        let over = visitor.open(over.as_str()).await;
        assert_eq!(
            (over.status, over.heading().as_str()),
            (400, "You need to log in again")
        );
    }
    let page = sign_in_at_cis2(&mut visitor, &methods, "security-key", "zoe-umlaut").await;
    assert!(!answered(&bridge, &page).code().is_empty());
}
