//! The same judgement by the commands: a tester with nothing but files gets what the library says.

use std::process::{Command, Output};

use nhsmail_bridge::cli::explain::explain;
use serde_json::Value;

use super::index::{Case, INDEX, path_of};
use super::judge::{Grants, request};

/// One case in so many is asked of a process.
const ONE_IN: usize = 6;

#[test]
fn the_command_explain_says_what_the_library_says_and_exits_by_the_verdict() {
    let mut codes = [0; 3];
    let cases = INDEX
        .of_kind("response")
        .filter(|case| case.sp.as_ref().is_some_and(|sp| !sp.idp_certs.is_empty()));
    for case in cases.step_by(ONE_IN) {
        let output = explained(case);
        let sp = case.sp.as_ref().expect("the case has a configuration");
        let code = output.status.code().expect("explain ends by itself");
        match explain(&request(case.message(), sp, Grants::Everything)) {
            Err(_unreadable) => assert_eq!(code, 2, "{}", case.file),
            Ok(explanation) => {
                let printed: Value = serde_json::from_slice(&output.stdout).expect("--json prints JSON");
                assert_eq!(
                    printed,
                    serde_json::to_value(&explanation).expect("it is JSON"),
                    "{}",
                    case.file
                );
                assert_eq!(code, i32::from(printed["verdict"] != "accept"), "{}", case.file);
            }
        }
        codes[usize::try_from(code).expect("it is no signal")] += 1;
    }
    println!(
        "corpus: the command explain accepted {}, refused {}, could not read {}",
        codes[0], codes[1], codes[2]
    );
    assert!(codes[0] > 0 && codes[1] > 0, "both verdicts occur");
}

#[test]
fn the_command_metadata_show_exits_by_the_verdict() {
    let mut count = 0;
    for case in INDEX.of_kind("metadata").step_by(ONE_IN) {
        let at = "2026-01-15T12:00:00Z";
        let output = bridge()
            .args(["metadata", "show", "--json", "--at", at])
            .arg(path_of(&case.file))
            .output();
        let output = output.expect("the program starts");
        let verdict: Value = serde_json::from_slice(&output.stdout).expect("--json prints JSON");
        assert_eq!(
            output.status.code(),
            Some(i32::from(verdict["usable"] != true)),
            "{}",
            case.file
        );
        count += 1;
    }
    println!("corpus: the command metadata show judged {count} documents");
}

fn explained(case: &Case) -> Output {
    let sp = case.sp.as_ref().expect("the case has a configuration");
    let request = request(case.message(), sp, Grants::Everything);
    let mut command = bridge();
    command.arg("explain").arg(path_of(&case.file)).args([
        "--json",
        "--show-values",
        "--skew",
        "0",
        "--at",
        &sp.now,
    ]);
    command.args([
        "--idp-entity-id",
        &request.idp_entity_id,
        "--sp-entity-id",
        &request.sp_entity_id,
    ]);
    command.args(["--acs-url", &request.acs_url]);
    for (flag, files) in [("--idp-cert", &sp.idp_certs), ("--sp-key", &sp.sp_keys)] {
        for file in files {
            command.arg(flag).arg(path_of(file));
        }
    }
    match &request.request_id {
        Some(id) => command.args(["--request-id", id]),
        None => command.arg("--unsolicited"),
    };
    command
        .arg("--allow")
        .args(&request.allow)
        .output()
        .expect("the program starts")
}

fn bridge() -> Command {
    Command::new(env!("CARGO_BIN_EXE_nhsmail-bridge"))
}
