//! The running server, and what a test or the demo may ask of it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use time::Duration;

use crate::fakes::mischief::Mischief;
use crate::fakes::running::{CannotListen, Place, Running};
use crate::fakes::saml_idp::idp::Idp;
use crate::fakes::saml_idp::keys::{Keys, NoKeys};
use crate::fakes::saml_idp::memory::Memory;
use crate::fakes::saml_idp::received::Received;
use crate::fakes::saml_idp::saved::SavedAnswer;
use crate::fakes::saml_idp::settings::{NextAnswer, Settings};
use crate::fakes::saml_idp::{HeardLogout, Manner, NextLogout, NoAnswer, Personality, ServiceProvider, web};

/// A fake NHSmail identity provider that runs until it is shut down or dropped.
#[derive(Debug)]
pub struct FakeSamlIdp {
    idp: Arc<Idp>,
    running: Running,
}

/// Why the fake did not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Somebody else listens there, or nobody may.
    #[error(transparent)]
    Listen(#[from] CannotListen),
    /// There are no keys.
    #[error(transparent)]
    Keys(#[from] NoKeys),
}

impl FakeSamlIdp {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot listen or has no keys.
    pub async fn start(settings: Settings) -> Result<Self, NotStarted> {
        let place = Place::take(settings.listen).await?;
        let now = settings.clock.now();
        let keys = match &settings.key_folder {
            Some(folder) => Keys::in_folder(folder, now)?,
            None => Keys::make(now)?,
        };
        let public = settings.public.as_ref();
        let idp = Arc::new(Idp {
            base: public.map_or_else(
                || format!("http://{}", place.address()),
                |origin| origin.as_str().to_owned(),
            ),
            clock: settings.clock,
            random: settings.random,
            keys,
            answers_folder: settings.answers_folder,
            memory: Mutex::new(Memory::knowing(settings.services)),
        });
        let running = place.serve(web::router(Arc::clone(&idp)));
        Ok(Self { idp, running })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Its front page.
    pub fn page(&self) -> String {
        format!("{}/", self.idp.base)
    }

    /// The single sign-on address of `personality`.
    pub fn url(&self, personality: Personality) -> String {
        self.idp.sso(personality)
    }

    /// The metadata of `personality`, signed.
    pub fn metadata(&self, personality: Personality) -> Result<String, NoAnswer> {
        self.idp.metadata(personality)
    }

    /// Says what the next logout message should be like, request or answer.
    pub fn next_logout(&self, next: NextLogout) {
        self.idp.memory().script_logout(next);
    }

    /// Every logout message so far, oldest first.
    pub fn logouts(&self) -> Vec<HeardLogout> {
        self.idp.memory().heard_logouts()
    }

    /// How many services browsers are signed in to by `personality`.
    pub fn signed_in(&self, personality: Personality) -> usize {
        self.idp.memory().signed_in(personality)
    }

    /// Lets a service provider ask. From the first on, nobody else may.
    pub fn register(&self, service: ServiceProvider) {
        self.idp.memory().register(service);
    }

    /// Bends the next answer, whoever gives it.
    pub fn next_answer(&self, mischief: Mischief) {
        self.script(NextAnswer::with(mischief));
    }

    /// Queues what is asked of an answer to come.
    pub fn script(&self, next: NextAnswer) {
        self.idp.memory().script(next);
    }

    /// Changes how `personality` writes its answers.
    pub fn set_manner(&self, personality: Personality, manner: Manner) {
        self.idp.memory().set_manner(personality, manner);
    }

    /// Sets the clock of the fake this far ahead of the one it was given (back, if negative).
    pub fn set_ahead(&self, ahead: Duration) {
        self.idp.memory().ahead = ahead;
    }

    /// Every question so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.idp.memory().received()
    }

    /// Every answer so far, oldest first.
    pub fn saved(&self) -> Vec<SavedAnswer> {
        self.idp.memory().saved()
    }

    /// Finishes what is under way and stops.
    pub async fn shutdown(self) {
        self.running.shutdown().await;
    }
}
