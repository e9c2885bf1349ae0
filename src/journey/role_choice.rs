//! Our own role picker: somebody is vouched for, waits, and says in which role they come.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::identity::undecided::Undecided;
use crate::journey::failure::SignInFailure;
use crate::journey::sign_in::{Arrival, SignIns};
use crate::journey::way::Way;
use crate::platform::random::{self, Random};
use crate::platform::store::Store;
use crate::session::ticket::SessionTicket;
use crate::upstream::pending::BrowserSecret;
use crate::upstream::wish::Wish;

/// How long somebody may take to choose: a login that waits longer is one that was left alone.
const PATIENCE: Duration = Duration::minutes(10);

/// Somebody who is choosing, what they were asked for on the way, and where they want to go.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Waiting {
    /// The person, without a role.
    pub undecided: Undecided,
    /// What the upstream was asked for beyond signing in.
    #[serde(default)]
    pub wish: Wish,
    /// Where to go afterwards.
    pub return_to: String,
}

/// The people who are choosing a role.
#[derive(Debug)]
pub struct RoleChoices {
    store: Arc<dyn Store>,
    random: Arc<dyn Random>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    browser: String,
    waiting: Waiting,
}

/// A choice, as a browser brings it.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// The handle it was given.
    pub handle: &'a str,
    /// The chosen role's id.
    pub role_id: &'a str,
    /// The browser.
    pub browser: Option<&'a BrowserSecret>,
    /// The ticket the browser came with; its session ends.
    pub old_ticket: Option<&'a SessionTicket>,
}

impl RoleChoices {
    /// The choices in `store`.
    pub fn new(store: Arc<dyn Store>, random: Arc<dyn Random>) -> Self {
        Self { store, random }
    }

    pub(in crate::journey) async fn note(
        &self,
        waiting: &Waiting,
        browser: &BrowserSecret,
        now: OffsetDateTime,
    ) -> Result<String, SignInFailure> {
        let handle = random::token(self.random.as_ref())?;
        let record = Record {
            browser: browser.hash(),
            waiting: waiting.clone(),
        };
        let record = serde_json::to_vec(&record).map_err(unreadable)?;
        // A handle of 256 random bits is never there already.
        self.store.put_new(&key(&handle), &record, now + PATIENCE).await?;
        Ok(handle)
    }

    /// Who is choosing under `handle`, if it is this browser.
    async fn find(&self, handle: &str, browser: Option<&BrowserSecret>) -> Result<Waiting, SignInFailure> {
        let found = self.store.get(&key(handle)).await?;
        let found = found.ok_or(SignInFailure::NothingPending)?;
        let record: Record = serde_json::from_slice(&found).map_err(unreadable)?;
        if browser.is_some_and(|browser| browser.is(&record.browser)) {
            Ok(record.waiting)
        } else {
            Err(SignInFailure::AnotherBrowser)
        }
    }

    /// True for one caller only.
    async fn take(&self, handle: &str) -> Result<bool, SignInFailure> {
        Ok(self.store.take(&key(handle)).await?.is_some())
    }
}

impl SignIns {
    /// Who is choosing under `handle`, and through which way they came.
    pub async fn choosing(
        &self,
        handle: &str,
        browser: Option<&BrowserSecret>,
    ) -> Result<(Waiting, &Way), SignInFailure> {
        let waiting = self.choices.find(handle, browser).await?;
        let way = self.open_way(waiting.undecided.connection())?;
        Ok((waiting, way))
    }

    /// Ends the choice under `handle`: the person is not who wants to come in. Whoever does is asked for the same.
    pub async fn choose_none(
        &self,
        handle: &str,
        browser: Option<&BrowserSecret>,
    ) -> Result<(Waiting, &Way), SignInFailure> {
        let (waiting, way) = self.choosing(handle, browser).await?;
        if !self.choices.take(handle).await? {
            return Err(SignInFailure::NothingPending);
        }
        Ok((waiting, way))
    }

    /// Begins a session in the chosen role. A role that may not come in leaves the choice open for another one.
    pub async fn choose(&self, choice: Choice<'_>) -> Result<Arrival, SignInFailure> {
        let (waiting, way) = self.choosing(choice.handle, choice.browser).await?;
        let person = waiting.undecided.choose(choice.role_id, &way.person.roles);
        let person = person.map_err(crate::identity::normalise::NormaliseRefusal::from)?;
        // Of two clicks at once, one begins a session.
        if !self.choices.take(choice.handle).await? {
            return Err(SignInFailure::NothingPending);
        }
        let begun = self
            .sessions
            .begin(person, self.terms(way), choice.old_ticket)
            .await?;
        Ok(Arrival::signed_in(begun, waiting.return_to))
    }
}

/// The store never sees a handle, only its hash.
fn key(handle: &str) -> String {
    format!(
        "role-choice:{}",
        hex::encode(crate::platform::digest::sha256(handle.as_bytes()))
    )
}

fn unreadable(_cause: serde_json::Error) -> SignInFailure {
    SignInFailure::Unavailable("a role choice cannot be read".to_owned())
}
