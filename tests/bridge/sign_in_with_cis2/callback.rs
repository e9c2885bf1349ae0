//! The way back from CIS2: whose answer it is, to which question, and that it is brought once.

use axum::http::Method;
use nhsmail_bridge::fakes::cis2::{Endpoint, Received};
use nhsmail_bridge::upstream::oidc_rp::settings::Pkce;
use time::Duration;
use url::Url;

use super::{
    ZOE, answer_on_its_way, assert_kept_out, assert_logged_once, bridge_where, cis2_of, claims, signs_in,
};
use crate::support::log::logged;
use crate::support::{CIS2, TestBridge};

const NOT_BELIEVED: (u16, &str) = (403, "We could not log you in");
const ANOTHER_BROWSER: (u16, &str) = (400, "We could not match your login to this browser");
const USED: (u16, &str) = (400, "You need to log in again");

/// The answer with one parameter changed, added or left out.
fn with(answer: &Url, name: &str, value: Option<&str>) -> String {
    let rest: Vec<(String, String)> = answer
        .query_pairs()
        .filter(|(known, _)| known != name)
        .map(|(known, value)| (known.into_owned(), value.into_owned()))
        .collect();
    let mut changed = answer.clone();
    changed
        .query_pairs_mut()
        .clear()
        .extend_pairs(rest)
        .extend_pairs(value.map(|value| (name, value)));
    changed.into()
}

fn value(answer: &Url, name: &str) -> String {
    let found = answer.query_pairs().find(|(known, _)| known == name);
    found.expect(name).1.into_owned()
}

fn asked_at(bridge: &TestBridge, endpoint: Endpoint) -> Vec<Received> {
    let all = bridge.cis2().received().into_iter();
    all.filter(|asked| asked.endpoint == endpoint).collect()
}

#[tokio::test]
async fn oi_02_an_answer_in_another_browser_signs_nobody_in_and_stays_good_in_its_own() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let (mut attacker, mut victim) = (bridge.visitor(), bridge.visitor());
    let answer = answer_on_its_way(&bridge, &mut attacker, CIS2).await;
    victim.leave(CIS2).await;
    for mut other in [victim, bridge.visitor()] {
        let page = other.open(answer.as_str()).await;
        assert_kept_out(&mut other, &page, ANOTHER_BROWSER).await;
    }
    assert!(asked_at(&bridge, Endpoint::Token).is_empty(), "no code was spent");
    attacker.open(answer.as_str()).await;
    assert!(attacker.is_signed_in().await);
}

#[tokio::test]
async fn oi_02_an_answer_is_brought_once() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    visitor.open(answer.as_str()).await;
    let ticket = visitor.ticket().map(str::to_owned);
    let page = visitor.open(answer.as_str()).await;
    assert_eq!((page.status, page.heading().as_str()), USED);
    assert_eq!(visitor.ticket().map(str::to_owned), ticket);
    assert!(visitor.is_signed_in().await, "the first one counts");
    assert_eq!(
        asked_at(&bridge, Endpoint::Token).len(),
        1,
        "the code went out once"
    );
}

#[tokio::test]
async fn oi_02_an_answer_waits_half_an_hour_for_its_browser() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    bridge.clock.advance(Duration::minutes(30));
    let page = visitor.open(answer.as_str()).await;
    assert_kept_out(&mut visitor, &page, USED).await;
}

#[tokio::test]
async fn oi_05_an_answer_is_brought_to_the_connection_that_asked() {
    let bridge = TestBridge::with_cis2(|config| {
        let mut two = cis2_of(config).clone();
        two.oidc.client_id = "000000000001.apps.supplier".to_owned();
        config.oidc.insert("cis2-two".to_owned(), two);
    })
    .await;
    let mut visitor = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    let elsewhere = answer.as_str().replace("/oidc/cis2/", "/oidc/cis2-two/");
    let page = visitor.open(&elsewhere).await;
    assert_kept_out(&mut visitor, &page, USED).await;
    visitor.open(answer.as_str()).await;
    assert!(visitor.is_signed_in().await, "its own question was not used up");
    let mut other = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut other, "cis2-two").await;
    other.open(answer.as_str()).await;
    assert_eq!(claims(&mut other).await["connection"], "cis2-two");
}

#[tokio::test]
async fn oi_05_an_answer_names_the_provider_that_was_asked() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let issuer = bridge.cis2().issuer();
    let slash = format!("{issuer}/");
    for iss in [
        None,
        Some("https://evil.example.test"),
        Some(slash.as_str()),
        Some(""),
    ] {
        let mut visitor = bridge.visitor();
        let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
        let page = visitor.open(&with(&answer, "iss", iss)).await;
        assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;
    }
    assert!(
        asked_at(&bridge, Endpoint::Token).is_empty(),
        "no code was sent anywhere"
    );
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
}

#[tokio::test]
async fn oi_17_a_parameter_that_comes_twice_is_refused() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    for name in ["state", "code", "iss"] {
        for second in [value(&answer, name), "another".to_owned()] {
            let mut twice = answer.clone();
            twice.query_pairs_mut().append_pair(name, &second);
            let page = visitor.open(twice.as_str()).await;
            assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;
        }
    }
    visitor.open(answer.as_str()).await;
    assert!(visitor.is_signed_in().await);
}

