//! Leave through a door, arrive with an answer.

use std::sync::Arc;

use crate::identity::normalise::{Normalised, normalise};
use crate::journey::failure::{Failed, SignInFailure};
use crate::journey::limits::Limits;
use crate::journey::role_choice::{RoleChoices, Waiting};
use crate::journey::way::{Upstream, Way};
use crate::platform::clock::Clock;
use crate::platform::environment::Environment;
use crate::platform::random::Random;
use crate::platform::store::Store;
use crate::session::record::Session;
use crate::session::ticket::SessionTicket;
use crate::session::{Sessions, Terms};
use crate::upstream::oidc_rp::answer::Answer as OpenIdAnswer;
use crate::upstream::pending::{Asked, BrowserSecret, Claim, PendingSignIn, PendingSignIns};
use crate::upstream::replay::UsedAssertions;
use crate::upstream::saml_sp::finish::{Finish, RawPost};
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::settings::Unsolicited;
use crate::upstream::saml_sp::terms::Question;
use crate::upstream::verified::VerifiedIdentity;
use crate::upstream::wish::Wish;

/// Everything a sign-in needs.
#[derive(Debug)]
pub struct SignIns {
    /// The ways in, in the order of the settings.
    pub ways: Vec<Way>,
    /// The world this bridge stands in.
    pub environment: Environment,
    /// Small expiring things: one-use messages.
    pub store: Arc<dyn Store>,
    /// The questions that are on their way.
    pub pending: PendingSignIns,
    /// The assertions that were used.
    pub used: UsedAssertions,
    /// The people who are choosing a role.
    pub choices: RoleChoices,
    /// The sessions.
    pub sessions: Arc<Sessions>,
    /// How often people may leave.
    pub limits: Limits,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

/// Where a browser wants to go, and through which door.
#[derive(Debug, Clone, Copy)]
pub struct Leaving<'a> {
    /// The connection.
    pub door: &'a str,
    /// What is wanted there beyond signing in.
    pub wish: Wish,
    /// Where to go afterwards; judged safe.
    pub return_to: &'a str,
}

/// What a browser brings.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The connection whose address it was brought to.
    pub door: &'a str,
    /// The answer itself.
    pub message: Message<'a>,
    /// The secret of the browser that brings it.
    pub browser: Option<&'a BrowserSecret>,
    /// The ticket the browser came with; its session ends.
    pub old_ticket: Option<&'a SessionTicket>,
}

/// An answer in one of the two languages.
pub enum Message<'a> {
    /// From an identity provider, by HTTP-POST.
    Saml {
        /// The field `SAMLResponse`.
        saml_response: &'a str,
        /// The field `RelayState`.
        relay_state: Option<&'a str>,
    },
    /// From an OpenID provider: the query of the callback.
    OpenId {
        /// As it came.
        query: &'a str,
    },
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
    /// Somebody is vouched for, and must say in which of their roles they come.
    ChooseRole {
        /// The handle of the choice.
        handle: String,
    },
    /// The browser should ask a question of ours first.
    AskOurselves,
}

/// Somebody the upstream vouches for, on the way in.
struct Vouched<'a> {
    way: &'a Way,
    identity: VerifiedIdentity,
    wish: Wish,
    return_to: String,
}

