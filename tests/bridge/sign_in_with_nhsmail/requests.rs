//! How people leave: the request, and the address to which answers come.

use axum::http::Method;
use nhsmail_bridge::fakes::mischief::Mischief;
use nhsmail_bridge::fakes::saml_idp::RequestSignature;

use crate::support::{ADFS, ENTRA, TestBridge};

#[tokio::test]
async fn sp_01_opening_the_acs_address_by_itself_is_explained() {
    let bridge = TestBridge::start().await;
    let page = bridge.visitor().open(&format!("/saml/{ENTRA}/acs")).await;
    assert_eq!(page.status, 405);
    assert_eq!(page.heading(), "This page cannot be opened by itself");
    assert_eq!(page.header("allow"), "POST");
}

#[tokio::test]
async fn sp_01_a_door_that_does_not_exist_has_no_address() {
    let bridge = TestBridge::start().await;
    for path in [
        "/saml/elsewhere/metadata",
        "/sign-in?door=elsewhere",
        "/saml/%FF/metadata",
    ] {
        assert_eq!(bridge.visitor().open(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn sp_02_the_browser_leaves_by_redirect_with_the_exact_address_of_the_acs() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let leaving = visitor
        .ask(Method::GET, &format!("/sign-in?door={ADFS}"), &[])
        .await;
    assert_eq!(leaving.status, 303);
    assert!(leaving.header("location").contains("SAMLRequest="));
    visitor.open(leaving.header("location")).await;

    let received = bridge.fake.received();
    let question = received.first().expect("a question");
    let acs = format!("{}/saml/{ADFS}/acs", bridge.origin());
    assert_eq!(question.acs_url.as_deref(), Some(acs.as_str()));
    assert_eq!(
        question.issuer,
        format!("{}/saml/{ADFS}/metadata", bridge.origin())
    );
    assert_eq!(question.signature, RequestSignature::Unsigned);
}

#[tokio::test]
async fn sp_02_no_page_on_the_way_may_stand_in_a_frame() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    let question = visitor.leave(ENTRA).await;
    let answer = visitor.pick(&question, "amara-example").await;
    let again = visitor.submit(&answer, &answer.form("Continue")).await;
    let home = visitor.press(&again, "Continue").await;
    for page in [&again, &home] {
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert!(
            page.header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
    }
}

#[tokio::test]
async fn sp_05_no_context_is_demanded_unless_it_is_set_and_a_mismatch_is_explained() {
    const MFA: &str = "http://schemas.microsoft.com/claims/multipleauthn";
    let bridge = TestBridge::configured(|config| {
        let adfs = &mut config.saml.get_mut(ADFS).expect("a door").saml;
        adfs.requested_authn_context = vec![MFA.to_owned()];
    })
    .await;
    for door in [ENTRA, ADFS] {
        bridge.visitor().leave(door).await;
    }
    let received = bridge.fake.received();
    let demanded: Vec<_> = received
        .iter()
        .map(|it| it.requested_authn_context.clone())
        .collect();
    assert_eq!(demanded, [vec![], vec![MFA.to_owned()]]);

    bridge.fake.next_answer(Mischief::ErrorStatus);
    let page = bridge.visitor().sign_in(ENTRA, "amara-example").await;
    assert!(
        page.says("NoAuthnContext") && page.says("AADSTS75011"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn sp_06_force_authn_is_asked_where_it_is_set_and_a_fresh_proof_signs_in() {
    let bridge = TestBridge::configured(|config| {
        config.saml.get_mut(ENTRA).expect("a door").saml.force_authn = true;
    })
    .await;
    let page = bridge.visitor().sign_in(ENTRA, "amara-example").await;
    assert!(page.says("Amara Example"), "{}", page.body);
    bridge.visitor().leave(ADFS).await;
    let received = bridge.fake.received();
    let forced: Vec<_> = received.iter().map(|question| question.force_authn).collect();
    assert_eq!(forced, [true, false]);
}

#[tokio::test]
async fn sp_29_with_one_door_open_nobody_has_to_choose() {
    let bridge = TestBridge::configured(|config| {
        config.saml.remove(ADFS);
    })
    .await;
    let page = bridge.visitor().open("/sign-in").await;
    assert_eq!(page.heading(), "Who signs in?");
}

#[tokio::test]
async fn ap_15_one_browser_may_begin_thirty_sign_ins_a_minute_and_another_is_not_kept_waiting() {
    let bridge = TestBridge::start().await;
    let mut hasty = bridge.visitor();
    let leave = format!("/sign-in?door={ENTRA}");
    for _ in 0..30 {
        assert_eq!(hasty.ask(Method::GET, &leave, &[]).await.status, 303);
    }
    let refused = hasty.ask(Method::GET, &leave, &[]).await;
    assert_eq!(refused.status, 429);
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(bridge.visitor().ask(Method::GET, &leave, &[]).await.status, 303);
    bridge.clock.advance(time::Duration::MINUTE);
    assert_eq!(hasty.ask(Method::GET, &leave, &[]).await.status, 303);
}
