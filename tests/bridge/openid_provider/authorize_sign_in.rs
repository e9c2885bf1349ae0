//! Nobody is signed in: the person signs in on behalf of the application, and comes back to it.

use axum::http::Method;
use nhsmail_bridge::upstream::verified::Door;
use time::Duration;

use super::scene::{
    ROTA_LABEL, STATE, answered, asked, authorize, bridge_with_rota, bridge_with_rota_and_cis2,
    sign_in_at_cis2, sign_in_at_nhsmail,
};
use crate::support::{ENTRA, Page, Visitor};

/// Through the chooser to NHSmail, and in.
async fn through_nhsmail(visitor: &mut Visitor, chooser: &Page) -> Page {
    let question = visitor.open(chooser.link("Log in with NHSmail").as_str()).await;
    sign_in_at_nhsmail(visitor, &question, "amara-example").await
}

/// The handle in an address of ours.
fn handle_of(page: &Page) -> String {
    let mut pairs = page.url.query_pairs();
    let found = pairs.find(|(name, _)| name == "request");
    found.expect("a handle").1.into_owned()
}

#[tokio::test]
async fn somebody_chooses_a_door_for_the_application_signs_in_and_is_sent_back_with_a_code() {
    let bridge = bridge_with_rota_and_cis2(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let chooser = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(chooser.heading(), "Choose how to log in");
    assert!(chooser.says("You are logging in to") && chooser.says(ROTA_LABEL));
    let page = through_nhsmail(&mut visitor, &chooser).await;
    let answer = answered(&bridge, &page);
    assert!(!answer.code().is_empty());
    assert_eq!(answer.value("state"), STATE);
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn only_the_doors_of_the_application_are_offered_and_the_only_one_is_opened_at_once() {
    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.doors = vec![Door::Cis2]).await;
    let mut visitor = bridge.visitor();
    let methods = authorize(&mut visitor, &asked(&bridge)).await;
    assert!(methods.says("Select your login method"), "{}", methods.body);
    let page = sign_in_at_cis2(&mut visitor, &methods, "security-key", "zoe-umlaut").await;
    assert!(!answered(&bridge, &page).code().is_empty());

    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.doors = vec![Door::Nhsmail]).await;
    let mut visitor = bridge.visitor();
    let chooser = authorize(&mut visitor, &asked(&bridge)).await;
    assert!(chooser.says("NHSmail") && !chooser.says("Log in with my Care Identity"));
    let handle = handle_of(&chooser);
    let forced = visitor
        .open(&format!("/sign-in?request={handle}&door=cis2"))
        .await;
    assert_eq!(
        forced.heading(),
        "Choose how to log in",
        "another door is not opened"
    );
}

#[tokio::test]
async fn simulated_people_are_not_sent_to_an_application_that_did_not_ask_for_them() {
    let bridge = bridge_with_rota(|rota| rota.simulated = false).await;
    let mut visitor = bridge.visitor();
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(page.status, 403);
    visitor.sign_in(ENTRA, "amara-example").await;
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(page.heading(), format!("Invented people cannot use {ROTA_LABEL}"));
    let back = visitor
        .open(page.link(&format!("Go back to {ROTA_LABEL}")).as_str())
        .await;
    assert_eq!(answered(&bridge, &back).error(), "access_denied");
}

#[tokio::test]
async fn a_request_that_waits_belongs_to_its_browser_and_has_an_end() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let chooser = authorize(&mut visitor, &asked(&bridge)).await;
    let handle = handle_of(&chooser);
    for path in ["/sign-in", "/oauth2/authorize/continue"] {
        let address = format!("{path}?request={handle}");
        let stranger = bridge.visitor().open(&address).await;
        assert_eq!(stranger.status, 400, "{path}");
        assert_eq!(
            stranger.heading(),
            "We could not match your login to this browser"
        );
        let guessed = visitor.open(&format!("{path}?request={}", "a".repeat(64))).await;
        assert_eq!(
            (guessed.status, guessed.heading().as_str()),
            (400, "You need to log in again")
        );
    }
    bridge.clock.advance(Duration::minutes(15));
    let late = visitor.open(&format!("/sign-in?request={handle}")).await;
    assert_eq!(late.heading(), "You need to log in again");
}

