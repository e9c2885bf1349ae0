//! The commands as an operator types them: the program itself, its exit code, what it prints.

mod doctor;
mod program;
mod tokens;

use std::path::Path;

use program::{Desk, INSTANT, program};
use serde_json::{Value, json};

#[test]
fn every_command_explains_itself() {
    let commands: [&[&str]; 7] = [
        &[],
        &["check"],
        &["doctor"],
        &["explain"],
        &["metadata", "show"],
        &["metadata", "ours"],
        &["serve"],
    ];
    for command in commands {
        let help = [command, &["--help"]].concat();
        let ran = program(&help, b"");
        assert_eq!(ran.code, 0);
        let name = [&["help"], command].concat().join("-");
        insta::assert_snapshot!(name, ran.out);
    }
}

#[test]
fn a_mistake_of_usage_is_exit_code_2() {
    let desk = Desk::new();
    let explain = Desk::explain("answer.xml", &[]);
    let without_certificates: Vec<&str> = explain.iter().map(String::as_str).collect();
    let wrong: [&[&str]; 8] = [
        &[],
        &["unknown"],
        &["check"],
        &["explain", "answer.xml"],
        &["explain", "answer.xml", "--config", "bridge.toml"],
        &["explain", "answer.xml", "--connection", "nhsmail"],
        &["metadata", "show"],
        &["metadata", "ours", "--config", "bridge.toml"],
    ];
    for arguments in wrong {
        let ran = desk.run(arguments, b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.complaint.is_empty(), "{arguments:?}");
    }
    for more in [
        ["--at", "yesterday"],
        ["--skew", "301"],
        ["--allow", "everything"],
        ["--idp-cert", "answer.xml"],
        ["--sp-key", "idp.crt"],
        ["--config", "bridge.toml"],
    ] {
        let arguments = [without_certificates.as_slice(), more.as_slice()].concat();
        assert_eq!(desk.run(&arguments, b"").code, 2, "{more:?}");
    }
}

#[test]
fn explain_says_every_rule_in_order_with_the_same_keys() {
    let desk = Desk::new();
    let ran = desk.explained("answer.xml", &[]);
    assert_eq!(ran.code, 0, "{}", ran.complaint);
    let said = ran.json();
    assert_eq!(said["verdict"], "accept");
    let rules = said["rules"].as_array().expect("a list");
    assert!(rules.len() > 30, "only {} rules", rules.len());
    for rule in rules {
        let keys: Vec<&str> = rule
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let expected = [
            "actual", "clause", "element", "expected", "id", "remedy", "verdict", "who",
        ];
        assert_eq!(keys, expected, "{rule}");
        let verdict = rule["verdict"].as_str().expect("a word");
        assert!(["holds", "not-reached"].contains(&verdict), "{rule}");
        assert_eq!(rule["element"].is_null(), verdict == "not-reached", "{rule}");
        assert!(rule["remedy"].is_null() && rule["who"].is_null(), "{rule}");
    }
}

#[test]
fn explain_says_of_a_refusal_what_to_do_and_who_must() {
    let desk = Desk::new();
    let ran = desk.explained("answer.xml", &["--skew", "0", "--at", "2026-11-21T10:00:00Z"]);
    assert_eq!(ran.code, 1);
    let said = ran.json();
    assert_eq!(said["verdict"], "refuse");
    let rules = said["rules"].as_array().expect("a list");
    let refusing: Vec<&Value> = rules.iter().filter(|rule| rule["verdict"] == "refuses").collect();
    let ids: Vec<&Value> = refusing.iter().map(|rule| &rule["id"]).collect();
    assert_eq!(
        ids,
        ["confirmation-not-on-or-after", "conditions-not-on-or-after"]
    );
    for rule in refusing {
        for key in ["clause", "element", "expected", "actual", "remedy", "who"] {
            assert!(!rule[key].as_str().expect(key).is_empty(), "{rule}");
        }
    }
}

#[test]
fn gv_02_values_of_a_person_are_printed_only_when_they_are_asked_for() {
    let desk = Desk::new();
    let hidden = desk.explained("answer.xml", &[]);
    assert!(!hidden.out.contains("Amara") && !hidden.out.contains("kH8jC2mXo0Yq3b1R"));
    let identity = &hidden.json()["identity"];
    let keys: Vec<&String> = identity.as_object().expect("an object").keys().collect();
    let expected = [
        "attributes",
        "authn_context",
        "name_id",
        "name_id_format",
        "session_index",
    ];
    assert_eq!(keys, expected);
    assert!(identity["name_id"].is_null() && identity["session_index"].is_null());

    let shown = desk.explained("answer.xml", &["--show-values"]).json();
    assert_eq!(shown["identity"]["name_id"], "kH8jC2mXo0Yq3b1R");
    let given_name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname";
    assert_eq!(shown["identity"]["attributes"][given_name], json!(["Amara"]));
}

#[test]
fn an_identity_is_told_only_of_what_was_signed() {
    let desk = Desk::new();
    let said = desk.explained("unsigned.xml", &["--show-values"]);
    assert_eq!(said.code, 1);
    assert!(said.json().get("identity").is_none() && !said.out.contains("Amara"));
}

