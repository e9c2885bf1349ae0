//! Logging out here, and what the identity provider is told.

use nhsmail_bridge::fakes::saml_idp::{Manner, NameIds, Personality, RequestSignature};
use time::Duration;

use super::{DOORS, heard, log_out, sign_at_both_doors, signed_in, signing_bridge, the_request};
use crate::support::{ADFS, ENTRA, TestBridge, request_signing_by_curve};

#[tokio::test]
async fn lo_01_the_identity_provider_is_told_by_redirect_in_signed_words_who_and_which_session() {
    let bridge = signing_bridge().await;
    for (door, personality) in DOORS {
        let mut amara = signed_in(&bridge, door, "amara-example").await;
        let page = log_out(&mut amara, None).await;
        assert_eq!(
            (page.status, page.url.path()),
            (200, "/signed-out"),
            "{}",
            page.body
        );
        assert!(!amara.is_signed_in().await);
        assert_eq!(bridge.fake.signed_in(personality), 0, "{door}");
    }
    let requests = heard(&bridge, "LogoutRequest");
    let saved = bridge.fake.saved();
    for ((request, (door, personality)), answer) in requests.iter().zip(DOORS).zip(&saved) {
        let assertion = openssl::base64::decode_block(&answer.message).expect("base64");
        let assertion = String::from_utf8(assertion).expect("the answer");
        assert_eq!(request.signature, RequestSignature::Verified);
        assert_eq!(
            request.issuer,
            format!("{}/saml/{door}/metadata", bridge.origin())
        );
        assert_eq!(
            request.destination.as_deref(),
            Some(bridge.fake.url(personality).as_str())
        );
        let name = request.name_id.as_ref().expect("a name");
        let format = name.format.as_deref().expect("a format");
        let as_received = format!("<NameID Format=\"{format}\">{}</NameID>", name.value);
        assert!(assertion.contains(&as_received), "{as_received}");
        assert_eq!((&name.name_qualifier, &name.sp_name_qualifier), (&None, &None));
        let [index] = request.session_indexes.as_slice() else {
            unreachable!("{:?}", request.session_indexes);
        };
        assert!(
            assertion.contains(&format!("SessionIndex=\"{index}\"")),
            "{index}"
        );
        assert!(request.id.starts_with('_') && request.xml.contains("NotOnOrAfter=\""));
        assert_eq!(request.relay_state.as_deref().map(str::len), Some(64));
    }
    assert_ne!(requests[0].id, requests[1].id);
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn lo_01_names_with_qualifiers_are_sent_back_octet_for_octet() {
    let bridge = signing_bridge().await;
    let mut guest = signed_in(&bridge, ENTRA, "vic-visitor").await;
    log_out(&mut guest, None).await;
    let request = the_request(&bridge);
    assert_eq!(
        request.name_id.expect("a name").value,
        "vic.visitor_example.test#EXT#@fakenhs.onmicrosoft.invalid"
    );
}

#[tokio::test]
async fn lo_01_a_key_on_a_curve_signs_too() {
    let key = request_signing_by_curve();
    let bridge = TestBridge::configured(|config| {
        config.saml.get_mut(ADFS).expect("a door").saml.request_signing = Some(key);
    })
    .await;
    let mut amara = signed_in(&bridge, ADFS, "amara-example").await;
    let page = log_out(&mut amara, None).await;
    assert_eq!(page.url.path(), "/signed-out", "{}", page.body);
    assert_eq!(the_request(&bridge).signature, RequestSignature::Verified);
    assert_eq!(bridge.fake.signed_in(Personality::Adfs), 0);
}

#[tokio::test]
async fn lo_01_without_a_key_of_ours_entra_is_told_unsigned_and_adfs_nothing() {
    let bridge = TestBridge::start().await;
    for (door, _) in DOORS {
        let mut amara = signed_in(&bridge, door, "amara-example").await;
        let page = log_out(&mut amara, None).await;
        assert_eq!(page.url.path(), "/signed-out");
    }
    let request = the_request(&bridge);
    assert_eq!(request.personality, Personality::Entra);
    assert_eq!(request.signature, RequestSignature::Unsigned);
    assert_eq!(bridge.fake.signed_in(Personality::Entra), 0);
    assert_eq!(bridge.fake.signed_in(Personality::Adfs), 1);
}

#[tokio::test]
async fn lo_01_who_was_not_named_cannot_be_named_and_is_logged_out_here() {
    let bridge = signing_bridge().await;
    let nameless = Manner {
        name_ids: NameIds::Never,
        ..Manner::default()
    };
    bridge.fake.set_manner(Personality::Adfs, nameless);
    let mut nia = signed_in(&bridge, ADFS, "nia-nameless").await;
    let page = log_out(&mut nia, None).await;
    assert_eq!(page.url.path(), "/signed-out");
    assert!(!nia.is_signed_in().await && bridge.fake.logouts().is_empty());
}

#[tokio::test]
async fn lo_02_the_session_here_is_over_before_the_browser_leaves() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ENTRA, "amara-example").await;
    let mut same = amara.clone();
    let question = amara.open("/sign-out").await;
    let leaving = amara
        .submit_without_following(&question, &question.form("Log out"))
        .await;
    assert_eq!(leaving.status, 303);
    let there = bridge.fake.url(Personality::Entra);
    assert!(
        leaving
            .header("location")
            .starts_with(&format!("{there}?SAMLRequest="))
    );
    assert!(!same.is_signed_in().await && !amara.is_signed_in().await);
    assert!(bridge.fake.logouts().is_empty(), "nobody was told yet");
}

#[tokio::test]
async fn lo_02_an_idle_time_out_ends_the_session_here_and_tells_nobody() {
    let bridge = signing_bridge().await;
    let mut amara = signed_in(&bridge, ENTRA, "amara-example").await;
    let question = amara.open("/sign-out").await;
    bridge.clock.advance(Duration::minutes(15));
    assert!(!amara.is_signed_in().await);
    let page = amara.press(&question, "Log out").await;
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"));
    assert!(bridge.fake.logouts().is_empty());
    assert_eq!(bridge.fake.signed_in(Personality::Entra), 1);
}

#[tokio::test]
async fn lo_01_the_page_that_asks_lets_its_form_lead_to_the_identity_provider_only_where_it_does() {
    let mut bridge = TestBridge::configured(sign_at_both_doors).await;
    for on in [true, false] {
        bridge
            .reload(|config| {
                config.saml.get_mut(ENTRA).expect("a door").saml.single_logout = Some(on);
            })
            .await;
        let mut amara = signed_in(&bridge, ENTRA, "amara-example").await;
        let question = amara.open("/sign-out").await;
        let there = url::Url::parse(&bridge.fake.page()).expect("an address").origin();
        let policy = question.header("content-security-policy");
        assert_eq!(policy.contains(&there.ascii_serialization()), on, "{policy}");
    }
}
