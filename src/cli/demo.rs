//! `demo`: everything in one process on loopback, to click through; `demo --check` clicks by itself.

pub(crate) mod doors;

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use clap::Args;

use crate::app::listener::{Current, Listener};
use crate::app::{App, Foundations};
use crate::cli::demo::doors::Neighbours;
use crate::cli::demo_check::check;
use crate::cli::{DONE, REFUSED, complain};
use crate::fakes::cis2::{FakeCis2, Settings as Cis2Settings};
use crate::fakes::saml_idp::{FakeSamlIdp, Settings as FakeSettings};
use crate::fakes::sample_application::{SampleApplication, Settings as ApplicationSettings};
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::origin::Origin;
use crate::platform::random::{Random, SystemRandom};
use crate::platform::telemetry::{self, Format};

/// Flags of `demo`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The first of four ports: bridge, sample application, fake NHSmail, fake CIS2. 0 takes free ones.
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
    /// The fake NHSmail.
    pub(crate) fake: String,
    /// The fake CIS2.
    pub(crate) cis2: String,
}

type Trouble = Box<dyn std::error::Error>;

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
    let cis2 = FakeCis2::start(Cis2Settings::listening(port(3)))
        .await
        .map_err(|cause| not_started(&cause))?;
    let neighbours = Neighbours {
        bridge: &bridge,
        application: &origin(application.address())?,
        nhsmail: &fake,
        cis2: &cis2,
    };
    let config = doors::config(&neighbours, random.as_ref())?;
    let foundations = Foundations::in_memory(&config, clock, random)?;
    let app = App::build(&config, &foundations)?;
    let addresses = Addresses {
        bridge,
        application: origin(application.address())?,
        fake: fake.page(),
        cis2: cis2.page(),
    };
    let current = Current::new(app.public());
    let serving = public.serve(&current);
    tokio::pin!(serving);
    if arguments.check {
        let wanted = application.protected_url();
        return tokio::select! {
            ended = &mut serving => Ok(ended?),
            checked = check(&addresses.bridge, &wanted, (&fake, &cis2), out) => checked,
        };
    }
    print(&addresses, out)?;
    tokio::select! {
        ended = &mut serving => Ok(ended?),
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
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
    writeln!(out, "  fake NHSmail            {}", addresses.fake)?;
    writeln!(out, "  fake CIS2               {}", addresses.cis2)?;
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
