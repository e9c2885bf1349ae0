//! The door of a bridge that leads to a fake CIS2.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use nhsmail_bridge::config::{Config, OidcConnection};
use nhsmail_bridge::fakes::cis2::{Authentication, Client, ClientKeys, FakeCis2, Settings as FakeSettings};
use nhsmail_bridge::platform::clock::SettableClock;
use nhsmail_bridge::platform::origin::Origin;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::oidc_rp::addresses;
use nhsmail_bridge::upstream::oidc_rp::settings::{Algorithm, ClientKey, Essentials, Preset, Settings};
use nhsmail_bridge::upstream::verified::Door;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;

/// The door whose fake is CIS2.
pub(crate) const CIS2: &str = "cis2";
/// Our name there.
pub(crate) const CLIENT: &str = "000000000000.apps.supplier";

/// A fake that every test of this run shares its key with, by a clock of the test's own.
pub(super) async fn start(clock: &SettableClock) -> FakeCis2 {
    let settings = FakeSettings {
        clock: Arc::new(clock.clone()),
        key_folder: Some(folder()),
        ..FakeSettings::listening(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    };
    FakeCis2::start(settings).await.expect("the fake CIS2 starts")
}

/// A connection to it, with a key of our own.
pub(super) fn connection(issuer: &str, discovery: &str) -> OidcConnection {
    let essentials = Essentials {
        label: "Care Identity".to_owned(),
        door: Door::Cis2,
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_keys: vec![client_key()],
    };
    let mut settings = Settings::new(Preset::None, essentials);
    settings.discovery_url = Some(discovery.to_owned());
    OidcConnection::new(settings)
}

/// The fake learns of us what one tells CIS2 in writing. Our keys it fetches itself.
pub(super) fn introduce(fake: &FakeCis2, public: &Origin, config: &Config) {
    for name in config.oidc.keys() {
        let keys = ClientKeys::JwksUri(addresses::jwks_url(public.as_str(), name));
        let mut client = Client::new(
            CLIENT,
            addresses::callback_url(public.as_str(), name),
            Authentication::PrivateKeyJwt(keys),
        );
        client.backchannel_logout_uri = Some(addresses::backchannel_logout_url(public.as_str(), name));
        client.post_logout_redirect_uris = vec![public.at("/signed-out")];
        fake.register(client);
    }
}

fn client_key() -> ClientKey {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
    let key = PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key");
    ClientKey {
        key: Source::held(key.private_key_to_pem_pkcs8().expect("PEM")),
        algorithm: Algorithm::Es256,
        kid: None,
    }
}

fn folder() -> PathBuf {
    super::bridge::keys_of_the_fake()
}
