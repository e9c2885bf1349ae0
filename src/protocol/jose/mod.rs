//! JSON web signatures: `jsonwebtoken` reads and judges, OpenSSL computes.
//!
//! What we sign ourselves, once for every token, is signed by [`es256::Es256Key`], which is parsed once. What others
//! signed is judged by [`verify::verify`], which takes the algorithm from the caller and the key from a key set, and
//! neither from the token.

mod algorithms;
pub mod es256;
mod provider;
pub mod verify;

pub use provider::install;
