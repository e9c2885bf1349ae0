//! Small things that expire: sessions, pending sign-ins, seen assertions, codes.
//!
//! One trait, eight verbs, several homes. A record is octets under a key, with an instant after which it is as
//! absent as if it had never been. An index is a set of entries under a name, each with such an instant of its own; it
//! shares nothing with a record of the same name. Typed wrappers live in the rooms that own the records.

#[cfg(test)]
pub(crate) mod contract;
#[cfg(test)]
pub(crate) mod contract_of_indexes;
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

/// A memory of small expiring records, shared by every step of a sign-in. Every verb answers within seconds, if only that the
/// store is away: who asks has no bound of its own, and others may wait behind it.
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

    /// Adds `entry` to `index` until `expires_at`; what is there already gets this end instead, be it sooner or later.
    /// Each live entry counts as a record.
    async fn file(&self, index: &str, entry: &str, expires_at: OffsetDateTime) -> Result<(), StoreError>;

    /// The live entries of `index`, in no order.
    async fn filed(&self, index: &str) -> Result<Vec<String>, StoreError>;

    /// Removes `entry` from `index`, if it is there.
    async fn unfile(&self, index: &str, entry: &str) -> Result<(), StoreError>;
}
