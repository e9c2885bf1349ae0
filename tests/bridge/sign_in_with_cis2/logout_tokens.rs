//! CIS2 says behind the browser's back that a session of its own is over: which of ours end, and which words are
//! not believed.

use axum::http::Method;
use nhsmail_bridge::config::Config;
use nhsmail_bridge::fakes::cis2::{LogoutKind, LogoutOrder};
use time::Duration;

use super::{ZOE, bridge_where, cis2_of, claims, newest_sid, signs_in};
use crate::support::log::logged;
use crate::support::{ENTRA, TestBridge, Visitor};

/// What becomes of the session that a token names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Session {
    Ends,
    Stays,
}

/// Each kind of token with what we answer and what becomes of the session it is about.
const TOLD: [(LogoutKind, &[u16], Session); 20] = [
    (LogoutKind::Good, &[200], Session::Ends),
    (LogoutKind::Replayed, &[200, 400], Session::Ends),
    (LogoutKind::AudArray, &[200], Session::Ends),
    (LogoutKind::SubOnly, &[200], Session::Ends),
    (LogoutKind::SidOnly, &[200], Session::Ends),
    (LogoutKind::WithExpiry, &[200], Session::Ends),
    (LogoutKind::WrongAud, &[400], Session::Stays),
    (LogoutKind::WrongIss, &[400], Session::Stays),
    (LogoutKind::WithNonce, &[400], Session::Stays),
    (LogoutKind::Expired, &[400], Session::Stays),
    (LogoutKind::FutureIat, &[400], Session::Stays),
    (LogoutKind::OldIat, &[400], Session::Stays),
    (LogoutKind::NoEvents, &[400], Session::Stays),
    (LogoutKind::OtherEvent, &[400], Session::Stays),
    (LogoutKind::Neither, &[400], Session::Stays),
    (LogoutKind::NoJti, &[400], Session::Stays),
    (LogoutKind::UnknownSession, &[200], Session::Stays),
    (LogoutKind::AlgNone, &[400], Session::Stays),
    (LogoutKind::WrongKey, &[400], Session::Stays),
    (LogoutKind::IdTokenAsLogout, &[400], Session::Stays),
];

async fn verifies(visitor: &mut Visitor) -> bool {
    visitor.ask(Method::GET, "/auth/verify", &[]).await.status == 200
}

/// Sends a token of this kind about the newest session, and gives the statuses.
async fn told(bridge: &TestBridge, kind: LogoutKind) -> Vec<Option<u16>> {
    let sent = bridge.cis2().send_logout(LogoutOrder::of(kind)).await;
    let sent = sent.expect("it is delivered");
    for answer in &sent {
        assert_eq!(answer.cache_control.as_deref(), Some("no-store"), "{kind:?}");
    }
    sent.iter().map(|answer| answer.status).collect()
}

#[test]
fn no_kind_of_logout_token_is_forgotten_here() {
    for kind in LogoutKind::ALL {
        assert_eq!(
            TOLD.iter().filter(|(known, ..)| *known == kind).count(),
            1,
            "{kind:?}"
        );
    }
}

#[test]
fn oi_13_every_kind_of_logout_token_ends_what_it_may_and_nothing_else() {
    logged(async |log| {
        let bridge = TestBridge::with_cis2(|_config| {}).await;
        let (mut other, mut mailbox) = (bridge.visitor(), bridge.visitor());
        signs_in(&bridge, &mut other, "ray-registration").await;
        mailbox.sign_in(ENTRA, "amara-example").await;
        for (kind, statuses, session) in TOLD {
            let mut zoe = bridge.visitor();
            signs_in(&bridge, &mut zoe, ZOE).await;
            let answers: Vec<_> = told(&bridge, kind).await.into_iter().flatten().collect();
            assert_eq!(answers, statuses, "{kind:?}");
            let stays = session == Session::Stays;
            assert_eq!(zoe.is_signed_in().await, stays, "{kind:?}");
            assert_eq!(verifies(&mut zoe).await, stays, "{kind:?}: applications");
            assert!(
                other.is_signed_in().await && mailbox.is_signed_in().await,
                "{kind:?}"
            );
            // What ended a person's sessions in this second ends none of the next.
            bridge.clock.advance(Duration::seconds(2));
        }
        for words in ["Fünke", "555200000106", "eyJ"] {
            assert!(log.lines_with(words).is_empty(), "{words}");
        }
        let refusals = log.lines_with("a logout token ended nothing").len();
        assert_eq!(
            refusals,
            TOLD.iter()
                .filter(|(_, statuses, _)| statuses.contains(&400))
                .count()
        );
    });
}

