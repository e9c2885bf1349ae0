//! The provider itself, without HTTP: where it is, what it knows, what its time is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;
use url::Url;

use crate::fakes::cis2::Shape;
use crate::fakes::cis2::keys::{Key, KeyRing, KeyStep, NoKey};
use crate::fakes::cis2::memory::Memory;
use crate::platform::clock::Clock;
use crate::platform::outbound::Outbound;
use crate::platform::random::{NoRandomness, Random, token};
use crate::protocol::jose::signer::SignerError;

/// One running fake.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) shape: Shape,
    pub(super) places: Places,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) keys: Mutex<KeyRing>,
    pub(super) outbound: Outbound,
    pub(super) memory: Mutex<Memory>,
}

/// The three spellings of its origin, none with a last slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places {
    /// As browsers write it: `https://cis2.example.test`.
    pub(super) browsed: String,
    /// As the endpoints print it, always with a port: `https://cis2.example.test:443`.
    pub(super) printed: String,
    /// As the issuer prints it.
    pub(super) issuer: String,
}

/// The fake could not do its part.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// No random octets.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// No key.
    #[error(transparent)]
    Key(#[from] NoKey),
    /// Nothing could be signed.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

impl Places {
    /// Of a fake that browsers find at `browsed`. Only CIS2 prints a default port.
    pub(super) fn of(shape: Shape, browsed: &str, issuer: Option<String>) -> Self {
        let printed = if shape.is_cis2() {
            with_port(browsed)
        } else {
            browsed.to_owned()
        };
        Self {
            browsed: browsed.to_owned(),
            issuer: issuer.unwrap_or_else(|| printed.clone()),
            printed,
        }
    }
}

/// An origin with its port, also where that is the default one and a URL library would leave it out.
fn with_port(origin: &str) -> String {
    match Url::parse(origin) {
        Ok(url) if url.port().is_none() => match url.port_or_known_default() {
            Some(port) => format!("{origin}:{port}"),
            None => origin.to_owned(),
        },
        _ => origin.to_owned(),
    }
}

impl Provider {
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keys(&self) -> MutexGuard<'_, KeyRing> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key that signs now.
    pub(super) fn signing(&self) -> Arc<Key> {
        Arc::clone(self.keys().signing())
    }

    pub(super) fn step(&self, step: KeyStep) -> Result<(), NoKey> {
        self.keys().step(step)
    }

    /// The instant by the clock of the fake.
    pub(super) fn now(&self) -> OffsetDateTime {
        self.clock.now() + self.memory().ahead
    }

    /// The issuer, octet for octet.
    pub(super) fn issuer(&self) -> String {
        format!("{}{}", self.places.issuer, self.shape.paths().issuer)
    }

    /// The token endpoint as the discovery document prints it.
    pub(super) fn token_endpoint(&self) -> String {
        self.endpoint(self.shape.paths().token)
    }

    pub(super) fn endpoint(&self, path: &str) -> String {
        format!("{}{path}", self.places.printed)
    }

    /// Where the discovery document is.
    pub(super) fn discovery_url(&self) -> String {
        format!("{}{}", self.places.browsed, self.shape.discovery_path())
    }

    /// A fresh random text.
    pub(super) fn fresh(&self) -> Result<String, NoRandomness> {
        token(&*self.random)
    }

    /// A fresh random text in the form of a GUID.
    pub(super) fn fresh_guid(&self) -> Result<String, NoRandomness> {
        let mut octets = [0_u8; 16];
        self.random.fill(&mut octets)?;
        let hex = hex::encode(octets);
        let mut digits = hex.chars();
        let groups = [8, 4, 4, 4, 12].map(|length| digits.by_ref().take(length).collect::<String>());
        Ok(groups.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_port_is_printed() {
        let places = |origin| Places::of(Shape::Cis2, origin, None);
        assert_eq!(
            places("https://cis2.example.test").issuer,
            "https://cis2.example.test:443"
        );
        assert_eq!(places("http://127.0.0.1:8083").printed, "http://127.0.0.1:8083");
        let apart = Places::of(
            Shape::Cis2,
            "http://127.0.0.1:1",
            Some("https://x.test:443".to_owned()),
        );
        assert_eq!(
            (apart.printed.as_str(), apart.issuer.as_str()),
            ("http://127.0.0.1:1", "https://x.test:443")
        );
    }
}
