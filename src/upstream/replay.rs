//! Which assertions were used: each is good for one session.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::platform::store::{Store, StoreError};

/// The memory of used assertions. Only what was verified enters it, so nobody else can fill it.
#[derive(Debug, Clone)]
pub struct UsedAssertions(Arc<dyn Store>);

impl UsedAssertions {
    /// The memory in `store`.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }

    /// Notes the use of the assertion `id` of `issuer` until the instant after which it is refused for being late.
    /// `false`: it was used before (SAML Profiles 4.1.4.5).
    pub async fn first_use(&self, issuer: &str, id: &str, until: OffsetDateTime) -> Result<bool, StoreError> {
        let name = [issuer.as_bytes(), b"\0", id.as_bytes()].concat();
        let key = format!(
            "assertion:{}",
            hex::encode(crate::platform::digest::sha256(&name))
        );
        self.0.put_new(&key, b"", until).await
    }
}
