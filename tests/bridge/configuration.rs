//! What an operator writes: the files in `config/` load, the files in `fixtures/config/refused` give exactly their
//! messages, and nothing unsafe reaches real people.

mod grounds;
mod openid_connect;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use grounds::{Grounds, Key, now};
use nhsmail_bridge::cli::check::{Arguments, run};
use nhsmail_bridge::config::{Config, Surroundings, page};
use nhsmail_bridge::platform::problem::Problem;
use nhsmail_bridge::upstream::saml_sp::service_provider::ServiceProvider;
use proptest::prelude::*;
use time::Duration;
use time::macros::datetime;

/// The shortest configuration there is.
const SMALLEST: &str = r#"
environment = "test"
public_url = "http://127.0.0.1:8080"
data_dir = "data"
[web]
listen = "127.0.0.1:8080"
management_listen = "127.0.0.1:9090"
[saml.nhsmail]
label = "NHSmail"
preset = "entra"
entity_id = "urn:example:rota"
idp_entity_id = "https://sts.windows.net/37c354b2-85b0-47f5-b222-07b48d774ee3/"
metadata_file = "../metadata/nhsmail-entra.xml"
"#;

fn problems_at(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.at.as_str()).collect()
}

#[test]
fn every_refused_file_gives_exactly_its_messages() {
    let grounds = Grounds::new();
    let files = grounds::refused_files();
    assert!(files.len() >= 10, "only {} refused files", files.len());
    for (name, text) in files {
        let examined = grounds.examine(&text);
        assert!(examined.config.is_none(), "{name}");
        let problems = examined.problems.iter().map(ToString::to_string);
        let warnings = examined.warnings.iter().map(|it| format!("warning: {it}"));
        let said: Vec<_> = problems.chain(warnings).collect();
        insta::with_settings!({
            snapshot_path => "../../fixtures/config/refused",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, grounds.without_paths(&said.join("\n")));
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// One value of the full example becomes another, of any kind: what comes back is a configuration or a reason.
    #[test]
    fn gv_08_whatever_one_key_holds_there_is_a_configuration_or_a_reason(place in any::<prop::sample::Index>(), junk in grounds::junk()) {
        static GROUNDS: LazyLock<Grounds> = LazyLock::new(Grounds::new);
        let mut table = grounds::switch_every_key_on(&grounds::read("config/example.toml")).parse().expect("it is TOML");
        grounds::replace_one_value(&mut table, place, junk);
        if let Err(problems) = GROUNDS.load(&table.to_string()) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                let parts = [&problem.at, &problem.what, &problem.instead];
                prop_assert!(parts.iter().all(|part| !part.is_empty()), "{problem:?}");
            }
        }
    }
}

#[test]
fn the_smallest_file_loads_with_the_documented_defaults() {
    let config = Grounds::new().load(SMALLEST).expect("it is complete");
    let connection = &config.saml["nhsmail"];
    assert_eq!(config.session.idle, Duration::minutes(15));
    assert_eq!(config.session.absolute, Duration::hours(12));
    assert_eq!(config.token.lifetime, Duration::minutes(5));
    assert_eq!(connection.saml.clock_skew, Duration::seconds(120));
    assert_eq!(connection.saml.max_response_age, Duration::seconds(300));
    assert!(connection.saml.enabled && !connection.saml.allows_no_nameid());
    assert_eq!(connection.session, config.session);
}

#[test]
fn the_example_loads_as_it_stands_and_with_every_key_switched_on() {
    let grounds = Grounds::new();
    let example = grounds::read("config/example.toml");
    grounds
        .load(&example)
        .map_err(|found| grounds.said(&found))
        .expect("as it stands");
    let full = grounds::switch_every_key_on(&example);
    let config = grounds
        .load(&full)
        .map_err(|found| grounds.said(&found))
        .expect("with every key");
    assert!(config.environment.is_live());
}

#[test]
fn the_example_shows_every_setting() {
    let example = grounds::switch_every_key_on(&grounds::read("config/example.toml"));
    let shown = grounds::keys_of(&example.parse().expect("it is TOML"), "");
    let listed: BTreeSet<String> = grounds::keys_of_page(&page());
    let missing: Vec<_> = listed.difference(&shown).collect();
    assert!(
        listed.len() > 50 && missing.is_empty(),
        "not in config/example.toml: {missing:?}"
    );
}

#[test]
fn the_local_file_loads_beside_the_metadata_of_the_fakes() {
    let grounds = Grounds::new();
    let config = grounds
        .load(&grounds::read("config/local.toml"))
        .map_err(|found| grounds.said(&found))
        .expect("it works with the fakes");
    assert_eq!((config.saml.len(), config.oidc.len()), (2, 1));
    assert!(
        config
            .saml
            .values()
            .all(|it| it.saml.idp_entity_id.is_of_a_fake())
    );
}

#[test]
fn the_page_of_settings_is_current() {
    assert!(
        grounds::read("config/README.md") == page(),
        "run: nhsmail-bridge check --list-settings > config/README.md"
    );
}

