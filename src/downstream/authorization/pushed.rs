//! Requests that applications sent us before the browser comes (RFC 9126).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::downstream::authorization::kept::{Kept, NotKept};
use crate::downstream::authorization::parameters::Parameters;
use crate::platform::random::Random;
use crate::platform::store::Store;

/// How long the browser may take to arrive with the reference (RFC 9126 2.2 has 60 seconds as an example).
pub const LIFE: Duration = Duration::seconds(90);

/// What every reference begins with (RFC 9126 2.2).
const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// The requests that were pushed and not used.
#[derive(Debug, Clone)]
pub struct PushedRequests(Kept);

#[derive(Serialize, Deserialize)]
struct Record {
    client_id: String,
    query: String,
}

impl PushedRequests {
    /// The requests in `store`.
    pub fn new(store: Arc<dyn Store>, random: Arc<dyn Random>) -> Self {
        Self(Kept::new("pushed-request", store, random))
    }

    /// True if `request_uri` could be one of ours, used or not.
    pub fn is_ours(request_uri: &str) -> bool {
        request_uri.starts_with(URN)
    }

    /// Keeps what `client_id` asks for, and gives the reference. It was judged; it is judged again when it is used.
    pub async fn push(
        &self,
        client_id: &str,
        parameters: &Parameters,
        now: OffsetDateTime,
    ) -> Result<String, NotKept> {
        let record = Record {
            client_id: client_id.to_owned(),
            query: parameters.to_query(),
        };
        let handle = self.0.note(&record, now + LIFE).await?;
        Ok(format!("{URN}{handle}"))
    }

    /// What stands behind `request_uri`, once, if `client_id` pushed it. Another application cannot use it up.
    pub async fn take(&self, client_id: &str, request_uri: &str) -> Result<Option<Parameters>, NotKept> {
        let Some(handle) = request_uri.strip_prefix(URN) else {
            return Ok(None);
        };
        let record: Option<Record> = self.0.find(handle).await?;
        match record.filter(|record| record.client_id == client_id) {
            Some(record) if self.0.take(handle).await? => Ok(Some(Parameters::read(&record.query))),
            Some(_) | None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::SettableClock;
    use crate::platform::random::SystemRandom;
    use crate::platform::store::MemoryStore;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

    fn pushed() -> (PushedRequests, SettableClock) {
        let clock = SettableClock::at(NOW);
        let store = MemoryStore::new(100, Arc::new(clock.clone()));
        (
            PushedRequests::new(Arc::new(store), Arc::new(SystemRandom)),
            clock,
        )
    }

    #[tokio::test]
    async fn a_pushed_request_is_used_once_and_by_whoever_pushed_it() {
        let (pushed, _) = pushed();
        let asked = Parameters::read("scope=openid&state=a%26b");
        let reference = pushed.push("rota", &asked, NOW).await.unwrap();
        assert!(PushedRequests::is_ours(&reference));
        let take = |client| pushed.take(client, &reference);
        assert_eq!(take("other").await.unwrap(), None);
        assert_eq!(take("rota").await.unwrap(), Some(asked));
        assert_eq!(take("rota").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_pushed_request_is_forgotten_in_time() {
        let (pushed, clock) = pushed();
        let reference = pushed.push("rota", &Parameters::read(""), NOW).await.unwrap();
        clock.advance(LIFE);
        assert_eq!(pushed.take("rota", &reference).await.unwrap(), None);
        assert_eq!(
            pushed.take("rota", "https://evil.example/request").await.unwrap(),
            None
        );
    }
}
