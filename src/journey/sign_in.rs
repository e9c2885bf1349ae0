//! Leave through a door, arrive with an answer.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::identity;
use crate::identity::normalise::{NormaliseRefusal, Normalised, normalise};
use crate::identity::role_refusal::RoleRefusal;
use crate::platform::clock::Clock;
use crate::platform::environment::Environment;
use crate::platform::random::{NoRandomness, Random};
use crate::platform::rate::Rate;
use crate::session;
use crate::session::record::Session;
use crate::session::ticket::SessionTicket;
use crate::session::{SessionError, Sessions, Terms};
use crate::upstream::pending::{BrowserSecret, Claim, PendingError, PendingSignIn, PendingSignIns};
use crate::upstream::replay::UsedAssertions;
use crate::upstream::saml_sp::finish::{Finish, NotVouched, RawPost};
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::settings::Unsolicited;
use crate::upstream::saml_sp::start::NoDeparture;
use crate::upstream::saml_sp::terms::Question;

/// One way in: a connection with how its people are read and how long they stay.
#[derive(Debug)]
pub struct Way {
    /// The connection.
    pub provider: Arc<ServiceProvider>,
    /// How its people are read.
    pub person: identity::settings::Settings,
    /// How long its sessions live.
    pub session: session::settings::Settings,
}

/// Everything a sign-in needs.
#[derive(Debug)]
pub struct SignIns {
    /// The ways in, in the order of the settings.
    pub ways: Vec<Way>,
    /// The world this bridge stands in.
    pub environment: Environment,
    /// The questions that are on their way.
    pub pending: PendingSignIns,
    /// The assertions that were used.
    pub used: UsedAssertions,
    /// The sessions.
    pub sessions: Arc<Sessions>,
    /// How often people may leave.
    pub limits: Limits,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

/// How often people may leave: per browser, and per connection, so that nobody fills the store with questions.
/// Never per address, behind which a whole hospital may sit.
#[derive(Debug)]
pub struct Limits {
    browser: Rate,
    connection: Rate,
}

impl Limits {
    /// 30 departures a minute for one browser, 300 a second for one connection: all of NHSmail signing in within
    /// an hour is 420 a second, over many bridges.
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
        let rate = |burst: u32, period| {
            Rate::new(
                NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN),
                period,
                Arc::clone(clock),
            )
        };
        Self {
            browser: rate(30, Duration::from_secs(60)),
            connection: rate(300, Duration::from_secs(1)),
        }
    }

    fn allow(&self, browser: &BrowserSecret, connection: &str) -> bool {
        self.browser.allows(&browser.hash()) && self.connection.allows(connection)
    }
}

/// What a browser brings from an identity provider.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The connection whose address it was posted to.
    pub door: &'a str,
    /// The field `SAMLResponse`.
    pub saml_response: &'a str,
    /// The field `RelayState`.
    pub relay_state: Option<&'a str>,
    /// The secret of the browser that brings it.
    pub browser: Option<&'a BrowserSecret>,
    /// The ticket the browser came with; its session ends.
    pub old_ticket: Option<&'a SessionTicket>,
}

/// What becomes of an answer.
#[derive(Debug)]
pub enum Arrival {
    /// Somebody is signed in.
    SignedIn {
        /// What the browser gets.
        ticket: SessionTicket,
        /// What we remember.
        session: Box<Session>,
        /// Where the browser goes; empty: where nobody asked to go.
        return_to: String,
    },
    /// The browser should ask a question of ours first.
    AskOurselves,
}

