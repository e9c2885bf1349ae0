//! Somebody is signed in, and not as the application needs: the upstream is asked for more, once.

use nhsmail_bridge::downstream::application::settings::Settings;
use nhsmail_bridge::fakes::cis2::{Authenticator, NextAnswer};
use nhsmail_bridge::identity::settings::roles::Picker;
use nhsmail_bridge::upstream::verified::Door;
use time::Duration;

use super::scene::{
    ROTA_LABEL, answered, asked, asked_of_cis2, authorize, bridge_with_rota, bridge_with_rota_and_cis2,
    sign_in_at_cis2, sign_in_at_nhsmail, with_rota,
};
use crate::support::log::logged;
use crate::support::{CIS2, ENTRA, Page, TestBridge, Visitor};

/// Back to the application, which is told why.
async fn told(bridge: &TestBridge, visitor: &mut Visitor, page: &Page) -> String {
    let back = page.link(&format!("Go back to {ROTA_LABEL}"));
    let page = visitor.open(back.as_str()).await;
    answered(bridge, &page).error().to_owned()
}

/// A nurse who came in at level 2.
async fn at_level_2(bridge: &TestBridge) -> Visitor {
    let mut visitor = bridge.visitor();
    bridge.cis2().script(NextAnswer {
        authenticator: Some(Authenticator::MicrosoftAuthenticator),
        ..NextAnswer::about("zoe-umlaut")
    });
    visitor.leave(CIS2).await;
    assert!(visitor.is_signed_in().await);
    visitor
}

#[tokio::test]
async fn o28_level_3_is_asked_of_cis2_and_whoever_reaches_it_comes_in() {
    for by_acr in [true, false] {
        let bridge = bridge_with_rota_and_cis2(|rota| {
            rota.requires.minimum_aal = (!by_acr).then_some(3);
        })
        .await;
        let mut visitor = at_level_2(&bridge).await;
        let level = if by_acr { "urn:nhs:aal:3" } else { "" };
        let request = asked(&bridge).with("acr_values", level);
        let methods = authorize(&mut visitor, &request).await;
        assert!(methods.says("Select your login method"), "{}", methods.body);
        assert_eq!(asked_of_cis2(&bridge, "acr_values"), "AAL3_ANY");
        let page = sign_in_at_cis2(&mut visitor, &methods, "security-key", "zoe-umlaut").await;
        assert!(!answered(&bridge, &page).code().is_empty());
    }
}

#[test]
fn o28_whoever_comes_back_below_the_level_is_told_and_not_asked_again() {
    logged(async |log| {
        let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.minimum_aal = Some(3)).await;
        let mut visitor = at_level_2(&bridge).await;
        bridge.cis2().script(NextAnswer {
            authenticator: Some(Authenticator::MicrosoftAuthenticator),
            ..NextAnswer::about("zoe-umlaut")
        });
        let page = authorize(&mut visitor, &asked(&bridge)).await;
        let heading = format!("You need a more secure login for {ROTA_LABEL}");
        assert_eq!((page.status, page.heading()), (403, heading));
        assert!(page.says("Security key") && page.says("registration authority"));
        let lines = log.lines_with(&page.reference());
        assert!(lines.len() == 1 && lines[0].contains("assurance"), "{lines:#?}");
        assert_eq!(
            told(&bridge, &mut visitor, &page).await,
            "unmet_authentication_requirements"
        );
        let again = visitor.open(page.link("Log in again").as_str()).await;
        assert!(again.says("Select your login method"), "{}", again.body);
        let page = sign_in_at_cis2(&mut visitor, &again, "security-key", "zoe-umlaut").await;
        assert!(!answered(&bridge, &page).code().is_empty());
    });
}

#[tokio::test]
async fn a_mailbox_is_offered_the_door_that_has_a_level() {
    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.minimum_aal = Some(2)).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(
        page.heading(),
        format!("You need a more secure login for {ROTA_LABEL}")
    );
    assert!(!page.says("Log in with NHSmail"));
    let methods = visitor
        .open(page.link("Log in with my Care Identity").as_str())
        .await;
    let page = sign_in_at_cis2(&mut visitor, &methods, "security-key", "zoe-umlaut").await;
    assert!(!answered(&bridge, &page).code().is_empty());
}

#[tokio::test]
async fn whoever_came_through_the_wrong_door_is_offered_the_other_one() {
    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.doors = vec![Door::Cis2]).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "amara-example").await;
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(
        page.heading(),
        format!("You need another account for {ROTA_LABEL}")
    );
    assert!(page.says("You are logged in with NHSmail"));
    assert!(visitor.is_signed_in().await, "nothing has happened yet");
    assert_eq!(told(&bridge, &mut visitor, &page).await, "access_denied");
    let methods = visitor
        .open(page.link("Log in with my Care Identity").as_str())
        .await;
    let page = sign_in_at_cis2(&mut visitor, &methods, "security-key", "zoe-umlaut").await;
    assert!(!answered(&bridge, &page).code().is_empty());
}

