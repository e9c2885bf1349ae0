//! Every SAML response of the corpus and every variant of it, before the judge.

use std::collections::BTreeSet;

use super::disputed::beyond;
use super::index::{Case, INDEX, ServiceProvider};
use super::judge::{Grants, Verdict, judge};
use super::needs::{Granted, Need, never_granted, unmet};
use super::reasons::{rules_of_reason, rules_of_variant};

#[test]
fn every_reject_is_refused() {
    let mut wrong = Vec::new();
    let mut count = [0; 3];
    for case in INDEX.of_kind("response").filter(|case| case.expected == "reject") {
        let verdict = judged(case, Grants::Everything);
        if verdict.accepted {
            wrong.push(format!("{}: {:?}", case.file, verdict.identity));
        }
        count[0] += 1;
        count[1] += usize::from(case.live);
        count[2] += usize::from(case.isolated);
    }
    println!(
        "corpus: {} rejects refused, {} of them live, {} isolated",
        count[0], count[1], count[2]
    );
    assert_agreed(&wrong);
}

#[test]
fn every_isolated_reject_is_refused_by_the_rule_that_its_reason_names() {
    let mut wrong = Vec::new();
    let isolated = || {
        INDEX
            .of_kind("response")
            .filter(|case| case.expected == "reject" && case.isolated)
    };
    for case in isolated() {
        let verdict = judged(case, Grants::Everything);
        let named: BTreeSet<&str> = case
            .reasons
            .iter()
            .flat_map(|reason| rules_of_reason(reason))
            .copied()
            .collect();
        if !is_refused_by(&verdict, &named, case) {
            wrong.push(format!(
                "{}: {:?} became {:?}",
                case.file, case.reasons, verdict.refusing
            ));
        }
    }
    println!(
        "corpus: {} isolated rejects refused by the rule of their reason",
        isolated().count()
    );
    assert_agreed(&wrong);
}

#[test]
fn every_accept_whose_needs_we_offer_is_accepted_with_exactly_its_result() {
    let mut wrong = Vec::new();
    let offered = || accepts().filter(|case| never_granted(case).is_empty());
    for case in offered() {
        let verdict = judged(case, Grants::Everything);
        if !verdict.accepted || verdict.identity != case.result {
            let (ours, theirs) = (verdict.identity, &case.result);
            wrong.push(format!(
                "{}: {:?}\n  ours   {ours:?}\n  theirs {theirs:?}",
                case.file, verdict.refusing
            ));
        }
    }
    println!(
        "corpus: {} accepts accepted with exactly their result",
        offered().count()
    );
    assert_agreed(&wrong);
}

#[test]
fn what_nobody_may_relax_is_refused_by_exactly_the_rules_that_its_needs_name() {
    refused_by_exactly(Grants::Everything, |granted| granted == Granted::Never);
}

#[test]
fn without_a_grant_the_refusing_rules_are_exactly_those_that_the_needs_name() {
    refused_by_exactly(Grants::Nothing, |granted| granted != Granted::Always);
}

#[test]
fn every_either_is_accepted_whole_or_refused() {
    let mut wrong = Vec::new();
    let mut accepted = 0;
    let either = || INDEX.of_kind("response").filter(|case| case.expected == "either");
    for case in either() {
        let verdict = judged(case, Grants::Everything);
        accepted += usize::from(verdict.accepted);
        if verdict.accepted && verdict.identity != case.result || yields_what_it_must_not(case, &verdict) {
            wrong.push(format!("{}: {:?}", case.file, verdict.identity));
        }
    }
    println!(
        "corpus: of {} that may go either way, {accepted} accepted with the whole result",
        either().count()
    );
    assert_agreed(&wrong);
}

#[test]
fn every_variant_is_refused_by_the_rule_that_its_reason_names() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in INDEX.of_kind("response") {
        for variant in &case.variants {
            assert_eq!(variant.expected, "reject", "{}: a new kind of variant", case.file);
            let sp = configured(case).changed(&variant.change);
            let verdict = judge(case.message(), &sp, Grants::Everything);
            let named = rules_of_variant(&variant.reason).iter().copied().collect();
            if !is_refused_by(&verdict, &named, case) {
                wrong.push(format!(
                    "{}: {} became {:?}",
                    case.file, variant.reason, verdict.refusing
                ));
            }
            count += 1;
        }
    }
    println!("corpus: {count} variants refused by the rule of their reason");
    assert_agreed(&wrong);
}

