//! What whoever starts the fake decides.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fakes::cis2::{Authenticator, Client, Manner, Mischief, Shape};
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::origin::Origin;
use crate::platform::random::{Random, SystemRandom};

/// How the fake is started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whom it imitates.
    pub shape: Shape,
    /// Where it listens; port 0 is a free one.
    pub listen: SocketAddr,
    /// The origin that browsers use; absent: `http://` and where it listens. Issuer and endpoints print the port even
    /// where it is the default one, as CIS2 does.
    pub public: Option<Origin>,
    /// The origin that the issuer prints, if it is another: `https://cis2.example.test:443`. The endpoints stay where
    /// they are, so that an issuer can be rehearsed that nobody can reach.
    pub issuer_origin: Option<String>,
    /// The clock of its answers. It can be moved ahead for the fake alone.
    pub clock: Arc<dyn Clock>,
    /// Where identifiers come from.
    pub random: Arc<dyn Random>,
    /// The folder of its first key, made on first use; absent: a fresh key for this process alone.
    pub key_folder: Option<PathBuf>,
    /// Who may ask; empty: everybody but live services, as long as the form is right.
    pub clients: Vec<Client>,
}

impl Settings {
    /// CIS2 with the machine's clock and randomness and a fresh key; everybody may ask.
    pub fn listening(listen: SocketAddr) -> Self {
        Self {
            shape: Shape::Cis2,
            listen,
            public: None,
            issuer_origin: None,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            key_folder: None,
            clients: Vec::new(),
        }
    }
}

/// What a tester asks of the next answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NextAnswer {
    /// What should be wrong with it.
    pub mischief: Mischief,
    /// Who signs in, by key, without being picked on the page; absent: the page asks.
    pub person: Option<String>,
    /// With what; absent: with the first thing the person has that was asked for. Given, it may also be something
    /// that was not asked for.
    pub authenticator: Option<Authenticator>,
    /// The `person_roleid` of the role that is chosen; absent: the page asks somebody who has several.
    pub role: Option<String>,
    /// How this answer is written; absent: as all are.
    pub manner: Option<Manner>,
}

impl NextAnswer {
    /// The next answer with this mischief.
    pub fn with(mischief: Mischief) -> Self {
        Self {
            mischief,
            ..Self::default()
        }
    }

    /// The next answer is about this person.
    pub fn about(person: &str) -> Self {
        Self {
            person: Some(person.to_owned()),
            ..Self::default()
        }
    }
}
