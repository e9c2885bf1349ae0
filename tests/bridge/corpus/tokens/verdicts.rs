//! Every token of the corpus and every variant of it, before the judge.

use nhsmail_bridge::cli::explain_token::{ExplainTokenRequest, TokenKind, explain_token};
use serde_json::Value;
use time::OffsetDateTime;

use super::index::{Case, INDEX, read};
use super::judge::{judge, judged};
use super::reasons::{rules_of_reason, rules_of_variant};

/// An HMAC under nine octets: RFC 7518 3.2 wants as many as the digest has. The index asks for no length.
const SHORT_SECRET: &str = "oidc/openidconnect-rs/tests-24.jwt";

/// `amr` is one text, where OpenID Connect Core 2 has a list: the second judge cannot read it.
const AMR_IS_TEXT: &str = "oidc/mod_auth_openidc/rs256-x5t-valid.jwt";

/// Its signature ends in loose bits (RFC 7515 2, RFC 4648 3.5), and its key set has a P-521 key only.
const LOOSE_BITS: &str = "oidc/mod_auth_openidc/test_jose-3.jwt";

fn tokens() -> impl Iterator<Item = &'static Case> {
    ["id_token", "logout_token", "jws"]
        .into_iter()
        .flat_map(|kind| INDEX.of_kind(kind))
}

#[test]
fn oi_06_oi_13_every_genuine_token_is_accepted_with_exactly_its_claims() {
    let mut count = 0;
    for case in tokens().filter(|case| case.expected == "accept") {
        let verdict = judged(case);
        let differs = [
            (SHORT_SECRET, "token-key-set"),
            (AMR_IS_TEXT, "id-token-second-judge"),
        ];
        if let Some((_, rule)) = differs.iter().find(|(file, _)| *file == case.file) {
            assert_eq!(Vec::from_iter(verdict.refusing), [*rule], "{}", case.file);
            continue;
        }
        assert!(
            verdict.accepted,
            "{}: refused by {:?}",
            case.file, verdict.refusing
        );
        assert_eq!(verdict.claims.map(Value::Object), case.claims, "{}", case.file);
        count += 1;
    }
    println!("tokens: {count} genuine ones accepted");
    assert_eq!(count, 7);
}

#[test]
fn oi_06_oi_13_every_reject_is_refused_and_each_reason_is_found_by_its_rule() {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in tokens().filter(|case| case.expected == "reject") {
        let verdict = judged(case);
        assert!(!verdict.accepted, "{} was accepted", case.file);
        // What cannot be read has no claims for the other rules to look at.
        let is_unread = verdict.refusing.contains("token-form");
        for reason in &case.reasons {
            let found = rules_of_reason(reason)
                .iter()
                .any(|rule| verdict.refusing.contains(rule));
            if !found && !is_unread {
                wrong.push(format!(
                    "{}: {reason}, refused by {:?}",
                    case.file, verdict.refusing
                ));
            }
        }
        count += 1;
    }
    println!("tokens: {count} rejects refused");
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_isolated_reject_is_refused_for_its_reason_and_for_no_other() {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in tokens().filter(|case| case.isolated && case.file != LOOSE_BITS) {
        let verdict = judged(case);
        let named: Vec<&str> = case
            .reasons
            .iter()
            .flat_map(|reason| rules_of_reason(reason))
            .copied()
            .collect();
        if !verdict.refusing.iter().all(|rule| named.contains(rule)) {
            wrong.push(format!(
                "{}: {:?} became {:?}",
                case.file, case.reasons, verdict.refusing
            ));
        }
        count += 1;
    }
    println!("tokens: {count} isolated rejects refused for their reason alone");
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_variant_of_a_genuine_token_is_refused_by_the_rule_of_the_changed_setting() {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in tokens() {
        for variant in &case.variants {
            assert_eq!(variant.expected, "reject");
            let verdict = judge(case, &variant.change);
            let found = rules_of_variant(&variant.reason)
                .iter()
                .any(|rule| verdict.refusing.contains(rule));
            if verdict.accepted || !found {
                wrong.push(format!(
                    "{}: {} became {:?}",
                    case.file, variant.reason, verdict.refusing
                ));
            }
            count += 1;
        }
    }
    println!("tokens: {count} variants refused");
    assert!(count > 70, "{count}");
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn oi_11_userinfo_of_the_sandbox_is_that_of_its_person_and_of_nobody_else() {
    let mut count = 0;
    for case in INDEX.of_kind("userinfo") {
        let claims: Value = serde_json::from_slice(&read(&case.file)).expect("it is JSON");
        let judged = |subject: &str| {
            let request = ExplainTokenRequest {
                message: read(&case.file),
                subject: subject.to_owned(),
                ..ExplainTokenRequest::default()
            };
            let explained = explain_token(TokenKind::UserInfo, &request, OffsetDateTime::UNIX_EPOCH);
            explained
                .expect("nothing is allowed")
                .refusing()
                .collect::<Vec<_>>()
        };
        let subject = claims["sub"].as_str().expect("it has a subject");
        assert!(judged(subject).is_empty(), "{}: {:?}", case.file, judged(subject));
        assert_eq!(judged("somebody else"), ["userinfo-subject"]);
        count += 1;
    }
    assert_eq!(count, 2);
}