/// True if one of the named rules refuses, and no other but for what nobody may relax in this case.
///
/// Where such a refusal comes first, the named rule may not be reached.
fn is_refused_by(verdict: &Verdict, named: &BTreeSet<&str>, case: &Case) -> bool {
    let mut besides = never_granted(case);
    besides.extend(beyond(&case.file));
    if case.expected == "either" {
        besides.insert("document-comment");
    }
    let explained = |rule: &String| named.contains(rule.as_str()) || besides.contains(rule.as_str());
    let by_name = verdict.refusing.iter().any(|rule| named.contains(rule.as_str()));
    let earlier = verdict
        .refusing
        .iter()
        .any(|rule| besides.contains(rule.as_str()))
        && named.iter().any(|rule| verdict.not_reached.contains(*rule));
    !verdict.accepted && verdict.refusing.iter().all(explained) && (by_name || earlier)
}

/// Every accept with needs that are not met is refused by a rule of each of them, and by no other rule.
///
/// A rule that an earlier refusal keeps from being evaluated is counted, not demanded.
fn refused_by_exactly(grants: Grants, is_unmet: impl Fn(Granted) -> bool) {
    let (mut wrong, mut refused, mut hidden) = (Vec::new(), 0, 0);
    for case in accepts() {
        let needs = unmet(case, &is_unmet);
        let verdict = judged(case, grants);
        let mut named: BTreeSet<&str> = needs.iter().flat_map(|need| need.rules).copied().collect();
        named.extend(beyond(&case.file));
        let beyond: Vec<&String> = verdict
            .refusing
            .iter()
            .filter(|rule| !named.contains(rule.as_str()))
            .collect();
        let silent: Vec<&Need> = needs
            .iter()
            .filter(|need| !need.rules.iter().any(|rule| verdict.refusing.contains(*rule)))
            .collect();
        let not_reached = silent
            .iter()
            .filter(|need| is_hidden(need, case, &verdict))
            .count();
        if verdict.accepted != needs.is_empty() || !beyond.is_empty() || not_reached != silent.len() {
            wrong.push(format!(
                "{}: {:?}: beyond {beyond:?}, silent {silent:?}",
                case.file, case.needs
            ));
        }
        refused += usize::from(!verdict.accepted);
        hidden += not_reached;
    }
    println!(
        "corpus: with {grants:?} granted, {refused} accepts refused by the rules of their needs, {hidden} times the \
         rule was not reached"
    );
    assert_agreed(&wrong);
}

/// True if an earlier refusal kept a rule of this need from being evaluated.
fn is_hidden(need: &Need, case: &Case, verdict: &Verdict) -> bool {
    let concerns = |rule: &str| !rule.starts_with("opened-") || case.encrypted == Some(true);
    need.rules
        .iter()
        .any(|rule| concerns(rule) && verdict.not_reached.contains(*rule))
}

fn accepts() -> impl Iterator<Item = &'static Case> {
    INDEX.of_kind("response").filter(|case| case.expected == "accept")
}

fn judged(case: &Case, grants: Grants) -> Verdict {
    judge(case.message(), &configured(case), grants)
}

fn configured(case: &Case) -> ServiceProvider {
    case.sp.clone().unwrap_or_else(ServiceProvider::any)
}

fn yields_what_it_must_not(case: &Case, verdict: &Verdict) -> bool {
    let forbidden = case
        .must_not_yield
        .as_ref()
        .and_then(|forbidden| forbidden.name_id.as_ref());
    let name_id = verdict
        .identity
        .as_ref()
        .and_then(|identity| identity.name_id.as_ref());
    forbidden.is_some() && forbidden == name_id
}

/// Every disagreement is shown, not only the first.
fn assert_agreed(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} disagreements with the index:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
