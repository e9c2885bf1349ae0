//! Applications as they are written: what is taken, what is refused.

use super::*;
use crate::platform::environment::Environment;

fn rota() -> Settings {
    Settings {
        redirect_uris: vec!["https://rota.example/callback".to_owned()],
        client_authentication: Some(AuthenticationMethod::ClientSecretBasic),
        client_secret: Some(Source::held("s".repeat(32))),
        ..Settings::new("Rota")
    }
}

fn problems_in(environment: Environment, change: impl FnOnce(&mut Settings)) -> Vec<String> {
    let mut settings = rota();
    change(&mut settings);
    let problems = settings.problems("applications.rota", "rota", environment);
    problems
        .into_iter()
        .map(|problem| problem.at.replace("applications.rota", ""))
        .collect()
}

fn problems(change: impl FnOnce(&mut Settings)) -> Vec<String> {
    problems_in(Environment::Live, change)
}

#[test]
fn an_application_that_is_written_in_full_has_no_problem() {
    assert_eq!(problems(|_| ()), [""; 0]);
    let application = rota().application("rota").unwrap();
    assert_eq!(
        (application.audience.as_str(), application.client_id.as_str()),
        ("rota", "rota")
    );
    assert_eq!(application.simulated, Simulated::Refuse);
    assert!(
        application
            .login
            .unwrap()
            .redirects_to("https://rota.example/callback")
    );
}

#[test]
fn an_application_that_would_be_told_nothing_is_a_problem() {
    assert_eq!(problems(|it| *it = Settings::new("Rota")), [""]);
    let behind_a_proxy = |it: &mut Settings| {
        *it = Settings::new("Rota");
        it.origins = vec![Origin::parse("https://rota.example").unwrap()];
    };
    assert_eq!(problems(behind_a_proxy), [""; 0]);
}

#[test]
fn ap_01_addresses_that_could_be_read_in_two_ways_are_problems() {
    let found = problems(|it| {
        it.redirect_uris = [
            "https://*.rota.example/",
            "https://rota.example/cb",
            "http://rota.example/",
        ]
        .map(str::to_owned)
        .to_vec();
    });
    assert_eq!(
        found,
        [".redirect_uris[0]", ".redirect_uris[2]", ".redirect_uris"]
    );
}

#[test]
fn plain_http_is_for_loopback_in_tests_and_for_native_applications() {
    let local = |it: &mut Settings| it.redirect_uris = vec!["http://127.0.0.1:8081/cb".to_owned()];
    assert_eq!(problems(local), [".redirect_uris"]);
    assert_eq!(problems_in(Environment::Test, local), [""; 0]);
    let native = |it: &mut Settings| {
        local(it);
        it.application_type = ApplicationType::Native;
    };
    assert_eq!(problems(native), [""; 0]);
}

#[test]
fn the_method_and_what_it_needs_belong_together() {
    assert_eq!(
        problems(|it| it.client_authentication = None),
        [".client_authentication", ".client_secret"]
    );
    assert_eq!(problems(|it| it.client_secret = None), [".client_secret"]);
    assert_eq!(
        problems(|it| it.client_secret = Some(Source::held("short"))),
        [".client_secret"]
    );
    let by_key = |it: &mut Settings| {
        it.client_secret = None;
        it.client_authentication = Some(AuthenticationMethod::PrivateKeyJwt);
    };
    assert_eq!(problems(by_key), [".jwks"]);
    let empty = |it: &mut Settings| {
        by_key(it);
        it.jwks = Some(Source::held(*b"{\"keys\":[]}"));
    };
    assert_eq!(problems(empty), [".jwks"]);
    assert_eq!(
        problems(|it| it.jwks = Some(Source::held(*b"{\"keys\":[]}"))),
        [".jwks"]
    );
}

#[test]
fn addresses_for_logout_are_plain_and_the_frame_is_the_applications_own() {
    let found = problems(|it| {
        it.post_logout_redirect_uris = vec!["https://rota.example/bye#x".to_owned(), "/bye".to_owned()];
        it.backchannel_logout_uri = Some("http://rota.example/out".to_owned());
        it.frontchannel_logout_uri = Some("https://other.example/out".to_owned());
    });
    let expected = [
        ".post_logout_redirect_uris[0]",
        ".post_logout_redirect_uris[1]",
        ".backchannel_logout_uri",
        ".frontchannel_logout_uri",
    ];
    assert_eq!(found, expected);
    assert_eq!(
        problems(|it| it.frontchannel_logout_uri = Some("https://rota.example/out".to_owned())),
        [""; 0]
    );
}

#[test]
fn pairwise_names_need_a_sector_where_the_hosts_differ() {
    let pairwise = |it: &mut Settings| it.subject_type = SubjectType::Pairwise;
    assert_eq!(problems(pairwise), [""; 0]);
    let mut settings = rota();
    pairwise(&mut settings);
    let sector = "rota.example".to_owned();
    assert_eq!(
        settings.application("rota").unwrap().subject,
        SubjectKind::Pairwise { sector }
    );
    let native = |it: &mut Settings| {
        pairwise(it);
        it.application_type = ApplicationType::Native;
        it.redirect_uris = vec!["http://127.0.0.1/done".to_owned()];
    };
    assert_eq!(
        problems(native),
        [".sector"],
        "every native application stands there"
    );
    let two_hosts = |it: &mut Settings| {
        pairwise(it);
        it.redirect_uris.push("https://other.example/cb".to_owned());
    };
    assert_eq!(problems(two_hosts), [".sector"]);
}

#[test]
fn gv_07_simulated_people_have_no_place_in_a_live_environment() {
    assert_eq!(problems(|it| it.simulated = true), [".simulated"]);
    assert_eq!(problems_in(Environment::Int, |it| it.simulated = true), [""; 0]);
}

#[test]
fn what_nobody_could_fulfil_is_a_problem() {
    assert_eq!(
        problems(|it| it.requires.minimum_aal = Some(4)),
        [".requires.minimum_aal"]
    );
    assert_eq!(
        problems(|it| it.requires.max_age_minutes = Some(0)),
        [".requires.max_age_minutes"]
    );
    let mailbox_with_a_level = |it: &mut Settings| {
        it.requires.doors = vec![Door::Nhsmail];
        it.requires.minimum_aal = Some(2);
    };
    assert_eq!(problems(mailbox_with_a_level), [".requires.doors"]);
}

#[test]
fn ap_12_paths_are_plain_once_each_and_seen_only_behind_a_proxy() {
    let path = |prefix: &str| PathSettings {
        prefix: prefix.to_owned(),
        public: false,
        requires: Required::default(),
    };
    let behind = |paths: Vec<PathSettings>| {
        problems(|it| {
            it.origins = vec![Origin::parse("https://rota.example").unwrap()];
            it.paths = paths;
        })
    };
    assert_eq!(behind(vec![path("/admin/"), path("/health")]), [""; 0]);
    for bad in ["admin", "/a/../b", "/a//b", "/%61", "/a?b", ""] {
        assert_eq!(behind(vec![path(bad)]), [".paths[0].prefix"], "{bad}");
    }
    assert_eq!(behind(vec![path("/a"), path("/a")]), [".paths[1].prefix"]);
    let contradictory = PathSettings {
        public: true,
        requires: Required {
            mfa: true,
            ..Required::default()
        },
        ..path("/a")
    };
    assert_eq!(behind(vec![contradictory]), [".paths[0].public"]);
    assert_eq!(problems(|it| it.paths = vec![path("/a")]), [".paths"]);
}
