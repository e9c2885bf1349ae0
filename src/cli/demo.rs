//! `demo`: everything in one process on loopback, to click through; `demo --check` clicks by itself.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use time::Duration;

use crate::app::listener::{Current, Listener};
use crate::app::{App, Foundations};
use crate::cli::demo_check::check;
use crate::cli::{DONE, REFUSED, complain};
use crate::config::{Config, Connection};
use crate::fakes::saml_idp::{FakeSamlIdp, Personality, ServiceProvider, Settings as FakeSettings};
use crate::fakes::sample_application::{SampleApplication, Settings as ApplicationSettings};
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::environment::Environment;
use crate::platform::origin::Origin;
use crate::platform::random::{Random, SystemRandom};
use crate::platform::secret::Source;
use crate::platform::telemetry::{self, Format};
use crate::upstream::saml_sp::addresses::acs_url;
use crate::upstream::saml_sp::entity_id::EntityId;
use crate::upstream::saml_sp::settings::{Essentials, Preset, Settings};
use crate::web::settings::Settings as WebSettings;

/// Flags of `demo`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The first of four ports: bridge, sample application, fake identity provider, fake CIS2 (kept free for it).
    /// 0 takes free ones.
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port_base: u16,
    /// Sign in once through each door without a person, print the tokens decoded, and stop.
    #[arg(long)]
    check: bool,
    /// Which lines of the log are written.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log: String,
}

/// Where everything is.
#[derive(Debug)]
pub(crate) struct Addresses {
    /// The bridge.
    pub(crate) bridge: Origin,
    /// The sample application behind it.
    pub(crate) application: Origin,
    /// The fake identity provider.
    pub(crate) fake: String,
}

type Trouble = Box<dyn std::error::Error>;

/// The name of each connection, its label, who stands behind it, and how it is preset.
const DOORS: [(&str, &str, Personality, Preset); 2] = [
    ("nhsmail-entra", "NHSmail", Personality::Entra, Preset::Entra),
    (
        "nhsmail-adfs",
        "NHSmail (older ADFS)",
        Personality::Adfs,
        Preset::Adfs,
    ),
];

/// The words on the chooser's button for `personality`.
pub(crate) fn words_on_door(personality: Personality) -> String {
    let door = DOORS.iter().find(|(_, _, behind, _)| *behind == personality);
    door.map_or_else(String::new, |(_, label, _, _)| format!("Log in with {label}"))
}

/// Runs `demo`.
pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> u8 {
    let quiet = if arguments.check { "error" } else { &arguments.log };
    telemetry::begin(Format::Text, quiet);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&cause),
    };
    match runtime.block_on(demo(arguments, out)) {
        Ok(()) => DONE,
        Err(cause) => {
            complain(&cause);
            REFUSED
        }
    }
}

async fn demo(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Trouble> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let port = |offset: u16| match arguments.port_base {
        0 => loopback(0),
        base => loopback(base.saturating_add(offset)),
    };
    // The bridge takes its port first, because everybody else has to know it.
    let public =
        Listener::bind(port(0), None).map_err(|cause| not_started(&format!("{}: {cause}", port(0))))?;
    let bridge = origin(public.address()?)?;
    let fake = FakeSamlIdp::start(FakeSettings::listening(port(2)))
        .await
        .map_err(|cause| not_started(&cause))?;
    let application = SampleApplication::start(ApplicationSettings {
        listen: port(1),
        public: None,
        bridge: bridge.clone(),
    })
    .await
    .map_err(|cause| not_started(&cause))?;
    let config = config(&bridge, &origin(application.address())?, &fake)?;
    let foundations = Foundations::in_memory(&config, clock, random)?;
    let app = App::build(&config, &foundations)?;
    let addresses = Addresses {
        bridge,
        application: origin(application.address())?,
        fake: fake.page(),
    };
    let current = Current::new(app.public());
    let serving = public.serve(&current);
    tokio::pin!(serving);
    if arguments.check {
        let wanted = application.protected_url();
        return tokio::select! {
            ended = &mut serving => Ok(ended?),
            checked = check(&addresses.bridge, &wanted, &fake, out) => checked,
        };
    }
    print(&addresses, out)?;
    tokio::select! {
        ended = &mut serving => Ok(ended?),
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
}

/// A configuration for the fake's two personalities, made in code.
fn config(bridge: &Origin, application: &Origin, fake: &FakeSamlIdp) -> Result<Config, Trouble> {
    let mut web = WebSettings::listening(loopback(0), loopback(0));
    web.return_to = vec![application.clone()];
    web.trusted_proxies = vec!["127.0.0.0/8".parse()?];
    application.as_str().clone_into(&mut web.default_return_to);
    let mut config = Config::new(Environment::Test, bridge.clone(), PathBuf::new(), web);
    for (name, label, personality, preset) in DOORS {
        let entity_id = format!("{}/saml/{name}/metadata", bridge.as_str());
        let acs_url = acs_url(bridge.as_str(), name);
        fake.register(ServiceProvider::new(entity_id.as_str(), acs_url));
        let essentials = Essentials {
            label: label.to_owned(),
            entity_id: EntityId::parse(&entity_id)?,
            idp_entity_id: EntityId::parse(personality.entity_id())?,
            metadata: Source::held(fake.metadata(personality)?),
        };
        config.saml.insert(
            name.to_owned(),
            Connection::new(Settings::new(preset, essentials)),
        );
    }
    config.token.lifetime = Duration::minutes(5);
    Ok(config)
}

fn print(addresses: &Addresses, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "Everything here is a simulation: no real account, no real password."
    )?;
    writeln!(out)?;
    writeln!(
        out,
        "  sample application      {}/   start here",
        addresses.application.as_str()
    )?;
    writeln!(out, "  bridge                  {}/", addresses.bridge.as_str())?;
    writeln!(out, "  fake identity provider  {}", addresses.fake)?;
    writeln!(out)?;
    writeln!(out, "Ctrl-C stops it.")?;
    out.flush()
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn origin(address: SocketAddr) -> Result<Origin, Trouble> {
    Ok(Origin::parse(&format!("http://{address}"))?)
}

/// Nearly always a port that somebody else has.
fn not_started(cause: &dyn std::fmt::Display) -> Trouble {
    format!("{cause}; choose other ports with --port-base N (0 takes free ones)").into()
}