impl SignIns {
    /// The way with this name, switched on or not.
    pub fn way(&self, door: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.name() == door)
    }

    /// The ways that are switched on.
    pub fn open_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| way.is_enabled())
    }

    pub(in crate::journey) fn open_way(&self, door: &str) -> Result<&Way, SignInFailure> {
        let way = self.way(door).ok_or(SignInFailure::NoSuchDoor)?;
        if way.is_enabled() {
            Ok(way)
        } else {
            Err(SignInFailure::Disabled)
        }
    }

    /// Notes what is asked and gives the address at the upstream.
    pub async fn leave(
        &self,
        leaving: Leaving<'_>,
        browser: &BrowserSecret,
    ) -> Result<String, SignInFailure> {
        let way = self.open_way(leaving.door)?;
        if !self.limits.allow(browser, leaving.door) {
            return Err(SignInFailure::TooMany);
        }
        let (now, random) = (self.clock.now(), self.random.as_ref());
        match &way.upstream {
            Upstream::Saml(provider) => {
                let departure = provider.depart(leaving.wish, now, random)?;
                let asked = Asked::AuthnRequest {
                    request_id: departure.request_id.clone(),
                    forced: departure.forced,
                };
                let handle = self.note(leaving, asked, browser).await?;
                Ok(provider.address(&departure, &handle)?)
            }
            Upstream::OpenId(party) => {
                let departure = party.depart(leaving.wish, random)?;
                let handle = self.note(leaving, departure.asked(), browser).await?;
                Ok(party.address(&departure, &handle, now, random).await?)
            }
        }
    }

    async fn note(
        &self,
        leaving: Leaving<'_>,
        asked: Asked,
        browser: &BrowserSecret,
    ) -> Result<String, SignInFailure> {
        let pending = PendingSignIn {
            connection: leaving.door.to_owned(),
            asked,
            wish: leaving.wish,
            asked_at: self.clock.now(),
            return_to: leaving.return_to.to_owned(),
        };
        Ok(self.pending.note(pending, browser).await?)
    }

    /// Judges an answer and, if it is believed, begins a session or asks for a role.
    pub async fn arrive(&self, answer: Answer<'_>) -> Result<Arrival, Failed> {
        let mut return_to = String::new();
        let arrived = self.arrive_from(&answer, &mut return_to).await;
        arrived.map_err(|failure| Failed { failure, return_to })
    }

    /// `leads_to` is where the browser wanted to go, as soon as that is known.
    async fn arrive_from(
        &self,
        answer: &Answer<'_>,
        leads_to: &mut String,
    ) -> Result<Arrival, SignInFailure> {
        let way = self.open_way(answer.door)?;
        let vouched = match (&way.upstream, &answer.message) {
            (Upstream::Saml(provider), Message::Saml { saml_response, .. }) => {
                let post = RawPost::decode(saml_response)?;
                let asked = self.question(answer, provider).await?;
                if let Some(asked) = &asked {
                    leads_to.clone_from(&asked.return_to);
                }
                self.arrive_by_saml(way, provider, post, asked).await?
            }
            (Upstream::OpenId(_), Message::OpenId { query }) => {
                let read = OpenIdAnswer::read(query)?;
                let asked = self.authorization(&read.state, answer).await?;
                leads_to.clone_from(&asked.return_to);
                Some(self.arrive_by_open_id(way, read, asked).await?)
            }
            (Upstream::Saml(_) | Upstream::OpenId(_), _) => return Err(SignInFailure::NoSuchDoor),
        };
        match vouched {
            Some(vouched) => self.let_in(vouched, answer).await,
            None => Ok(Arrival::AskOurselves),
        }
    }

    /// `None` where the browser should ask a question of ours first.
    async fn arrive_by_saml<'a>(
        &self,
        way: &'a Way,
        provider: &Arc<ServiceProvider>,
        post: RawPost,
        asked: Option<PendingSignIn>,
    ) -> Result<Option<Vouched<'a>>, SignInFailure> {
        let (wish, return_to) = asked
            .as_ref()
            .map(|asked| (asked.wish, asked.return_to.clone()))
            .unwrap_or_default();
        let question = asked.and_then(saml_question);
        let finish = provider.finish(post, question, &self.used, self.clock.now());
        match finish.await? {
            Finish::Vouched(identity) => Ok(Some(Vouched {
                way,
                identity: *identity,
                wish,
                return_to,
            })),
            Finish::AskOurselves => Ok(None),
        }
    }

    async fn arrive_by_open_id<'a>(
        &self,
        way: &'a Way,
        read: OpenIdAnswer,
        pending: PendingSignIn,
    ) -> Result<Vouched<'a>, SignInFailure> {
        let party = way.open_id().ok_or(SignInFailure::NoSuchDoor)?;
        let (now, random) = (self.clock.now(), self.random.as_ref());
        let identity = party.finish(read, &pending, now, random).await?;
        Ok(Vouched {
            way,
            identity,
            wish: pending.wish,
            return_to: pending.return_to,
        })
    }

    async fn let_in(&self, vouched: Vouched<'_>, answer: &Answer<'_>) -> Result<Arrival, SignInFailure> {
        let Vouched {
            way,
            identity,
            wish,
            return_to,
        } = vouched;
        match normalise(&identity, &way.person)? {
            Normalised::Complete(person) => {
                let terms = self.terms(way);
                let begun = self.sessions.begin(person, terms, answer.old_ticket).await?;
                Ok(Arrival::signed_in(begun, return_to))
            }
            Normalised::RoleChoice(undecided) => {
                // Who cannot be told apart from other browsers cannot come back to choose.
                let browser = answer.browser.ok_or(SignInFailure::AnotherBrowser)?;
                let waiting = Waiting {
                    undecided,
                    wish,
                    return_to,
                };
                let handle = self.choices.note(&waiting, browser, self.clock.now()).await?;
                Ok(Arrival::ChooseRole { handle })
            }
        }
    }

    pub(in crate::journey) fn terms(&self, way: &Way) -> Terms {
        Terms {
            limits: way.session,
            environment: self.environment,
        }
    }

    /// The question behind the answer of an OpenID provider.
    async fn authorization(&self, state: &str, answer: &Answer<'_>) -> Result<PendingSignIn, SignInFailure> {
        match self.pending.claim(state, answer.browser, answer.door).await? {
            Claim::Ours(pending) => Ok(pending),
            Claim::AnotherBrowser => Err(SignInFailure::AnotherBrowser),
            Claim::Unknown => Err(SignInFailure::NothingPending),
        }
    }

    /// The question behind the answer; `None` only where the connection takes answers that nobody asked for.
    async fn question(
        &self,
        answer: &Answer<'_>,
        provider: &ServiceProvider,
    ) -> Result<Option<PendingSignIn>, SignInFailure> {
        let Message::Saml { relay_state, .. } = answer.message else {
            return Err(SignInFailure::NoSuchDoor);
        };
        if let Some(handle) = relay_state {
            match self.pending.claim(handle, answer.browser, answer.door).await? {
                Claim::Ours(pending) => return Ok(Some(pending)),
                Claim::AnotherBrowser => return Err(SignInFailure::AnotherBrowser),
                Claim::Unknown => {}
            }
        }
        let settings = provider.settings();
        let is_listed = |state| {
            settings
                .unsolicited_relay_states
                .iter()
                .any(|known| known == state)
        };
        let listed = relay_state.is_none_or(is_listed);
        if settings.unsolicited == Unsolicited::Refuse || !listed {
            return Err(SignInFailure::NothingPending);
        }
        Ok(None)
    }
}

impl Arrival {
    /// The same, with the browser going to `place`, which was judged safe; empty: where nobody asked to go.
    #[must_use]
    pub fn going_to(self, place: String) -> Self {
        match self {
            Self::SignedIn { ticket, session, .. } => Self::SignedIn {
                ticket,
                session,
                return_to: place,
            },
            other @ (Self::ChooseRole { .. } | Self::AskOurselves) => other,
        }
    }

    pub(in crate::journey) fn signed_in(begun: (SessionTicket, Session), return_to: String) -> Self {
        let (ticket, session) = begun;
        Self::SignedIn {
            ticket,
            session: Box::new(session),
            return_to,
        }
    }
}

/// What a SAML answer must answer.
fn saml_question(pending: PendingSignIn) -> Option<Question> {
    match pending.asked {
        Asked::AuthnRequest { request_id, forced } => Some(Question {
            request_id,
            forced_at: forced.then_some(pending.asked_at),
        }),
        Asked::Authorization { .. } => None,
    }
}

impl std::fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Saml { .. } => "Saml(…)",
            Self::OpenId { .. } => "OpenId(…)",
        })
    }
}
