//! What whoever starts the fake decides.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::{Personality, ServiceProvider};
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::origin::Origin;
use crate::platform::random::{Random, SystemRandom};

/// How the fake is started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens; port 0 is a free one.
    pub listen: SocketAddr,
    /// The origin that browsers use; absent: `http://` and where it listens.
    pub public: Option<Origin>,
    /// The clock of its answers. It can be moved ahead for the fake alone.
    pub clock: Arc<dyn Clock>,
    /// Where identifiers come from.
    pub random: Arc<dyn Random>,
    /// The folder of its keys, made on first use; absent: fresh keys for this process alone.
    pub key_folder: Option<PathBuf>,
    /// The folder in which it saves every answer as a file; absent: answers are kept in memory alone.
    pub answers_folder: Option<PathBuf>,
    /// Who may ask; empty: everybody but live services.
    pub services: Vec<ServiceProvider>,
}

impl Settings {
    /// The machine's clock and randomness, fresh keys, everybody may ask.
    pub fn listening(listen: SocketAddr) -> Self {
        Self {
            listen,
            public: None,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            key_folder: None,
            answers_folder: None,
            services: Vec::new(),
        }
    }
}

/// What a tester asks of the next answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NextAnswer {
    /// What should be wrong with it.
    pub mischief: Mischief,
    /// Of which personality; absent: of whichever answers next.
    pub personality: Option<Personality>,
    /// Who signs in, by key, without being picked on the page; absent: the page asks.
    pub person: Option<String>,
}

impl NextAnswer {
    /// The next answer, whoever gives it, with this mischief.
    pub fn with(mischief: Mischief) -> Self {
        Self {
            mischief,
            ..Self::default()
        }
    }
}