#[test]
fn gv_07_a_fake_cannot_be_enabled_for_real_people() {
    let local = grounds::read("config/local.toml").replace("\"test\"", "\"live\"");
    let problems = Grounds::new()
        .load(&local)
        .expect_err("fakes sign in whoever asks");
    let at = problems_at(&problems);
    for connection in ["nhsmail-entra", "nhsmail-adfs"] {
        for key in ["idp_entity_id", "metadata_file"] {
            let path = format!("saml.{connection}.{key}");
            assert!(at.contains(&path.as_str()), "{path} is not among {at:?}");
        }
    }
}

#[test]
fn gv_07_a_key_of_a_fake_cannot_be_ours_for_real_people() {
    let grounds = Grounds::new();
    let with_key = |environment: &str, key: &str| {
        let live = SMALLEST
            .replace("\"test\"", &format!("\"{environment}\""))
            .replace("http://127.0.0.1:8080", "https://bridge.example.nhs.uk");
        let signing = format!(
            "[saml.nhsmail.request_signing]\nkey = {{ file = \"../keys/{key}.key\" }}\ncertificate_file = \"../keys/{key}.crt\""
        );
        grounds.load(&format!("{live}\n{signing}"))
    };
    let problems = with_key("live", "fake").expect_err("the key is a fake's");
    assert_eq!(
        problems_at(&problems),
        ["saml.nhsmail.request_signing.certificate_file"]
    );
    with_key("int", "fake").expect("other environments may");
    with_key("live", "rsa").expect("a real key may");
}

#[test]
fn gv_08_unknown_keys_are_refused_wherever_they_stand() {
    let grounds = Grounds::new();
    let unknown =
        format!("{SMALLEST}\n[saml.nhsmail.person]\nacount_key = [\"oid\"]\n[sesion]\nidle_minutes = 5");
    let problems = grounds.load(&unknown).expect_err("two keys are unknown");
    assert_eq!(
        problems_at(&problems),
        ["sesion", "saml.nhsmail.person.acount_key"]
    );
    assert!(
        problems[0].instead.starts_with("session,"),
        "{}",
        problems[0].instead
    );
    assert!(
        problems[1].instead.starts_with("account_key,"),
        "{}",
        problems[1].instead
    );
}

#[test]
fn gv_08_a_configuration_is_checked_without_starting() {
    let grounds = Grounds::new();
    let before = grounds.files();
    let check = |text: &str, json: bool| {
        let path = grounds.write("checked.toml", text);
        let arguments = Arguments {
            config: Some(path),
            json,
            list_settings: false,
        };
        let mut out = Vec::new();
        let exit = run(&arguments, &Surroundings::bare(now()), &mut out);
        (exit, String::from_utf8(out).expect("it is text"))
    };

    assert_eq!(check(SMALLEST, false).0, 0);
    let (exit, said) = check(&SMALLEST.replace("label = ", "lable = "), true);
    assert_eq!(exit, 1);
    let report: serde_json::Value = serde_json::from_str(&said).expect("it is JSON");
    assert_eq!(report["ok"], false);
    assert_eq!(report["problems"][0]["at"], "saml.nhsmail.lable");
    assert_eq!(report["problems"][1]["what"], "is missing");
    assert_eq!(report["warnings"], serde_json::json!([]));

    std::fs::remove_file(grounds.path("refused/checked.toml")).expect("ours");
    assert_eq!(grounds.files(), before, "checking leaves nothing behind");
}

#[test]
fn gv_08_what_ends_by_itself_is_reported_and_stops_nothing() {
    let grounds = Grounds::new();
    let exception = |allow: &str| {
        format!(
            "[[saml.nhsmail.exception]]\nallow = \"{allow}\"\nuntil = \"2026-10-31\"\nreason = \"renewal\""
        )
    };
    let examined = grounds.examine(&format!("{SMALLEST}\n{}", exception("sha1")));
    assert!(examined.config.is_some(), "{:?}", examined.problems);
    assert_eq!(
        problems_at(&examined.warnings),
        ["saml.nhsmail.exception[0].until"]
    );

    // An identity provider with nothing but a weak key, which is refused from today on: others may still sign in.
    let weak = SMALLEST.replace("nhsmail-entra.xml", "weak-entra.xml");
    assert!(
        grounds.load(&weak).is_err(),
        "without any exception it is no connection"
    );
    let weak = grounds.load(&format!("{weak}\n{}", exception("rsa-1024")));
    let settings = weak.expect("the exception is known").saml["nhsmail"].saml.clone();
    ServiceProvider::load("nhsmail", "http://127.0.0.1:8080", settings, now()).expect("it starts");
}

