//! How the judge goes about it: in what order, at what cost, and whom `explain` believes.

use crate::protocol::saml::encryption::ContentAlgorithm;
use crate::upstream::saml_sp::explanation::{Outcome, Word};
use crate::upstream::saml_sp::rules;
use crate::upstream::saml_sp::rules::tests::case::{costs_mathematics, decide, explained};
use crate::upstream::saml_sp::rules::tests::every_case;
use crate::upstream::saml_sp::rules::tests::ground::{ANNA, EVE};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, Signed, draft};

fn place(id: &str) -> usize {
    rules::all().position(|rule| rule.id == id).unwrap()
}

#[test]
fn no_key_is_used_before_the_shape_is_right_and_our_question_is_answered() {
    let dear = place("response-signature-verifies");
    for cheap in [
        "document-bounds",
        "document-unique-ids",
        "response-parts",
        "assertion-one",
        "assertion-place",
        "signature-place",
        "signature-present",
        "signature-one-reference",
        "signature-reference-parent",
        "signature-transforms",
        "signature-algorithm",
        "response-destination",
        "response-issuer",
        "solicited",
        "response-in-response-to",
        "response-issue-instant",
        "trusted-key-known",
    ] {
        assert!(place(cheap) < dear, "{cheap}");
    }
    assert!(
        dear < place("assertion-opens"),
        "a signed Response is verified before anything is opened"
    );
    assert!(place("encryption-key-transport") < place("assertion-opens"));
    let without_a_key = every_case().filter(|case| !costs_mathematics(&(case.message)()));
    assert!(without_a_key.count() > 60);
    let wrong_question = draft()
        .response("\"_question\"", "\"_other\"")
        .signed(Signed::Both)
        .post();
    assert!(!costs_mathematics(&wrong_question));
}

#[test]
fn a_signature_that_does_not_hold_is_seen_to_cost_a_key() {
    assert!(costs_mathematics(&draft().post().altered(ANNA, EVE)));
}

#[test]
fn a_sign_in_stops_at_the_first_rule_and_explain_goes_on() {
    let letter = || {
        let wrong = draft().assertion("<saml:Audience>", "<saml:Audience>x").post();
        wrong
            .altered("Version=\"2.0\"", "Version=\"3\"")
            .altered("_question", "_other")
    };
    assert_eq!(decide(&letter()).unwrap_err().rule, "response-version");
    let explained = explained(&letter());
    assert_eq!(explained.verdict, Outcome::Refuse);
    assert_eq!(
        explained.refusing().collect::<Vec<_>>(),
        ["response-version", "response-in-response-to", "audience-names-us"]
    );
    assert_eq!(explained.rules.len(), rules::all().count());
}

#[test]
fn explain_says_who_must_act_only_where_a_rule_refuses() {
    let explained = explained(&draft().response("\"_question\"", "\"_other\"").post());
    for rule in &explained.rules {
        let refuses = rule.verdict == Word::Refuses;
        assert_eq!(rule.remedy.is_some(), refuses, "{}", rule.id);
        assert_eq!(rule.who.is_some(), refuses, "{}", rule.id);
        assert_eq!(
            rule.element.is_some(),
            rule.verdict != Word::NotReached,
            "{}",
            rule.id
        );
    }
}

fn shown(letter: &Letter) -> Option<String> {
    explained(letter).identity.and_then(|identity| identity.name_id)
}

#[test]
fn explain_shows_an_identity_from_signed_octets_or_none() {
    assert_eq!(shown(&draft().post()).as_deref(), Some(ANNA));
    assert_eq!(shown(&draft().signed(Signed::Nothing).post()), None);
    assert_eq!(shown(&draft().post().altered(ANNA, EVE)), None);
    assert_eq!(shown(&draft().post().trusting(&[])), None);
    let sealed = || draft().sealed(ContentAlgorithm::Aes256Gcm);
    assert_eq!(shown(&sealed().post()).as_deref(), Some(ANNA));
    assert_eq!(shown(&sealed().signed(Signed::Nothing).post()), None);
    let expired = draft()
        .post()
        .on_terms(|terms| terms.now += time::Duration::days(1));
    assert_eq!(
        shown(&expired).as_deref(),
        Some(ANNA),
        "refused, but it is what was signed"
    );
}

#[test]
fn no_case_ever_yields_the_attacker() {
    for case in every_case() {
        let letter = (case.message)();
        assert_ne!(shown(&letter).as_deref(), Some(EVE), "{}", case.because);
    }
}

#[test]
fn values_of_a_person_can_be_left_out_of_an_explanation() {
    let hidden = explained(&draft().post()).without_values();
    let text = serde_json::to_string(&hidden).unwrap();
    assert!(
        !text.contains(ANNA) && !text.contains("nurse") && !text.contains("_session"),
        "{text}"
    );
    assert!(text.contains("role"), "names of attributes stay");
}

#[test]
fn a_refusal_never_repeats_the_name_or_a_value_of_a_person() {
    for case in every_case() {
        if let Err(refusal) = decide(&(case.message)()) {
            let text = format!("{refusal:?}");
            assert!(!text.contains(ANNA) && !text.contains("nurse"), "{text}");
        }
    }
}