#[tokio::test]
async fn another_role_is_asked_of_cis2_where_it_has_the_picker() {
    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.roles = vec!["R8015".to_owned()]).await;
    let mut visitor = bridge.visitor();
    let roles = visitor
        .sign_in_at_cis2(CIS2, "security-key", "priya-tester")
        .await;
    visitor.press(&roles, "555200000221").await;
    assert!(visitor.is_signed_in().await);
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert!(asked_of_cis2(&bridge, "scope").contains("changedrole"));
    let roles = sign_in_at_cis2(&mut visitor, &page, "security-key", "priya-tester").await;
    let page = visitor.press(&roles, "555200000221").await;
    assert_eq!(
        page.heading(),
        format!("Your role cannot use {ROTA_LABEL}"),
        "still the nurse"
    );
    assert!(page.says("Systems Support (R8015)") && page.says("Nurse Access Role"));
    assert_eq!(told(&bridge, &mut visitor, &page).await, "access_denied");
}

#[tokio::test]
async fn another_role_is_asked_on_our_page_where_we_have_the_picker() {
    let bridge = TestBridge::with_cis2(|config| {
        config.oidc.get_mut(CIS2).expect("a door").person.roles.picker = Picker::Ours;
        with_rota(config, |rota| rota.requires.roles = vec!["R8015".to_owned()]);
    })
    .await;
    let mut visitor = bridge.visitor();
    let roles = visitor
        .sign_in_at_cis2(CIS2, "security-key", "priya-tester")
        .await;
    choose(&mut visitor, &roles, "555200000221").await;
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(page.heading(), "Change your role", "{}", page.body);
    let kept = visitor.open(page.link("Keep your current role").as_str()).await;
    assert_eq!(kept.heading(), format!("Your role cannot use {ROTA_LABEL}"));
    let page = visitor.open(kept.link("Change role").as_str()).await;
    let page = choose(&mut visitor, &page, "555200000222").await;
    assert!(!answered(&bridge, &page).code().is_empty(), "the supporter");
}

async fn choose(visitor: &mut Visitor, page: &Page, role: &str) -> Page {
    let form = page.form("Continue").without("role").with("role", role);
    visitor.submit(page, &form).await
}

#[tokio::test]
async fn whoever_has_no_other_role_is_told_at_once() {
    let bridge = bridge_with_rota_and_cis2(|rota| rota.requires.roles = vec!["R0260".to_owned()]).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in_at_cis2(CIS2, "security-key", "zoe-umlaut").await;
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(page.heading(), format!("Your role cannot use {ROTA_LABEL}"));
    assert!(page.says("General Medical Practitioner (R0260)") && !page.says("Change role"));
}

#[tokio::test]
async fn an_organisation_that_is_not_admitted_is_named() {
    let bridge = bridge_with_rota(|rota| rota.requires.organisations = vec!["A9A5A".to_owned()]).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "nell-nomail").await;
    let page = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(
        page.heading(),
        format!("Your organisation cannot use {ROTA_LABEL}")
    );
    assert!(page.says("FAK02"));
    assert_eq!(told(&bridge, &mut visitor, &page).await, "access_denied");
}

#[tokio::test]
async fn an_old_login_is_made_anew_once() {
    let by_request: fn(&mut Settings) = |_rota| {};
    let by_application: fn(&mut Settings) = |rota| rota.requires.max_age_minutes = Some(30);
    for (change, max_age) in [(by_request, "1800"), (by_application, "")] {
        let bridge = bridge_with_rota(change).await;
        let mut visitor = bridge.visitor();
        let request = asked(&bridge).with("max_age", max_age);
        let chooser = authorize(&mut visitor, &request).await;
        let question = visitor.open(chooser.link("Log in with NHSmail").as_str()).await;
        assert!(!bridge.fake.received().last().expect("a question").force_authn);
        // Entra takes a login of this morning, which is too old for the application.
        let question = sign_in_at_nhsmail(&mut visitor, &question, "amara-example").await;
        assert_eq!(question.heading(), "Who signs in?", "{}", question.body);
        assert!(bridge.fake.received().last().expect("a question").force_authn);
        let page = sign_in_at_nhsmail(&mut visitor, &question, "amara-example").await;
        assert!(!answered(&bridge, &page).code().is_empty());
        bridge.clock.advance(Duration::minutes(10));
        let page = authorize(&mut visitor, &request).await;
        assert!(!answered(&bridge, &page).code().is_empty(), "young enough");
    }
}

#[tokio::test]
async fn several_factors_are_asked_of_a_mailbox_by_a_fresh_login_and_then_told() {
    let bridge = bridge_with_rota(|rota| rota.requires.mfa = true).await;
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "pat-password").await;
    let question = authorize(&mut visitor, &asked(&bridge)).await;
    assert_eq!(question.heading(), "Who signs in?");
    let received = bridge.fake.received();
    let last = received.last().expect("a question");
    assert!(
        last.force_authn && last.requested_authn_context.is_empty(),
        "no context is demanded"
    );
    let page = sign_in_at_nhsmail(&mut visitor, &question, "pat-password").await;
    assert_eq!(
        page.heading(),
        format!("You need a more secure login for {ROTA_LABEL}")
    );
    assert!(page.says("NHSmail local administrator"));
    assert_eq!(
        told(&bridge, &mut visitor, &page).await,
        "unmet_authentication_requirements"
    );
    let question = visitor.open(page.link("Log in again").as_str()).await;
    let page = sign_in_at_nhsmail(&mut visitor, &question, "amara-example").await;
    assert!(
        !answered(&bridge, &page).code().is_empty(),
        "somebody with two factors"
    );
}