#[test]
fn gv_08_a_certificate_near_its_end_is_reported_and_stops_nothing() {
    let late = Surroundings::bare(datetime!(2029-12-01 12:00 UTC));
    let signing = "[saml.nhsmail.request_signing]\nkey = { file = \"../keys/rsa.key\" }\ncertificate_file = \"../keys/rsa.crt\"";
    let examined = Grounds::new().examine_in(&format!("{SMALLEST}\n{signing}"), &late);
    assert!(examined.config.is_some(), "{:?}", examined.problems);
    assert_eq!(
        problems_at(&examined.warnings),
        [
            "saml.nhsmail.request_signing.certificate_file",
            "saml.nhsmail.metadata_file"
        ]
    );
}

#[test]
fn gv_08_a_file_that_is_not_there_is_unreadable_not_refused() {
    let arguments = Arguments {
        config: Some(Path::new("nowhere.toml").to_owned()),
        json: false,
        list_settings: false,
    };
    let mut out = Vec::new();
    let exit = run(&arguments, &Surroundings::bare(now()), &mut out);
    assert_eq!(exit, 2);
}

#[test]
fn an_environment_variable_overrides_the_file() {
    let surroundings = Surroundings::bare(now())
        .with("NHSMAIL_BRIDGE__SESSION__IDLE_MINUTES", "7")
        .with(
            "NHSMAIL_BRIDGE__WEB__RETURN_TO",
            "https://a.example.nhs.uk, https://b.example.nhs.uk",
        )
        .with("NHSMAIL_BRIDGE__SAML__NHSMAIL_TWO__ENABLED", "false")
        .with("NHSMAIL_BRIDGE_CONFIG", "is not one of ours");
    let text = SMALLEST.replace("[saml.nhsmail]", "[saml.nhsmail-two]");
    let config = Grounds::new()
        .load_in(&text, &surroundings)
        .expect("all are settings");
    assert_eq!(config.session.idle, Duration::minutes(7));
    assert_eq!(config.web.return_to.len(), 2);
    assert!(!config.saml["nhsmail-two"].saml.enabled);
}

#[test]
fn a_wrong_environment_variable_is_named_in_its_problem() {
    let surroundings = Surroundings::bare(now())
        .with("NHSMAIL_BRIDGE__SESSION__IDLE_MINUTES", "soon")
        .with("NHSMAIL_BRIDGE__SESSION__IDLE_MINUTE", "7")
        .with("NHSMAIL_BRIDGE__SAML__NHSMIAL__LABEL", "NHSmail")
        .with("NHSMAIL_BRIDGE__WEB__RETURN_TO", "https://a.example.nhs.uk,b");
    let problems = Grounds::new()
        .load_in(SMALLEST, &surroundings)
        .expect_err("all are wrong");
    let at = [
        "NHSMAIL_BRIDGE__SAML__NHSMIAL__LABEL",
        "NHSMAIL_BRIDGE__SESSION__IDLE_MINUTE",
        "session.idle_minutes",
        "web.return_to[1]",
    ];
    assert_eq!(problems_at(&problems), at);
    for (problem, name) in problems
        .iter()
        .skip(2)
        .zip(["SESSION__IDLE_MINUTES", "WEB__RETURN_TO"])
    {
        let ending = format!("(given by the environment variable NHSMAIL_BRIDGE__{name})");
        assert!(problem.what.ends_with(&ending), "{}", problem.what);
    }
}

#[test]
fn a_key_named_by_an_environment_variable_takes_the_place_of_the_one_in_the_file() {
    let text = format!(
        "{SMALLEST}\n[saml.nhsmail.request_signing]\nkey = {{ env = \"NOT_SET\" }}\ncertificate_file = \"../keys/rsa.crt\""
    );
    let name = "NHSMAIL_BRIDGE__SAML__NHSMAIL__REQUEST_SIGNING__KEY__FILE";
    let surroundings = Surroundings::bare(now()).with(name, "../keys/rsa.key");
    Grounds::new()
        .load_in(&text, &surroundings)
        .expect("the file of the variable is there");
}

#[test]
fn xc_10_a_private_key_comes_from_a_file_or_from_the_environment_and_is_never_printed() {
    let grounds = Grounds::new();
    let key = grounds::private_key(Key::Rsa);
    let text = |key: &str| {
        format!(
            "{SMALLEST}\n[[saml.nhsmail.decryption]]\nkey = {key}\ncertificate_file = \"../keys/rsa.crt\""
        )
    };
    let from_file = grounds
        .load(&text("{ file = \"../keys/rsa.key\" }"))
        .expect("from a file");
    let surroundings = Surroundings::bare(now()).with("DECRYPTION_KEY", &key);
    let held = grounds
        .load_in(&text("{ env = \"DECRYPTION_KEY\" }"), &surroundings)
        .expect("from the environment");
    let octets = |config: &Config| {
        config.saml["nhsmail"].saml.decryption[0]
            .key
            .read()
            .expect("it is there")
    };
    assert_eq!(octets(&from_file), octets(&held));

    let line = key.lines().nth(1).expect("a line of the key");
    assert!(!format!("{held:?} {surroundings:?}").contains(line));
    let pasted = grounds
        .load(&text(&format!("'''{key}'''")))
        .expect_err("a key is not pasted into the file");
    assert!(!grounds.said(&pasted).contains(line));
}
