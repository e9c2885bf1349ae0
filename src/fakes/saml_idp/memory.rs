//! What a running fake remembers. Everything is bounded; the oldest is forgotten.

use std::collections::VecDeque;

use time::Duration;

use crate::fakes::saml_idp::answer::Asked;
use crate::fakes::saml_idp::logout::{HeardLogout, Leaving, NextLogout, Sent, SignedInAt};
use crate::fakes::saml_idp::received::Received;
use crate::fakes::saml_idp::saved::SavedAnswer;
use crate::fakes::saml_idp::{Manner, NextAnswer, Personality, ServiceProvider};

/// How many of each thing are remembered.
const MOST: usize = 500;

/// A question that waits for a person to be picked.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) personality: Personality,
    pub(super) asked: Asked,
    pub(super) relay_state: Option<String>,
}

/// Everything that changes while the fake runs.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) services: Vec<ServiceProvider>,
    /// How far the clock of the fake is ahead of the one it was given.
    pub(super) ahead: Duration,
    entra: Manner,
    adfs: Manner,
    scripted: VecDeque<NextAnswer>,
    waiting: VecDeque<(String, Waiting)>,
    received: VecDeque<Received>,
    saved: VecDeque<SavedAnswer>,
    answers: usize,
    signed_in: VecDeque<SignedInAt>,
    leaving: VecDeque<(String, Leaving)>,
    next_logouts: VecDeque<NextLogout>,
    heard_logouts: VecDeque<HeardLogout>,
    last_sent: Option<Sent>,
}

impl Memory {
    /// A fresh memory that knows these service providers.
    pub(super) fn knowing(services: Vec<ServiceProvider>) -> Self {
        Self {
            services,
            ..Self::default()
        }
    }

    /// Lets a service ask; what was known of it before is forgotten.
    pub(super) fn register(&mut self, service: ServiceProvider) {
        self.services.retain(|known| known.entity_id != service.entity_id);
        self.services.push(service);
    }

    /// Somebody is signed in to one more service.
    pub(super) fn sign_in(&mut self, session: SignedInAt) {
        let is_same = |known: &SignedInAt| {
            known.browser == session.browser
                && known.personality == session.personality
                && known.service == session.service
        };
        self.signed_in.retain(|known| !is_same(known));
        remember(&mut self.signed_in, session);
    }

    /// The services to which this browser is signed in.
    pub(super) fn sessions(&self, personality: Personality, browser: &str) -> Vec<SignedInAt> {
        let here = |session: &&SignedInAt| session.personality == personality && session.browser == browser;
        self.signed_in.iter().filter(here).cloned().collect()
    }

    /// How many services browsers are signed in to.
    pub(super) fn signed_in(&self, personality: Personality) -> usize {
        let here = |session: &&SignedInAt| session.personality == personality;
        self.signed_in.iter().filter(here).count()
    }

    /// The same services, to which it is signed in no longer.
    pub(super) fn sign_out(&mut self, personality: Personality, browser: &str) -> Vec<SignedInAt> {
        let ended = self.sessions(personality, browser);
        self.signed_in.retain(|session| !ended.contains(session));
        ended
    }

    pub(super) fn leave(&mut self, ticket: String, leaving: Leaving) {
        remember(&mut self.leaving, (ticket, leaving));
    }

    pub(super) fn take_leaving(&mut self, ticket: &str) -> Option<Leaving> {
        let place = self.leaving.iter().position(|(known, _)| known == ticket)?;
        self.leaving.remove(place).map(|(_, leaving)| leaving)
    }

    pub(super) fn script_logout(&mut self, next: NextLogout) {
        remember(&mut self.next_logouts, next);
    }

    pub(super) fn take_next_logout(&mut self) -> NextLogout {
        self.next_logouts.pop_front().unwrap_or_default()
    }

    pub(super) fn hear_logout(&mut self, heard: HeardLogout) {
        remember(&mut self.heard_logouts, heard);
    }

    pub(super) fn heard_logouts(&self) -> Vec<HeardLogout> {
        self.heard_logouts.iter().cloned().collect()
    }

