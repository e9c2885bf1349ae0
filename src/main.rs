//! Run the command line and return its exit code.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A server for months, on many threads, of many small things that come and go: the allocator of the C library grows slow
/// and large with it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    nhsmail_bridge::cli::main()
}
