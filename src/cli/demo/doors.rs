//! The doors of the demonstration, and a configuration for them made in code.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::config::{Config, Connection, OidcConnection};
use crate::fakes::cis2::{Authentication, Client, ClientKeys, FakeCis2};
use crate::fakes::saml_idp::{FakeSamlIdp, Personality, ServiceProvider};
use crate::platform::environment::Environment;
use crate::platform::origin::Origin;
use crate::platform::random::Random;
use crate::platform::secret::Source;
use crate::protocol::jose::es256::Es256Key;
use crate::upstream::oidc_rp;
use crate::upstream::oidc_rp::settings::{Algorithm, ClientKey};
use crate::upstream::saml_sp::addresses::{acs_url, slo_url};
use crate::upstream::saml_sp::entity_id::EntityId;
use crate::upstream::saml_sp::settings::{Essentials, Preset, Settings};
use crate::upstream::verified::Door;
use crate::web::settings::Settings as WebSettings;

/// The name of each SAML connection, its label, who stands behind it, and how it is preset.
const NHSMAIL: [(&str, &str, Personality, Preset); 2] = [
    ("nhsmail-entra", "NHSmail", Personality::Entra, Preset::Entra),
    (
        "nhsmail-adfs",
        "NHSmail (older ADFS)",
        Personality::Adfs,
        Preset::Adfs,
    ),
];
/// The name of the connection to CIS2.
const CIS2: &str = "cis2";
/// Our client id at the fake CIS2, in the shape that CIS2 gives.
const CLIENT_ID: &str = "000000000000.apps.supplier";
/// The words on the chooser's button for the fake CIS2.
pub(crate) const WORDS_ON_CIS2: &str = "Log in with my Care Identity";

type Trouble = Box<dyn std::error::Error>;

/// Everybody whom the bridge has to know.
#[derive(Debug)]
pub(crate) struct Neighbours<'a> {
    /// The bridge itself.
    pub(crate) bridge: &'a Origin,
    /// The application behind it.
    pub(crate) application: &'a Origin,
    /// The fake NHSmail.
    pub(crate) nhsmail: &'a FakeSamlIdp,
    /// The fake CIS2.
    pub(crate) cis2: &'a FakeCis2,
}

/// The words on the chooser's button for `personality`.
pub(crate) fn words_on_door(personality: Personality) -> String {
    let door = NHSMAIL.iter().find(|(_, _, behind, _)| *behind == personality);
    door.map_or_else(String::new, |(_, label, _, _)| format!("Log in with {label}"))
}

/// A door for each personality of the fake NHSmail, and one for the fake CIS2. The fakes learn of the bridge.
pub(crate) fn config(neighbours: &Neighbours<'_>, random: &dyn Random) -> Result<Config, Trouble> {
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut web = WebSettings::listening(nowhere, nowhere);
    web.return_to = vec![neighbours.application.clone()];
    web.trusted_proxies = vec!["127.0.0.0/8".parse()?];
    neighbours
        .application
        .as_str()
        .clone_into(&mut web.default_return_to);
    let bridge = neighbours.bridge;
    let mut config = Config::new(Environment::Test, bridge.clone(), PathBuf::new(), web);
    for (name, label, personality, preset) in NHSMAIL {
        let entity_id = format!("{}/saml/{name}/metadata", bridge.as_str());
        let fake = neighbours.nhsmail;
        let mut service = ServiceProvider::new(entity_id.as_str(), acs_url(bridge.as_str(), name));
        service.logout_url = Some(slo_url(bridge.as_str(), name));
        fake.register(service);
        let essentials = Essentials {
            label: label.to_owned(),
            entity_id: EntityId::parse(&entity_id)?,
            idp_entity_id: EntityId::parse(personality.entity_id())?,
            metadata: Source::held(fake.metadata(personality)?),
        };
        let mut settings = Settings::new(preset, essentials);
        settings.logout_issuer = Some(EntityId::parse(personality.logout_issuer())?);
        let connection = Connection::new(settings);
        config.saml.insert(name.to_owned(), connection);
    }
    config
        .oidc
        .insert(CIS2.to_owned(), care_identity(neighbours, random)?);
    Ok(config)
}

/// With a key of our own, whose public half the fake fetches from us as CIS2 does.
fn care_identity(neighbours: &Neighbours<'_>, random: &dyn Random) -> Result<OidcConnection, Trouble> {
    let bridge = neighbours.bridge.as_str();
    let keys = ClientKeys::JwksUri(oidc_rp::addresses::jwks_url(bridge, CIS2));
    let mut client = Client::new(
        CLIENT_ID,
        oidc_rp::addresses::callback_url(bridge, CIS2),
        Authentication::PrivateKeyJwt(keys),
    );
    client.backchannel_logout_uri = Some(oidc_rp::addresses::backchannel_logout_url(bridge, CIS2));
    neighbours.cis2.register(client);
    let essentials = oidc_rp::settings::Essentials {
        label: "Care Identity".to_owned(),
        door: Door::Cis2,
        issuer: neighbours.cis2.issuer(),
        client_id: CLIENT_ID.to_owned(),
        client_keys: vec![ClientKey {
            key: Source::held(Es256Key::draw(random)?.to_pem()?.expose()),
            algorithm: Algorithm::Es256,
            kid: None,
        }],
    };
    let settings = oidc_rp::settings::Settings::new(oidc_rp::settings::Preset::None, essentials);
    Ok(OidcConnection::new(settings))
}
