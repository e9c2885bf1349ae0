//! The fake NHSmail identity provider: Microsoft Entra ID and ADFS on one server.
//!
//! It imitates what the two were seen to send (shapes, windows, spellings, errors), asks which of the invented people
//! should sign in, and can be told to do the next thing wrong.

mod answer;
mod fence;
mod keys;
mod manner;
mod metadata;
mod personality;

pub use answer::NoAnswer;
pub use fence::OutOfBounds;
pub use keys::NoKeys;
pub use manner::{Encryption, Manner, NameIds, Presence, Signatures};
pub use personality::Personality;
