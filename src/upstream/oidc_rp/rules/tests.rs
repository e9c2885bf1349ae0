//! Every rule against the attack it is there for, beside the honest token that it lets through.
//!
//! A case is one honest token with one thing wrong. It is put before both readings of the judge: a sign-in must stop
//! at the named rule, `explain` must name exactly the listed ones, and its twin must be accepted by both.

mod assurance;
mod case;
mod client_assertion;
mod conduct;
mod draft;
mod forms;
mod id_token;
mod keys;
mod logout_token;
mod times;
mod userinfo;

use std::collections::BTreeSet;

use crate::upstream::oidc_rp::rules::{self, CLIENT_ASSERTION, ID_TOKEN, LOGOUT_TOKEN, List, USER_INFO};
use case::Refused;

const LISTS: [List; 4] = [ID_TOKEN, USER_INFO, LOGOUT_TOKEN, CLIENT_ASSERTION];

/// Every case there is.
fn every_case() -> impl Iterator<Item = &'static Refused> {
    let all: [&'static [Refused]; 15] = [
        forms::FORMS,
        forms::HEADERS,
        keys::ALGORITHMS,
        keys::KEYS,
        keys::SIGNATURES,
        id_token::KINDS,
        id_token::PARTIES,
        id_token::BINDINGS,
        times::TIMES,
        assurance::ASSURANCE,
        userinfo::USER_INFO,
        logout_token::KINDS,
        logout_token::CLAIMS,
        client_assertion::CLIENTS,
        client_assertion::AUDIENCES,
    ];
    all.into_iter().flatten()
}

#[test]
fn every_rule_has_a_case_that_it_refuses() {
    let tried: BTreeSet<&str> = every_case().map(|case| case.by).collect();
    let untried: BTreeSet<&str> = LISTS
        .into_iter()
        .flat_map(rules::all)
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
    // An API key is no client id either, and each known mistake in the audience is no exact audience.
    let never_alone = [
        "client-assertion-no-api-key",
        "client-assertion-audience-port",
        "client-assertion-audience-issuer",
        "client-assertion-audience-slash",
    ];
    for rule in LISTS.into_iter().flat_map(rules::all) {
        assert!(
            alone.contains(rule.id) || never_alone.contains(&rule.id),
            "{}",
            rule.id
        );
    }
}

#[test]
fn every_rule_has_a_name_of_its_own_in_its_list() {
    for list in LISTS {
        let mut names = BTreeSet::new();
        assert!(rules::all(list).all(|rule| names.insert(rule.id)));
    }
}

#[test]
fn one_name_is_one_rule_in_every_list() {
    let rules: Vec<_> = LISTS.into_iter().flat_map(rules::all).collect();
    for rule in &rules {
        let same = rules.iter().filter(|other| other.id == rule.id);
        assert!(
            same.clone().all(|other| other.remedy == rule.remedy),
            "{}",
            rule.id
        );
    }
}
