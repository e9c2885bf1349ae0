//! JSON web signatures: `jsonwebtoken` reads and judges, OpenSSL computes.
//!
//! What we sign ourselves, once for every token, is signed by [`es256::Es256Key`], which is parsed once. What others
//! signed is judged by [`verify::verify`], which takes the algorithm from the caller and the key from a key set, and
//! neither from the token. Who needs every step by itself has [`compact::Compact`], [`key_set::KeySet`] and, to sign
//! with any algorithm, [`signer::Signer`].

mod algorithms;
pub mod compact;
pub mod es256;
pub mod json;
pub mod key_set;
mod provider;
pub mod public_key;
pub mod signer;
pub mod verify;

pub use jsonwebtoken::Algorithm;
pub use provider::install;

/// How the `kid` of every key of our fake OpenID providers begins, so that nobody takes its people for real.
pub const FAKE_KID_MARK: &str = "FAKE/";