#[test]
fn a_message_comes_as_xml_base64_or_a_form_from_a_file_or_from_stdin() {
    let desk = Desk::new();
    for file in ["answer.xml", "answer.b64", "answer.form"] {
        assert_eq!(desk.explained(file, &[]).code, 0, "{file}");
        let arguments = Desk::explain("-", &[]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        assert_eq!(
            desk.run(&arguments, &desk.read(file)).code,
            0,
            "{file} from stdin"
        );
    }
    assert_eq!(desk.explained("nowhere.xml", &[]).code, 2);
    let arguments = Desk::explain("-", &[]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(desk.run(&arguments, b"!").code, 2);
}

#[test]
fn certificates_and_keys_come_as_pem_or_der() {
    let desk = Desk::new();
    for certificate in ["idp.crt", "idp.der"] {
        for key in ["sp.key", "sp.der"] {
            let mut arguments = Desk::explain("answer.xml", &["--sp-key", key]);
            for argument in &mut arguments {
                if argument == "idp.crt" {
                    certificate.clone_into(argument);
                }
            }
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            assert_eq!(desk.run(&arguments, b"").code, 0, "{certificate} {key}");
        }
    }
}

#[test]
fn every_word_of_what_may_be_allowed_is_known_and_no_other() {
    let desk = Desk::new();
    for word in [
        "sha1",
        "rsa-1024",
        "cbc",
        "no-nameid",
        "allow_sha1",
        "allow_missing_response_inresponseto",
        "allow_no_audience",
    ] {
        assert_eq!(desk.explained("answer.xml", &["--allow", word]).code, 0, "{word}");
    }
    let ran = desk.explained("answer.xml", &["--allow", "sha-1"]);
    assert_eq!(ran.code, 2);
    assert!(ran.complaint.contains("sha1, rsa-1024, cbc"), "{}", ran.complaint);
}

#[test]
fn explain_takes_its_terms_from_a_connection() {
    let desk = Desk::new();
    let terms = ["--config", "bridge.toml", "--connection", "nhsmail", "--json"];
    let question = ["--request-id", program::REQUEST_ID];
    let explain = |more: &[&str]| {
        desk.run(
            &[&["explain", "answer.xml"], terms.as_slice(), more].concat(),
            b"",
        )
    };

    let good = [question.as_slice(), &["--at", INSTANT]].concat();
    let ran = explain(&good);
    assert_eq!(
        (ran.code, &ran.json()["verdict"]),
        (0, &json!("accept")),
        "{}",
        ran.complaint
    );
    assert_eq!(explain(&["--at", INSTANT]).code, 1, "no question was asked");
    // Without an instant it is judged now, long after it was made or before.
    assert_eq!(explain(&question).code, 1);

    let unknown = [
        "explain",
        "answer.xml",
        "--config",
        "bridge.toml",
        "--connection",
        "other",
    ];
    let ran = desk.run(&unknown, b"");
    assert_eq!(ran.code, 2);
    assert!(
        ran.complaint.contains("saml.other: there is no such connection"),
        "{}",
        ran.complaint
    );
}

#[test]
fn check_and_metadata_say_yes_no_or_unreadable() {
    let desk = Desk::new();
    let code = |arguments: &[&str]| desk.run(arguments, b"").code;
    assert_eq!(code(&["check", "--config", "bridge.toml"]), 0);
    assert_eq!(code(&["check", "--config", "broken.toml"]), 1);
    assert_eq!(code(&["check", "--config", "nowhere.toml"]), 2);
    assert_eq!(code(&["check", "--list-settings"]), 0);
    assert_eq!(code(&["metadata", "show", "idp.xml", "--at", INSTANT]), 0);
    assert_eq!(
        code(&["metadata", "show", "idp.xml", "--entity-id", "urn:other"]),
        1
    );
    assert_eq!(code(&["metadata", "show", "nowhere.xml"]), 2);

    let shown = desk
        .run(&["metadata", "show", "idp.xml", "--at", INSTANT, "--json"], b"")
        .json();
    let keys: Vec<&String> = shown.as_object().expect("an object").keys().collect();
    let expected = [
        "entity_id",
        "reasons",
        "signing_certs",
        "slo",
        "sso",
        "usable",
        "valid_until",
        "warnings",
    ];
    assert_eq!(keys, expected);
    let ours = desk.run(
        &[
            "metadata",
            "ours",
            "--config",
            "bridge.toml",
            "--connection",
            "nhsmail",
        ],
        b"",
    );
    assert_eq!(ours.code, 0, "{}", ours.complaint);
    assert!(
        ours.out.contains("https://bridge.example.org/saml/nhsmail/acs"),
        "{}",
        ours.out
    );
}

#[test]
fn no_command_leaves_anything_behind() {
    let desk = Desk::new();
    let before = desk.files();
    for arguments in [
        ["check", "--config", "bridge.toml", "--json"].as_slice(),
        &["metadata", "show", "idp.xml"],
        &[
            "metadata",
            "ours",
            "--config",
            "bridge.toml",
            "--connection",
            "nhsmail",
        ],
    ] {
        desk.run(arguments, b"");
    }
    desk.explained("answer.xml", &[]);
    assert_eq!(desk.files(), before);
    assert!(!Path::new("data").exists());
}
