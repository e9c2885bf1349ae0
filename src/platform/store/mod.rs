//! Small things that expire: sessions, pending sign-ins, seen assertions, codes.
//!
//! One trait, five verbs, several homes. A record is octets under a key, with an instant after which it is as
//! absent as if it had never been. Typed wrappers live in the rooms that own the records.

#[cfg(test)]
pub(crate) mod contract;
mod memory;
pub mod settings;

pub use memory::MemoryStore;

use std::fmt::Debug;

use async_trait::async_trait;
use time::OffsetDateTime;

/// Why a store did not answer. Whoever gets one refuses; nobody is waved through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room is left for a live record; none is thrown out to make room.
    #[error("the store is full")]
    Full,
    /// The store could not be reached.
    #[error("the store is away: {0}")]
    Away(String),
}

/// A memory of small expiring records, shared by every step of a sign-in.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Writes `value` under `key` until `expires_at` if nothing live is there. `false`: something was (a replay).
    async fn put_new(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError>;

    /// Reads what is live under `key`.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Reads and removes in one step: of two callers at once, one gets it.
    async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Writes over what is live under `key`. `false`: nothing was, and nothing is written.
    async fn replace(&self, key: &str, value: &[u8], expires_at: OffsetDateTime) -> Result<bool, StoreError>;

    /// Removes what is under `key`, if anything is.
    async fn delete(&self, key: &str) -> Result<(), StoreError>;
}
