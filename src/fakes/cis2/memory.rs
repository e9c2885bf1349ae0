//! What a running fake remembers. Everything is bounded; the oldest is forgotten.

use std::collections::VecDeque;

use time::{Duration, OffsetDateTime};

use crate::fakes::cis2::logout::Delivered;
use crate::fakes::cis2::person::Person;
use crate::fakes::cis2::request::Asked;
use crate::fakes::cis2::{Authenticator, Client, Manner, Mischief, NextAnswer, Received};

/// How many of each thing are remembered.
const MOST: usize = 500;

/// A request that waits for a person.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) asked: Asked,
    /// Who has signed in and has yet to choose a role.
    pub(super) session: Option<Session>,
    /// What was picked on the page, to go wrong.
    pub(super) mischief: Mischief,
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    /// What the browser keeps.
    pub(super) cookie: String,
    pub(super) sid: String,
    pub(super) person: Person,
    pub(super) authenticator: Authenticator,
    pub(super) since: OffsetDateTime,
    /// The role that was chosen last.
    pub(super) role: Option<String>,
    /// Every client that was told.
    pub(super) clients: Vec<String>,
}

/// What a code and an access token stand for.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) asked: Asked,
    pub(super) session: Session,
    /// `selected_roleid`, if a role was asked for.
    pub(super) selected_role: Option<String>,
    pub(super) mischief: Mischief,
    pub(super) manner: Manner,
    pub(super) issued: OffsetDateTime,
}

/// A code, and whether it was used.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) value: String,
    pub(super) grant: Grant,
    pub(super) spent: bool,
}

/// An access token.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) value: String,
    pub(super) grant: Grant,
    /// The code it came from: a code that is used twice takes it along (RFC 6749 4.1.2).
    pub(super) code: String,
}

/// Everything that changes while the fake runs.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) clients: Vec<Client>,
    /// How far the clock of the fake is ahead of the one it was given.
    pub(super) ahead: Duration,
    pub(super) manner: Manner,
    pub(super) scripted: VecDeque<NextAnswer>,
    waiting: VecDeque<(String, Waiting)>,
    pub(super) sessions: VecDeque<Session>,
    pub(super) codes: VecDeque<Code>,
    pub(super) access: VecDeque<Access>,
    used_jti: VecDeque<(String, String)>,
    received: VecDeque<Received>,
    sent: VecDeque<Delivered>,
}

impl Memory {
    /// A fresh memory that knows these clients.
    pub(super) fn knowing(clients: Vec<Client>) -> Self {
        Self {
            clients,
            ..Self::default()
        }
    }

    pub(super) fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }

    /// Keeps a client, in the place of one with the same id.
    pub(super) fn register(&mut self, client: Client) {
        self.clients.retain(|known| known.client_id != client.client_id);
        self.clients.push(client);
    }

    pub(super) fn script(&mut self, next: NextAnswer) {
        remember(&mut self.scripted, next);
    }

    pub(super) fn wait(&mut self, ticket: String, waiting: Waiting) {
        self.waiting.retain(|(known, _)| *known != ticket);
        remember(&mut self.waiting, (ticket, waiting));
    }

    /// The request under this ticket. It stays, since people press Back and pick somebody else.
    pub(super) fn waiting(&self, ticket: &str) -> Option<&Waiting> {
        let found = self.waiting.iter().find(|(known, _)| known == ticket);
        found.map(|(_, waiting)| waiting)
    }

    /// Keeps a session, in the place of the one with the same `sid`.
    pub(super) fn keep_session(&mut self, session: Session) {
        self.sessions.retain(|known| known.sid != session.sid);
        remember(&mut self.sessions, session);
    }

    pub(super) fn session_of(&self, cookie: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.cookie == cookie)
    }

    /// Takes a session away, and with it the access tokens that it gave.
    pub(super) fn end_session(&mut self, sid: &str) -> Option<Session> {
        let place = self.sessions.iter().position(|session| session.sid == sid)?;
        self.access.retain(|access| access.grant.session.sid != sid);
        self.sessions.remove(place)
    }

    pub(super) fn keep_code(&mut self, code: Code) {
        remember(&mut self.codes, code);
    }

    pub(super) fn keep_access(&mut self, access: Access) {
        remember(&mut self.access, access);
    }

    /// True the first time that this client uses this `jti`.
    pub(super) fn is_first_use(&mut self, client_id: &str, jti: &str) -> bool {
        let used = (client_id.to_owned(), jti.to_owned());
        if self.used_jti.contains(&used) {
            return false;
        }
        remember(&mut self.used_jti, used);
        true
    }

    pub(super) fn receive(&mut self, received: Received) {
        remember(&mut self.received, received);
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.iter().cloned().collect()
    }

    pub(super) fn send(&mut self, sent: Delivered) {
        remember(&mut self.sent, sent);
    }

    pub(super) fn sent(&self) -> Vec<Delivered> {
        self.sent.iter().cloned().collect()
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

    #[test]
    fn a_jti_is_used_once_by_each_client() {
        let mut memory = Memory::default();
        assert!(memory.is_first_use("a", "1"));
        assert!(!memory.is_first_use("a", "1"));
        assert!(memory.is_first_use("b", "1") && memory.is_first_use("a", "2"));
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
