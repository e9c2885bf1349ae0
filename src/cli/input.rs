//! Files that a command is given.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Reads a file, or stdin for `-`, up to one octet more than `largest`, so that whoever judges it can see that it
/// is too large.
pub(crate) fn read(file: &Path, largest: usize) -> Result<Vec<u8>, String> {
    let limit = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    let mut octets = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut octets)
    } else {
        File::open(file).and_then(|opened| opened.take(limit).read_to_end(&mut octets))
    };
    read.map(|_length| octets)
        .map_err(|cause| format!("{}: {cause}", file.display()))
}
