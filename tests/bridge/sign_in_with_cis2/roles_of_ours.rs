//! In which role somebody comes, where our own page asks.

use axum::http::Method;
use nhsmail_bridge::fakes::cis2::{Endpoint, NextAnswer};
use nhsmail_bridge::identity::settings::roles::Picker;
use serde_json::json;
use time::Duration;

use super::{PRIYA, ZOE, arrives, assert_kept_out, bridge_where, claims, newest_sid, signs_in};
use crate::support::{Page, TestBridge, Visitor};

const QUESTION: &str = "Which role do you want to work in?";
const TOO_LATE: (u16, &str) = (400, "You need to log in again");
const ANOTHER_BROWSER: (u16, &str) = (400, "We could not match your login to this browser");
const NURSE: &str = "555200000221";

async fn bridge_that_asks() -> TestBridge {
    bridge_where(|cis2| cis2.person.roles.picker = Picker::Ours).await
}

/// Somebody with several roles stands before our question.
async fn asked(bridge: &TestBridge, visitor: &mut Visitor, person: &str) -> Page {
    let page = arrives(bridge, visitor, NextAnswer::about(person)).await;
    assert_eq!((page.status, page.url.path()), (200, "/sign-in/role"));
    assert!(
        page.says(QUESTION) && !visitor.is_signed_in().await,
        "{}",
        page.body
    );
    page
}

async fn choose(visitor: &mut Visitor, page: &Page, role: &str) -> Page {
    let form = page.form("Continue").without("role").with("role", role);
    visitor.submit(page, &form).await
}

#[tokio::test]
async fn oi_12_our_page_asks_and_the_chosen_role_counts() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    assert!(page.says("NHSID DEV") && page.says("EXAMPLE ORG") && page.says("Nurse Access Role"));
    choose(&mut nurse, &page, NURSE).await;
    let told = claims(&mut nurse).await;
    assert_eq!(told["role"]["code"], "R8001");
    assert_eq!(told["activities"], json!(["B0401", "B0825"]));
    let asked = bridge.cis2().received();
    let asked = asked.iter().find(|asked| asked.endpoint == Endpoint::Authorize);
    let scope = asked.and_then(|asked| asked.parameter("scope")).expect("scopes");
    assert!(!scope.contains("selectedrole"), "CIS2 would ask too: {scope}");
}

#[tokio::test]
async fn oi_12_who_has_one_role_is_not_asked_and_who_has_none_is_kept_out() {
    let bridge = bridge_that_asks().await;
    let mut one = bridge.visitor();
    signs_in(&bridge, &mut one, ZOE).await;
    assert_eq!(claims(&mut one).await["role"]["code"], "R8015");
    let mut none = bridge.visitor();
    let page = arrives(&bridge, &mut none, NextAnswer::about("noel-norole")).await;
    assert_kept_out(&mut none, &page, (403, "Your Care Identity has no role")).await;
}

#[tokio::test]
async fn oi_12_without_a_choice_the_page_asks_again_and_says_why() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    let unchosen = page.form("Continue").without("role");
    let twice = [("role", NURSE), ("role", "555200000222")];
    let mut two = unchosen.clone();
    two.fields
        .extend(twice.map(|(name, value)| (name.to_owned(), value.to_owned())));
    for form in [unchosen.clone(), unchosen.clone().with("role", ""), two] {
        let again = nurse.submit(&page, &form).await;
        assert!(
            again.says("There is a problem") && again.says(QUESTION),
            "{}",
            again.body
        );
        assert!(!nurse.is_signed_in().await);
    }
    choose(&mut nurse, &page, NURSE).await;
    assert!(nurse.is_signed_in().await);
}

#[tokio::test]
async fn oi_12_sixty_roles_are_all_there_and_the_last_can_be_chosen() {
    let bridge = bridge_that_asks().await;
    let mut sixten = bridge.visitor();
    let page = asked(&bridge, &mut sixten, "sixten-sixty").await;
    assert_eq!(page.body.matches("type=\"radio\"").count(), 60);
    choose(&mut sixten, &page, "555200001060").await;
    let told = claims(&mut sixten).await;
    assert_eq!(told["role"]["id"], "555200001060");
}

#[tokio::test]
async fn oi_12_a_role_of_somebody_else_cannot_be_chosen() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    for strange in ["555200000211", "R8001", "*"] {
        let refused = choose(&mut nurse, &page, strange).await;
        let said = (403, "We could not tell which role you work in");
        assert_kept_out(&mut nurse, &refused, said).await;
    }
    choose(&mut nurse, &page, NURSE).await;
    assert!(nurse.is_signed_in().await);
}

