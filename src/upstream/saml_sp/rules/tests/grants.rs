//! What a connection may relax: each grant lets through one thing, says so, and nothing else can be granted.

use crate::protocol::saml::encryption::ContentAlgorithm;
use crate::upstream::saml_sp::rules::tests::case::{decide, explained};
use crate::upstream::saml_sp::rules::tests::letter::{Letter, draft};
use crate::upstream::saml_sp::rules::tests::{every_case, ground};
use crate::upstream::saml_sp::terms::Grant;

/// Each grant with the rules that it moves.
const MOVES: &[(Grant, &[&str])] = &[
    (
        Grant::Sha1,
        &["signature-algorithm", "opened-signature-algorithm"],
    ),
    (Grant::Rsa1024, &["signing-key-strength"]),
    (Grant::Cbc, &["encryption-algorithm", "name-id-present"]),
    (Grant::NoNameId, &["name-id-present"]),
    (Grant::Unsolicited, &["solicited"]),
    (Grant::MissingResponseInResponseTo, &["response-in-response-to"]),
    (Grant::MissingScdInResponseTo, &["confirmation-in-response-to"]),
];

#[test]
fn every_grant_has_rules_that_it_moves() {
    for (grant, word) in Grant::ALL {
        assert!(MOVES.iter().any(|(moving, _)| *moving == grant), "{word}");
    }
}

#[test]
fn a_grant_lets_through_its_own_rule_alone() {
    for (grant, moved) in MOVES {
        for case in every_case() {
            let letter = (case.message)();
            let others = letter.terms().grants.clone();
            let mut granted: Vec<Grant> = Grant::ALL.map(|(grant, _)| grant).into();
            granted.retain(|one| others.contains(*one) || one == grant);
            let letter = letter.granting(&granted);
            if decide(&letter).is_ok() {
                assert!(
                    moved.contains(&case.by),
                    "{grant:?} lets through: {}",
                    case.because
                );
            }
        }
    }
}

#[test]
fn all_grants_together_let_through_nothing_that_none_of_them_is_about() {
    let all = Grant::ALL.map(|(grant, _)| grant);
    let movable: Vec<&str> = MOVES
        .iter()
        .flat_map(|(_, rules)| rules.iter().copied())
        .collect();
    for case in every_case().filter(|case| !movable.contains(&case.by)) {
        let refused = decide(&(case.message)().granting(&all));
        assert!(refused.is_err(), "{}", case.because);
    }
}

#[test]
fn a_use_of_a_grant_is_reported_as_an_exception_and_an_idle_one_is_not() {
    let cases: [(Letter, &[Grant]); 3] = [
        (draft().sealed(ContentAlgorithm::Aes128Cbc).post(), &[Grant::Cbc]),
        (
            draft()
                .with_key(&ground::KEYS.weak)
                .post()
                .trusting(&[&ground::KEYS.weak]),
            &[Grant::Rsa1024],
        ),
        (draft().post(), &[]),
    ];
    for (letter, expected) in cases {
        let letter = letter.granting(&Grant::ALL.map(|(grant, _)| grant));
        assert_eq!(decide(&letter).unwrap().granted, expected);
        let said: Vec<_> = explained(&letter)
            .rules
            .iter()
            .filter_map(|rule| rule.exception)
            .collect();
        let words: Vec<_> = expected.iter().map(|grant| grant.as_str()).collect();
        assert_eq!(said, words);
    }
}
