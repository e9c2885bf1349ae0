//! The tests that see the bridge from outside, in one binary.
#![expect(clippy::expect_used, reason = "a test may stop where its ground is missing")]

mod architecture;
mod browser;
mod configuration;
mod sign_in_with_nhsmail;
mod support;
mod what_people_see;
