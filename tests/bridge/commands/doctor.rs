//! `doctor` beside a bridge, its fake NHSmail and its fake CIS2: well, and with one thing wrong at a time.

use nhsmail_bridge::cli::doctor::{Report, examine};
use nhsmail_bridge::config::Config;
use nhsmail_bridge::platform::clock::{Clock as _, SystemClock};
use nhsmail_bridge::platform::origin::Origin;
use nhsmail_bridge::platform::random::SystemRandom;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::checkup::{Check, Verdict};
use nhsmail_bridge::upstream::oidc_rp::settings::{AssertionAudience, ClientAuthentication, Settings};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use time::Duration;

use super::program::{Desk, program};
use crate::support::{CIS2, TestBridge};

/// What the doctor says of the bridge that runs, holding a configuration with `change` made to it.
async fn examined(bridge: &TestBridge, change: impl FnOnce(&mut Config)) -> Report {
    let mut config = bridge.config().clone();
    change(&mut config);
    let report = examine(&config, None, &bridge.clock, &SystemRandom).await;
    report.expect("a client")
}

/// The same with `change` made to the connection to CIS2.
async fn with_connection(bridge: &TestBridge, change: impl FnOnce(&mut Settings)) -> Report {
    examined(bridge, |config| {
        change(&mut config.oidc.get_mut(CIS2).expect("it").oidc);
    })
    .await
}

fn all(report: &Report) -> impl Iterator<Item = &Check> {
    report.parts.iter().flat_map(|part| &part.checks)
}

/// The ids of the checks with this verdict, in order.
fn ids(report: &Report, verdict: Verdict) -> Vec<&'static str> {
    let found = all(report).filter(|check| check.verdict == verdict);
    found.map(|check| check.id).collect()
}

#[track_caller]
fn said<'r>(report: &'r Report, id: &str) -> &'r Check {
    let found = all(report).find(|check| check.id == id);
    found.unwrap_or_else(|| panic!("there is no check {id} in {report:?}"))
}

/// Whoever reads of a trouble must learn what it means, the mend and who should act.
#[track_caller]
fn assert_troubles(report: &Report, expected: &[&str]) {
    let troubles: Vec<&Check> = all(report)
        .filter(|check| check.verdict == Verdict::Trouble)
        .collect();
    let found: Vec<&str> = troubles.iter().map(|check| check.id).collect();
    assert_eq!(found, expected, "{troubles:#?}");
    assert_eq!(
        (report.ok, report.troubles),
        (expected.is_empty(), expected.len())
    );
    for check in all(report) {
        let is_well = check.verdict == Verdict::Ok;
        assert_eq!(
            (check.mend.is_none(), check.who.is_none()),
            (is_well, is_well),
            "{check:?}"
        );
        assert!(!check.asked.is_empty() && !check.means.is_empty(), "{check:?}");
    }
}

/// An address of this machine at which nobody listens.
fn nowhere() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("its address"))
}

#[tokio::test]
async fn where_all_is_well_every_neighbour_is_asked_and_nothing_changes() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let report = examined(&bridge, |_config| {}).await;
    assert_troubles(&report, &[]);
    assert_eq!(ids(&report, Verdict::Warning), Vec::<&str>::new());
    let about: Vec<&str> = report.parts.iter().map(|part| part.about.as_str()).collect();
    assert_eq!(about, ["saml.nhsmail-adfs", "saml.nhsmail-entra", "oidc.cis2"]);
    let cis2: Vec<&str> = report.parts[2].checks.iter().map(|check| check.id).collect();
    assert_eq!(
        cis2,
        [
            "discovery",
            "clock",
            "client-authentication",
            "client-assertion-algorithm",
            "id-token-algorithms",
            "pkce",
            "iss-parameter",
            "pushed-requests",
            "scopes",
            "acr-values",
            "provider-keys",
            "authorization-endpoint",
            "token-endpoint",
            "userinfo-endpoint",
            "own-key-set",
            "own-callback",
            "own-backchannel-logout",
            "client-assertion",
        ]
    );
    for id in [
        "metadata",
        "signing-certificate",
        "sign-in-address",
        "own-metadata",
    ] {
        assert_eq!(said(&report, id).verdict, Verdict::Ok);
    }
    assert!(bridge.cis2().sessions().is_empty());
    assert!(!format!("{report:?}").contains("eyJ"), "no assertion is shown");
}

