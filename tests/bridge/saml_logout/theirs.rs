//! The identity provider ends its session: which of ours end, and what it is answered.

use axum::http::Method;
use nhsmail_bridge::fakes::saml_idp::{
    LogoutBinding, LogoutMischief, NextLogout, Personality, RequestSignature,
};
use time::Duration;

use super::{DOORS, OVER_THERE, heard, sign_out_there, signed_in, signing_bridge};
use crate::support::{ADFS, ENTRA, TestBridge, Visitor};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// The address to which the fake would send this browser with its request.
async fn request_address(bridge: &TestBridge, visitor: &mut Visitor, personality: Personality) -> String {
    let address = format!("{}{}/sign-out", bridge.fake.page(), personality.word());
    let page = visitor.open(&address).await;
    let form = page.form("Sign out");
    let sent = visitor.submit_without_following(&page, &form).await;
    sent.header("location").to_owned()
}

#[tokio::test]
async fn lo_03_signing_out_there_ends_the_session_here_and_is_answered_in_signed_words() {
    let bridge = signing_bridge().await;
    for (door, personality) in DOORS {
        for binding in [LogoutBinding::Redirect, LogoutBinding::Post] {
            let mut amara = signed_in(&bridge, door, "amara-example").await;
            let mut priya = signed_in(&bridge, door, "priya-tester").await;
            let next = NextLogout {
                binding,
                ..NextLogout::default()
            };
            let page = sign_out_there(&bridge, &mut amara, personality, next).await;
            assert_eq!(page.heading(), OVER_THERE, "{door} {binding:?}: {}", page.body);
            assert!(page.says("signed out"), "{}", page.body);
            assert!(!page.says("perhaps still"), "{}", page.body);
            assert!(!amara.is_signed_in().await && priya.is_signed_in().await);
            assert_eq!(
                amara.ticket().is_none(),
                binding == LogoutBinding::Redirect,
                "the cookie goes too"
            );

            let answers = heard(&bridge, "LogoutResponse");
            let answer = answers.last().expect("an answer");
            assert_eq!(answer.signature, RequestSignature::Verified);
            assert_eq!(answer.status_codes, [SUCCESS]);
            assert_eq!(answer.issuer, format!("{}/saml/{door}/metadata", bridge.origin()));
            assert_eq!(
                answer.destination.as_deref(),
                Some(bridge.fake.url(personality).as_str())
            );
            assert!(answer.in_response_to.is_some() && answer.relay_state.is_some());
        }
    }
}

#[tokio::test]
async fn lo_03_no_cookie_is_needed_and_whoever_brings_the_request_the_named_session_ends() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    let mut elsewhere = signed_in(&bridge, ADFS, "amara-example").await;
    let mut priya = signed_in(&bridge, ENTRA, "priya-tester").await;
    let request = request_address(&bridge, &mut amara, Personality::Adfs).await;
    let answered = priya.ask(Method::GET, &request, &[]).await;
    assert_eq!(answered.status, 303);
    assert!(
        answered
            .header("location")
            .starts_with(&bridge.fake.url(Personality::Adfs))
    );
    assert!(!amara.is_signed_in().await, "hers was named");
    assert!(elsewhere.is_signed_in().await, "another session of hers was not");
    assert!(priya.is_signed_in().await && priya.ticket().is_some());
}

#[tokio::test]
async fn lo_03_where_no_session_is_named_all_of_the_persons_end_also_in_a_second_browser() {
    let bridge = signing_bridge().await;
    for (door, personality) in DOORS {
        let mut one = signed_in(&bridge, door, "amara-example").await;
        let mut two = signed_in(&bridge, door, "amara-example").await;
        let mut priya = signed_in(&bridge, door, "priya-tester").await;
        let other_door = if door == ENTRA { ADFS } else { ENTRA };
        let mut other = signed_in(&bridge, other_door, "amara-example").await;
        let next = NextLogout::with(LogoutMischief::NoSession);
        let page = sign_out_there(&bridge, &mut one, personality, next).await;
        assert_eq!(page.heading(), OVER_THERE);
        assert!(!one.is_signed_in().await && !two.is_signed_in().await, "{door}");
        assert!(priya.is_signed_in().await && other.is_signed_in().await, "{door}");
        bridge.clock.advance(Duration::SECOND);
    }
}

#[tokio::test]
async fn lo_03_a_session_that_began_after_the_request_stays_though_its_proof_is_of_yesterday() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ENTRA, "amara-example").await;
    bridge
        .fake
        .next_logout(NextLogout::with(LogoutMischief::NoSession));
    let request = request_address(&bridge, &mut amara, Personality::Entra).await;
    bridge.clock.advance(Duration::MINUTE);
    let mut later = signed_in(&bridge, ENTRA, "amara-example").await;
    assert_eq!(bridge.visitor().ask(Method::GET, &request, &[]).await.status, 303);
    assert!(!amara.is_signed_in().await);
    assert!(
        later.is_signed_in().await,
        "Entra remembers a proof of the day before"
    );
}

#[tokio::test]
async fn lo_03_a_sign_in_under_way_when_the_person_is_logged_out_comes_to_nothing() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    let mut slow = bridge.visitor();
    let question = slow.leave(ADFS).await;
    let answer = slow.pick(&question, "amara-example").await;
    bridge.clock.advance(Duration::SECOND);
    let next = NextLogout::with(LogoutMischief::NoSession);
    sign_out_there(&bridge, &mut amara, Personality::Adfs, next).await;
    let page = slow.bring(&answer).await;
    assert_eq!(page.heading(), "You need to log in again", "{}", page.body);
    assert!(!slow.is_signed_in().await);
}

#[tokio::test]
async fn lo_03_a_session_that_is_over_already_is_a_success_too() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    bridge.clock.advance(Duration::minutes(15));
    assert!(!amara.is_signed_in().await);
    let page = sign_out_there(&bridge, &mut amara, Personality::Adfs, NextLogout::default()).await;
    assert!(!page.says("perhaps still"), "{}", page.body);
}

#[tokio::test]
async fn lo_03_logging_out_here_ends_the_session_at_another_service_of_the_same_browser() {
    // Two doors to ADFS are two services to it.
    let mut bridge = signing_bridge().await;
    bridge
        .reload(|config| {
            let mut second = config.saml.get(ADFS).expect("a door").clone();
            let name = format!("{}/saml/second/metadata", config.public_url);
            second.saml.entity_id =
                nhsmail_bridge::upstream::saml_sp::entity_id::EntityId::parse(&name).expect("a name");
            config.saml.insert("second".to_owned(), second);
        })
        .await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    let mut first = amara.clone();
    // She forgets the ticket, not that she is signed in at ADFS.
    amara.plant_ticket("forgotten");
    amara.sign_in("second", "amara-example").await;
    assert!(first.is_signed_in().await && amara.is_signed_in().await);
    let page = super::log_out(&mut amara, None).await;
    assert_eq!(page.url.path(), "/signed-out", "{}", page.body);
    assert!(!first.is_signed_in().await && !amara.is_signed_in().await);
}
