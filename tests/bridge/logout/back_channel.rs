//! The end of a session reaches every application that took part, behind the browser's back.

use nhsmail_bridge::downstream::application::settings::SubjectType;
use nhsmail_bridge::fakes::cis2::{LogoutKind, LogoutOrder};
use serde_json::json;
use time::Duration;

use super::scene::{Ear, WARD, WARD_LABEL, bridge_with, is_active, logouts, register, signs_out, uses};
use crate::openid_provider::scene::{ROTA, ROTA_LABEL};
use crate::support::log::logged;
use crate::support::{CIS2, ENTRA, TestBridge};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[tokio::test]
async fn ap_09_whoever_logs_out_is_logged_out_of_every_application_that_took_part() {
    let (mut rota, mut ward) = (Ear::answering(&[]).await, Ear::answering(&[204]).await);
    let bridge = bridge_with([Some(&rota), Some(&ward)], |config| {
        let ward = config.applications.get_mut(WARD).expect("it is registered");
        ward.subject_type = SubjectType::Pairwise;
    })
    .await;
    let (mut amara, mut elsewhere) = (bridge.visitor(), bridge.visitor());
    for browser in [&mut amara, &mut elsewhere] {
        browser.sign_in(ENTRA, "amara-example").await;
    }
    let of_rota = uses(&bridge, &mut amara, ROTA).await;
    let of_ward = uses(&bridge, &mut amara, WARD).await;
    let of_another_browser = uses(&bridge, &mut elsewhere, ROTA).await;

    let question = amara.open("/sign-out").await;
    assert!(
        question.says(ROTA_LABEL) && question.says(WARD_LABEL),
        "{}",
        question.body
    );
    let page = amara.press(&question, "Log out").await;
    assert_eq!(
        (page.status, page.heading().as_str()),
        (200, "You have logged out")
    );
    assert!(page.says(ROTA_LABEL) && page.says(WARD_LABEL), "{}", page.body);
    for (ear, holds) in [(&mut rota, &of_rota), (&mut ward, &of_ward)] {
        let heard = ear.hears().await;
        for claim in ["iss", "aud", "sub", "sid"] {
            assert_eq!(
                heard[claim], holds.claims[claim],
                "{claim}: as the application knows it"
            );
        }
        assert_eq!(heard["events"], json!({ EVENT: {} }));
        assert!(heard.get("nonce").is_none());
    }
    assert_ne!(of_rota.claims["sid"], of_ward.claims["sid"]);
    assert!(!is_active(&bridge, ROTA, &of_rota).await && !is_active(&bridge, WARD, &of_ward).await);
    assert!(elsewhere.is_signed_in().await && is_active(&bridge, ROTA, &of_another_browser).await);
    assert!(rota.is_quiet() && ward.is_quiet());
}

#[tokio::test]
async fn ap_09_an_application_that_did_not_hear_is_named_to_the_person_and_told_again() {
    let (mut rota, mut ward) = (Ear::answering(&[]).await, Ear::answering(&[503]).await);
    let bridge = bridge_with([Some(&rota), Some(&ward)], |_config| {}).await;
    let mut amara = bridge.visitor();
    amara.sign_in(ENTRA, "amara-example").await;
    uses(&bridge, &mut amara, ROTA).await;
    uses(&bridge, &mut amara, WARD).await;
    let page = signs_out(&mut amara).await;
    assert_eq!(page.heading(), "You have logged out. Close the browser");
    assert!(
        page.says("We could not reach this application") && page.says(WARD_LABEL),
        "{}",
        page.body
    );
    rota.hears().await;
    let first = ward.hears().await;
    let told = logouts(&bridge).await;
    assert_eq!(told["latest"][0]["result"], "again", "{told}");
    assert_eq!(told["latest"][0]["reason"], "it answered 503");

    bridge.clock.advance(Duration::seconds(2));
    let second = ward.hears().await;
    assert_ne!(first["jti"], second["jti"]);
    assert_eq!(first["sid"], second["sid"]);
    let again = loop {
        let again = amara.open(page.url.as_str()).await;
        if again.heading() == "You have logged out" {
            break again;
        }
    };
    assert!(again.says(WARD_LABEL));
    let told = logouts(&bridge).await;
    assert_eq!(told["totals"], json!({ "told": 2, "given_up": 0 }));
    let ward_told = &told["latest"][0];
    assert_eq!(
        (&ward_told["application"], &ward_told["tries"]),
        (&json!(WARD), &json!(2))
    );
    assert!(
        !told
            .to_string()
            .contains(first["sub"].as_str().expect("a subject"))
    );
}

