//! NHSmail over OpenID Connect beside NHSmail over SAML and a Care Identity: who is the same person, and who is not.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use nhsmail_bridge::config::OidcConnection;
use nhsmail_bridge::fakes::cast::TENANT;
use nhsmail_bridge::fakes::cis2::{
    Authentication, Client, ClientSecret, FakeCis2, Mischief, NextAnswer, Settings as FakeSettings, Shape,
};
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::oidc_rp::settings::{ClientAuthentication, Essentials, Preset, Settings};
use nhsmail_bridge::upstream::verified::Door;
use serde_json::Value;

use super::{assert_kept_out, assert_logged_once, claims, signs_in};
use crate::support::log::logged;
use crate::support::{CIS2, ENTRA, Page, TestBridge, Visitor, keys_of_the_fake};

/// The door whose fake speaks as Entra, over OpenID Connect.
const OVER_OPENID: &str = "nhsmail-openid";
const CLIENT: &str = "6731de76-14a6-49ae-97bc-6eba6914391e";
/// The same Entra by another registration.
const OTHER: &str = "nhsmail-openid-two";
const OTHER_CLIENT: &str = "6731de76-14a6-49ae-97bc-6eba6914391f";
const SECRET: &str = "a secret that Entra made for us, long enough";
const AMARA: &str = "amara-example";

/// A bridge with two more doors, and the fake behind both.
async fn doors_to_entra() -> (TestBridge, FakeCis2) {
    let mut bridge = TestBridge::with_cis2(|_config| {}).await;
    let doors = [(OVER_OPENID, CLIENT), (OTHER, OTHER_CLIENT)];
    let clients = doors.map(|(door, client_id)| {
        let callback = bridge.url(&format!("/oidc/{door}/callback"));
        let by_secret = Authentication::ClientSecretPost(ClientSecret::new(SECRET));
        Client::new(client_id, callback, by_secret)
    });
    let fake = FakeCis2::start(FakeSettings {
        shape: Shape::Entra,
        issuer_origin: Some("https://login.microsoftonline.com".to_owned()),
        clock: Arc::new(bridge.clock.clone()),
        key_folder: Some(keys_of_the_fake()),
        clients: clients.into(),
        ..FakeSettings::listening(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    });
    let fake = fake.await.expect("the fake starts");
    let connections = doors.map(|(door, client_id)| (door.to_owned(), connection(&fake, client_id)));
    bridge.reload(|config| config.oidc.extend(connections)).await;
    (bridge, fake)
}

fn connection(fake: &FakeCis2, client_id: &str) -> OidcConnection {
    let essentials = Essentials {
        label: "NHSmail".to_owned(),
        door: Door::Nhsmail,
        issuer: fake.issuer(),
        client_id: client_id.to_owned(),
        client_keys: Vec::new(),
    };
    let mut settings = Settings::new(Preset::EntraOidc, essentials);
    settings.client_authentication = ClientAuthentication::ClientSecretPost;
    settings.client_secret = Some(Source::held(SECRET));
    settings.tenant = Some(TENANT.to_owned());
    settings.discovery_url = Some(fake.discovery_url());
    OidcConnection::new(settings)
}

async fn arrives(fake: &FakeCis2, visitor: &mut Visitor, next: NextAnswer) -> Page {
    fake.script(next);
    visitor.leave(OVER_OPENID).await
}

/// What applications learn of `person` by one of the doors over OpenID Connect.
async fn over_openid(bridge: &TestBridge, fake: &FakeCis2, door: &str, person: &str) -> Value {
    let mut visitor = bridge.visitor();
    fake.script(NextAnswer::about(person));
    let page = visitor.leave(door).await;
    assert!(visitor.is_signed_in().await, "{}", page.body);
    claims(&mut visitor).await
}

async fn over_saml(bridge: &TestBridge, person: &str) -> Value {
    let mut visitor = bridge.visitor();
    visitor.sign_in(ENTRA, person).await;
    claims(&mut visitor).await
}

#[tokio::test]
async fn a_mailbox_is_the_same_person_by_every_registration_over_openid_connect() {
    let (bridge, fake) = doors_to_entra().await;
    let (amara, priya) = (
        over_openid(&bridge, &fake, OVER_OPENID, AMARA).await,
        over_openid(&bridge, &fake, OVER_OPENID, "priya-tester").await,
    );
    assert_ne!(amara["sub"], priya["sub"]);
    // Entra's own `sub` is another for every client, and so of no use.
    let by_the_other = over_openid(&bridge, &fake, OTHER, AMARA).await;
    assert_eq!(by_the_other["sub"], amara["sub"]);
    assert_eq!(by_the_other["connection"], OTHER);
    let saml = over_saml(&bridge, AMARA).await;
    for claim in ["door", "email", "name"] {
        assert_eq!(amara[claim], saml[claim], "{claim}");
    }
}

#[tokio::test]
async fn a_care_identity_with_the_address_of_a_mailbox_is_somebody_else() {
    let (bridge, fake) = doors_to_entra().await;
    let mut amara = bridge.visitor();
    signs_in(&bridge, &mut amara, AMARA).await;
    let care = claims(&mut amara).await;
    assert_eq!(care["connection"], CIS2);
    for mailbox in [
        over_saml(&bridge, AMARA).await,
        over_openid(&bridge, &fake, OVER_OPENID, AMARA).await,
    ] {
        assert_eq!(care["email"], mailbox["email"], "the same address");
        assert_ne!(care["sub"], mailbox["sub"], "and never the same person");
        let of_a_care_identity = ["aal", "ial", "role"].map(|claim| mailbox.get(claim));
        assert_eq!(of_a_care_identity, [None; 3], "a mailbox proves none of it");
    }
}

#[test]
fn oi_06_another_tenant_and_an_account_without_its_number_are_kept_out() {
    logged(async |log| {
        let (bridge, fake) = doors_to_entra().await;
        for (mischief, reason, said) in [
            (
                Mischief::WrongTenant,
                "rule=\"id-token-tenant\"",
                (403, "We could not log you in"),
            ),
            (
                Mischief::NoObjectId,
                "nobody was signed in",
                (403, "Some of your account details are missing"),
            ),
        ] {
            let mut visitor = bridge.visitor();
            let next = NextAnswer {
                mischief,
                ..NextAnswer::about(AMARA)
            };
            let page = arrives(&fake, &mut visitor, next).await;
            assert_kept_out(&mut visitor, &page, said).await;
            assert_logged_once(&log, &page, reason);
        }
        over_openid(&bridge, &fake, OVER_OPENID, AMARA).await;
    });
}
