//! The door of a bridge that leads to a fake CIS2.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use nhsmail_bridge::config::{Config, OidcConnection};
use nhsmail_bridge::fakes::cis2::{
    Authentication, Client, ClientKeys, ClientSecret, FakeCis2, Settings as FakeSettings, SignatureAlgorithm,
};
use nhsmail_bridge::platform::clock::SettableClock;
use nhsmail_bridge::platform::origin::Origin;
use nhsmail_bridge::platform::secret::Source;
use nhsmail_bridge::upstream::oidc_rp::addresses;
use nhsmail_bridge::upstream::oidc_rp::settings::{
    Algorithm, ClientAuthentication, ClientKey, Essentials, Preset, Settings, UserInfo,
};
use nhsmail_bridge::upstream::verified::Door;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;

/// The door whose fake is CIS2.
pub(crate) const CIS2: &str = "cis2";
/// Our name there.
pub(crate) const CLIENT: &str = "000000000000.apps.supplier";

/// A fake that every test of this run shares its key with, by a clock of the test's own. Port 0 is a free one.
pub(super) async fn start(clock: &SettableClock, port: u16) -> FakeCis2 {
    let settings = FakeSettings {
        clock: Arc::new(clock.clone()),
        key_folder: Some(folder()),
        ..FakeSettings::listening(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
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

/// The fake learns of us what one tells CIS2 in writing.
pub(super) fn introduce(fake: &FakeCis2, public: &Origin, config: &Config) {
    for (name, connection) in &config.oidc {
        fake.register(client(name, &connection.oidc, public));
    }
}

/// What one tells CIS2 in writing of the connection `name`. Our keys it fetches itself.
pub(super) fn client(name: &str, settings: &Settings, public: &Origin) -> Client {
    let secret = settings.read_client_secret().expect("it can be read");
    let secret = secret.map(|secret| String::from_utf8(secret.expose().to_vec()).expect("text"));
    let secret = ClientSecret::new(secret.unwrap_or_default());
    let authentication = match settings.client_authentication {
        ClientAuthentication::PrivateKeyJwt => {
            Authentication::PrivateKeyJwt(ClientKeys::JwksUri(addresses::jwks_url(public.as_str(), name)))
        }
        ClientAuthentication::ClientSecretJwt => Authentication::ClientSecretJwt(secret),
        ClientAuthentication::ClientSecretPost => Authentication::ClientSecretPost(secret),
        ClientAuthentication::ClientSecretBasic => Authentication::ClientSecretBasic(secret),
    };
    let callback = addresses::callback_url(public.as_str(), name);
    let mut client = Client::new(&settings.client_id, callback, authentication);
    client.backchannel_logout_uri = Some(addresses::backchannel_logout_url(public.as_str(), name));
    client.post_logout_redirect_uris = vec![public.at("/signed-out")];
    client.signed_user_info = (settings.userinfo == UserInfo::Signed).then_some(SignatureAlgorithm::Rs256);
    client
}

/// A fresh key of ours on P-256.
pub(crate) fn client_key() -> ClientKey {
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
