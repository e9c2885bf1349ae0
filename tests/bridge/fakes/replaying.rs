//! A saved answer sent again: unchanged it is a replay and refused, with a new stamp it is a sign-in.

use nhsmail_bridge::cli::replay as command;
use nhsmail_bridge::fakes::browser::Browser;
use nhsmail_bridge::fakes::mischief::Mischief;
use nhsmail_bridge::fakes::saml_idp::{Personality, SavedAnswer, Settings};

use super::{loopback, start};
use crate::support::{ADFS, ENTRA, START, TestBridge};

/// An answer that a person's browser has brought to the bridge already.
async fn used_answer(bridge: &TestBridge, door: &str, person: &str) -> SavedAnswer {
    let mut visitor = bridge.visitor();
    let who = visitor.leave(door).await;
    let answer = visitor.pick(&who, person).await;
    visitor.bring(&answer).await;
    bridge.fake.saved().pop().expect("a saved answer")
}

/// What the button of the fake's page reports.
async fn pressed(bridge: &TestBridge, id: &str, stamp: &str) -> String {
    let mut browser = Browser::new().expect("a browser");
    let list = browser
        .open(&format!("{}answers", bridge.fake.page()))
        .await
        .expect("the list");
    let forms = list.forms();
    let form = forms
        .iter()
        .find(|form| form.action.path().contains(id))
        .expect("its form");
    let fields = vec![("stamp".to_owned(), stamp.to_owned())];
    browser
        .submit(&list, form, fields)
        .await
        .expect("a report")
        .words()
}

#[tokio::test]
async fn an_answer_sent_again_unchanged_signs_nobody_in() {
    let bridge = TestBridge::start().await;
    for door in [ENTRA, ADFS] {
        let saved = used_answer(&bridge, door, "amara-example").await;
        let said = pressed(&bridge, &saved.id, "verbatim").await;
        assert!(said.contains("Signed in: nobody"), "{said}");
        assert!(!said.contains("A sign-in was begun"), "{said}");
    }
}

#[tokio::test]
async fn an_answer_with_a_new_stamp_answers_a_fresh_question_and_signs_its_person_in() {
    let bridge = TestBridge::start().await;
    for door in [ENTRA, ADFS] {
        let saved = used_answer(&bridge, door, "amara-example").await;
        bridge.clock.advance(time::Duration::days(3));
        let said = pressed(&bridge, &saved.id, "restamp").await;
        assert!(said.contains("A sign-in was begun"), "{said}");
        assert!(said.contains("name Amara Example"), "{said}");
    }
}

#[tokio::test]
async fn a_new_stamp_mends_nothing_that_was_wrong_on_purpose() {
    let bridge = TestBridge::start().await;
    bridge.fake.next_answer(Mischief::WrongAudience);
    let saved = used_answer(&bridge, ENTRA, "amara-example").await;
    let said = pressed(&bridge, &saved.id, "restamp").await;
    assert!(said.contains("Signed in: nobody"), "{said}");
}

fn arguments(file: &std::path::Path, acs: &str) -> command::Arguments {
    command::Arguments {
        file: file.to_owned(),
        acs: acs.to_owned(),
        verbatim: false,
        restamp: false,
        at: None,
        sign_in: None,
        key_dir: None,
        json: true,
    }
}

/// Runs the command as the program does, on a thread that has no runtime.
async fn run(arguments: command::Arguments) -> (u8, serde_json::Value) {
    let ran = tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        let code = command::run(&arguments, &mut out);
        (code, out)
    });
    let (code, out) = ran.await.expect("it ran");
    (code, serde_json::from_slice(&out).unwrap_or_default())
}

#[tokio::test]
async fn the_command_reads_a_file_and_the_keys_and_says_who_is_signed_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("keys");
    let bridge = TestBridge::start_with_fake(Settings {
        key_folder: Some(keys.clone()),
        ..Settings::listening(loopback())
    })
    .await;
    let saved = used_answer(&bridge, ENTRA, "priya-tester").await;
    let file = folder.path().join("answer.json");
    std::fs::write(&file, saved.to_json().expect("json")).expect("a file");
    let acs = saved.question.acs_url.clone();

    let (code, said) = run(arguments(&file, &acs)).await;
    assert_eq!(
        (code, said["verdict"].as_str()),
        (1, Some("not-signed-in")),
        "{said}"
    );

    let (code, said) = run(command::Arguments {
        restamp: true,
        at: Some(START),
        key_dir: Some(keys),
        ..arguments(&file, &acs)
    })
    .await;
    assert_eq!((code, said["verdict"].as_str()), (0, Some("signed-in")), "{said}");
    let name = &said["report"]["signed_in"]["somebody"]["name"];
    assert_eq!(name.as_str(), Some("Priya Tester"), "{said}");
}

#[tokio::test]
async fn what_cannot_be_read_or_reached_is_a_usage_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("answer.json");
    let acs = "http://127.0.0.1:9/acs";
    assert_eq!(run(arguments(&file, acs)).await.0, 2, "no file");
    std::fs::write(&file, "{}").expect("a file");
    assert_eq!(run(arguments(&file, acs)).await.0, 2, "no saved answer");
    let fake = start(super::repeatable()).await;
    super::answer_about(&fake, Personality::Entra, "amara-example").await;
    let saved = fake.saved().pop().expect("a saved answer");
    std::fs::write(&file, saved.to_json().expect("json")).expect("a file");
    assert_eq!(run(arguments(&file, acs)).await.0, 2, "nobody listens");
    let without_keys = command::Arguments {
        restamp: true,
        key_dir: Some(folder.path().join("keys")),
        ..arguments(&file, acs)
    };
    assert_eq!(run(without_keys).await.0, 2, "no keys");
}