#[test]
fn oi_17_an_error_is_told_in_our_words_and_matched_to_its_question() {
    logged(async |log| {
        let bridge = TestBridge::with_cis2(|_config| {}).await;
        let mut visitor = bridge.visitor();
        let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
        let words =
            "error=%3Cscript%3Ealert(1)%3C%2Fscript%3E&error_description=Your%20Account%20Is%20Locked";
        let unasked = bridge.url(&format!("/oidc/cis2/callback?{words}"));
        let page = visitor.open(unasked.as_str()).await;
        assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;
        let asked = format!(
            "{}?{words}&state={}&iss={}",
            bridge.url("/oidc/cis2/callback"),
            value(&answer, "state"),
            value(&answer, "iss")
        );
        let page = visitor.open(&asked).await;
        assert_kept_out(&mut visitor, &page, (403, "Care Identity did not log you in")).await;
        assert_logged_once(&log, &page, "an unknown error");
        assert!(!page.says("script>") && !page.says("Locked"), "{}", page.body);
        assert!(log.lines_with("Locked").is_empty() && log.lines_with("alert").is_empty());
    });
}

#[tokio::test]
async fn oi_01_only_the_answer_of_the_code_flow_by_get_is_read() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    for implicit in ["id_token", "access_token", "response"] {
        let page = visitor.open(&with(&answer, implicit, Some("eyJ"))).await;
        assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;
    }
    let page = visitor.ask(Method::POST, answer.as_str(), &[]).await;
    assert_eq!(page.status, 405);
    let page = visitor.open(&with(&answer, "code", None)).await;
    assert_kept_out(&mut visitor, &page, NOT_BELIEVED).await;
    visitor.open(answer.as_str()).await;
    assert!(
        visitor.is_signed_in().await,
        "nothing of this used its question up"
    );
}

#[tokio::test]
async fn a_bookmark_of_the_callback_leads_to_the_start_and_an_unknown_one_nowhere() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let page = visitor.open("/oidc/cis2/callback").await;
    assert_eq!((page.status, page.url.path()), (200, "/"));
    for address in [
        "/oidc/none/callback?code=a",
        "/oidc/nhsmail-entra/callback?code=a",
    ] {
        assert_eq!(visitor.open(address).await.status, 404, "{address}");
    }
}

#[tokio::test]
async fn oi_02_two_tabs_may_sign_in_at_once_and_the_last_one_counts() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let one = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    let two = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    visitor.open(two.as_str()).await;
    let mut before = visitor.clone();
    visitor.open(one.as_str()).await;
    assert!(visitor.is_signed_in().await);
    assert_ne!(visitor.ticket(), before.ticket());
    assert!(!before.is_signed_in().await, "one browser, one session");
}

#[tokio::test]
async fn oi_01_a_code_of_somebody_else_is_of_no_use_in_ones_own_answer() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let (mut victim, mut thief) = (bridge.visitor(), bridge.visitor());
    let stolen = answer_on_its_way(&bridge, &mut victim, CIS2).await;
    let own = answer_on_its_way(&bridge, &mut thief, CIS2).await;
    let page = thief
        .open(&with(&own, "code", Some(&value(&stolen, "code"))))
        .await;
    assert_kept_out(&mut thief, &page, USED).await;
    let asked = asked_at(&bridge, Endpoint::Token);
    let reasons: Vec<_> = asked.iter().map(|asked| asked.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("code_verifier does not fit the challenge")]);
}

#[test]
fn oi_02_where_a_provider_knows_no_pkce_the_nonce_keeps_a_stolen_code_out() {
    logged(async |log| {
        let bridge = bridge_where(|cis2| cis2.oidc.pkce = Pkce::Off).await;
        let (mut victim, mut thief) = (bridge.visitor(), bridge.visitor());
        let stolen = answer_on_its_way(&bridge, &mut victim, CIS2).await;
        let own = answer_on_its_way(&bridge, &mut thief, CIS2).await;
        let page = thief
            .open(&with(&own, "code", Some(&value(&stolen, "code"))))
            .await;
        assert_kept_out(&mut thief, &page, NOT_BELIEVED).await;
        assert_logged_once(&log, &page, "rule=\"id-token-nonce\"");
        signs_in(&bridge, &mut thief, ZOE).await;
    });
}

#[tokio::test]
async fn oi_02_no_state_nonce_or_challenge_is_sent_twice_and_none_can_be_guessed() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    for _ in 0..5 {
        answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    }
    let asked = asked_at(&bridge, Endpoint::Authorize);
    for name in ["state", "nonce", "code_challenge"] {
        let mut sent: Vec<_> = asked.iter().filter_map(|asked| asked.parameter(name)).collect();
        sent.sort_unstable();
        sent.dedup();
        assert_eq!(sent.len(), 5, "{name}");
        // 43 characters of base64url and 64 of hex are 256 bits.
        assert!(sent.iter().all(|value| value.len() >= 43), "{name}: {sent:?}");
    }
    let flows = asked.iter().map(|asked| {
        ["response_type", "code_challenge_method", "redirect_uri"].map(|name| asked.parameter(name))
    });
    let callback = bridge.url("/oidc/cis2/callback");
    for flow in flows {
        assert_eq!(flow, [Some("code"), Some("S256"), Some(callback.as_str())]);
    }
}

#[tokio::test]
async fn an_answer_for_a_connection_that_was_switched_off_meanwhile_signs_nobody_in() {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = bridge.visitor();
    let answer = answer_on_its_way(&bridge, &mut visitor, CIS2).await;
    bridge.reload(|config| cis2_of(config).oidc.enabled = false).await;
    let page = visitor.open(answer.as_str()).await;
    assert_kept_out(&mut visitor, &page, (403, "You cannot log in this way")).await;
}
