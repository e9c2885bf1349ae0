//! What an operator decides about single logout.

use nhsmail_bridge::fakes::saml_idp::{NextLogout, Personality};
use time::macros::datetime;

use super::{OVER_THERE, log_out, sign_at_both_doors, sign_out_there, signed_in, signing_bridge};
use crate::support::{ADFS, ENTRA, TestBridge};

#[tokio::test]
async fn lo_03_our_metadata_has_the_address_where_single_logout_is_on() {
    let mut bridge = signing_bridge().await;
    for on in [true, false] {
        bridge
            .reload(|config| {
                for connection in config.saml.values_mut() {
                    connection.saml.single_logout = Some(on);
                }
            })
            .await;
        let path = format!("/saml/{ADFS}/metadata");
        let metadata = bridge.visitor().open(&path).await.body;
        let address = bridge.url(&format!("/saml/{ADFS}/slo"));
        let service = |binding| {
            format!(
                "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" \
                 Location=\"{address}\"/>"
            )
        };
        for binding in ["HTTP-Redirect", "HTTP-POST"] {
            assert_eq!(metadata.contains(&service(binding)), on, "{metadata}");
        }
    }
}

#[tokio::test]
async fn lo_03_where_it_is_off_nobody_leaves_and_the_identity_provider_is_heard_all_the_same() {
    let mut bridge = TestBridge::configured(sign_at_both_doors).await;
    let mut amara = signed_in(&bridge, ENTRA, "amara-example").await;
    let mut priya = signed_in(&bridge, ENTRA, "priya-tester").await;
    // The fake keeps the address that it was given while it was on.
    let known = bridge.fake.signed_in(Personality::Entra);
    assert_eq!(known, 2);
    let page = sign_out_there(&bridge, &mut amara, Personality::Entra, NextLogout::default()).await;
    assert_eq!(page.heading(), OVER_THERE);
    assert!(!amara.is_signed_in().await);
    bridge
        .reload(|config| {
            config.saml.get_mut(ENTRA).expect("a door").saml.single_logout = Some(false);
        })
        .await;
    let page = log_out(&mut priya, None).await;
    assert_eq!(page.url.path(), "/signed-out");
    assert_eq!(
        bridge.fake.signed_in(Personality::Entra),
        1,
        "she is signed in there still"
    );
}

#[tokio::test]
async fn lo_01_the_default_is_where_the_identity_provider_would_listen() {
    let bridge = TestBridge::start().await;
    let entra = &bridge.config().saml.get(ENTRA).expect("a door").saml;
    let adfs = &bridge.config().saml.get(ADFS).expect("a door").saml;
    assert!(entra.logs_out_upstream() && !adfs.logs_out_upstream());
    let signing = signing_bridge().await;
    let adfs_with_key = &signing.config().saml.get(ADFS).expect("a door").saml;
    assert!(adfs_with_key.logs_out_upstream());

    let now = datetime!(2026-11-23 09:00 UTC);
    let mut told = adfs.clone();
    told.single_logout = Some(true);
    let problems: Vec<_> = told
        .problems("saml.adfs", now)
        .iter()
        .map(ToString::to_string)
        .collect();
    let about_it = |problem: &&String| problem.contains("saml.adfs.single_logout");
    let problem = problems.iter().find(about_it).expect("a problem");
    assert!(
        problem.contains("MSIS7084") && problem.contains("request_signing"),
        "{problem}"
    );
    let mut told = adfs_with_key.clone();
    told.single_logout = Some(true);
    assert!(
        told.problems("saml.adfs", now)
            .iter()
            .all(|problem| !problem.to_string().contains("single_logout"))
    );
}

#[tokio::test]
async fn lo_04_entras_second_name_is_that_of_the_same_tenant() {
    let bridge = TestBridge::start().await;
    let mut settings = bridge.config().saml.get(ENTRA).expect("a door").saml.clone();
    settings.logout_issuer = None;
    let tenant = "37c354b2-85b0-47f5-b222-07b48d774ee3";
    let named =
        |name: String| nhsmail_bridge::upstream::saml_sp::entity_id::EntityId::parse(&name).expect("a name");
    settings.idp_entity_id = named(format!("https://sts.windows.net/{tenant}/"));
    let login_page = format!("https://login.microsoftonline.com/{tenant}/");
    assert_eq!(
        settings.logout_issuers(),
        [settings.idp_entity_id.as_str().to_owned(), login_page]
    );
    for other in [
        "https://sts.windows.net/",
        "https://sts.windows.net/a/b/",
        "https://sts.windows.net/a",
        "https://sts.windows.net.evil.example.test/a/",
    ] {
        settings.idp_entity_id = named(other.to_owned());
        assert_eq!(settings.logout_issuers(), [other], "{other}");
    }
}