#[tokio::test]
async fn oi_03_another_issuer_is_a_trouble_and_the_rest_is_looked_at_all_the_same() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let report = with_connection(&bridge, |settings| settings.issuer.push('/')).await;
    assert_troubles(&report, &["discovery"]);
    assert!(said(&report, "discovery").means.contains("slash at the end"));
    assert_eq!(said(&report, "client-assertion").verdict, Verdict::Ok);
}

#[tokio::test]
async fn a_provider_that_is_away_is_named_and_our_own_side_is_looked_at() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let report = with_connection(&bridge, |settings| {
        settings.discovery_url = Some(format!("{}/secret?code=1", nowhere()));
    })
    .await;
    assert_troubles(&report, &["discovery"]);
    assert!(
        !format!("{report:?}").contains("code=1"),
        "a query is not repeated"
    );
    assert_eq!(said(&report, "own-key-set").verdict, Verdict::Ok);
    assert_eq!(ids(&report, Verdict::Warning), ["client-assertion"]);
}

#[tokio::test]
async fn a_clock_is_a_warning_and_then_a_trouble() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    bridge.cis2().set_ahead(Duration::seconds(45));
    let report = examined(&bridge, |_config| {}).await;
    assert_troubles(&report, &[]);
    assert_eq!(ids(&report, Verdict::Warning), ["clock"]);
    assert!(said(&report, "clock").means.contains("45 s ahead"));

    bridge.cis2().set_ahead(Duration::minutes(10));
    let report = examined(&bridge, |_config| {}).await;
    assert_troubles(&report, &["clock", "client-assertion", "token-expires"]);
    assert!(said(&report, "token-expires").means.starts_with("expired"));

    bridge.cis2().set_ahead(Duration::minutes(-10));
    let report = examined(&bridge, |_config| {}).await;
    assert_troubles(&report, &["clock", "client-assertion", "client-assertion-issued"]);
}

#[tokio::test]
async fn oi_16_a_key_that_is_not_published_is_an_unknown_kid() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
    let key = PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key");
    let pem = key.private_key_to_pem_pkcs8().expect("PEM");
    let report = with_connection(&bridge, |settings| {
        settings.client_keys[0].key = Source::held(pem);
    })
    .await;
    assert_troubles(&report, &["own-key-set", "client-assertion", "token-key"]);
    assert!(said(&report, "own-key-set").means.contains("unknown kid"));
    assert!(said(&report, "token-key").means.starts_with("unknown kid"));
    assert!(!format!("{report:?}").contains("PRIVATE"));
}

#[tokio::test]
async fn oi_16_a_public_address_that_leads_nowhere_hides_the_key_set() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let report = examined(&bridge, |config| {
        config.public_url = Origin::parse(&nowhere()).expect("an origin");
    })
    .await;
    assert_troubles(
        &report,
        &[
            "own-metadata",
            "own-metadata",
            "own-key-set",
            "own-callback",
            "own-backchannel-logout",
            "client-assertion",
            "token-key-set",
        ],
    );
    assert!(
        said(&report, "token-key-set")
            .means
            .starts_with("JWKS not reachable")
    );

    // Something else answers there: not this bridge, but the provider.
    let other = Origin::parse(bridge.cis2().page().trim_end_matches('/')).expect("an origin");
    let report = examined(&bridge, |config| config.public_url = other).await;
    assert!(said(&report, "own-key-set").means.contains("status 404"));
    assert_eq!(said(&report, "own-callback").verdict, Verdict::Trouble);
}

#[tokio::test]
async fn oi_08_wrong_audience_api_key_and_unregistered_method_are_told_apart() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let report = with_connection(&bridge, |settings| {
        settings.assertion_audience = AssertionAudience::Issuer;
    })
    .await;
    assert_troubles(
        &report,
        &[
            "client-assertion",
            "client-assertion-audience-issuer",
            "client-assertion-audience",
        ],
    );

    let key = "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0u";
    let report = with_connection(&bridge, |settings| settings.client_id = key.to_owned()).await;
    assert_troubles(&report, &["client-id"]);
    assert!(!format!("{report:?}").contains(key), "an API key is not shown");

    let report = with_connection(&bridge, |settings| {
        settings.client_authentication = ClientAuthentication::ClientSecretPost;
        settings.client_secret = Some(Source::held(*b"6f1c0c1e-0000-4000-8000-0000000000aa"));
    })
    .await;
    assert_troubles(&report, &[]);
    assert!(
        said(&report, "client-assertion")
            .means
            .contains("sends the secret itself")
    );
    assert!(
        !format!("{report:?}").contains("6f1c0c1e"),
        "a secret is not shown"
    );
}

