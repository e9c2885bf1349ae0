//! `/oauth2/logout`: an application asks us to log somebody out.

use axum::http::Method;
use url::form_urlencoded::Serializer;

use super::scene::{Ear, Holds, WARD, bridge_with, register, uses};
use crate::openid_provider::scene::{ROTA, ROTA_LABEL};
use crate::support::{CIS2, ENTRA, Form, Page, TestBridge, Visitor};

const STATE: &str = "a b&c=d#e";

async fn bridge() -> TestBridge {
    bridge_with([None, None], |_config| {}).await
}

async fn signed_in(bridge: &TestBridge) -> (Visitor, Holds) {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let holds = uses(bridge, &mut visitor, ROTA).await;
    (visitor, holds)
}

fn wish(fields: &[(&str, &str)]) -> String {
    let query = Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("/oauth2/logout?{query}")
}

fn assert_said_goodbye(bridge: &TestBridge, page: &Page) {
    let goodbye = bridge.application_url("/goodbye");
    assert_eq!(page.url.path(), "/goodbye", "{}", page.body);
    assert_eq!(page.url.authority(), goodbye.authority());
    let state: Vec<_> = page.url.query_pairs().into_owned().collect();
    assert_eq!(state, [("state".to_owned(), STATE.to_owned())]);
}

#[tokio::test]
async fn oi_15_an_application_that_shows_its_id_token_logs_somebody_out_at_once_and_gets_its_state_back() {
    let bridge = bridge().await;
    let goodbye = bridge.application_url("/goodbye");
    let (mut amara, holds) = signed_in(&bridge).await;
    let fields = [
        ("id_token_hint", holds.id_token.as_str()),
        ("post_logout_redirect_uri", goodbye.as_str()),
        ("state", STATE),
        ("ui_locales", "cy en"),
        ("logout_hint", "x"),
    ];
    let page = amara.open(&wish(&fields)).await;
    assert_said_goodbye(&bridge, &page);
    assert!(!amara.is_signed_in().await && amara.ticket().is_none());

    let again = amara.open(&wish(&fields)).await;
    assert_said_goodbye(&bridge, &again);
}

#[tokio::test]
async fn oi_15_without_an_id_token_of_this_session_the_person_is_asked() {
    let bridge = bridge().await;
    let goodbye = bridge.application_url("/goodbye");
    let (mut amara, _) = signed_in(&bridge).await;
    let (_, of_another_browser) = signed_in(&bridge).await;
    let forged = format!("{}x", of_another_browser.id_token);
    for hint in [
        "",
        "x",
        &forged,
        &of_another_browser.id_token,
        &of_another_browser.access_token,
    ] {
        let fields = [
            ("id_token_hint", hint),
            ("client_id", ROTA),
            ("post_logout_redirect_uri", goodbye.as_str()),
            ("state", STATE),
        ];
        let question = amara.open(&wish(&fields)).await;
        assert_eq!(question.heading(), "Do you want to log out?", "{hint}");
        assert!(question.says(ROTA_LABEL) && amara.is_signed_in().await);

        let form = question.form("Log out");
        let forged = form.clone().with("csrf_token", "0");
        amara.submit(&question, &forged).await;
        assert!(
            amara.is_signed_in().await,
            "a form without our token ends nothing"
        );
    }
    let fields = [
        ("client_id", ROTA),
        ("post_logout_redirect_uri", goodbye.as_str()),
        ("state", STATE),
    ];
    let question = amara.open(&wish(&fields)).await;
    let page = amara.press(&question, "Log out").await;
    assert_said_goodbye(&bridge, &page);
    assert!(!amara.is_signed_in().await);
}