#[tokio::test]
async fn the_way_back_is_good_once() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let chooser = authorize(&mut visitor, &asked(&bridge)).await;
    let page = through_nhsmail(&mut visitor, &chooser).await;
    let continued = page
        .sent_to
        .iter()
        .find(|url| url.path() == "/oauth2/authorize/continue");
    let continued = continued.expect("the way back").clone();
    let again = visitor.open(continued.as_str()).await;
    assert_eq!(
        (again.status, again.heading().as_str()),
        (400, "You need to log in again")
    );
}

#[tokio::test]
async fn prompt_login_is_satisfied_by_a_login_after_it_and_by_no_other() {
    let bridge = bridge_with_rota(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let anew = asked(&bridge).with("prompt", "login");
    let question = authorize(&mut visitor, &anew).await;
    assert_eq!(question.heading(), "Who signs in?", "the door they came through");
    assert!(bridge.fake.received().last().expect("a question").force_authn);
    let page = sign_in_at_nhsmail(&mut visitor, &question, "amara-example").await;
    assert!(
        !answered(&bridge, &page).code().is_empty(),
        "and it is not asked again"
    );

    let question = authorize(&mut visitor, &anew).await;
    assert_eq!(
        question.heading(),
        "Who signs in?",
        "each request asks for its own"
    );
}

#[tokio::test]
async fn prompt_login_cannot_be_met_by_going_round_the_login() {
    let bridge = bridge_with_rota_and_cis2(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    let chooser = authorize(&mut visitor, &asked(&bridge).with("prompt", "login")).await;
    let handle = handle_of(&chooser);
    // The person signs in in another way, without being asked for a fresh proof, and brings the request along.
    let round = format!("/sign-in?door={ENTRA}&return_to=/oauth2/authorize/continue?request={handle}");
    let question = visitor.open(&round).await;
    let page = sign_in_at_nhsmail(&mut visitor, &question, "amara-example").await;
    assert_eq!(page.heading(), "Who signs in?", "asked for a fresh proof now");
    assert!(bridge.fake.received().last().expect("a question").force_authn);
}

#[tokio::test]
async fn select_account_shows_the_doors_to_somebody_who_is_signed_in() {
    let bridge = bridge_with_rota_and_cis2(|_rota| {}).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let chooser = authorize(&mut visitor, &asked(&bridge).with("prompt", "select_account")).await;
    assert_eq!(chooser.heading(), "Choose how to log in");
    let page = through_nhsmail(&mut visitor, &chooser).await;
    assert!(!answered(&bridge, &page).code().is_empty());
}

#[tokio::test]
async fn whoever_stops_half_way_may_begin_again_or_go_back_to_the_application() {
    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.doors = vec![Door::Cis2]).await;
    let mut visitor = bridge.visitor();
    let fresh = asked(&bridge).with("prompt", "login");
    let methods = authorize(&mut visitor, &fresh).await;
    let stopped = visitor.press(&methods, "Cancel").await;
    assert_eq!(stopped.status, 403, "{}", stopped.body);
    let back = stopped.link(&format!("Go back to {ROTA_LABEL}"));
    let told = visitor.open(back.as_str()).await;
    let answer = answered(&bridge, &told);
    assert_eq!((answer.error(), answer.value("state")), ("access_denied", STATE));
    // The link names the request anew: it says of nobody that they signed in.
    let again = stopped.link("Start again");
    let handle = again
        .query_pairs()
        .find(|(name, _)| name == "request")
        .expect("a handle")
        .1;
    let round = format!("/oauth2/authorize/continue?request={handle}");
    let round = visitor.open(&round).await;
    assert!(round.says("Select your login method"), "{}", round.body);
    let page = sign_in_at_cis2(&mut visitor, &round, "security-key", "zoe-umlaut").await;
    assert!(!answered(&bridge, &page).code().is_empty());
}

#[tokio::test]
async fn forms_may_end_at_every_registered_address() {
    let bridge = bridge_with_rota(|rota| {
        rota.redirect_uris
            .push("https://elsewhere.example/callback".to_owned());
        rota.post_logout_redirect_uris = vec!["https://bye.example/".to_owned()];
    })
    .await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let page = visitor.ask(Method::GET, "/sign-out", &[]).await;
    let policy = page.header("content-security-policy");
    for place in ["https://elsewhere.example", "https://bye.example"] {
        assert!(policy.contains(place), "{policy}");
    }
}
