//! CIS2 is away, or is not what it should be: the other door goes on working.

use nhsmail_bridge::fakes::cis2::NextAnswer;
use nhsmail_bridge::platform::environment::Environment;
use time::Duration;

use super::{ZOE, answer_on_its_way, assert_kept_out, assert_logged_once, bridge_where, cis2_of, signs_in};
use crate::support::log::logged;
use crate::support::{CIS2, ENTRA, TestBridge};

const AWAY: (u16, &str) = (503, "Sorry, you cannot log in with Care Identity at the moment");

#[test]
fn oi_04_while_cis2_is_away_its_door_says_so_and_the_other_door_opens() {
    logged(async |log| {
        let mut bridge = TestBridge::with_cis2(|_config| {}).await;
        let port = bridge.lose_cis2().await;
        let mut visitor = bridge.visitor();
        let page = visitor.leave(CIS2).await;
        assert_kept_out(&mut visitor, &page, AWAY).await;
        assert_eq!(page.header("retry-after"), "30");
        assert_logged_once(&log, &page, "the discovery document");
        assert!(
            visitor.open("/").await.says("Care Identity"),
            "the chooser is there"
        );
        visitor.sign_in(ENTRA, "amara-example").await;
        assert!(visitor.is_signed_in().await);

        bridge.find_cis2(port).await;
        let mut visitor = bridge.visitor();
        let page = visitor.leave(CIS2).await;
        assert_kept_out(&mut visitor, &page, AWAY).await;
        bridge.clock.advance(Duration::seconds(30));
        signs_in(&bridge, &mut visitor, ZOE).await;
    });
}

#[tokio::test]
async fn oi_04_who_comes_back_while_cis2_is_away_is_told_so() {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    let port = bridge.lose_cis2().await;
    let page = visitor.open(answer.as_str()).await;
    assert_kept_out(&mut visitor, &page, AWAY).await;
    bridge.find_cis2(port).await;
    signs_in(&bridge, &mut visitor, ZOE).await;
}

#[tokio::test]
async fn oi_04_who_is_signed_in_stays_so_while_cis2_is_away() {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    bridge.lose_cis2().await;
    assert!(zoe.is_signed_in().await);
    assert_eq!(zoe.open("/auth/verify").await.status, 200);
    assert_eq!(zoe.open("/session/token").await.status, 200);
}

#[test]
fn oi_04_the_document_of_another_issuer_sends_nobody_anywhere() {
    logged(async |log| {
        for other in ["/", "http://127.0.0.1:1", ":443"] {
            let bridge = bridge_where(|cis2| cis2.oidc.issuer.push_str(other)).await;
            let mut visitor = bridge.visitor();
            let page = visitor.leave(CIS2).await;
            assert_kept_out(&mut visitor, &page, AWAY).await;
            assert_logged_once(&log, &page, "its issuer is not the configured one");
            assert!(bridge.cis2().received().is_empty(), "nobody left");
        }
    });
}

#[test]
fn oi_18_where_real_people_sign_in_a_fake_on_this_machine_is_none() {
    logged(async |log| {
        let mut bridge = TestBridge::with_cis2(|_config| {}).await;
        let mut visitor = bridge.visitor();
        signs_in(&bridge, &mut visitor, ZOE).await;
        for environment in [Environment::Live, Environment::Int] {
            bridge
                .reload(|config| {
                    config.environment = environment;
                    config.saml.clear();
                })
                .await;
            let mut visitor = bridge.visitor();
            bridge.cis2().script(NextAnswer::about(ZOE));
            let page = visitor.open(&format!("/sign-in?door={CIS2}")).await;
            assert_kept_out(&mut visitor, &page, AWAY).await;
            assert_logged_once(&log, &page, "is no https address");
        }
    });
}

#[tokio::test]
async fn a_connection_that_is_switched_off_is_not_offered_and_leads_nowhere() {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    assert!(
        bridge
            .visitor()
            .open("/")
            .await
            .says("Log in with my Care Identity")
    );
    bridge.reload(|config| cis2_of(config).oidc.enabled = false).await;
    let mut visitor = bridge.visitor();
    assert!(!visitor.open("/").await.says("Log in with my Care Identity"));
    let page = visitor.leave(CIS2).await;
    assert_kept_out(&mut visitor, &page, (403, "You cannot log in this way")).await;
}