/// Why nobody is signed in, grouped by what the person is told.
#[derive(Debug, thiserror::Error)]
pub enum SignInFailure {
    /// No connection has this name.
    #[error("no connection has this name")]
    NoSuchDoor,
    /// The question is unknown, too old or answered.
    #[error("the answer belongs to no question that is pending")]
    NothingPending,
    /// Too many left before, from this browser or through this connection.
    #[error("too many sign-ins were begun")]
    TooMany,
    /// Another browser asked.
    #[error("another browser asked, or this one kept no cookie")]
    AnotherBrowser,
    /// The upstream does not vouch.
    #[error(transparent)]
    NotVouched(#[from] NotVouched),
    /// It vouches for somebody we cannot read.
    #[error(transparent)]
    Details(#[from] NormaliseRefusal),
    /// A part we cannot do without is away or full.
    #[error("{0}")]
    Unavailable(String),
}

impl SignIns {
    /// The way with this name, switched on or not.
    pub fn way(&self, door: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.provider.name() == door)
    }

    /// The ways that are switched on.
    pub fn open_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| way.provider.settings().enabled)
    }

    /// Notes what is asked and gives the address at the identity provider. `return_to` was judged safe.
    pub async fn leave(
        &self,
        door: &str,
        return_to: &str,
        browser: &BrowserSecret,
    ) -> Result<String, SignInFailure> {
        let provider = &self.way(door).ok_or(SignInFailure::NoSuchDoor)?.provider;
        if !provider.settings().enabled {
            return Err(NotVouched::Disabled.into());
        }
        if !self.limits.allow(browser, door) {
            return Err(SignInFailure::TooMany);
        }
        let now = self.clock.now();
        let departure = provider.depart(now, self.random.as_ref())?;
        let pending = PendingSignIn {
            connection: door.to_owned(),
            request_id: departure.request_id.clone(),
            asked_at: now,
            forced: provider.settings().force_authn,
            return_to: return_to.to_owned(),
        };
        let handle = self.pending.note(pending, browser).await?;
        Ok(provider.address(&departure, &handle)?)
    }

    /// Judges an answer and, if it is believed, begins a session.
    pub async fn arrive(&self, answer: Answer<'_>) -> Result<Arrival, SignInFailure> {
        let way = self.way(answer.door).ok_or(SignInFailure::NoSuchDoor)?;
        if !way.provider.settings().enabled {
            return Err(NotVouched::Disabled.into());
        }
        let post = RawPost::decode(answer.saml_response)?;
        let asked = self.question(&answer, way).await?;
        let return_to = asked
            .as_ref()
            .map(|asked| asked.return_to.clone())
            .unwrap_or_default();
        let question = asked.map(|asked| Question {
            request_id: asked.request_id,
            forced_at: asked.forced.then_some(asked.asked_at),
        });
        let identity = match way
            .provider
            .finish(post, question, &self.used, self.clock.now())
            .await?
        {
            Finish::Vouched(identity) => identity,
            Finish::AskOurselves => return Ok(Arrival::AskOurselves),
        };
        let Normalised::Complete(person) = normalise(&identity, &way.person)? else {
            return Err(NormaliseRefusal::from(RoleRefusal::NotSelected).into());
        };
        let terms = Terms {
            limits: way.session,
            environment: self.environment,
        };
        let (ticket, session) = self.sessions.begin(person, terms, answer.old_ticket).await?;
        Ok(Arrival::SignedIn {
            ticket,
            session: Box::new(session),
            return_to,
        })
    }

    /// The question behind the answer; `None` only where the connection takes answers that nobody asked for.
    async fn question(&self, answer: &Answer<'_>, way: &Way) -> Result<Option<PendingSignIn>, SignInFailure> {
        if let Some(handle) = answer.relay_state {
            match self.pending.claim(handle, answer.browser, answer.door).await? {
                Claim::Ours(pending) => return Ok(Some(pending)),
                Claim::AnotherBrowser => return Err(SignInFailure::AnotherBrowser),
                Claim::Unknown => {}
            }
        }
        let settings = way.provider.settings();
        let listed = answer.relay_state.is_none_or(|state| {
            settings
                .unsolicited_relay_states
                .iter()
                .any(|known| known == state)
        });
        if settings.unsolicited == Unsolicited::Refuse || !listed {
            return Err(SignInFailure::NothingPending);
        }
        Ok(None)
    }
}

impl From<NoDeparture> for SignInFailure {
    fn from(cause: NoDeparture) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

impl From<PendingError> for SignInFailure {
    fn from(cause: PendingError) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

impl From<SessionError> for SignInFailure {
    fn from(cause: SessionError) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

impl From<NoRandomness> for SignInFailure {
    fn from(cause: NoRandomness) -> Self {
        Self::Unavailable(cause.to_string())
    }
}
