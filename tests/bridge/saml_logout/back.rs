//! Coming back from the identity provider: what it says became of its session, and whom that concerns.

use axum::http::Method;
use nhsmail_bridge::fakes::saml_idp::{LogoutBinding, LogoutMischief, NextLogout, Personality};
use time::Duration;

use super::{NOT_BELIEVED, ONLY_HERE, heard, log_out, signed_in, signing_bridge, the_request};
use crate::support::log::logged;
use crate::support::{ADFS, ENTRA, Page, TestBridge, Visitor};

/// Each kind of answer, and whether it says in words that are believed that the session there is over.
const ANSWERS: [(LogoutMischief, bool); 16] = [
    (LogoutMischief::Honest, true),
    (LogoutMischief::Reordered, true),
    (LogoutMischief::Unsigned, false),
    (LogoutMischief::WrongKey, false),
    (LogoutMischief::Sha1, false),
    (LogoutMischief::EscapedAnew, false),
    (LogoutMischief::WrongIssuer, false),
    (LogoutMischief::WrongDestination, false),
    (LogoutMischief::NoDestination, false),
    (LogoutMischief::Stale, false),
    (LogoutMischief::FromTheFuture, false),
    (LogoutMischief::WrongQuestion, false),
    (LogoutMischief::Partial, false),
    (LogoutMischief::Refused, false),
    // What these bend is not in an answer.
    (LogoutMischief::Expired, true),
    (LogoutMischief::OtherName, true),
];

/// Leaves for the identity provider and stops where it would send the browser back: gives that address.
async fn sent_back(visitor: &mut Visitor) -> Page {
    let question = visitor.open("/sign-out").await;
    let leaving = visitor
        .submit_without_following(&question, &question.form("Log out"))
        .await;
    visitor.ask(Method::GET, leaving.header("location"), &[]).await
}

#[test]
fn lo_04_an_answer_is_matched_to_its_request_and_told_as_it_is() {
    logged(async |log| {
        let bridge = signing_bridge().await;
        for (mischief, is_over) in ANSWERS {
            for door in [ENTRA, ADFS] {
                let mut amara = signed_in(&bridge, door, "amara-example").await;
                bridge.fake.next_logout(NextLogout::with(mischief));
                let page = log_out(&mut amara, None).await;
                assert!(!amara.is_signed_in().await, "{mischief:?}");
                assert_eq!(page.status, 200, "{mischief:?}: {}", page.body);
                assert_eq!(
                    page.url.path() == "/signed-out",
                    is_over,
                    "{mischief:?}: {}",
                    page.body
                );
                if !is_over {
                    assert_eq!(page.heading(), ONLY_HERE, "{mischief:?}");
                    assert!(page.says("Close every window"), "{mischief:?}");
                    assert_eq!(log.lines_with(&page.reference()).len(), 1, "{mischief:?}");
                }
            }
        }
        for secret in ["amara.example", "SAMLResponse"] {
            assert!(log.lines_with(secret).is_empty(), "{secret}");
        }
    });
}

#[tokio::test]
async fn lo_04_entra_signs_its_answers_by_another_name_and_no_third_is_believed() {
    let bridge = TestBridge::configured(|config| {
        config.saml.get_mut(ENTRA).expect("a door").saml.logout_issuer = None;
    })
    .await;
    let mut amara = signed_in(&bridge, ENTRA, "amara-example").await;
    let page = log_out(&mut amara, None).await;
    assert_eq!(page.heading(), ONLY_HERE);
}

#[tokio::test]
async fn lo_04_where_somebody_wanted_to_go_is_where_they_end_or_what_they_are_offered() {
    let bridge = signing_bridge().await;
    let place = bridge.application_url("/rota");
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    let page = log_out(&mut amara, Some(place.as_str())).await;
    assert_eq!(page.url, place, "{}", page.body);

    let mut priya = signed_in(&bridge, ADFS, "priya-tester").await;
    bridge.fake.next_logout(NextLogout::with(LogoutMischief::Partial));
    let page = log_out(&mut priya, Some(place.as_str())).await;
    assert_eq!(page.heading(), ONLY_HERE);
    assert!(page.says("every service that you use with it"), "{}", page.body);
    assert_eq!(page.link("Continue"), place);

    let mut sam = signed_in(&bridge, ADFS, "sam-sample-ward").await;
    let page = log_out(&mut sam, Some("https://evil.example.test/")).await;
    assert_eq!(
        page.url.path(),
        "/signed-out",
        "a place that is not listed is none"
    );
}

