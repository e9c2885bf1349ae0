//! What an application asks of people at its site, everywhere and under some of its paths.

use axum::http::Method;
use nhsmail_bridge::downstream::application::settings::{PathSettings, Required, Settings};

use super::scene::{A_PAGE, A_PROGRAM};
use crate::support::{ENTRA, Page, TestBridge, Visitor};

const SITE: &str = "http://localhost:9";

/// A site at our own host, so that our own cookie is enough, whose application asks this.
async fn asking(change: impl FnOnce(&mut Settings)) -> TestBridge {
    TestBridge::configured(|config| {
        config.web.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        let mut rota = Settings::new("Rota");
        rota.simulated = true;
        rota.origins = vec![SITE.parse().expect("an origin")];
        change(&mut rota);
        config.applications.insert("rota".to_owned(), rota);
    })
    .await
}

fn rule(prefix: &str, requires: Option<Required>) -> PathSettings {
    PathSettings {
        prefix: prefix.to_owned(),
        public: requires.is_none(),
        requires: requires.unwrap_or_default(),
    }
}

fn of_organisation(code: &str) -> Required {
    Required {
        organisations: vec![code.to_owned()],
        ..Required::default()
    }
}

/// Nell of FAK02 is signed in.
async fn nell(bridge: &TestBridge) -> Visitor {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, "nell-nomail").await;
    visitor
}

async fn at(visitor: &mut Visitor, uri: &str, who: (&str, &str)) -> Page {
    let headers = [
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", "localhost:9"),
        ("x-forwarded-uri", uri),
        ("x-forwarded-method", "GET"),
        who,
    ];
    visitor
        .ask(Method::GET, "/auth/verify?redirect=1", &headers)
        .await
}

#[tokio::test]
async fn ap_12_an_application_is_told_what_it_is_registered_for_under_its_own_name() {
    let bridge = asking(|_rota| {}).await;
    let mut nell = nell(&bridge).await;
    let answer = at(&mut nell, "/", A_PROGRAM).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-auth-name"), "Nell Nomail");
    assert_eq!(answer.header("x-auth-org"), "", "it is not registered for that");
    assert!(answer.headers.contains_key("x-auth-org"), "the set is whole");
}

#[tokio::test]
async fn ap_12_what_one_application_was_told_a_moment_ago_is_told_to_no_other() {
    let bridge = asking(|_rota| {}).await;
    let mut nell = nell(&bridge).await;
    let mut tokens = std::collections::BTreeSet::new();
    for _ in 0..2 {
        let rota = at(&mut nell, "/", A_PROGRAM).await;
        let of_no_application = nell.ask(Method::GET, "/auth/verify", &[]).await;
        assert_eq!(rota.header("x-auth-org"), "");
        assert_eq!(of_no_application.header("x-auth-org"), "FAK02");
        for answer in [rota, of_no_application] {
            tokens.insert(answer.header("authorization").to_owned());
        }
    }
    assert_eq!(tokens.len(), 2, "each is told its own once more");
    nell.sign_in(ENTRA, "amara-example").await;
    let now = at(&mut nell, "/", A_PROGRAM).await;
    assert_eq!(now.header("x-auth-name"), "Amara Example");
}

#[tokio::test]
async fn ap_12_somebody_who_lacks_what_is_asked_is_refused_in_words_or_in_json() {
    let bridge = asking(|rota| rota.requires = of_organisation("RX1")).await;
    let mut nell = nell(&bridge).await;
    let program = at(&mut nell, "/", A_PROGRAM).await;
    assert_eq!((program.status, program.header("x-auth-subject")), (403, ""));
    assert_eq!(program.json()["error"], "access_denied");
    let page = at(&mut nell, "/", A_PAGE).await;
    assert_eq!((page.status, page.header("location")), (403, ""));
    assert!(!page.reference().is_empty());
    assert!(page.says("Rota"), "{}", page.body);
    let again = page.link("Log in again");
    let chooser = nell.open(again.as_str()).await;
    assert_eq!(
        chooser.heading(),
        "Choose how to log in",
        "another account may do"
    );
}

