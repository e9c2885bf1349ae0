//! The metadata part: each document judged as the index judges it, for a reason of the same kind.

mod documents;
mod tables;

use std::collections::BTreeSet;

use nhsmail_bridge::cli::metadata::show;
use serde_json::Value;

use super::index::{instant, read};
use documents::{Document, documents};
use tables::{disputed, says, silent_warnings};

/// The instant at which documents without one of their own are judged.
const ANY_TIME: &str = "2026-01-15T12:00:00Z";

/// How many usable identity providers are chosen from one aggregate, each of which is read anew.
const CHOSEN: usize = 4;

#[test]
fn every_document_is_usable_or_not_as_the_index_says() {
    let (mut wrong, mut count) = (Vec::new(), [0; 3]);
    for document in documents() {
        let verdict = judged(&document, None, document.at.as_deref().unwrap_or(ANY_TIME));
        if let Some(sentence) = disputed(&document.file) {
            assert!(
                !usable(&verdict) && verdict["reasons"].to_string().contains(sentence),
                "{}",
                document.file
            );
        } else if usable(&verdict) != (document.expected == "usable") {
            wrong.push(format!(
                "{}: {:?} became {}",
                document.file, document.reasons, verdict["reasons"]
            ));
        }
        count[usize::from(usable(&verdict))] += 1;
        for variant in &document.variants {
            let verdict = judged(&document, None, &variant.change.now);
            if usable(&verdict) != (variant.expected == "usable") || !says(&verdict, &variant.reason) {
                wrong.push(format!(
                    "{}: {} became {}",
                    document.file, variant.reason, verdict["reasons"]
                ));
            }
            count[2] += 1;
        }
    }
    println!(
        "corpus: metadata: {} usable, {} not, {} variants",
        count[1], count[0], count[2]
    );
    assert_agreed(&wrong);
}

#[test]
fn a_document_is_refused_for_the_reasons_of_the_index() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for document in documents()
        .iter()
        .filter(|document| document.expected == "not usable")
    {
        let verdict = judged(document, None, document.at.as_deref().unwrap_or(ANY_TIME));
        let said = document
            .reasons
            .iter()
            .filter(|reason| says(&verdict, reason))
            .count();
        let reasons = verdict["reasons"].as_array().map_or(0, Vec::len);
        if said == 0 || (document.isolated && reasons != 1) {
            wrong.push(format!(
                "{}: {:?} became {}",
                document.file, document.reasons, verdict["reasons"]
            ));
        }
        count += 1;
    }
    println!("corpus: metadata: {count} documents refused for their reason");
    assert_agreed(&wrong);
}

#[test]
fn a_usable_document_yields_the_keys_and_addresses_of_the_index() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for document in documents().iter().filter(|document| is_usable(document)) {
        let Some(idp) = document.idp.as_ref() else {
            continue;
        };
        let verdict = judged(document, None, document.at.as_deref().unwrap_or(ANY_TIME));
        let certificates: BTreeSet<String> = idp
            .signing_certs
            .iter()
            .map(|cert| cert.sha256_12.clone())
            .collect();
        let addresses: BTreeSet<&str> = idp
            .sso
            .iter()
            .map(|endpoint| endpoint.location.as_str())
            .collect();
        let ours: BTreeSet<&str> = verdict["sso"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|sso| sso["location"].as_str())
            .collect();
        let same = verdict["entity_id"].as_str() == document.entity_id.as_deref()
            && fingerprints(&verdict) == certificates
            && ours == addresses;
        if !same {
            wrong.push(format!(
                "{}: {certificates:?} {addresses:?} became {verdict}",
                document.file
            ));
        }
        wrong.extend(silent_warnings(document, &verdict));
        count += 1;
    }
    println!("corpus: metadata: {count} documents with exactly their keys and addresses");
    assert_agreed(&wrong);
}

#[test]
fn each_identity_provider_of_an_aggregate_can_be_chosen_or_not_as_the_index_says() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for document in documents().iter().filter(|document| is_usable(document)) {
        let usable_ones = document
            .idp_entities
            .iter()
            .filter(|entity| entity.problems.is_empty())
            .take(CHOSEN);
        let others = document
            .idp_entities
            .iter()
            .filter(|entity| !entity.problems.is_empty());
        for entity in usable_ones.chain(others) {
            let Some(entity_id) = entity.name.as_deref() else {
                continue;
            };
            let verdict = judged(
                document,
                Some(entity_id),
                document.at.as_deref().unwrap_or(ANY_TIME),
            );
            let certificates: BTreeSet<String> = entity.signing_certs.iter().cloned().collect();
            let agreed = usable(&verdict) == entity.problems.is_empty()
                && (!usable(&verdict) || fingerprints(&verdict) == certificates);
            if !agreed {
                wrong.push(format!(
                    "{} {entity_id}: {:?} became {}",
                    document.file, entity.problems, verdict["reasons"]
                ));
            }
            count += 1;
        }
    }
    println!("corpus: metadata: {count} identity providers chosen from aggregates");
    assert_agreed(&wrong);
}

/// The verdict as the command prints it.
fn judged(document: &Document, entity_id: Option<&str>, at: &str) -> Value {
    let verdict = show(&read(&document.file), entity_id, instant(at));
    serde_json::to_value(verdict.expect("no document is empty")).expect("a verdict is JSON")
}

fn is_usable(document: &Document) -> bool {
    document.expected == "usable" && disputed(&document.file).is_none()
}

fn usable(verdict: &Value) -> bool {
    verdict["usable"] == true
}

fn fingerprints(verdict: &Value) -> BTreeSet<String> {
    let certificates = verdict["signing_certs"].as_array().into_iter().flatten();
    certificates
        .filter_map(|cert| Some(cert["sha256"].as_str()?.chars().take(12).collect()))
        .collect()
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
