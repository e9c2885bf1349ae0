//! A bridge with four doors, two applications that listen, and what is found there.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use nhsmail_bridge::config::{Config, OidcConnection};
use nhsmail_bridge::fakes::cast::TENANT;
use nhsmail_bridge::fakes::cis2::{
    Authentication, Client, ClientSecret, FakeCis2, NextAnswer, Settings as FakeSettings, Shape,
};
use nhsmail_bridge::identity::settings::roles::Picker;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::oidc_rp::settings::{ClientAuthentication, Essentials, Preset, Settings};
use nhsmail_bridge::upstream::verified::Door;

use super::ways_in::{OVER_OPENID, WayIn};
use crate::logout::scene::{Ear, Holds, WARD, is_active, logouts, register, uses};
use crate::openid_provider::scene::ROTA;
use crate::support::{CIS2, TestBridge, Visitor, keys_of_the_fake, request_signing};

pub(super) const MANAGEMENT_TOKEN: &str = "an-administrators-token-of-this-test-only";
/// Somebody with two roles, and the two.
const PRIYA: &str = "priya-tester";
const NURSE: &str = "555200000221";
pub(super) const SUPPORTER: &str = "555200000222";
const AMARA: &str = "amara-example";

const CLIENT: &str = "6731de76-14a6-49ae-97bc-6eba6914391e";
const SECRET: &str = "a secret that Entra made for us, long enough";

/// Whether something ended, or was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Yes,
    No,
}

impl Ended {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Yes => "ended",
            Self::No => "stays",
        }
    }

    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Yes => "told",
            Self::No => "not told",
        }
    }
}

/// Where one pairing is played.
pub(super) struct World {
    pub(super) bridge: TestBridge,
    pub(super) way_in: WayIn,
    over_openid: FakeCis2,
    _ears: [Ear; 2],
}

impl World {
    pub(super) async fn of(way_in: WayIn) -> Self {
        let ears = [Ear::answering(&[]).await, Ear::answering(&[]).await];
        let addresses = [Some(ears[0].address.as_str()), Some(ears[1].address.as_str())];
        let mut bridge = TestBridge::with_cis2(|config| {
            register(config, addresses);
            tell_every_provider(config);
            config.web.management_token = Some(Source::held(MANAGEMENT_TOKEN));
        })
        .await;
        let over_openid = entra(&bridge).await;
        let connection = connection(&over_openid, bridge.url("/signed-out").to_string());
        bridge
            .reload(|config| {
                config.oidc.insert(OVER_OPENID.to_owned(), connection);
            })
            .await;
        Self {
            bridge,
            way_in,
            over_openid,
            _ears: ears,
        }
    }

    /// A browser in which the same person is always signed in.
    pub(super) async fn somebody(&self) -> Visitor {
        let mut visitor = self.bridge.visitor();
        match self.way_in {
            WayIn::Entra | WayIn::Adfs => {
                visitor.sign_in(self.way_in.door(), AMARA).await;
            }
            WayIn::Cis2 => {
                self.bridge.cis2().script(NextAnswer::about(PRIYA));
                let question = visitor.leave(CIS2).await;
                let form = question.form("Continue").without("role").with("role", NURSE);
                visitor.submit(&question, &form).await;
            }
            WayIn::OverOpenId => {
                self.over_openid.script(NextAnswer::about(AMARA));
                visitor.leave(OVER_OPENID).await;
            }
        }
        assert!(visitor.is_signed_in().await, "{:?}", self.way_in);
        visitor
    }

    pub(super) async fn uses_both(&self, browser: &mut Visitor) -> [Holds; 2] {
        let rota = uses(&self.bridge, browser, ROTA).await;
        [rota, uses(&self.bridge, browser, WARD).await]
    }

    pub(super) async fn is_active(&self, holds: &Holds, which: usize) -> bool {
        is_active(&self.bridge, [ROTA, WARD][which], holds).await
    }

    /// Which of the two applications have heard of a logout, once nothing is on its way.
    pub(super) async fn told(&self) -> [Ended; 2] {
        let latest = loop {
            let latest = logouts(&self.bridge).await["latest"]
                .as_array()
                .expect("a list")
                .clone();
            if latest.iter().all(|told| told["result"] != "waiting") {
                break latest;
            }
        };
        [ROTA, WARD].map(|client_id| {
            let is_told = latest
                .iter()
                .any(|told| told["application"] == client_id && told["result"] == "told");
            if is_told { Ended::Yes } else { Ended::No }
        })
    }

    /// How many sessions there are at the identity provider.
    pub(super) fn provider_sessions(&self) -> usize {
        match self.way_in {
            WayIn::Entra | WayIn::Adfs => {
                let personality = self.way_in.personality().expect("a SAML door");
                self.bridge.fake.signed_in(personality)
            }
            WayIn::Cis2 => self.bridge.cis2().sessions().len(),
            WayIn::OverOpenId => self.over_openid.sessions().len(),
        }
    }
}

/// Everything that a connection can do to end the session at its identity provider.
fn tell_every_provider(config: &mut Config) {
    let back = config.public_url.at("/signed-out");
    let key = request_signing();
    for connection in config.saml.values_mut() {
        connection.saml.request_signing = Some(key.clone());
    }
    let cis2 = config.oidc.get_mut(CIS2).expect("a door");
    cis2.person.roles.picker = Picker::Ours;
    cis2.oidc.sign_out_upstream = true;
    cis2.oidc.post_logout_redirect_uri = Some(back);
}

async fn entra(bridge: &TestBridge) -> FakeCis2 {
    let callback = bridge.url(&format!("/oidc/{OVER_OPENID}/callback"));
    let by_secret = Authentication::ClientSecretPost(ClientSecret::new(SECRET));
    let mut client = Client::new(CLIENT, callback, by_secret);
    client.post_logout_redirect_uris = vec![bridge.url("/signed-out").to_string()];
    let fake = FakeCis2::start(FakeSettings {
        shape: Shape::Entra,
        issuer_origin: Some("https://login.microsoftonline.com".to_owned()),
        clock: Arc::new(bridge.clock.clone()),
        key_folder: Some(keys_of_the_fake()),
        clients: vec![client],
        ..FakeSettings::listening(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    });
    fake.await.expect("the fake starts")
}

fn connection(fake: &FakeCis2, back: String) -> OidcConnection {
    let essentials = Essentials {
        label: "NHSmail".to_owned(),
        door: Door::Nhsmail,
        issuer: fake.issuer(),
        client_id: CLIENT.to_owned(),
        client_keys: Vec::new(),
    };
    let mut settings = Settings::new(Preset::EntraOidc, essentials);
    settings.client_authentication = ClientAuthentication::ClientSecretPost;
    settings.client_secret = Some(Source::held(SECRET));
    settings.tenant = Some(TENANT.to_owned());
    settings.discovery_url = Some(fake.discovery_url());
    settings.sign_out_upstream = true;
    settings.post_logout_redirect_uri = Some(back);
    OidcConnection::new(settings)
}