#[tokio::test]
async fn ap_12_who_lacks_a_role_reads_which_ones_may_come_in_at_the_site_or_under_its_paths() {
    let of_role = |code: &str| Required {
        roles: vec![code.to_owned()],
        ..Required::default()
    };
    let paths = || vec![rule("/health", None), rule("/admin", Some(of_role("R8001")))];
    for (everywhere, named, other) in [
        (Some(of_role("R8000")), "R8000", "R8001"),
        (None, "R8001", "R8000"),
    ] {
        let bridge = asking(|rota| {
            rota.requires = everywhere.clone().unwrap_or_default();
            rota.paths = paths();
        })
        .await;
        let mut nell = nell(&bridge).await;
        let page = at(&mut nell, "/admin", A_PAGE).await;
        assert_eq!(page.status, 403);
        assert!(page.says("Roles that may use it:"), "{}", page.body);
        assert!(page.says(named) && !page.says(other), "{}", page.body);
    }
}

#[tokio::test]
async fn ap_12_a_login_that_is_too_old_is_made_anew_and_the_person_comes_in() {
    let bridge = asking(|rota| {
        rota.requires = Required {
            max_age_minutes: Some(5),
            ..Required::default()
        };
    })
    .await;
    // Entra knows her from this morning, and does not ask her again by itself.
    let mut nell = nell(&bridge).await;
    assert_eq!(at(&mut nell, "/", A_PROGRAM).await.status, 403);
    let page = at(&mut nell, "/", A_PAGE).await;
    assert_eq!(page.status, 403);
    let question = nell.open(page.link("Log in again").as_str()).await;
    let answer = nell.pick(&question, "nell-nomail").await;
    let again = nell
        .submit_without_following(&answer, &answer.form("Continue"))
        .await;
    let form = again.form("Continue");
    let arrived = nell.submit_without_following(&again, &form).await;
    assert!(
        arrived.header("location").starts_with("/auth/hand-over?"),
        "{:?}",
        arrived.headers
    );
    assert_eq!(at(&mut nell, "/", A_PROGRAM).await.status, 200);
}

#[tokio::test]
async fn ap_12_paths_ask_for_more_or_for_nothing() {
    let bridge = asking(|rota| {
        rota.paths = vec![
            rule("/admin", Some(of_organisation("RX1"))),
            rule("/health", None),
        ];
    })
    .await;
    let mut nell = nell(&bridge).await;
    for (uri, status) in [
        ("/", 200),
        ("/administration", 200),
        ("/health", 200),
        ("/admin/x", 403),
    ] {
        assert_eq!(at(&mut nell, uri, A_PROGRAM).await.status, status, "{uri}");
    }
    let mut nobody = bridge.visitor();
    for (uri, status) in [
        ("/", 401),
        ("/admin", 401),
        ("/health/now?x=1", 200),
        ("/healthy", 401),
    ] {
        let answer = at(&mut nobody, uri, A_PROGRAM).await;
        assert_eq!(
            (answer.status, answer.header("x-auth-subject")),
            (status, ""),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn ap_12_a_path_that_can_be_read_in_two_ways_comes_past_no_rule() {
    let bridge = asking(|rota| {
        rota.paths = vec![
            rule("/admin", Some(of_organisation("RX1"))),
            rule("/public", None),
        ];
    })
    .await;
    let mut nell = nell(&bridge).await;
    for uri in [
        "/public/../admin",
        "/public/%2e%2e/admin",
        "/public/..%2fadmin",
        "//admin",
        "/x/..;/admin",
        "/%2561dmin",
        "/Admin",
        "/admin;x=1",
        "/%61dmin",
        "/x\\..\\admin",
    ] {
        let answer = at(&mut nell, uri, A_PROGRAM).await;
        assert_eq!(
            (answer.status, answer.header("x-auth-subject")),
            (403, ""),
            "{uri}"
        );
    }
}
