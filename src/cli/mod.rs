//! The commands. The only room that prints.
//!
//! Exit codes: 0 success, 1 a negative verdict, 2 usage or unreadable input. Results go to stdout, complaints to
//! stderr.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Surroundings;
use crate::platform::clock::SystemClock;

pub mod check;
#[cfg(feature = "fakes")]
mod demo;
#[cfg(feature = "fakes")]
mod demo_check;
pub mod doctor;
pub mod explain;
mod explain_command;
pub mod explain_token;
#[cfg(feature = "fakes")]
pub mod fakes;
mod input;
pub mod metadata;
pub mod protect;
#[cfg(feature = "fakes")]
pub mod replay;
mod serve;

/// Success.
pub(crate) const DONE: u8 = 0;
/// The verdict is no.
pub(crate) const REFUSED: u8 = 1;
/// The input cannot be used.
pub(crate) const UNUSABLE: u8 = 2;

/// Log in with NHSmail: a strict sign-in bridge.
#[derive(Debug, Parser)]
#[command(name = "nhsmail-bridge", version, about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the configuration and list every problem; nothing is started, written or fetched.
    Check(check::Arguments),
    /// Reach each neighbour that the configuration names: how it is, the mend, who must act.
    Doctor(doctor::Arguments),
    /// Run everything on loopback to click through: bridge, fakes, a sample application.
    #[cfg(feature = "fakes")]
    Demo(demo::Arguments),
    /// Judge a saved SAML response or a token of OpenID Connect offline: every rule in order.
    Explain(Box<explain_command::Arguments>),
    /// Judge an identity provider's metadata, or print ours.
    Metadata(metadata::Arguments),
    /// Run the fake identity providers alone, for any service provider.
    #[cfg(feature = "fakes")]
    Fakes(Box<fakes::Arguments>),
    /// Print the configuration of a reverse proxy in front of a site, so that only people the bridge knows get in.
    Protect(protect::Arguments),
    /// Send a saved answer of the fakes at an assertion consumer service again, and say who is signed in.
    #[cfg(feature = "fakes")]
    Replay(replay::Arguments),
    /// Run the bridge.
    Serve(serve::Arguments),
}

/// Reads the command line, does what it says, and gives the exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => {
            // `--help` and `--version` are answers, not mistakes.
            let code = if answer.use_stderr() { UNUSABLE } else { DONE };
            return if answer.print().is_ok() {
                ExitCode::from(code)
            } else {
                ExitCode::from(UNUSABLE)
            };
        }
    };
    let mut out = io::stdout().lock();
    let surroundings = Surroundings::of_this_process(&SystemClock);
    let code = match arguments.command {
        Command::Check(arguments) => check::run(&arguments, &surroundings, &mut out),
        Command::Doctor(arguments) => doctor::run(&arguments, &surroundings, &mut out),
        #[cfg(feature = "fakes")]
        Command::Demo(arguments) => demo::run(&arguments, &mut out),
        Command::Explain(arguments) => explain_command::run(&arguments, &surroundings, &mut out),
        Command::Metadata(arguments) => metadata::run(&arguments, &surroundings, &mut out),
        #[cfg(feature = "fakes")]
        Command::Fakes(arguments) => fakes::run(&arguments, &mut out),
        Command::Protect(arguments) => protect::run(&arguments, &mut out),
        #[cfg(feature = "fakes")]
        Command::Replay(arguments) => replay::run(&arguments, &mut out),
        Command::Serve(arguments) => serve::run(&arguments, &mut out),
    };
    // A reader that went away, as `head` does, is no failure.
    match out.flush() {
        Ok(()) => ExitCode::from(code),
        Err(_cause) => ExitCode::from(code),
    }
}

/// Says on stderr why nothing could be done.
#[expect(
    clippy::print_stderr,
    reason = "complaints of the command line belong on stderr"
)]
pub(crate) fn complain(what: &dyn std::fmt::Display) -> u8 {
    eprintln!("nhsmail-bridge: {what}");
    UNUSABLE
}
