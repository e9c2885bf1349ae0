//! Small records under a handle of 256 random bits, of which the store sees only the hash.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use crate::platform::random::{self, NoRandomness, Random};
use crate::platform::store::{Store, StoreError};

/// Why a record could not be kept or found. Whoever asked is refused.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No handle could be drawn.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// What is in the store is no record of ours.
    #[error("a record of an authorization request cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// Records of one kind.
#[derive(Debug, Clone)]
pub(in crate::downstream::authorization) struct Kept {
    store: Arc<dyn Store>,
    random: Arc<dyn Random>,
    kind: &'static str,
}

impl Kept {
    pub(in crate::downstream::authorization) fn new(
        kind: &'static str,
        store: Arc<dyn Store>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self { store, random, kind }
    }

    /// Writes `record` down until `until`, and gives its handle.
    pub(in crate::downstream::authorization) async fn note<T: Serialize>(
        &self,
        record: &T,
        until: OffsetDateTime,
    ) -> Result<String, NotKept> {
        let handle = random::token(self.random.as_ref())?;
        let record = serde_json::to_vec(record)?;
        // A handle of 256 random bits is never there already.
        self.store.put_new(&self.key(&handle), &record, until).await?;
        Ok(handle)
    }

    /// What is under `handle`.
    pub(in crate::downstream::authorization) async fn find<T: DeserializeOwned>(
        &self,
        handle: &str,
    ) -> Result<Option<T>, NotKept> {
        let record = self.store.get(&self.key(handle)).await?;
        Ok(record.map(|record| serde_json::from_slice(&record)).transpose()?)
    }

    /// Removes what is under `handle`. True for one caller only.
    pub(in crate::downstream::authorization) async fn take(&self, handle: &str) -> Result<bool, NotKept> {
        Ok(self.store.take(&self.key(handle)).await?.is_some())
    }

    fn key(&self, handle: &str) -> String {
        let hash = crate::platform::digest::sha256(handle.as_bytes());
        format!("{}:{}", self.kind, hex::encode(hash))
    }
}
