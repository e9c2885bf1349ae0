//! Frames on the last page, for applications that end their session in the browser.

use nhsmail_bridge::config::Config;

use super::scene::{WARD, WARD_LABEL, bridge_with, signs_out, uses};
use crate::openid_provider::scene::ROTA;
use crate::support::{ENTRA, Page, TestBridge, Visitor};

async fn bridge() -> TestBridge {
    bridge_with([None, None], |config: &mut Config| {
        let origin = config.web.return_to[0].clone();
        for client_id in [ROTA, WARD] {
            let application = config.applications.get_mut(client_id).expect("it is registered");
            application.frontchannel_logout_uri = Some(origin.at(&format!("/{client_id}-out?a=1")));
        }
    })
    .await
}

fn frames(page: &Page) -> Vec<String> {
    let frames = page.body.split("<iframe ").skip(1);
    frames
        .map(|frame| {
            let (_, after) = frame.split_once("src=\"").expect("an address");
            let (address, _) = after.split_once('"').expect("its end");
            html_escape::decode_html_entities(address).into_owned()
        })
        .collect()
}

async fn signed_in(bridge: &TestBridge) -> Visitor {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    visitor
}

#[tokio::test]
async fn ap_09_the_last_page_holds_a_frame_for_each_application_that_took_part() {
    let bridge = bridge().await;
    let mut amara = signed_in(&bridge).await;
    let holds = uses(&bridge, &mut amara, WARD).await;
    let page = signs_out(&mut amara).await;
    assert!(!amara.is_signed_in().await, "before any frame is loaded");
    let [frame] = &frames(&page)[..] else {
        panic!("one frame: {}", page.body);
    };
    let out = bridge.application_url("/ward-out?a=1");
    let iss: String = url::form_urlencoded::byte_serialize(bridge.origin().as_str().as_bytes()).collect();
    let sid = holds.claims["sid"].as_str().expect("a name");
    assert_eq!(*frame, format!("{out}&iss={iss}&sid={sid}"));
    assert!(page.says(WARD_LABEL));
    let policy = page.header("content-security-policy");
    let origin = bridge.application_url("").origin().ascii_serialization();
    assert!(policy.ends_with(&format!("; frame-src {origin}")), "{policy}");
    assert!(page.body.contains("sandbox=\"allow-scripts allow-same-origin\""));
}

#[tokio::test]
async fn ap_09_whoever_was_sent_by_an_application_goes_back_to_it_once_the_others_had_their_frame() {
    let bridge = bridge().await;
    let mut amara = signed_in(&bridge).await;
    let holds = uses(&bridge, &mut amara, ROTA).await;
    uses(&bridge, &mut amara, WARD).await;
    let goodbye = bridge.application_url("/goodbye");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("id_token_hint", &holds.id_token)
        .append_pair("post_logout_redirect_uri", goodbye.as_str())
        .append_pair("state", "s")
        .finish();
    let page = amara.open(&format!("/oauth2/logout?{query}")).await;
    let frames = frames(&page);
    assert!(
        frames.len() == 1 && frames[0].contains("/ward-out?"),
        "{frames:?}"
    );
    let on = amara.open(page.link("Continue").as_str()).await;
    assert_eq!(on.url.as_str(), format!("{goodbye}?state=s"));
    assert!(
        page.body.contains("<script nonce=\""),
        "and by itself where scripts run"
    );
}

#[tokio::test]
async fn ap_09_the_last_page_is_for_the_browser_that_left_and_for_ten_minutes() {
    let bridge = bridge().await;
    let mut amara = signed_in(&bridge).await;
    let holds = uses(&bridge, &mut amara, WARD).await;
    let page = signs_out(&mut amara).await;
    let again = amara.open(page.url.as_str()).await;
    assert_eq!(
        frames(&again),
        frames(&page),
        "a reload ends the frames' sessions once more"
    );
    let sid = holds.claims["sid"].as_str().expect("a name");
    for made_up in ["", "x", sid] {
        let nothing = amara.open(&format!("/signed-out?end={made_up}")).await;
        assert!(
            frames(&nothing).is_empty() && !nothing.says(WARD_LABEL),
            "{made_up}"
        );
    }
    bridge.clock.advance(time::Duration::minutes(10));
    let late = amara.open(page.url.as_str()).await;
    assert_eq!((late.status, frames(&late).len()), (200, 0));
}
