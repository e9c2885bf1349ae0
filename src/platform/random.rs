//! Identifiers and secrets long enough to be unguessable.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use crate::platform::digest::sha256;

/// Gives random octets. Nothing else in the program makes its own.
pub trait Random: Debug + Send + Sync {
    /// Fills `buffer` with octets.
    ///
    /// # Errors
    /// When the machine has no randomness to give; the caller must refuse, never go on with less.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The machine could not give random octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the machine gave no random octets")]
pub struct NoRandomness;

/// 256 random bits in lower-case hexadecimal: 64 characters.
pub fn token(random: &dyn Random) -> Result<String, NoRandomness> {
    let mut octets = [0; 32];
    random.fill(&mut octets)?;
    Ok(hex::encode(octets))
}

/// True if `text` has the shape of a [`token`].
pub fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit())
}

/// A fresh XML identifier of 160 random bits: an `NCName` that starts with `_` (never with a digit, which Entra
/// refuses as AADSTS7500529).
pub fn xml_id(random: &dyn Random) -> Result<String, NoRandomness> {
    let mut octets = [0; 20];
    random.fill(&mut octets)?;
    Ok(format!("_{}", hex::encode(octets)))
}

/// OpenSSL's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks OpenSSL for randomness"
    )]
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
        openssl::rand::rand_bytes(buffer).map_err(|_cause| NoRandomness)
    }
}

/// A repeatable stream for tests and for replays that must be byte-identical. Never for anything real.
#[derive(Debug, Clone)]
pub struct SeededRandom(Arc<Mutex<[u8; 32]>>);

impl SeededRandom {
    /// The stream that belongs to `seed`.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(sha256(&seed.to_be_bytes()))))
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            *state = sha256(state.as_slice());
            for (out, octet) in chunk.iter_mut().zip(state.iter()) {
                *out = *octet;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn xml_ids_never_repeat_in_many_draws_and_never_start_with_a_digit() {
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let id = xml_id(&SystemRandom).unwrap();
            assert!(id.starts_with('_') && id.len() == 41, "{id}");
            assert!(seen.insert(id));
        }
    }

    #[test]
    fn a_seed_gives_the_same_stream_again() {
        let (one, two) = (SeededRandom::from_seed(7), SeededRandom::from_seed(7));
        assert_eq!(token(&one), token(&two));
        assert_ne!(
            token(&one),
            token(&SeededRandom::from_seed(7)),
            "the stream moves on"
        );
    }
}