#[tokio::test]
async fn oi_15_nobody_is_sent_to_an_address_that_is_not_registered_octet_for_octet() {
    let bridge = bridge().await;
    let at = |path: &str| bridge.application_url(path).to_string();
    let (mut amara, holds) = signed_in(&bridge).await;
    let signed_out = |page: &Page| page.url.path() == "/signed-out" || page.url.path() == "/oauth2/logout";
    let refused = [
        "https://evil.example.test/".to_owned(),
        at("/goodbye/"),
        at("/goodbye?x=1"),
        at("/goodbye#x"),
        at("/bye"),
        at("/goodbye").to_uppercase(),
        format!("{}x/../goodbye", at("/")),
        at("/goodbye").replace("http://", "http://me@"),
        at("/goodbye").replace("http://", "//"),
        "/goodbye".to_owned(),
        String::new(),
    ];
    for address in &refused {
        let fields = [
            ("client_id", ROTA),
            ("post_logout_redirect_uri", address),
            ("state", STATE),
        ];
        let question = amara.open(&wish(&fields)).await;
        let page = amara.press(&question, "Log out").await;
        assert!(signed_out(&page), "{address}: {}", page.url);
        assert!(!amara.is_signed_in().await, "logged out all the same");
        assert!(signed_out(&amara.open(&wish(&fields)).await), "{address}");
        amara.sign_in(ENTRA, "amara-example").await;
    }
    let good = at("/goodbye");
    for fields in [
        vec![("post_logout_redirect_uri", good.as_str())],
        vec![("client_id", "nobody"), ("post_logout_redirect_uri", &good)],
        vec![
            ("client_id", WARD),
            ("id_token_hint", &holds.id_token),
            ("post_logout_redirect_uri", &good),
        ],
        vec![
            ("client_id", ROTA),
            ("post_logout_redirect_uri", &good),
            ("post_logout_redirect_uri", "https://evil.example.test/"),
        ],
    ] {
        let question = amara.open(&wish(&fields)).await;
        assert_eq!(question.heading(), "Do you want to log out?", "{fields:?}");
        assert!(signed_out(&amara.press(&question, "Log out").await), "{fields:?}");
        amara.sign_in(ENTRA, "amara-example").await;
    }
}

#[tokio::test]
async fn oi_15_an_address_keeps_the_query_that_was_registered() {
    let bridge = bridge().await;
    let (mut amara, holds) = signed_in(&bridge).await;
    let bye = bridge.application_url("/bye?from=rota");
    let fields = [
        ("id_token_hint", holds.id_token.as_str()),
        ("post_logout_redirect_uri", bye.as_str()),
        ("state", STATE),
    ];
    let page = amara.open(&wish(&fields)).await;
    assert_eq!(page.url.query(), Some("from=rota&state=a+b%26c%3Dd%23e"));
}

#[tokio::test]
async fn oi_15_a_form_of_the_application_does_the_same_though_it_brings_no_cookie() {
    let bridge = bridge().await;
    let goodbye = bridge.application_url("/goodbye");
    let (mut amara, holds) = signed_in(&bridge).await;
    let at_the_application = amara.open(bridge.application_url("/").as_str()).await;
    let form = Form {
        action: bridge.url("/oauth2/logout"),
        fields: Vec::new(),
    };
    let form = form
        .with("post_logout_redirect_uri", goodbye.as_str())
        .with("state", STATE);
    let asked = amara
        .submit(&at_the_application, &form.clone().with("client_id", ROTA))
        .await;
    assert_eq!(asked.heading(), "Do you want to log out?");
    let page = amara
        .submit(&at_the_application, &form.with("id_token_hint", &holds.id_token))
        .await;
    assert_said_goodbye(&bridge, &page);
    assert!(!amara.is_signed_in().await);
}

#[tokio::test]
async fn oi_15_the_upstream_and_the_other_applications_are_told_before_the_browser_comes_back() {
    let mut ward = Ear::answering(&[]).await;
    let address = ward.address.clone();
    let mut bridge = TestBridge::with_cis2(|config| register(config, [None, Some(&address)])).await;
    let back = bridge.url("/signed-out").to_string();
    bridge
        .reload(|config| {
            let cis2 = config.oidc.get_mut(CIS2).expect("a door");
            cis2.oidc.sign_out_upstream = true;
            cis2.oidc.post_logout_redirect_uri = Some(back);
        })
        .await;
    let mut zoe = bridge.visitor();
    zoe.sign_in_at_cis2(CIS2, "security-key", "zoe-umlaut").await;
    let holds = uses(&bridge, &mut zoe, ROTA).await;
    uses(&bridge, &mut zoe, WARD).await;
    let goodbye = bridge.application_url("/goodbye");
    let fields = [
        ("id_token_hint", holds.id_token.as_str()),
        ("post_logout_redirect_uri", goodbye.as_str()),
        ("state", STATE),
    ];
    let page = zoe.open(&wish(&fields)).await;
    assert_said_goodbye(&bridge, &page);
    assert_eq!(ward.hears().await["sid"], holds.claims["sid"]);
    assert_eq!(bridge.cis2().sessions().len(), 0, "CIS2 ended its session");
}

#[tokio::test]
async fn oi_15_discovery_says_where_and_how_logouts_are_told() {
    let bridge = bridge().await;
    let document = bridge
        .visitor()
        .ask(Method::GET, "/.well-known/openid-configuration", &[])
        .await
        .json();
    assert_eq!(
        document["end_session_endpoint"],
        bridge.url("/oauth2/logout").as_str()
    );
    for told in [
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
    ] {
        assert_eq!(document[told], true, "{told}");
    }
}
