//! What the judge gives out: typed results, grounds of refusal, and nothing of a person where it is not asked for.

use serde_json::json;

use crate::upstream::judgement::explanation::Word;
use crate::upstream::oidc_rp::judge::{Ground, judge_id_token, judge_logout_token, judge_userinfo};
use crate::upstream::oidc_rp::rules::tests::draft::{
    CLIENT, FORGERS, NOW, SUBJECT, id_token, logout_token, seconds, userinfo,
};
use crate::upstream::oidc_rp::terms::{Grant, LogoutExpiry, SecondJudge};

#[test]
fn an_id_token_gives_what_it_states_in_types() {
    let draft = id_token().claim("selected_roleid", "");
    let token = judge_id_token(&draft.text(), &draft.id_token_terms()).unwrap();
    assert_eq!(token.subject, SUBJECT);
    assert_eq!(token.sid.as_deref(), Some("5f0f6e2e-0c51-4a9e-9a53-9ad3f4f9c9e1"));
    assert_eq!((token.aal, token.ial), (Some(2), Some(3)));
    assert_eq!(token.amr, ["TOTP"]);
    assert_eq!(token.selected_role_id.as_deref(), Some(""));
    assert_eq!(
        token.auth_time.map(time::OffsetDateTime::unix_timestamp),
        Some(seconds(-10))
    );
    assert_eq!(token.issued_at.unix_timestamp(), seconds(-5));
    assert_eq!(token.expires_at.unix_timestamp(), seconds(3600));
    assert_eq!(token.claims.get("acr"), Some(&json!("AAL2_OR_AAL3_ANY")));
    assert!(!format!("{token:?}").contains(SUBJECT));
}

#[test]
fn a_clock_that_is_ahead_makes_no_authentication_younger_than_now() {
    let draft = id_token().claim("auth_time", seconds(30));
    let token = judge_id_token(&draft.text(), &draft.id_token_terms()).unwrap();
    assert_eq!(token.auth_time, Some(NOW));
}

#[test]
fn a_logout_token_and_userinfo_give_what_they_state() {
    let draft = logout_token().without("sid");
    let token = judge_logout_token(&draft.text(), &draft.logout_terms()).unwrap();
    assert_eq!((token.subject.as_deref(), token.sid), (Some(SUBJECT), None));
    assert_eq!(
        (token.jti.as_str(), token.issued_at.unix_timestamp()),
        ("b1f0", seconds(-5))
    );
    let draft = userinfo();
    let answer = judge_userinfo(draft.text().as_bytes(), &draft.userinfo_terms()).unwrap();
    assert_eq!(answer.claims.get("sub"), Some(&json!(SUBJECT)));
    assert!(!format!("{answer:?}{draft:?}", draft = draft.userinfo_terms()).contains(SUBJECT));
}

#[test]
fn oi_07_only_an_unknown_kid_is_a_reason_to_fetch_the_keys_again() {
    let ground =
        |draft: crate::upstream::oidc_rp::rules::tests::draft::Draft| draft.judged().unwrap_err().ground;
    assert_eq!(ground(id_token().header("kid", "next")), Ground::UnknownKey);
    assert_eq!(
        ground(id_token().written(|draft| draft.signed_by(&FORGERS))),
        Ground::Faulty
    );
    assert_eq!(
        ground(id_token().header("kid", "next").claim("aud", "other")),
        Ground::Faulty
    );
    let low = id_token().claim("authentication_assurance_level", 1);
    assert_eq!(ground(low), Ground::AssuranceTooLow);
    let old = id_token().claim("auth_time", seconds(-4000));
    assert_eq!(ground(old), Ground::AuthenticationTooOld);
}

#[test]
fn what_is_granted_by_exception_is_said() {
    let draft = logout_token()
        .without("exp")
        .on(|ground| ground.expiry = LogoutExpiry::MayBeAbsent);
    let explanation = draft.explanation();
    let granted: Vec<_> = explanation
        .rules
        .iter()
        .filter_map(|rule| rule.exception)
        .collect();
    assert_eq!(granted, [Grant::LogoutWithoutExpiry.as_str()]);
}

#[test]
fn an_explanation_shows_signed_claims_only_and_hides_values() {
    let explained = id_token().explanation();
    let identity = explained.identity.clone().unwrap();
    assert_eq!(identity.subject.as_deref(), Some(SUBJECT));
    let hidden = serde_json::to_string(&explained.without_values()).unwrap();
    assert!(
        !hidden.contains(SUBJECT) && hidden.contains("\"aal\":2"),
        "{hidden}"
    );
    let forged = id_token()
        .written(|draft| draft.signed_by(&FORGERS))
        .explanation();
    assert!(forged.identity.is_none());
}

#[test]
fn the_second_judge_is_not_asked_where_it_is_switched_off() {
    let draft = id_token().claim("name", 7);
    let terms = draft.id_token_terms();
    let off = crate::upstream::oidc_rp::terms::IdTokenTerms {
        second_judge: SecondJudge::Off,
        ..terms
    };
    assert!(judge_id_token(&draft.text(), &off).is_ok());
    let asked = id_token().explanation();
    let said = asked
        .rules
        .iter()
        .find(|rule| rule.id == "id-token-second-judge")
        .unwrap();
    assert_eq!(said.verdict, Word::Holds);
}

#[test]
fn what_a_refusal_shows_is_bounded_and_on_one_line() {
    let draft = id_token().claim("aud", format!("{}\n{CLIENT}", "x".repeat(5000)));
    let refusal = draft.judged().unwrap_err();
    assert!(refusal.actual.chars().count() <= 201 && !refusal.to_string().contains('\n'));
}