    pub(super) fn sent(&mut self, sent: Sent) {
        self.last_sent = Some(sent);
    }

    pub(super) fn last_sent(&self) -> Option<Sent> {
        self.last_sent.clone()
    }

    pub(super) fn manner(&self, personality: Personality) -> Manner {
        match personality {
            Personality::Entra => self.entra,
            Personality::Adfs => self.adfs,
        }
    }

    pub(super) fn set_manner(&mut self, personality: Personality, manner: Manner) {
        match personality {
            Personality::Entra => self.entra = manner,
            Personality::Adfs => self.adfs = manner,
        }
    }

    pub(super) fn script(&mut self, next: NextAnswer) {
        remember(&mut self.scripted, next);
    }

    pub(super) fn scripted(&self) -> impl Iterator<Item = &NextAnswer> {
        self.scripted.iter()
    }

    /// The first scripted answer that `personality` may give.
    pub(super) fn next_for(&self, personality: Personality) -> Option<&NextAnswer> {
        let fits = |next: &&NextAnswer| next.personality.is_none_or(|only| only == personality);
        self.scripted.iter().find(fits)
    }

    /// The same, used up.
    pub(super) fn take_next_for(&mut self, personality: Personality) -> Option<NextAnswer> {
        let fits = |next: &NextAnswer| next.personality.is_none_or(|only| only == personality);
        let place = self.scripted.iter().position(fits)?;
        self.scripted.remove(place)
    }

    pub(super) fn wait(&mut self, ticket: String, waiting: Waiting) {
        remember(&mut self.waiting, (ticket, waiting));
    }

    /// The question under this ticket. It stays, since people press Back and pick somebody else.
    pub(super) fn waiting(&self, ticket: &str) -> Option<&Waiting> {
        let found = self.waiting.iter().find(|(known, _)| known == ticket);
        found.map(|(_, waiting)| waiting)
    }

    pub(super) fn receive(&mut self, received: Received) {
        remember(&mut self.received, received);
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.iter().cloned().collect()
    }

    /// The number of an answer that is about to be given.
    pub(super) fn count_answer(&mut self) -> usize {
        self.answers += 1;
        self.answers
    }

    pub(super) fn save(&mut self, saved: SavedAnswer) {
        remember(&mut self.saved, saved);
    }

    pub(super) fn saved(&self) -> Vec<SavedAnswer> {
        self.saved.iter().cloned().collect()
    }

    pub(super) fn saved_as(&self, id: &str) -> Option<SavedAnswer> {
        self.saved.iter().find(|saved| saved.id == id).cloned()
    }

    pub(super) fn last_saved(&self, personality: Personality) -> Option<SavedAnswer> {
        let mut newest_first = self.saved.iter().rev();
        newest_first
            .find(|saved| saved.personality == personality)
            .cloned()
    }
}

fn remember<T>(things: &mut VecDeque<T>, thing: T) {
    if things.len() == MOST {
        things.pop_front();
    }
    things.push_back(thing);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fakes::mischief::Mischief;

    #[test]
    fn a_scripted_answer_waits_for_its_personality_and_is_used_once() {
        let mut memory = Memory::default();
        memory.script(NextAnswer {
            personality: Some(Personality::Adfs),
            ..NextAnswer::with(Mischief::Expired)
        });
        memory.script(NextAnswer::with(Mischief::Unsigned));
        let word = |next: Option<NextAnswer>| next.map(|next| next.mischief);
        assert_eq!(
            word(memory.take_next_for(Personality::Entra)),
            Some(Mischief::Unsigned)
        );
        assert_eq!(word(memory.take_next_for(Personality::Entra)), None);
        assert_eq!(
            word(memory.take_next_for(Personality::Adfs)),
            Some(Mischief::Expired)
        );
    }

    #[test]
    fn only_so_much_is_remembered() {
        let mut things = VecDeque::new();
        for number in 0..=MOST {
            remember(&mut things, number);
        }
        assert_eq!((things.len(), things.front()), (MOST, Some(&1)));
    }
}
