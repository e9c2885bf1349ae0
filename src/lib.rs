//! Log in with NHSmail or a Care Identity: a strict bridge to one session token.
//!
#![doc = include_str!("ARCHITECTURE.md")]

pub mod app;
pub mod cli;
pub mod config;
pub mod downstream;
#[cfg(feature = "fakes")]
pub mod fakes;
pub mod identity;
pub mod journey;
pub mod platform;
pub mod protocol;
pub mod session;
pub mod upstream;
pub mod web;
