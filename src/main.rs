//! Run the command line and return its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    nhsmail_bridge::cli::main()
}
