//! *Change role*: the same person in another role is a new session in the place of the old.

use axum::http::Method;
use nhsmail_bridge::fakes::cis2::{LogoutOrder, NextAnswer};
use nhsmail_bridge::identity::settings::roles::Picker;
use serde_json::Value;
use time::Duration;

use super::{PRIYA, ZOE, arrives, bridge_where, claims, newest_sid, signs_in};
use crate::support::log::logged;
use crate::support::{Page, TestBridge, Visitor};

const NURSE: &str = "555200000221";
const SUPPORTER: &str = "555200000222";

/// Priya is signed in as a nurse, our own page having asked.
async fn nurse_by_our_picker(bridge: &TestBridge) -> Visitor {
    let mut nurse = bridge.visitor();
    let question = arrives(bridge, &mut nurse, NextAnswer::about(PRIYA)).await;
    choose(&mut nurse, &question, NURSE).await;
    assert_eq!(claims(&mut nurse).await["role"]["code"], "R8001");
    nurse
}

async fn choose(visitor: &mut Visitor, page: &Page, role: &str) -> Page {
    let form = page.form("Continue").without("role").with("role", role);
    visitor.submit(page, &form).await
}

async fn bridge_that_asks() -> TestBridge {
    bridge_where(|cis2| cis2.person.roles.picker = Picker::Ours).await
}

async fn session(visitor: &mut Visitor) -> Value {
    visitor.ask(Method::GET, "/session", &[]).await.json()
}

#[tokio::test]
async fn oi_12_by_our_own_picker_a_new_role_is_a_new_session_with_the_same_end() {
    let bridge = bridge_that_asks().await;
    let mut nurse = nurse_by_our_picker(&bridge).await;
    let (before, mut old_browser) = (claims(&mut nurse).await, nurse.clone());
    bridge.clock.advance(Duration::minutes(5));
    let ends_in = session(&mut nurse).await["ends_in"].clone();

    let home = nurse.open("/").await;
    let question = nurse.open(home.link("Change role").as_str()).await;
    assert!(question.says("Keep your current role"), "{}", question.body);
    let home = choose(&mut nurse, &question, SUPPORTER).await;
    assert_eq!((home.status, home.url.path()), (200, "/"));

    let after = claims(&mut nurse).await;
    assert_eq!(after["role"]["code"], "R8015");
    assert_eq!(after["org"]["code"], "X26");
    assert_ne!(
        after["sid"], before["sid"],
        "what was told of the old one is not of this"
    );
    let same = ["sub", "auth_time", "aal"].map(|claim| after[claim] == before[claim]);
    assert_eq!(same, [true; 3], "{before} {after}");
    assert_eq!(
        session(&mut nurse).await["ends_in"],
        ends_in,
        "nothing was proven anew"
    );
    assert_ne!(nurse.ticket(), old_browser.ticket());
    assert!(!old_browser.is_signed_in().await, "the old ticket is dead");
}

#[tokio::test]
async fn oi_12_by_the_picker_of_cis2_a_new_role_is_a_new_session_too() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut nurse = bridge.visitor();
    let picker = nurse.sign_in_at_cis2("cis2", "security-key", PRIYA).await;
    nurse.press(&picker, NURSE).await;
    let (before, mut old_browser) = (claims(&mut nurse).await, nurse.clone());

    let home = nurse.open("/").await;
    let methods = nurse.open(home.link("Change role").as_str()).await;
    let form = methods
        .form("Continue")
        .without("method")
        .with("method", "security-key");
    let people = nurse.submit(&methods, &form).await;
    let picker = nurse.press(&people, PRIYA).await;
    assert!(
        nurse.is_signed_in().await,
        "until another role is chosen, this one counts"
    );
    nurse.press(&picker, SUPPORTER).await;

    let after = claims(&mut nurse).await;
    assert_eq!(after["role"]["code"], "R8015");
    assert_eq!(after["sub"], before["sub"]);
    assert_ne!(after["sid"], before["sid"]);
    assert!(!old_browser.is_signed_in().await, "the old ticket is dead");
}

