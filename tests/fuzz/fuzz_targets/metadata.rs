//! A metadata document: whatever is in the file.
#![no_main]

#[path = "../../bridge/properties/held.rs"]
#[expect(dead_code, reason = "each target asks for one of the properties")]
mod held;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| held::metadata(octets));
