//! In which role somebody comes, where CIS2 asks for it with its own picker.

use nhsmail_bridge::fakes::cis2::{Endpoint, Manner, Mischief, NextAnswer, SelectedRole, Single};
use serde_json::json;

use super::{PRIYA, ZOE, arrives, assert_kept_out, bridge_where, claims, signs_in};
use crate::support::{CIS2, TestBridge};

const NO_ROLE: (u16, &str) = (403, "Your Care Identity has no role");
const NO_ROLE_OF_THEIRS: (u16, &str) = (403, "We could not tell which role you work in");

#[tokio::test]
async fn oi_12_cis2_asks_somebody_with_several_roles_and_the_chosen_one_counts() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    for (role, code, organisation) in [
        ("555200000221", "R8001", "A9A5A"),
        ("555200000222", "R8015", "X26"),
        ("555200000223", "R8008", "A9A5A"),
    ] {
        let mut nurse = bridge.visitor();
        let picker = nurse.sign_in_at_cis2(CIS2, "security-key", PRIYA).await;
        assert_eq!(picker.heading(), "Select your role");
        let home = nurse.press(&picker, role).await;
        assert!(nurse.is_signed_in().await, "{}", home.body);
        let told = claims(&mut nurse).await;
        let of_role = (&told["role"]["code"], &told["org"]["code"]);
        assert_eq!(of_role, (&json!(code), &json!(organisation)));
        let all = told["roles"].as_array().expect("all of hers");
        assert_eq!(all.len(), 3);
        let may = if code == "R8001" {
            json!(["B0401", "B0825"])
        } else {
            json!([])
        };
        assert_eq!(told["activities"], may, "never those of another role");
    }
    let asked = bridge.cis2().received();
    let asked = asked.iter().find(|asked| asked.endpoint == Endpoint::Authorize);
    let scope = asked.and_then(|asked| asked.parameter("scope")).expect("scopes");
    assert!(scope.split(' ').any(|scope| scope == "selectedrole"), "{scope}");
}

#[tokio::test]
async fn oi_12_somebody_who_leaves_at_the_picker_of_cis2_is_not_signed_in() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut nurse = bridge.visitor();
    let picker = nurse.sign_in_at_cis2(CIS2, "security-key", PRIYA).await;
    let page = nurse.press(&picker, "Cancel").await;
    assert_kept_out(
        &mut nurse,
        &page,
        (403, "Your login with Care Identity was not finished"),
    )
    .await;
    signs_in(&bridge, &mut nurse, ZOE).await;
}

#[tokio::test]
async fn oi_12_without_a_role_nobody_comes_in_unless_none_is_needed() {
    let strict = TestBridge::with_cis2(|_config| {}).await;
    let mut visitor = strict.visitor();
    let page = arrives(&strict, &mut visitor, NextAnswer::about("noel-norole")).await;
    assert_kept_out(&mut visitor, &page, NO_ROLE).await;
    assert!(page.says("registration authority"));

    let easy = bridge_where(|cis2| cis2.person.roles.required = false).await;
    let mut visitor = easy.visitor();
    signs_in(&easy, &mut visitor, "noel-norole").await;
    assert_eq!(claims(&mut visitor).await.get("role"), None);
}

#[tokio::test]
async fn oi_12_a_role_id_keeps_its_leading_zeros() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    for (role, organisation) in [("093895563513", "A9A5A"), ("000000000042", "FAK01")] {
        let mut zac = bridge.visitor();
        let next = NextAnswer {
            role: Some(role.to_owned()),
            ..NextAnswer::about("zac-zero")
        };
        arrives(&bridge, &mut zac, next).await;
        let told = claims(&mut zac).await;
        assert_eq!(told["role"]["id"], role, "{told}");
        assert_eq!(told["org"]["code"], organisation);
    }
}

#[tokio::test]
async fn oi_12_a_selection_that_is_blank_or_none_of_theirs_is_never_filled_in_for_them() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    for (person, role) in [("bea-blank", Some("555200000221")), ("una-unlisted", None)] {
        let mut visitor = bridge.visitor();
        let next = NextAnswer {
            role: role.map(str::to_owned),
            ..NextAnswer::about(person)
        };
        let page = arrives(&bridge, &mut visitor, next).await;
        assert_kept_out(&mut visitor, &page, NO_ROLE_OF_THEIRS).await;
    }
    signs_in(&bridge, &mut bridge.visitor(), ZOE).await;
}

#[tokio::test]
async fn oi_12_a_role_that_cannot_be_read_lets_nobody_in() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    for person in ["cody-nocode", "stan-string"] {
        let mut visitor = bridge.visitor();
        let page = arrives(&bridge, &mut visitor, NextAnswer::about(person)).await;
        assert_kept_out(&mut visitor, &page, NO_ROLE_OF_THEIRS).await;
    }
}

#[tokio::test]
async fn oi_12_activities_whose_names_do_not_fit_their_codes_give_no_more_than_the_codes() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let mut pam = bridge.visitor();
    signs_in(&bridge, &mut pam, "pam-unparallel").await;
    assert_eq!(claims(&mut pam).await["activities"], json!(["B0401"]));
}

#[tokio::test]
async fn oi_12_however_cis2_writes_one_role_and_its_selection_it_is_read() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let manners = [
        (Single::Array, SelectedRole::IdToken),
        (Single::Array, SelectedRole::UserInfo),
        (Single::Object, SelectedRole::Both),
    ];
    for (single, selected_role) in manners {
        let manner = Manner {
            single,
            selected_role,
            ..Manner::default()
        };
        let next = |mischief| NextAnswer {
            mischief,
            manner: Some(manner),
            ..NextAnswer::about(ZOE)
        };
        let mut visitor = bridge.visitor();
        arrives(&bridge, &mut visitor, next(Mischief::Honest)).await;
        let told = claims(&mut visitor).await;
        assert_eq!(told["role"]["code"], "R8015", "{manner:?}");
        let mut visitor = bridge.visitor();
        let page = arrives(&bridge, &mut visitor, next(Mischief::UnknownSelectedRole)).await;
        assert_kept_out(&mut visitor, &page, NO_ROLE_OF_THEIRS).await;
    }
}