#[tokio::test]
async fn ap_09_what_cis2_ends_and_what_another_person_replaces_is_told_as_well() {
    let mut rota = Ear::answering(&[]).await;
    let address = rota.address.clone();
    let bridge = TestBridge::with_cis2(|config| register(config, [Some(&address), None])).await;
    let mut zoe = bridge.visitor();
    zoe.sign_in_at_cis2(CIS2, "security-key", "zoe-umlaut").await;
    let first = uses(&bridge, &mut zoe, ROTA).await;
    zoe.sign_in(ENTRA, "amara-example").await;
    assert_eq!(
        rota.hears().await["sid"],
        first.claims["sid"],
        "another person signed in"
    );

    zoe.sign_in_at_cis2(CIS2, "security-key", "zoe-umlaut").await;
    let second = uses(&bridge, &mut zoe, ROTA).await;
    let sent = bridge.cis2().send_logout(LogoutOrder::of(LogoutKind::Good)).await;
    sent.expect("it is sent");
    assert_eq!(rota.hears().await["sid"], second.claims["sid"], "CIS2 ended it");
    assert!(!zoe.is_signed_in().await && !is_active(&bridge, ROTA, &second).await);
    let told = logouts(&bridge).await;
    let causes = [&told["latest"][0]["cause"], &told["latest"][1]["cause"]];
    assert_eq!(causes, ["upstream", "replaced"]);
}

#[tokio::test]
async fn ap_09_proving_oneself_once_more_ends_nothing_and_tells_nobody() {
    let mut rota = Ear::answering(&[]).await;
    let bridge = bridge_with([Some(&rota), None], |_config| {}).await;
    let mut amara = bridge.visitor();
    amara.sign_in(ENTRA, "amara-example").await;
    let holds = uses(&bridge, &mut amara, ROTA).await;
    amara.sign_in(ENTRA, "amara-example").await;
    assert!(is_active(&bridge, ROTA, &holds).await && rota.is_quiet());
}

#[tokio::test]
async fn lo_02_a_session_that_was_idle_ends_here_alone() {
    let mut rota = Ear::answering(&[]).await;
    let bridge = bridge_with([Some(&rota), None], |_config| {}).await;
    let mut amara = bridge.visitor();
    amara.sign_in(ENTRA, "amara-example").await;
    let holds = uses(&bridge, &mut amara, ROTA).await;
    bridge.clock.advance(Duration::minutes(15));
    assert!(!amara.is_signed_in().await && !is_active(&bridge, ROTA, &holds).await);
    assert!(rota.is_quiet(), "its tokens are dead; nobody else is told");
    assert_eq!(logouts(&bridge).await["latest"], json!([]));
}

#[test]
fn ap_09_each_application_has_its_line_in_the_log_and_nobody_is_named() {
    logged(async |log| {
        let mut ward = Ear::answering(&[500]).await;
        let rota = Ear::answering(&[]).await;
        let bridge = bridge_with([Some(&rota), Some(&ward)], |_config| {}).await;
        let mut amara = bridge.visitor();
        amara.sign_in(ENTRA, "amara-example").await;
        let holds = uses(&bridge, &mut amara, ROTA).await;
        uses(&bridge, &mut amara, WARD).await;
        signs_out(&mut amara).await;
        let token = ward.hears().await;
        let told = log.lines_with("was told of a logout");
        assert!(told.len() == 1 && told[0].contains("rota"), "{told:#?}");
        let not_yet = log.lines_with("has not heard of a logout yet");
        assert!(
            not_yet.len() == 1 && not_yet[0].contains("it answered 500"),
            "{not_yet:#?}"
        );
        for secret in [&token["sub"], &token["jti"], &holds.claims["sub"]] {
            assert!(log.lines_with(secret.as_str().expect("text")).is_empty());
        }
    });
}
