//! `serve`: run the bridge.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::listener::{Current, Listener};
use crate::app::{App, Foundations};
use crate::cli::{DONE, REFUSED, complain};
use crate::config::{Config, Surroundings};
use crate::platform::clock::SystemClock;
use crate::platform::problem::Problem;
use crate::platform::random::SystemRandom;
use crate::platform::telemetry::{self, Format};

/// Flags of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Which lines of the log are written: `info`, `nhsmail_bridge=debug,warn`.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log: String,
    /// Write the log as text instead of JSON.
    #[arg(long)]
    log_text: bool,
}

/// Runs `serve` until SIGTERM or SIGINT. SIGHUP reads the configuration and the metadata again: all of it is taken
/// or, if anything is wrong, none of it.
pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> u8 {
    telemetry::begin(
        if arguments.log_text {
            Format::Text
        } else {
            Format::Json
        },
        &arguments.log,
    );
    let config = match load(&arguments.config) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&cause),
    };
    match runtime.block_on(serve(&config, &arguments.config, out)) {
        Ok(()) => DONE,
        Err(cause) => {
            complain(&cause);
            REFUSED
        }
    }
}

fn load(file: &Path) -> Result<Config, u8> {
    read(file).map_err(|problems| {
        for problem in &problems {
            complain(problem);
        }
        REFUSED
    })
}

/// Reads the configuration; what should be seen to goes to the log.
fn read(file: &Path) -> Result<Config, Vec<Problem>> {
    let surroundings = Surroundings::of_this_process(&SystemClock);
    let config = Config::load(file, &surroundings)?;
    for warning in config.warnings(surroundings.now()) {
        tracing::warn!(
            at = warning.at,
            what = warning.what,
            "the configuration should be seen to"
        );
    }
    Ok(config)
}

async fn serve(config: &Config, file: &Path, out: &mut dyn Write) -> Result<(), Box<dyn std::error::Error>> {
    let foundations = Foundations::lay(config, Arc::new(SystemClock), Arc::new(SystemRandom))?;
    let app = App::build(config, &foundations)?;
    let public = Listener::bind(config.web.listen, config.web.tls.as_ref())?;
    let management = Listener::bind(config.web.management_listen, None)?;
    writeln!(out, "{} listens on {}", config.public_url, public.address()?)?;
    writeln!(out, "/healthz and /readyz on {}", management.address()?)?;
    let (current, inner) = (Current::new(app.public()), Current::new(app.management()));
    let stops = [public.stop(), management.stop()];
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let serving = async { tokio::try_join!(public.serve(&current), management.serve(&inner)) };
    tokio::pin!(serving);
    loop {
        tokio::select! {
            ended = &mut serving => {
                ended?;
                return Ok(());
            }
            _ = hang_up.recv() => reload(file, &foundations, &current, &inner),
            _ = terminate.recv() => stops.iter().for_each(crate::app::listener::Stop::drain),
            _ = tokio::signal::ctrl_c() => stops.iter().for_each(crate::app::listener::Stop::drain),
        }
    }
}

/// All or nothing: what runs goes on running if anything is wrong.
fn reload(file: &Path, foundations: &Foundations, current: &Current, inner: &Current) {
    let config = match read(file) {
        Ok(config) => config,
        Err(problems) => {
            for problem in &problems {
                tracing::error!(
                    at = problem.at,
                    what = problem.what,
                    "the configuration is not taken"
                );
            }
            return;
        }
    };
    match App::build(&config, foundations) {
        Ok(app) => {
            current.replace(app.public());
            inner.replace(app.management());
            tracing::info!(
                connections = config.saml.len() + config.oidc.len(),
                "configuration and metadata were read again"
            );
        }
        Err(cause) => tracing::error!(%cause, "the configuration is not taken"),
    }
}
