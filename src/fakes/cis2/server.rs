//! The running server, and what a test or the demo may ask of it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use time::Duration;

use crate::fakes::cis2::keys::{KeyRing, KeyStep, NoKey};
use crate::fakes::cis2::logout::{Delivered, LogoutOrder, NoLogout};
use crate::fakes::cis2::memory::Memory;
use crate::fakes::cis2::provider::{Places, Provider};
use crate::fakes::cis2::settings::{NextAnswer, Settings};
use crate::fakes::cis2::{Client, Manner, Mischief, Received, Shape, web};
use crate::fakes::fence::{self, OutOfBounds};
use crate::fakes::running::{CannotListen, Place, Running};
use crate::platform::outbound::{Outbound, Unreached};

/// A fake CIS2 that runs until it is shut down or dropped.
#[derive(Debug)]
pub struct FakeCis2 {
    provider: Arc<Provider>,
    running: Running,
}

/// Why the fake did not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Somebody else listens there, or nobody may.
    #[error(transparent)]
    Listen(#[from] CannotListen),
    /// There is no key.
    #[error(transparent)]
    Key(#[from] NoKey),
    /// Its issuer would be that of a live service.
    #[error(transparent)]
    OutOfBounds(#[from] OutOfBounds),
    /// It could ask nobody for keys.
    #[error(transparent)]
    Outbound(#[from] Unreached),
}

impl FakeCis2 {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot listen, has no key, or would have a live issuer.
    pub async fn start(settings: Settings) -> Result<Self, NotStarted> {
        let place = Place::take(settings.listen).await?;
        let keys = match &settings.key_folder {
            Some(folder) => KeyRing::in_folder(folder)?,
            None => KeyRing::make()?,
        };
        let public = settings.public.as_ref();
        let browsed = public.map_or_else(
            || format!("http://{}", place.address()),
            |origin| origin.as_str().to_owned(),
        );
        let places = Places::of(settings.shape, &browsed, settings.issuer_origin);
        fence::within(&[&places.browsed, &places.issuer])?;
        let provider = Arc::new(Provider {
            shape: settings.shape,
            places,
            clock: settings.clock,
            random: settings.random,
            keys: Mutex::new(keys),
            outbound: Outbound::new()?,
            memory: Mutex::new(Memory::knowing(settings.clients)),
        });
        let running = place.serve(web::router(Arc::clone(&provider)));
        Ok(Self { provider, running })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Whom it imitates.
    pub fn shape(&self) -> Shape {
        self.provider.shape
    }

    /// Everybody who may sign in: key and what is special about the person.
    pub fn cast(&self) -> Vec<(&'static str, &'static str)> {
        let people = self.provider.shape.people().into_iter();
        people.map(|person| (person.key(), person.note())).collect()
    }

    /// Its front page.
    pub fn page(&self) -> String {
        format!("{}/", self.provider.places.browsed)
    }

    /// The issuer, octet for octet.
    pub fn issuer(&self) -> String {
        self.provider.issuer()
    }

    /// Where its discovery document is.
    pub fn discovery_url(&self) -> String {
        self.provider.discovery_url()
    }

    /// The token endpoint as the discovery document prints it: the audience of client assertions.
    pub fn token_endpoint(&self) -> String {
        self.provider.token_endpoint()
    }

    /// The key set as it is published now.
    pub fn key_set(&self) -> Value {
        self.provider.keys().document()
    }

    /// Lets a client ask, in the place of one with the same id. From the first on, nobody else may.
    pub fn register(&self, client: Client) {
        self.provider.memory().register(client);
    }

    /// Bends the next answer, whoever is signed in.
    pub fn next_answer(&self, mischief: Mischief) {
        self.script(NextAnswer::with(mischief));
    }

    /// Queues what is asked of an answer to come.
    pub fn script(&self, next: NextAnswer) {
        self.provider.memory().script(next);
    }

    /// Changes how answers are written from now on.
    pub fn set_manner(&self, manner: Manner) {
        self.provider.memory().manner = manner;
    }

    /// Sets the clock of the fake this far ahead of the one it was given (back, if negative).
    pub fn set_ahead(&self, ahead: Duration) {
        self.provider.memory().ahead = ahead;
    }

    /// One step of a key roll-over.
    ///
    /// # Errors
    /// When no key could be made.
    pub fn roll_keys(&self, step: KeyStep) -> Result<(), NoKey> {
        self.provider.step(step)
    }

    /// Everything that it was asked so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.provider.memory().received()
    }

    /// The `sid` of every session, oldest first.
    pub fn sessions(&self) -> Vec<String> {
        let memory = self.provider.memory();
        memory
            .sessions
            .iter()
            .map(|session| session.sid.clone())
            .collect()
    }

    /// Sends a logout token. The session stays.
    ///
    /// # Errors
    /// When there is no session or nobody to tell.
    pub async fn send_logout(&self, order: LogoutOrder) -> Result<Vec<Delivered>, NoLogout> {
        self.provider.send_logout(&order).await
    }

    /// Ends a session, and tells its clients.
    ///
    /// # Errors
    /// When there is no such session.
    pub async fn end_session(&self, sid: &str) -> Result<Vec<Delivered>, NoLogout> {
        self.provider.end_session(sid).await
    }

    /// Every logout token that was sent so far, oldest first.
    pub fn logouts(&self) -> Vec<Delivered> {
        self.provider.memory().sent()
    }

    /// Finishes what is under way and stops.
    pub async fn shutdown(self) {
        self.running.shutdown().await;
    }
}
