//! The tests that see the bridge from outside, in one binary.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test stops where its ground is missing, and counts are part of what a corpus tells"
)]

mod another_provider;
mod architecture;
mod bombs;
mod browser;
mod commands;
mod configuration;
mod corpus;
mod fakes;
mod forward_auth;
mod in_a_browser;
mod issuer;
mod logout;
mod octets;
mod openid_provider;
mod other_relying_parties;
mod properties;
mod refusals_saml;
mod saml_logout;
mod screenshots;
mod session_time_out;
mod sessions_end;
mod sign_in_with_cis2;
mod sign_in_with_nhsmail;
mod support;
mod what_people_see;
mod what_we_log;
mod xmlsec1;
