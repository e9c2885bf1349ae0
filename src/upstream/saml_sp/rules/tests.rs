//! Every rule against the attack it is there for, beside the honest message that it lets through.
//!
//! A case is one honest message with one thing wrong. It is put before both readings of the judge: a sign-in must
//! stop at the named rule, `explain` must name exactly the listed ones, and its twin must be accepted by both.
#![expect(
    clippy::string_slice,
    reason = "every offset comes from a search in the same text"
)]

mod algorithms;
mod case;
mod conditions;
mod conduct;
mod confirmation;
mod craft;
mod document;
mod encryption;
mod grants;
mod ground;
mod letter;
mod message;
mod response;
mod signature;
mod subject;
mod times;
mod trust;
mod wrapping;

use std::collections::BTreeSet;

use crate::upstream::saml_sp::rules;
use case::Refused;

/// Every case there is.
fn every_case() -> impl Iterator<Item = &'static Refused> {
    let all: [&'static [Refused]; 26] = [
        document::BOUNDS,
        document::KINDS,
        document::COMMENTS,
        document::MALFORMED,
        wrapping::XSW,
        wrapping::LATER,
        message::ROOTS,
        signature::ABSENT,
        signature::SHAPES,
        signature::REFERENCES,
        algorithms::ALGORITHMS,
        trust::CONTENTS,
        trust::TRUST,
        algorithms::SECOND_JUDGE,
        encryption::CONTAINERS,
        encryption::CLOSED,
        encryption::INSIDES,
        response::STATUS,
        response::DESTINATION,
        response::ISSUERS,
        response::QUESTIONS,
        subject::ASSERTIONS,
        subject::NAMES,
        confirmation::CONFIRMATIONS,
        conditions::CONDITIONS,
        conditions::STATEMENTS,
    ];
    all.into_iter().chain([times::INSTANTS]).flatten()
}

#[test]
fn every_rule_has_a_case_that_it_refuses() {
    let tried: BTreeSet<&str> = every_case().map(|case| case.by).collect();
    let untried: Vec<&str> = rules::all()
        .map(|rule| rule.id)
        .filter(|id| !tried.contains(id))
        .collect();
    assert!(untried.is_empty(), "no case is refused by {untried:?}");
}

#[test]
fn every_rule_but_these_is_the_only_one_to_refuse_some_case() {
    let alone: BTreeSet<&str> = every_case()
        .filter(|case| case.also.is_empty())
        .map(|case| case.by)
        .collect();
    // A wrapping disturbs more than one thing; without a key no signature verifies either.
    let never_alone = [
        "document-unique-ids",
        "response-parts",
        "signature-place",
        "trusted-key-known",
    ];
    for rule in rules::all().filter(|rule| !never_alone.contains(&rule.id)) {
        assert!(alone.contains(rule.id), "{}", rule.id);
    }
}

#[test]
fn every_rule_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    assert!(rules::all().all(|rule| names.insert(rule.id)));
    assert!(rules::all().count() > 50, "{}", rules::all().count());
}