#[tokio::test]
async fn oi_12_who_has_one_role_is_offered_no_change() {
    for picker in [Picker::Ours, Picker::Cis2] {
        let bridge = bridge_where(|cis2| cis2.person.roles.picker = picker).await;
        let mut zoe = bridge.visitor();
        let home = signs_in(&bridge, &mut zoe, ZOE).await;
        assert!(!home.says("Change role"), "{picker:?}");
    }
}

#[tokio::test]
async fn oi_12_without_a_choice_or_with_a_role_of_somebody_else_the_session_stays() {
    let bridge = bridge_that_asks().await;
    let mut nurse = nurse_by_our_picker(&bridge).await;
    let before = claims(&mut nurse).await;
    let question = nurse.open("/change-role").await;
    let unchosen = question.form("Continue").without("role");
    let again = nurse.submit(&question, &unchosen).await;
    assert!(again.says("There is a problem"), "{}", again.body);
    let refused = choose(&mut nurse, &question, "555200000211").await;
    assert_eq!(refused.heading(), "We could not tell which role you work in");
    let after = claims(&mut nurse).await;
    assert_eq!((&after["sid"], &after["role"]), (&before["sid"], &before["role"]));
}

#[tokio::test]
async fn oi_12_a_role_that_may_not_come_in_is_not_changed_to() {
    let bridge = bridge_where(|cis2| {
        cis2.person.roles.picker = Picker::Ours;
        cis2.person.roles.organisations = vec!["A9A5A".to_owned()];
    })
    .await;
    let mut nurse = nurse_by_our_picker(&bridge).await;
    let question = nurse.open("/change-role").await;
    let refused = choose(&mut nurse, &question, SUPPORTER).await;
    assert_eq!(refused.heading(), "Your organisation cannot use this service");
    assert_eq!(refused.link("Change role").path(), "/change-role");
    assert_eq!(claims(&mut nurse).await["role"]["code"], "R8001");
}

#[tokio::test]
async fn ap_10_only_our_own_page_can_change_a_role_and_only_for_who_is_signed_in() {
    let bridge = bridge_that_asks().await;
    let mut nurse = nurse_by_our_picker(&bridge).await;
    let question = nurse.open("/change-role").await;
    let chosen = question.form("Continue").without("role").with("role", SUPPORTER);
    let refused = nurse
        .submit(&question, &chosen.clone().without("csrf_token"))
        .await;
    assert_eq!(refused.heading(), "This page has expired");
    assert_eq!(claims(&mut nurse).await["role"]["code"], "R8001");

    let mut nobody = bridge.visitor();
    let away = nobody.open("/change-role").await;
    assert_eq!((away.status, away.url.path()), (200, "/"));
    let away = nobody.submit(&question, &chosen).await;
    assert_eq!(away.url.path(), "/");
    assert!(!nobody.is_signed_in().await);
    nurse.submit(&question, &chosen).await;
    assert_eq!(claims(&mut nurse).await["role"]["code"], "R8015");
}

#[tokio::test]
async fn oi_14_the_upstream_still_ends_the_session_after_a_change_of_role() {
    let bridge = bridge_that_asks().await;
    let mut nurse = nurse_by_our_picker(&bridge).await;
    let question = nurse.open("/change-role").await;
    choose(&mut nurse, &question, SUPPORTER).await;
    assert!(nurse.is_signed_in().await);
    let order = LogoutOrder {
        sid: Some(newest_sid(&bridge)),
        ..LogoutOrder::default()
    };
    bridge.cis2().send_logout(order).await.expect("it is delivered");
    assert!(!nurse.is_signed_in().await);
}

#[test]
fn oi_12_a_change_of_role_leaves_a_line_in_the_log() {
    logged(async |log| {
        let bridge = bridge_that_asks().await;
        let mut nurse = nurse_by_our_picker(&bridge).await;
        let question = nurse.open("/change-role").await;
        choose(&mut nurse, &question, SUPPORTER).await;
        assert_eq!(log.lines_with("role changed").len(), 1);
        assert!(log.lines_with("Tester").is_empty());
    });
}