#[tokio::test]
async fn oi_12_another_browser_can_neither_read_the_question_nor_answer_it() {
    let bridge = bridge_that_asks().await;
    let (mut nurse, mut thief) = (bridge.visitor(), bridge.visitor());
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    thief.leave("nhsmail-entra").await;
    for mut other in [bridge.visitor(), thief] {
        let seen = other.open(page.url.as_str()).await;
        assert_kept_out(&mut other, &seen, ANOTHER_BROWSER).await;
        assert!(!seen.says("Tester"), "whose question it is");
        let refused = choose(&mut other, &page, NURSE).await;
        assert_kept_out(&mut other, &refused, ANOTHER_BROWSER).await;
    }
    choose(&mut nurse, &page, NURSE).await;
    assert!(nurse.is_signed_in().await, "it is still hers");
}

#[tokio::test]
async fn oi_12_a_question_is_answered_once() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    choose(&mut nurse, &page, NURSE).await;
    let ticket = nurse.ticket().map(str::to_owned);
    let again = choose(&mut nurse, &page, "555200000222").await;
    assert_eq!((again.status, again.heading().as_str()), TOO_LATE);
    assert_eq!(
        nurse.ticket().map(str::to_owned),
        ticket,
        "the first session stays"
    );
    assert_eq!(claims(&mut nurse).await["role"]["code"], "R8001");
}

#[tokio::test]
async fn oi_12_a_question_left_open_is_nobodys_once_the_nurse_has_logged_out() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let left_open = asked(&bridge, &mut nurse, PRIYA).await;
    let second = asked(&bridge, &mut nurse, PRIYA).await;
    choose(&mut nurse, &second, NURSE).await;
    let leaving = nurse.open("/sign-out").await;
    nurse.press(&leaving, "Log out").await;
    let mut next_at_the_same_computer = nurse;
    let seen = next_at_the_same_computer.open(left_open.url.as_str()).await;
    assert_kept_out(&mut next_at_the_same_computer, &seen, ANOTHER_BROWSER).await;
    let refused = choose(&mut next_at_the_same_computer, &left_open, NURSE).await;
    assert_kept_out(&mut next_at_the_same_computer, &refused, ANOTHER_BROWSER).await;
}

#[tokio::test]
async fn oi_12_a_question_waits_ten_minutes() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    bridge.clock.advance(Duration::minutes(9) + Duration::seconds(59));
    assert!(nurse.open(page.url.as_str()).await.says(QUESTION));
    bridge.clock.advance(Duration::seconds(1));
    let late = choose(&mut nurse, &page, NURSE).await;
    assert_kept_out(&mut nurse, &late, TOO_LATE).await;
}

#[tokio::test]
async fn ap_10_only_our_own_page_can_answer_the_question() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    let chosen = page.form("Continue").without("role").with("role", NURSE);
    let other_page = asked(&bridge, &mut bridge.visitor(), PRIYA)
        .await
        .form("Continue");
    let others = other_page.field("csrf_token").expect("a token").to_owned();
    for form in [
        chosen.clone().without("csrf_token"),
        chosen.clone().with("csrf_token", &others),
        chosen.clone().without("handle"),
    ] {
        let refused = nurse.submit(&page, &form).await;
        assert_kept_out(&mut nurse, &refused, (400, "This page has expired")).await;
    }
    nurse.submit(&page, &chosen).await;
    assert!(nurse.is_signed_in().await);
}

#[tokio::test]
async fn oi_12_after_the_choice_the_browser_goes_where_it_wanted_to() {
    let bridge = bridge_that_asks().await;
    let mut nurse = bridge.visitor();
    let deep = bridge.application_url("/shifts/7");
    bridge.cis2().script(NextAnswer::about(PRIYA));
    let page = nurse.open(&format!("/sign-in?door=cis2&return_to={deep}")).await;
    let there = choose(&mut nurse, &page, NURSE).await;
    assert_eq!(there.url, deep);
}

#[tokio::test]
async fn oi_14_whose_session_at_cis2_ends_while_they_choose_cannot_come_in() {
    let bridge = bridge_that_asks().await;
    let (mut nurse, mut other) = (bridge.visitor(), bridge.visitor());
    let page = asked(&bridge, &mut nurse, PRIYA).await;
    let ended = newest_sid(&bridge);
    let page_of_other = asked(&bridge, &mut other, PRIYA).await;
    bridge.clock.advance(Duration::seconds(5));
    let told = bridge.cis2().end_session(&ended).await.expect("it ends");
    assert_eq!(
        told.iter().map(|told| told.status).collect::<Vec<_>>(),
        [Some(200)]
    );
    let refused = choose(&mut nurse, &page, NURSE).await;
    assert_kept_out(&mut nurse, &refused, TOO_LATE).await;
    choose(&mut other, &page_of_other, NURSE).await;
    assert!(other.is_signed_in().await, "her other session goes on");
}

#[tokio::test]
async fn an_address_without_a_handle_is_told_to_start_again() {
    let bridge = bridge_that_asks().await;
    let mut visitor = bridge.visitor();
    for address in [
        "/sign-in/role",
        "/sign-in/role?handle=",
        "/sign-in/role?handle=abc",
    ] {
        let page = visitor.ask(Method::GET, address, &[]).await;
        assert_kept_out(&mut visitor, &page, TOO_LATE).await;
    }
}
