//! The vocabulary of the journeys: a bridge with a fake NHSmail beside it, people who visit them, and what is logged.
//!
//! `TestBridge::start` listens on free ports, with a clock that moves by hand. A [`Visitor`] is a browser without a
//! window: it keeps cookies as browsers do (a `SameSite=Lax` cookie stays home when another site posts), follows
//! redirects and presses buttons. The bridge is at `localhost` and everybody else at `127.0.0.1`, so that they are
//! different sites.

mod bridge;
mod cis2;
mod jar;
mod key_pair;
pub(crate) mod log;
mod page;
mod visitor;

pub(crate) use bridge::{ADFS, ENTRA, START, TestBridge, Unasked, keys_of_the_fake};
pub(crate) use cis2::{CIS2, CLIENT, client_key};
pub(crate) use key_pair::{decryption, request_signing, request_signing_by_curve};
pub(crate) use page::{Form, Page};
pub(crate) use visitor::Visitor;
