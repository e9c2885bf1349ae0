//! `fakes`: the fake identity provider alone, for any service provider; `fakes cis2`: the fake CIS2, for any client.

mod cis2;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{DONE, REFUSED, complain};
use crate::fakes::saml_idp::{FakeSamlIdp, Personality, ServiceProvider, Settings};
use crate::platform::origin::Origin;

/// Flags of `fakes`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// Another fake than the identity provider that speaks SAML
    #[command(subcommand)]
    fake: Option<Fake>,
    /// Where it listens; port 0 is a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8082")]
    pub listen: SocketAddr,
    /// The origin that browsers use, if it is another: `https://fake.example.test`
    #[arg(long, value_name = "ORIGIN")]
    pub public_url: Option<Origin>,
    /// Keep the keys in this folder (made on first use), so that metadata stays good and answers can be stamped again
    #[arg(long, value_name = "DIR")]
    pub key_dir: Option<PathBuf>,
    /// Save every answer as a file in this folder
    #[arg(long, value_name = "DIR")]
    pub answers_dir: Option<PathBuf>,
    /// Metadata of a service provider that may ask; given once for each. Without any, everybody may
    #[arg(long = "sp-metadata", value_name = "FILE")]
    pub service_providers: Vec<PathBuf>,
}

#[derive(Debug, Clone, Subcommand)]
enum Fake {
    /// Run the fake CIS2 (or NHSmail over OpenID Connect) alone, for any relying party
    Cis2(cis2::Arguments),
}

/// Runs the fake until it is interrupted or told to end.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> u8 {
    if let Some(Fake::Cis2(arguments)) = &arguments.fake {
        return cis2::run(arguments, out);
    }
    let settings = match settings(arguments) {
        Ok(settings) => settings,
        Err(cause) => return complain(&cause),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&cause),
    };
    match runtime.block_on(serve(settings, out)) {
        Ok(()) => DONE,
        Err(cause) => {
            complain(&cause);
            REFUSED
        }
    }
}

fn settings(arguments: &Arguments) -> Result<Settings, String> {
    let service = |path: &PathBuf| {
        let document =
            std::fs::read(path).map_err(|cause| format!("{} cannot be read: {cause}", path.display()))?;
        ServiceProvider::from_metadata(&document).map_err(|cause| format!("{}: {cause}", path.display()))
    };
    Ok(Settings {
        public: arguments.public_url.clone(),
        key_folder: arguments.key_dir.clone(),
        answers_folder: arguments.answers_dir.clone(),
        services: arguments
            .service_providers
            .iter()
            .map(service)
            .collect::<Result<_, _>>()?,
        ..Settings::listening(arguments.listen)
    })
}

async fn serve(settings: Settings, out: &mut dyn Write) -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeSamlIdp::start(settings).await?;
    writeln!(out, "FAKE NHSmail at {}", fake.page())?;
    for personality in Personality::ALL {
        let base = fake.page();
        let metadata = personality.metadata_path().trim_start_matches('/');
        writeln!(out, "{}", personality.label())?;
        writeln!(out, "  entity ID  {}", personality.entity_id())?;
        writeln!(out, "  sign-on    {}", fake.url(personality))?;
        writeln!(out, "  metadata   {base}{metadata}")?;
    }
    out.flush()?;
    told_to_end().await?;
    fake.shutdown().await;
    Ok(())
}

/// Waits until the program is interrupted or told to end.
async fn told_to_end() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
