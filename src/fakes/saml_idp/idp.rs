//! The identity provider itself, without HTTP: hears questions, gives answers, saves them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;

use crate::fakes::cast::CastMember;
use crate::fakes::mischief::Mischief;
use crate::fakes::saml_idp::answer::{self, Answer, Named, NoAnswer, Order, Status};
use crate::fakes::saml_idp::keys::Keys;
use crate::fakes::saml_idp::memory::{Memory, Waiting};
use crate::fakes::saml_idp::metadata::metadata;
use crate::fakes::saml_idp::question::{Arrived, Heard, Hearing, Objection};
use crate::fakes::saml_idp::saved::{Kind, SavedAnswer, SavedQuestion, Unsealed};
use crate::fakes::saml_idp::{NextAnswer, Personality};
use crate::platform::clock::Clock;
use crate::platform::random::{NoRandomness, Random, token};

/// One running fake.
#[derive(Debug)]
pub(super) struct Idp {
    /// The origin that browsers use, without a last slash.
    pub(super) base: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) keys: Keys,
    pub(super) answers_folder: Option<PathBuf>,
    pub(super) memory: Mutex<Memory>,
}

/// An answer on its way to the browser.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) acs_url: String,
    /// The Response, base64.
    pub(super) message: String,
    pub(super) relay_state: Option<String>,
    /// How the service will name the person and the session at logout; absent where nobody signs in.
    pub(super) named: Option<Named>,
}

/// Who signs in, and what goes wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked {
    pub(super) member: CastMember,
    /// A mischief picked on the page; a scripted one goes before it.
    pub(super) mischief: Mischief,
}

/// What is written down with an answer.
struct Story {
    person: Option<String>,
    mischief: Mischief,
    at: OffsetDateTime,
}

impl Idp {
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The instant by the clock of the fake.
    pub(super) fn now(&self) -> OffsetDateTime {
        self.clock.now() + self.memory().ahead
    }

    pub(super) fn sso(&self, personality: Personality) -> String {
        format!("{}{}", self.base, personality.sso_path())
    }

    pub(super) fn metadata(&self, personality: Personality) -> Result<String, NoAnswer> {
        metadata(personality, &self.base, &self.keys)
    }

    /// Hears a question and writes it down.
    pub(super) fn hear(&self, personality: Personality, arrived: &Arrived<'_>) -> Result<Heard, Objection> {
        let services = self.memory().services.clone();
        let hearing = Hearing {
            personality,
            sso: &self.sso(personality),
            services: &services,
            at: self.now(),
        };
        let (received, heard) = hearing.hear(arrived);
        if let Some(received) = received {
            self.memory().receive(received);
        }
        heard
    }

    /// What is scripted for the next answer of `personality`.
    pub(super) fn next_for(&self, personality: Personality) -> Option<NextAnswer> {
        self.memory().next_for(personality).cloned()
    }

    /// Keeps a question until somebody is picked; gives the ticket for it.
    pub(super) fn wait(&self, waiting: Waiting) -> Result<String, NoRandomness> {
        let ticket = token(&*self.random)?;
        self.memory().wait(ticket.clone(), waiting);
        Ok(ticket)
    }

    /// Answers a question: as scripted, else with the mischief that was picked.
    pub(super) fn answer(&self, waiting: &Waiting, picked: Picked) -> Result<Delivery, NoAnswer> {
        let scripted = self.memory().take_next_for(waiting.personality);
        let mischief = scripted.map_or(picked.mischief, |next| next.mischief);
        if mischief == Mischief::Replay {
            return self.replay(waiting);
        }
        // Read before the order is written: the memory is locked to the end of a statement, and the time is in it.
        let manner = self.memory().manner(waiting.personality);
        let order = Order {
            personality: waiting.personality,
            member: picked.member,
            asked: &waiting.asked,
            manner,
            mischief,
            at: self.now(),
        };
        let given = answer::answer(&order, &self.keys, &*self.random)?;
        let person = Some(picked.member.key.to_owned());
        Ok(self.deliver(
            waiting,
            &given,
            Story {
                person,
                mischief,
                at: order.at,
            },
        ))
    }

    /// Answers a question with a status that says no.
    pub(super) fn refuse(&self, waiting: &Waiting, status: &Status) -> Result<Delivery, NoAnswer> {
        let at = self.now();
        let given = answer::refusal(waiting.personality, &waiting.asked, status, at, &*self.random)?;
        let story = Story {
            person: None,
            mischief: Mischief::Honest,
            at,
        };
        Ok(self.deliver(waiting, &given, story))
    }

    /// The last answer once more, octet for octet, with the `RelayState` of now.
    fn replay(&self, waiting: &Waiting) -> Result<Delivery, NoAnswer> {
        let last = self.memory().last_saved(waiting.personality);
        let last = last.ok_or(NoAnswer::NothingToReplay)?;
        Ok(Delivery {
            acs_url: waiting.asked.acs_url.clone(),
            message: last.message,
            relay_state: waiting.relay_state.clone(),
            named: None,
        })
    }

    fn deliver(&self, waiting: &Waiting, given: &Answer, story: Story) -> Delivery {
        let saved = self.saved(waiting, given, story);
        let delivery = Delivery {
            acs_url: waiting.asked.acs_url.clone(),
            message: saved.message.clone(),
            relay_state: waiting.relay_state.clone(),
            named: given.named.clone(),
        };
        self.keep(saved);
        delivery
    }

    fn saved(&self, waiting: &Waiting, given: &Answer, story: Story) -> SavedAnswer {
        let number = self.memory().count_answer();
        let asked = &waiting.asked;
        let certificate = asked.encryption_certificate.as_deref().unwrap_or_default();
        SavedAnswer {
            kind: Kind::FakeAnswer1,
            id: format!("{number:04}-{}", waiting.personality.word()),
            personality: waiting.personality,
            at: story.at,
            person: story.person,
            mischief: story.mischief,
            question: SavedQuestion {
                request_id: asked.request_id.clone(),
                acs_url: asked.acs_url.clone(),
                audience: asked.audience.clone(),
                relay_state: waiting.relay_state.clone(),
            },
            message: STANDARD.encode(&given.message),
            before_encryption: given.unsealed.as_ref().map(|unsealed| Unsealed {
                message: STANDARD.encode(unsealed),
                certificate: STANDARD.encode(certificate),
            }),
        }
    }

    /// A file that cannot be written is no reason to withhold the answer; it is said in the log.
    fn keep(&self, saved: SavedAnswer) {
        if let Some(folder) = &self.answers_folder {
            let stamp = saved.at.unix_timestamp();
            let path = folder.join(format!("{stamp}-{}.json", saved.id));
            let written = saved
                .to_json()
                .map_err(|cause| cause.to_string())
                .and_then(|json| {
                    let made = std::fs::create_dir_all(folder);
                    made.and_then(|()| std::fs::write(&path, json))
                        .map_err(|cause| cause.to_string())
                });
            if let Err(cause) = written {
                tracing::warn!(path = %path.display(), cause, "a fake answer could not be saved");
            }
        }
        self.memory().save(saved);
    }
}