#[tokio::test]
async fn a_connection_that_is_switched_off_is_made_ready_before_it_is_switched_on() {
    let bridge = TestBridge::with_cis2(|config| {
        config.oidc.get_mut(CIS2).expect("it").oidc.enabled = false;
    })
    .await;
    let report = examined(&bridge, |_config| {}).await;
    assert_troubles(&report, &[]);
    assert!(all(&report).all(|check| check.id != "own-callback"));
}

#[tokio::test]
async fn what_the_provider_does_not_list_is_a_warning() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    let report = with_connection(&bridge, |settings| {
        settings.scopes.push("odscodes".to_owned());
        settings.acr_values = vec!["AAL9_ANY".to_owned()];
    })
    .await;
    assert_troubles(&report, &[]);
    assert_eq!(ids(&report, Verdict::Warning), ["scopes", "acr-values"]);
    assert_eq!(said(&report, "scopes").means, "not listed: odscodes");
}

#[tokio::test]
async fn metadata_that_cannot_be_used_is_a_trouble_of_that_connection_alone() {
    let bridge = TestBridge::start().await;
    let report = examined(&bridge, |config| {
        config.saml.get_mut("nhsmail-adfs").expect("it").saml.metadata = Source::held(*b"<x/>");
    })
    .await;
    assert!(!report.ok);
    let broken: Vec<bool> = report
        .parts
        .iter()
        .map(|part| part.checks.iter().any(|check| check.verdict == Verdict::Trouble))
        .collect();
    assert_eq!(broken, [true, false]);
}

/// A file with the connection to CIS2 of the bridge that runs.
fn configuration(bridge: &TestBridge, connection: &Settings) -> String {
    format!(
        r#"environment = "test"
public_url = "{public}"
data_dir = "data"
[web]
listen = "127.0.0.1:8080"
management_listen = "127.0.0.1:9090"
[oidc.cis2]
label = "Care Identity"
preset = "none"
door = "cis2"
issuer = "{issuer}"
discovery_url = "{discovery}"
client_id = "{client}"
client_authentication = "private_key_jwt"
[[oidc.cis2.client_key]]
key = {{ file = "client.key" }}
algorithm = "ES256"
"#,
        public = bridge.origin().as_str(),
        issuer = connection.issuer,
        discovery = bridge.cis2().discovery_url(),
        client = connection.client_id,
    )
}

/// The program itself, by the clock of this machine.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_says_it_in_words_and_in_json_and_by_its_exit_code() {
    let bridge = TestBridge::with_cis2(|_config| {}).await;
    bridge.clock.set(SystemClock.now());
    let desk = Desk::new();
    let connection = &bridge.config().oidc[CIS2].oidc;
    let key = connection.client_keys[0].key.read().expect("ours");
    desk.write("client.key", key.expose());
    let text = configuration(&bridge, connection);
    desk.write("cis2.toml", text.as_bytes());
    desk.write("ill.toml", text.replace("/.well-known", "/.unknown").as_bytes());
    let ran = tokio::task::spawn_blocking(move || {
        let well = desk.run(&["doctor", "--config", "cis2.toml", "--connection", "cis2"], b"");
        let ill = desk.run(&["doctor", "--config", "ill.toml", "--json"], b"");
        let nobody = desk.run(
            &["doctor", "--config", "cis2.toml", "--connection", "nobody"],
            b"",
        );
        (well, ill, nobody)
    });
    let (well, ill, nobody) = ran.await.expect("it runs");
    assert_eq!(well.code, 0, "{}{}", well.out, well.complaint);
    assert!(
        well.out.contains("oidc.cis2\n  ok       discovery: GET http://"),
        "{}",
        well.out
    );
    assert!(
        well.out.ends_with("WELL: 0 troubles and 0 warnings\n"),
        "{}",
        well.out
    );
    assert_eq!(ill.code, 1, "{}", ill.out);
    let report = ill.json();
    assert_eq!((&report["ok"], &report["troubles"]), (&false.into(), &1.into()));
    let check = &report["parts"][1]["checks"][0];
    assert_eq!(
        (&check["id"], &check["verdict"]),
        (&"discovery".into(), &"trouble".into())
    );
    assert!(check["mend"].is_string() && check["who"].is_string(), "{check}");
    assert_eq!((nobody.code, nobody.out.as_str()), (2, ""));
    assert!(nobody.complaint.contains("there is cis2"), "{}", nobody.complaint);
}

#[test]
fn without_a_configuration_there_is_nothing_to_ask() {
    for arguments in [vec!["doctor"], vec!["doctor", "--config", "/nowhere/bridge.toml"]] {
        let ran = program(&arguments, b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
    }
}
