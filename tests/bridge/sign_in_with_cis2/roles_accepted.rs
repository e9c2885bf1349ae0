//! Which roles may come in: by organisation, by code, by workgroup. A page names the organisation, says whom to ask,
//! and offers *Change role* only to somebody who has another role that would do.

use nhsmail_bridge::fakes::cis2::{Endpoint, NextAnswer};
use nhsmail_bridge::identity::settings::roles::{Picker, RoleSettings};

use super::{PRIYA, ZOE, arrives, assert_kept_out, assert_logged_once, bridge_where, claims, signs_in};
use crate::support::log::logged;
use crate::support::{Page, TestBridge, Visitor};

const ROLE: (u16, &str) = (403, "Your role cannot use this service");
const ORGANISATION: (u16, &str) = (403, "Your organisation cannot use this service");
const WORKGROUP: (u16, &str) = (403, "You are not in a workgroup that can use this service");
const NURSE: &str = "555200000221";
const SUPPORTER: &str = "555200000222";
const CLERK: &str = "555200000223";

async fn bridge_for(change: impl FnOnce(&mut RoleSettings)) -> TestBridge {
    bridge_where(|cis2| change(&mut cis2.person.roles)).await
}

async fn arrives_as(bridge: &TestBridge, visitor: &mut Visitor, person: &str, role: &str) -> Page {
    let next = NextAnswer {
        role: Some(role.to_owned()),
        ..NextAnswer::about(person)
    };
    arrives(bridge, visitor, next).await
}

fn offers_another_role(page: &Page) -> bool {
    page.says("Change role")
}

#[tokio::test]
async fn oi_12_a_role_that_is_not_accepted_is_kept_out_with_its_organisation_named() {
    let bridge = bridge_for(|roles| roles.accepted_codes = vec!["R8001".to_owned()]).await;
    let mut ray = bridge.visitor();
    let page = arrives(&bridge, &mut ray, NextAnswer::about("ray-registration")).await;
    assert_kept_out(&mut ray, &page, ROLE).await;
    assert!(page.says("FAKE PHARMACY") && page.says("registration authority"));
    assert!(page.says("Nurse") && !offers_another_role(&page), "{}", page.body);

    let mut nurse = bridge.visitor();
    let page = arrives_as(&bridge, &mut nurse, PRIYA, CLERK).await;
    assert_kept_out(&mut nurse, &page, ROLE).await;
    assert!(page.says("NHSID DEV") && offers_another_role(&page));
    arrives_as(&bridge, &mut nurse, PRIYA, NURSE).await;
    assert!(nurse.is_signed_in().await);
}

#[tokio::test]
async fn oi_12_a_full_code_accepts_the_job_only_in_its_staff_group() {
    let bridge = bridge_for(|roles| roles.accepted_codes = vec!["S8001:G8005:R8015".to_owned()]).await;
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
    let other = bridge_for(|roles| roles.accepted_codes = vec!["S0001:G8005:R8015".to_owned()]).await;
    let mut visitor = other.visitor();
    let page = arrives(&other, &mut visitor, NextAnswer::about(ZOE)).await;
    assert_kept_out(&mut visitor, &page, ROLE).await;
}

#[tokio::test]
async fn oi_12_an_organisation_that_is_not_enabled_is_named_and_another_role_can_be_chosen() {
    let bridge = bridge_for(|roles| roles.organisations = vec!["A9A5A".to_owned()]).await;
    let mut priya = bridge.visitor();
    let page = arrives_as(&bridge, &mut priya, PRIYA, SUPPORTER).await;
    assert_kept_out(&mut priya, &page, ORGANISATION).await;
    assert!(page.says("EXAMPLE ORG") && page.says("registration authority"));

    let methods = priya.open(page.link("Change role").as_str()).await;
    let form = methods
        .form("Continue")
        .without("method")
        .with("method", "security-key");
    let people = priya.submit(&methods, &form).await;
    let picker = priya.press(&people, PRIYA).await;
    priya.press(&picker, NURSE).await;
    assert_eq!(claims(&mut priya).await["role"]["code"], "R8001");
    let asked = bridge.cis2().received();
    let asked = asked.iter().rfind(|asked| asked.endpoint == Endpoint::Authorize);
    let scope = asked.and_then(|asked| asked.parameter("scope")).expect("scopes");
    assert!(
        scope.contains("changedrole") && !scope.contains("selectedrole"),
        "{scope}"
    );
}

#[tokio::test]
async fn oi_12_an_organisation_without_a_name_is_named_by_its_code() {
    let bridge = bridge_for(|roles| roles.organisations = vec!["A9A5A".to_owned()]).await;
    let mut nona = bridge.visitor();
    let page = arrives(&bridge, &mut nona, NextAnswer::about("nona-nameless")).await;
    assert_kept_out(&mut nona, &page, ORGANISATION).await;
    assert!(page.says("FAK99") && !offers_another_role(&page), "{}", page.body);
    signs_in(&bridge, &mut nona, ZOE).await;
}

#[tokio::test]
async fn oi_12_only_the_selected_role_must_be_in_the_workgroup() {
    for group in ["TEST TEAM", "555200000777"] {
        let bridge = bridge_for(|roles| roles.workgroups = vec![group.to_owned()]).await;
        let mut priya = bridge.visitor();
        let page = arrives_as(&bridge, &mut priya, PRIYA, CLERK).await;
        assert_kept_out(&mut priya, &page, WORKGROUP).await;
        assert!(page.says("NHSID DEV") && page.says(group) && offers_another_role(&page));
        let mut zoe = bridge.visitor();
        let page = arrives(&bridge, &mut zoe, NextAnswer::about(ZOE)).await;
        assert_kept_out(&mut zoe, &page, WORKGROUP).await;
        assert!(!offers_another_role(&page));
        arrives_as(&bridge, &mut priya, PRIYA, NURSE).await;
        assert!(priya.is_signed_in().await, "{group}");
    }
}

#[tokio::test]
async fn oi_12_at_our_own_picker_a_role_that_may_not_come_in_leaves_the_question_open() {
    let bridge = bridge_for(|roles| {
        roles.picker = Picker::Ours;
        roles.organisations = vec!["A9A5A".to_owned()];
    })
    .await;
    let mut priya = bridge.visitor();
    let question = arrives(&bridge, &mut priya, NextAnswer::about(PRIYA)).await;
    let choose = |role| question.form("Continue").without("role").with("role", role);
    let refused = priya.submit(&question, &choose(SUPPORTER)).await;
    assert_kept_out(&mut priya, &refused, ORGANISATION).await;
    let again = priya.open(refused.link("Change role").as_str()).await;
    assert_eq!(again.url, question.url);
    priya.submit(&again, &choose(CLERK)).await;
    assert_eq!(claims(&mut priya).await["role"]["code"], "R8008");
}

#[test]
fn gv_05_whom_a_role_keeps_out_is_logged_once_without_role_organisation_or_name() {
    logged(async |log| {
        let bridge = bridge_for(|roles| roles.accepted_codes = vec!["R8001".to_owned()]).await;
        let mut ray = bridge.visitor();
        let page = arrives(&bridge, &mut ray, NextAnswer::about("ray-registration")).await;
        assert_logged_once(&log, &page, "rule=\"role-is-accepted\"");
        for word in ["R5080", "FAK01", "PHARMACY", "Registration", "555300000118"] {
            assert!(log.lines_with(word).is_empty(), "{word}");
        }
    });
}
