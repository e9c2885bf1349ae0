//! Run the command line and return its exit code.

fn main() {}
