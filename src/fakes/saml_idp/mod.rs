//! The fake NHSmail identity provider: Microsoft Entra ID and ADFS on one server.
//!
//! It imitates what the two were seen to send (shapes, windows, spellings, errors), asks which of the invented people
//! should sign in, and can be told to do the next thing wrong.

mod answer;
mod idp;
mod keys;
mod logout;
mod manner;
mod memory;
mod metadata;
mod personality;
mod question;
mod received;
mod restamp;
mod saved;
mod server;
mod service;
mod settings;
mod web;

pub use crate::fakes::fence::OutOfBounds;
pub use answer::NoAnswer;
pub use keys::{Keys, NoKeys};
pub use logout::{HeardLogout, HeardName, LogoutBinding, LogoutMischief, NextLogout};
pub use manner::{Encryption, Manner, NameIds, Presence, Signatures};
pub use personality::Personality;
pub use received::{Received, RequestSignature};
pub use restamp::NoStamp;
pub(in crate::fakes) use restamp::{Stamp, restamp};
pub use saved::{Kind, NoSavedAnswer, SavedAnswer, SavedQuestion, Unsealed};
pub use server::{FakeSamlIdp, NotStarted};
pub use service::{NoServiceProvider, ServiceProvider};
pub use settings::{NextAnswer, Settings};