#[tokio::test]
async fn oi_14_a_sid_ends_one_session_and_a_sub_all_of_that_person() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let (mut one, mut two, mut ray) = (bridge.visitor(), bridge.visitor(), bridge.visitor());
    for kind in [LogoutKind::SidOnly, LogoutKind::SubOnly] {
        signs_in(&bridge, &mut ray, "ray-registration").await;
        signs_in(&bridge, &mut one, ZOE).await;
        signs_in(&bridge, &mut two, ZOE).await;
        assert_eq!(told(&bridge, kind).await, [Some(200)]);
        assert_eq!(one.is_signed_in().await, kind == LogoutKind::SidOnly, "{kind:?}");
        assert!(!two.is_signed_in().await && ray.is_signed_in().await, "{kind:?}");
        bridge.clock.advance(Duration::seconds(2));
    }
}

#[tokio::test]
async fn oi_14_to_say_it_again_of_a_session_that_is_over_is_no_error() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    for _ in 0..3 {
        assert_eq!(told(&bridge, LogoutKind::Good).await, [Some(200)]);
        assert!(!zoe.is_signed_in().await);
    }
    let sid = newest_sid(&bridge);
    let ended = bridge.cis2().end_session(&sid).await.expect("it ends");
    assert_eq!(ended[0].status, Some(200));
}

#[tokio::test]
async fn oi_13_a_token_ends_no_session_that_began_after_it() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    // CIS2's clock when it writes the token is a minute behind its clock when she signed in.
    bridge.cis2().set_ahead(Duration::minutes(-1));
    assert_eq!(told(&bridge, LogoutKind::SubOnly).await, [Some(200)]);
    assert!(zoe.is_signed_in().await);
    bridge.cis2().set_ahead(Duration::ZERO);
    assert_eq!(told(&bridge, LogoutKind::SubOnly).await, [Some(200)]);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_14_the_session_of_another_issuer_stays_though_its_names_are_the_same() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let other = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    // The other fake has the same key and the same people, and another issuer.
    let mut there = other.visitor();
    signs_in(&other, &mut there, ZOE).await;
    let ours = bridge.url("/oidc/cis2/backchannel-logout").to_string();
    other.tell_cis2(|client| client.backchannel_logout_uri = Some(ours));
    assert_eq!(told(&other, LogoutKind::SubOnly).await, [Some(400)]);
    assert!(zoe.is_signed_in().await && there.is_signed_in().await);
    assert_eq!(told(&bridge, LogoutKind::SubOnly).await, [Some(200)]);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_14_where_logout_is_switched_off_there_is_nobody_to_tell() {
    let mut bridge = bridge_where(|_cis2| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    assert_eq!(claims(&mut zoe).await["connection"], "cis2");
    let switch = |on| move |config: &mut Config| cis2_of(config).oidc.backchannel_logout.enabled = on;
    bridge.reload(switch(false)).await;
    assert_eq!(told(&bridge, LogoutKind::Good).await, [Some(404)]);
    assert!(zoe.is_signed_in().await);
    bridge.reload(switch(true)).await;
    assert_eq!(told(&bridge, LogoutKind::Good).await, [Some(200)]);
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_14_who_came_by_a_connection_that_is_switched_off_is_nobody_and_its_logouts_are_still_heard() {
    let mut bridge = bridge_where(|_cis2| {}).await;
    let (mut zoe, mut ray) = (bridge.visitor(), bridge.visitor());
    signs_in(&bridge, &mut ray, "ray-registration").await;
    signs_in(&bridge, &mut zoe, ZOE).await;
    let switch = |on| move |config: &mut Config| cis2_of(config).oidc.enabled = on;
    bridge.reload(switch(false)).await;
    assert!(!zoe.is_signed_in().await && !ray.is_signed_in().await);
    assert_eq!(told(&bridge, LogoutKind::Good).await, [Some(200)]);
    bridge.reload(switch(true)).await;
    assert!(!zoe.is_signed_in().await, "her session at CIS2 is over");
    assert!(ray.is_signed_in().await);
}