#[tokio::test]
async fn lo_04_another_service_that_did_not_hear_is_a_logout_in_part() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    // The same browser uses another service, which nobody can reach.
    let unasked = format!("{}adfs/start", bridge.fake.page());
    let page = amara.open(&unasked).await;
    let mut form = page.form("Continue");
    form.fields = vec![
        ("audience".to_owned(), "urn:another".to_owned()),
        ("acs_url".to_owned(), "http://127.0.0.1:9/acs".to_owned()),
    ];
    let who = amara.submit(&page, &form).await;
    amara.pick(&who, "amara-example").await;
    assert_eq!(bridge.fake.signed_in(Personality::Adfs), 2);
    let page = log_out(&mut amara, None).await;
    assert_eq!(page.heading(), ONLY_HERE, "{}", page.body);
    assert_eq!(bridge.fake.signed_in(Personality::Adfs), 0);
}

#[tokio::test]
async fn lo_04_an_answer_that_is_posted_is_sent_again_from_our_own_page_and_counts_once() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    bridge.fake.next_logout(NextLogout {
        binding: LogoutBinding::Post,
        ..NextLogout::default()
    });
    let posting = log_out(&mut amara, None).await;
    assert_eq!(posting.heading(), "Continue signing out");
    let again = amara.press(&posting, "Continue").await;
    assert_eq!(again.heading(), "Finish logging out", "{}", again.body);
    assert_eq!(again.header("x-frame-options"), "DENY");
    let page = amara.press(&again, "Continue").await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/signed-out"),
        "{}",
        page.body
    );
    let twice = amara.press(&again, "Continue").await;
    assert_eq!((twice.status, twice.heading().as_str()), (400, NOT_BELIEVED));
}

#[tokio::test]
async fn lo_04_an_answer_is_used_once_in_time_and_by_the_browser_that_left() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    let back = sent_back(&mut amara).await;
    let address = back.header("location").to_owned();
    assert!(address.contains("SAMLResponse="), "{address}");

    let mut stranger = signed_in(&bridge, ENTRA, "priya-tester").await;
    for visitor in [&mut stranger, &mut bridge.visitor()] {
        let page = visitor.open(&address).await;
        assert_eq!((page.status, page.heading().as_str()), (400, NOT_BELIEVED));
        assert!(page.sent_to.is_empty());
    }
    assert!(stranger.is_signed_in().await, "it is not theirs");

    let other_door = address.replace(ADFS, ENTRA);
    assert_eq!(amara.open(&other_door).await.heading(), NOT_BELIEVED);
    let page = amara.open(&address).await;
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"));
    assert_eq!(amara.open(&address).await.heading(), NOT_BELIEVED);

    let mut late = signed_in(&bridge, ADFS, "amara-example").await;
    let back = sent_back(&mut late).await;
    bridge.clock.advance(Duration::minutes(10));
    assert_eq!(late.open(back.header("location")).await.heading(), NOT_BELIEVED);
}

#[tokio::test]
async fn lo_04_adfs_says_no_to_a_name_that_is_not_what_it_issued() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    // Meanwhile its session with this browser has ended.
    let mut same = amara.clone();
    let address = format!("{}adfs/sign-out", bridge.fake.page());
    let page = same.open(&address).await;
    let form = page.form("Sign out");
    same.submit_without_following(&page, &form).await;
    let page = log_out(&mut amara, None).await;
    assert_eq!(page.heading(), ONLY_HERE);
    assert_eq!(the_request(&bridge).personality, Personality::Adfs);
    assert!(heard(&bridge, "LogoutResponse").is_empty());
}

#[tokio::test]
async fn lo_04_adfs_refuses_what_is_not_signed_and_the_person_hears_of_it() {
    let bridge = TestBridge::configured(|config| {
        // `check` says that this cannot work.
        config.saml.get_mut(ADFS).expect("a door").saml.single_logout = Some(true);
    })
    .await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    let page = log_out(&mut amara, None).await;
    assert_eq!(page.heading(), ONLY_HERE, "{}", page.body);
    assert!(page.says("log you out of NHSmail (older ADFS)"), "{}", page.body);
    assert!(!amara.is_signed_in().await);
    assert_eq!(bridge.fake.signed_in(Personality::Adfs), 1);
}
