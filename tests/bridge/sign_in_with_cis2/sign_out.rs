//! Leaving: here alone, or at CIS2 as well.

use nhsmail_bridge::fakes::cis2::{Endpoint, Received};

use super::{ZOE, bridge_where, cis2_of, signs_in};
use crate::support::{CIS2, Page, TestBridge, Visitor};

async fn leave(visitor: &mut Visitor, return_to: Option<&str>) -> Page {
    let address = match return_to {
        Some(place) => format!("/sign-out?return_to={place}"),
        None => "/sign-out".to_owned(),
    };
    let question = visitor.open(&address).await;
    visitor.press(&question, "Log out").await
}

/// A bridge that ends the session of CIS2 too.
async fn bridge_that_tells_cis2() -> TestBridge {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    let back = bridge.url("/signed-out").to_string();
    bridge
        .reload(|config| {
            let cis2 = cis2_of(config);
            cis2.oidc.sign_out_upstream = true;
            cis2.oidc.post_logout_redirect_uri = Some(back);
        })
        .await;
    bridge
}

fn ends_heard(bridge: &TestBridge) -> Vec<Received> {
    let all = bridge.cis2().received().into_iter();
    all.filter(|asked| asked.endpoint == Endpoint::EndSession)
        .collect()
}

#[tokio::test]
async fn oi_15_signing_out_ends_only_our_own_session_unless_it_is_set() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    let page = leave(&mut zoe, None).await;
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"));
    assert!(!zoe.is_signed_in().await && ends_heard(&bridge).is_empty());
    assert_eq!(bridge.cis2().sessions().len(), 1, "CIS2 knows her still");
}

#[tokio::test]
async fn oi_15_where_it_is_set_cis2_ends_its_session_and_sends_the_browser_back() {
    let bridge = bridge_that_tells_cis2().await;
    let (mut zoe, mut other) = (bridge.visitor(), bridge.visitor());
    signs_in(&bridge, &mut zoe, ZOE).await;
    signs_in(&bridge, &mut other, "ray-registration").await;
    let place = bridge.application_url("/rota");
    let page = leave(&mut zoe, Some(place.as_str())).await;
    assert_eq!((page.status, &page.url), (200, &place), "{}", page.body);
    assert!(!zoe.is_signed_in().await && other.is_signed_in().await);
    assert_eq!(bridge.cis2().sessions().len(), 1, "hers is over at CIS2");

    let heard = ends_heard(&bridge);
    let [heard] = heard.as_slice() else {
        unreachable!("{heard:?}");
    };
    assert_eq!(heard.reason, None);
    let back = bridge.url("/signed-out");
    assert_eq!(heard.parameter("post_logout_redirect_uri"), Some(back.as_str()));
    assert!(heard.parameter("id_token_hint").is_some());
    assert!(heard.parameter("state").is_some_and(|state| state.len() >= 43));
    let told = bridge.cis2().logouts();
    assert_eq!(
        told.iter().map(|told| told.status).collect::<Vec<_>>(),
        [Some(200)]
    );
}

#[tokio::test]
async fn oi_15_the_way_back_is_good_once_and_leads_nowhere_else() {
    let bridge = bridge_that_tells_cis2().await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    let place = bridge.application_url("/rota");
    let page = leave(&mut zoe, Some(place.as_str())).await;
    let is_back = |url: &&url::Url| url.path() == "/signed-out";
    let back = page
        .sent_to
        .iter()
        .find(is_back)
        .expect("our own address")
        .clone();
    for again in [back.as_str(), "/signed-out?state=abc", "/signed-out?state="] {
        let page = bridge.visitor().open(again).await;
        assert_eq!((page.status, page.url.path()), (200, "/signed-out"), "{again}");
    }
}

#[tokio::test]
async fn oi_15_a_place_that_is_not_listed_is_none_at_either_end() {
    let bridge = bridge_that_tells_cis2().await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    let page = leave(&mut zoe, Some("https://evil.example.test/")).await;
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"));
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_15_while_cis2_is_away_one_is_signed_out_here_all_the_same() {
    let mut bridge = bridge_that_tells_cis2().await;
    let mut zoe = bridge.visitor();
    signs_in(&bridge, &mut zoe, ZOE).await;
    bridge.lose_cis2_and_forget().await;
    let page = leave(&mut zoe, None).await;
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"));
    assert!(!zoe.is_signed_in().await);
}

#[tokio::test]
async fn oi_15_the_page_that_asks_lets_its_form_lead_to_cis2_only_where_it_does() {
    let telling = bridge_that_tells_cis2().await;
    let silent = bridge_where(|_cis2| {}).await;
    for (bridge, leads_there) in [(&telling, true), (&silent, false)] {
        let mut zoe = bridge.visitor();
        signs_in(bridge, &mut zoe, ZOE).await;
        let question = zoe.open("/sign-out").await;
        let origin = format!("http://{}", bridge.cis2().address());
        let policy = question.header("content-security-policy");
        assert_eq!(policy.contains(&origin), leads_there, "{CIS2}: {policy}");
    }
}
