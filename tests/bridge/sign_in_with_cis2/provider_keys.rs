//! The keys of CIS2: announced and surprising roll-overs, and what is kept while it is away.

use nhsmail_bridge::fakes::cis2::{KeyStep, LogoutKind, LogoutOrder, Mischief, NextAnswer};
use time::Duration;

use super::{ZOE, arrives, assert_kept_out, assert_logged_once, signs_in};
use crate::support::TestBridge;
use crate::support::log::logged;

const NOT_BELIEVED: (u16, &str) = (403, "We could not log you in");

#[tokio::test]
async fn oi_07_an_announced_roll_over_keeps_nobody_out() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let fake = bridge.cis2();
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    for step in [KeyStep::Announce, KeyStep::SignWithNewest, KeyStep::DropOthers] {
        fake.roll_keys(step).expect("a key");
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
        bridge.clock.advance(Duration::hours(1));
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    }
}

#[tokio::test]
async fn oi_07_a_surprising_key_is_fetched_at_once_and_a_second_surprise_within_five_minutes_waits() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    bridge.cis2().roll_keys(KeyStep::Surprise).expect("a key");
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;

    bridge.cis2().roll_keys(KeyStep::Surprise).expect("a key");
    let mut visitor = bridge.visitor();
    let page = arrives(&bridge, &mut visitor, NextAnswer::about(ZOE)).await;
    assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;
    bridge.clock.advance(Duration::minutes(5));
    signs_in(&bridge, &mut visitor, ZOE).await;
}

#[test]
fn oi_07_unknown_keys_make_us_ask_once_and_keep_nobody_else_out() {
    logged(async |log| {
        let bridge = TestBridge::with_cis2(|_config| {}).await;
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
        for _ in 0..3 {
            let mut visitor = bridge.visitor();
            let next = NextAnswer {
                mischief: Mischief::UnknownKid,
                ..NextAnswer::about(ZOE)
            };
            let page = arrives(&bridge, &mut visitor, next).await;
            assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;
            assert_logged_once(&log, &page, "rule=\"token-key\"");
        }
        signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    });
}

#[tokio::test]
async fn oi_07_a_key_that_was_withdrawn_stops_counting_within_the_hour() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    // Whoever holds the old key signs with it; the published set no longer has it.
    bridge.cis2().roll_keys(KeyStep::Announce).expect("a key");
    bridge.cis2().roll_keys(KeyStep::SignWithNewest).expect("a key");
    bridge.cis2().roll_keys(KeyStep::DropOthers).expect("a key");
    bridge.clock.advance(Duration::minutes(14));
    let sent = bridge
        .cis2()
        .send_logout(LogoutOrder::of(LogoutKind::WrongKey))
        .await;
    assert_eq!(sent.expect("it is delivered")[0].status, Some(400));
    let sent = bridge.cis2().send_logout(LogoutOrder::default()).await;
    assert_eq!(sent.expect("it is delivered")[0].status, Some(200));
    assert!(!zoe.is_signed_in().await);
}
