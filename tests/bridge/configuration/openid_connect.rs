//! Connections over OpenID Connect: `[oidc.NAME]`.

use nhsmail_bridge::config::{Config, Surroundings};
use nhsmail_bridge::upstream::oidc_rp::settings::{
    Algorithm, AssertionAudience, Pkce, Prompt, SecondJudge, UserInfo,
};
use nhsmail_bridge::upstream::verified::{Assurance, Door};
use time::Duration;

use super::grounds::{self, Grounds, now};
use super::problems_at;

/// The shortest configuration with a Care Identity and nothing else.
const SMALLEST: &str = r#"
environment = "int"
public_url = "https://bridge.example.nhs.uk"
data_dir = "data"
[web]
listen = "127.0.0.1:8080"
management_listen = "127.0.0.1:9090"
[oidc.cis2]
label = "my Care Identity"
preset = "int"
client_id = "000000000000.apps.supplier"
client_authentication = "private_key_jwt"
[[oidc.cis2.client_key]]
key = { file = "../keys/rsa.key" }
algorithm = "RS512"
"#;

fn load(text: &str) -> Config {
    let grounds = Grounds::new();
    grounds
        .load(text)
        .map_err(|found| grounds.said(&found))
        .expect("it is complete")
}

#[test]
fn a_care_identity_alone_is_enough_and_has_the_documented_defaults() {
    let config = load(SMALLEST);
    let cis2 = &config.oidc["cis2"];
    let oidc = &cis2.oidc;
    assert!(config.saml.is_empty() && oidc.enabled);
    assert_eq!(
        (oidc.door, oidc.prompt, oidc.pkce),
        (Door::Cis2, Prompt::Login, Pkce::S256)
    );
    assert_eq!(oidc.minimum_assurance, Some(Assurance { aal: 2, ial: 3 }));
    let seconds = [300, 60, 60].map(Duration::seconds);
    let times = [
        oidc.max_auth_age.expect("it is judged"),
        oidc.clock_skew,
        oidc.assertion_lifetime,
    ];
    assert_eq!(times, seconds);
    assert_eq!(oidc.assertion_audience, AssertionAudience::TokenEndpoint);
    assert_eq!(oidc.id_token_algorithms, [Algorithm::Rs256, Algorithm::Rs512]);
    assert_eq!(
        (oidc.userinfo, oidc.second_judge),
        (UserInfo::Json, SecondJudge::Always)
    );
    assert!(oidc.backchannel_logout.enabled && !oidc.sign_out_upstream);
    assert!(cis2.person.roles.required);
    assert_eq!(cis2.session, config.session);
}

#[test]
fn nhsmail_over_openid_connect_needs_a_client_and_its_secret() {
    let text = SMALLEST
        .split("[oidc.cis2]")
        .next()
        .expect("it has a beginning")
        .to_owned()
        + "[oidc.nhsmail]\nlabel = \"NHSmail\"\npreset = \"entra-oidc\"\nclient_id = \"x\"\n\
           client_authentication = \"client_secret_post\"\nclient_secret = { file = \"../keys/client.secret\" }\n";
    // The secret is read while its file is there.
    let grounds = Grounds::new();
    let config = grounds.load(&text).expect("it is complete");
    let nhsmail = &config.oidc["nhsmail"];
    assert_eq!(
        nhsmail.oidc.issuer,
        "https://login.microsoftonline.com/37c354b2-85b0-47f5-b222-07b48d774ee3/v2.0"
    );
    assert_eq!(
        (nhsmail.oidc.door, nhsmail.oidc.minimum_assurance),
        (Door::Nhsmail, None)
    );
    assert!(!nhsmail.oidc.backchannel_logout.enabled && !nhsmail.person.roles.required);
    let secret = nhsmail
        .oidc
        .read_client_secret()
        .expect("it is there")
        .expect("it is set");
    assert_eq!(secret.expose(), b"6f1c0c1e-0000-4000-8000-0000000000aa");
}

#[test]
fn oi_18_one_cis2_is_never_another() {
    let live = SMALLEST.replace("environment = \"int\"", "environment = \"live\"");
    let problems = Grounds::new().load(&live).expect_err("its people are made up");
    assert_eq!(problems_at(&problems), ["oidc.cis2.preset"]);
    load(&live.replace("preset = \"int\"", "preset = \"live\""));
    let real = SMALLEST.replace("preset = \"int\"", "preset = \"live\"");
    let problems = Grounds::new().load(&real).expect_err("real people would sign in");
    assert_eq!(problems_at(&problems), ["oidc.cis2.preset"]);
}

#[test]
fn gv_07_the_fake_of_the_local_file_cannot_be_enabled_for_real_people() {
    let local = grounds::read("config/local.toml").replace("\"test\"", "\"live\"");
    let problems = Grounds::new()
        .load(&local)
        .expect_err("fakes sign in whoever asks");
    assert!(problems_at(&problems).contains(&"oidc.cis2.issuer"));
}

#[test]
fn a_variable_sets_what_a_connection_has_and_a_secret_is_never_printed() {
    let text = SMALLEST.replace(
        "preset = \"int\"",
        "preset = \"int\"\nclient_secret = { env = \"SECRET\" }",
    );
    let surroundings = Surroundings::bare(now())
        .with(
            "NHSMAIL_BRIDGE__OIDC__CIS2__CLIENT_AUTHENTICATION",
            "client_secret_jwt",
        )
        .with(
            "NHSMAIL_BRIDGE__OIDC__CIS2__BACKCHANNEL_LOGOUT__ALLOWED_SOURCES",
            "cis2-live, 192.0.2.0/24",
        )
        .with("NHSMAIL_BRIDGE__OIDC__CIS2__ROLES__PICKER", "ours")
        .with("SECRET", "correct horse battery staple");
    let grounds = Grounds::new();
    let examined = grounds.examine_in(&text, &surroundings);
    assert_eq!(problems_at(&examined.warnings), ["oidc.cis2.client_secret"]);
    let config = examined.config.expect("a short secret stops nothing");
    assert_eq!(
        config.oidc["cis2"].oidc.backchannel_logout.allowed_sources.len(),
        2
    );
    assert!(!format!("{config:?}").contains("battery"));
}

#[test]
fn a_name_is_of_one_connection_and_a_client_too() {
    let twin = SMALLEST
        .split_once("[oidc.cis2]")
        .expect("it has one")
        .1
        .replace("oidc.cis2", "oidc.twin");
    let saml = "[saml.cis2]\nlabel = \"NHSmail\"\npreset = \"entra\"\nentity_id = \"urn:example:rota\"\n\
                idp_entity_id = \"https://sts.windows.net/37c354b2-85b0-47f5-b222-07b48d774ee3/\"\n\
                metadata_file = \"../metadata/nhsmail-entra.xml\"\n";
    let both = format!("{SMALLEST}\n[oidc.twin]{twin}\n{saml}");
    let problems = Grounds::new().load(&both).expect_err("two are doubles");
    assert_eq!(problems_at(&problems), ["oidc.cis2", "oidc.twin.client_id"]);
}
