//! Every mischief of the fake: refused by its rule, in words that tell an attacker nothing, with one line in the log.

use nhsmail_bridge::fakes::mischief::Mischief;
use nhsmail_bridge::fakes::saml_idp::{Manner, NextAnswer, Personality, Signatures};

use crate::support::log::{Log, logged};
use crate::support::{ADFS, ENTRA, Page, TestBridge};

/// Each mischief with the rule that refuses it.
const REFUSED: [(Mischief, &str); 18] = [
    (Mischief::Unsigned, "signature-present"),
    (Mischief::WrongKey, "assertion-signature-verifies"),
    (Mischief::Sha1, "signature-algorithm"),
    (Mischief::ChangedAfterSigning, "assertion-signature-verifies"),
    (Mischief::WrongIssuer, "response-issuer"),
    (Mischief::WrongAudience, "audience-names-us"),
    (Mischief::WrongRecipient, "confirmation-recipient"),
    (Mischief::WrongDestination, "response-destination"),
    (Mischief::WrongQuestion, "response-in-response-to"),
    (Mischief::Expired, "confirmation-not-on-or-after"),
    (Mischief::NotYetValid, "conditions-not-before"),
    (Mischief::Replay, "response-in-response-to"),
    (Mischief::TwoAssertions, "assertion-one"),
    (Mischief::CommentInNameId, "document-comment"),
    (Mischief::ErrorStatus, "response-status"),
    (Mischief::Responder, "response-status"),
    (Mischief::InvalidNameIdPolicy, "response-status"),
    (Mischief::NoPassive, "response-status"),
];

/// What is left of a page when its reference is taken out.
fn without_reference(page: &Page) -> (u16, Vec<String>, String) {
    let headers = page.headers.iter();
    let headers = headers.filter(|(name, _)| *name != "date");
    let headers = headers
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    (
        page.status,
        headers,
        page.body.replace(&page.reference(), "REFERENCE"),
    )
}

/// Somebody tries to get in with this fault, and does not.
async fn refused(bridge: &TestBridge, door: &str, mischief: Mischief) -> Page {
    let mut visitor = bridge.visitor();
    bridge.fake.next_answer(mischief);
    let page = visitor.sign_in(door, "amara-example").await;
    assert_eq!(page.status, 403, "{mischief:?}: {}", page.body);
    assert!(!visitor.is_signed_in().await, "{mischief:?}");
    assert_eq!(visitor.ticket(), None, "{mischief:?}");
    page
}

fn assert_logged_once(log: &Log, page: &Page, rule: &str) {
    let lines = log.lines_with(&page.reference());
    let [line] = lines.as_slice() else {
        unreachable!("{rule}: {lines:#?}");
    };
    assert!(line.contains(&format!("rule=\"{rule}\"")), "{rule}: {line}");
}

fn every_mischief_at(door: &'static str) {
    logged(async |log| {
        let bridge = TestBridge::start().await;
        bridge.visitor().sign_in(door, "priya-tester").await;
        let mut pages = Vec::new();
        for (mischief, rule) in REFUSED {
            let page = refused(&bridge, door, mischief).await;
            assert_logged_once(&log, &page, rule);
            if rule != "response-status" {
                assert_eq!(page.heading(), "We could not log you in", "{mischief:?}");
                pages.push((mischief, without_reference(&page)));
            }
        }
        for (mischief, page) in &pages {
            assert_eq!(
                page, &pages[0].1,
                "{mischief:?} can be told from {:?}",
                pages[0].0
            );
        }
    });
}

#[test]
fn no_mischief_is_forgotten_here() {
    let listed = REFUSED.iter().map(|(mischief, _)| *mischief);
    let listed: Vec<_> = listed.chain([Mischief::Honest]).collect();
    assert!(Mischief::ALL.iter().all(|mischief| listed.contains(mischief)));
}

#[test]
fn gv_05_every_mischief_of_entra_is_refused_alike_and_logged_once_with_its_rule() {
    every_mischief_at(ENTRA);
}

#[test]
fn gv_05_every_mischief_of_adfs_is_refused_alike_and_logged_once_with_its_rule() {
    every_mischief_at(ADFS);
}

#[tokio::test]
async fn every_mischief_is_refused_where_the_response_is_signed_as_well() {
    let bridge = TestBridge::start().await;
    let both = Manner {
        signatures: Signatures::Both,
        ..Manner::default()
    };
    bridge.fake.set_manner(Personality::Entra, both);
    assert!(
        bridge
            .visitor()
            .sign_in(ENTRA, "priya-tester")
            .await
            .says("Priya Tester")
    );
    for (mischief, _) in REFUSED {
        refused(&bridge, ENTRA, mischief).await;
    }
}

#[test]
fn sp_15_a_refusal_of_the_identity_provider_is_translated_and_its_words_stay_out() {
    logged(async |log| {
        let bridge = TestBridge::start().await;
        let page = refused(&bridge, ENTRA, Mischief::ErrorStatus).await;
        assert_eq!(page.heading(), "NHSmail did not log you in");
        for code in ["Responder", "NoAuthnContext", "AADSTS75011"] {
            assert!(page.says(code), "{code}: {}", page.body);
        }
        let words = "Authentication method";
        assert!(!page.says(words), "{}", page.body);
        assert!(log.lines_with(words).is_empty());
        assert_logged_once(&log, &page, "response-status");
    });
}

#[tokio::test]
async fn sp_15_adfs_says_only_responder_and_the_person_still_learns_what_to_do() {
    let bridge = TestBridge::start().await;
    let page = refused(&bridge, ADFS, Mischief::Responder).await;
    assert!(
        page.says("did not say why") && page.says("Give the reference"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn after_every_refusal_the_same_person_can_start_again() {
    let bridge = TestBridge::start().await;
    let mut visitor = bridge.visitor();
    bridge.fake.script(NextAnswer::with(Mischief::WrongAudience));
    let page = visitor.sign_in(ENTRA, "amara-example").await;
    let chooser = visitor.open(page.link("Start again").as_str()).await;
    let question = visitor.open(chooser.link("Log in with NHSmail").as_str()).await;
    let answer = visitor.pick(&question, "amara-example").await;
    assert!(visitor.bring(&answer).await.says("Amara Example"));
}

#[tokio::test]
async fn a_message_that_is_no_message_is_refused_like_all_others() {
    let bridge = TestBridge::start().await;
    let expected = without_reference(&refused(&bridge, ENTRA, Mischief::Unsigned).await);
    for message in [
        "%%%",
        "PHg+",
        "",
        "PD94bWwgdmVyc2lvbj0iMS4wIj8+PCFET0NUWVBFIHg+PHgvPg==",
    ] {
        let mut visitor = bridge.visitor();
        let question = visitor.leave(ENTRA).await;
        let answer = visitor.pick(&question, "amara-example").await;
        let form = answer.form("Continue").with("SAMLResponse", message);
        let page = visitor.bring_form(&answer, &form).await;
        assert_eq!(without_reference(&page), expected, "{message}");
    }
}
