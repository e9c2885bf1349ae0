//! The journey of a person through the provider: signed in already, or by a method and a pick; then perhaps a role.

use crate::fakes::cis2::authenticator::Method;
use crate::fakes::cis2::cast::{Role, Selection, UNLISTED_ROLE};
use crate::fakes::cis2::memory::{Code, Grant, Session, Waiting};
use crate::fakes::cis2::person::Person;
use crate::fakes::cis2::provider::{NoAnswer, Provider};
use crate::fakes::cis2::request::{Asked, ErrorAnswer, Prompt};
use crate::fakes::cis2::response::{code_url, error_url};
use crate::fakes::cis2::{Authenticator, Mischief, NextAnswer};

/// What the browser is shown next.
#[derive(Debug, Clone)]
pub(super) enum Next {
    /// How do you want to sign in?
    Method { ticket: String, asked: Asked },
    /// Which role?
    Role {
        ticket: String,
        cookie: String,
        roles: Vec<Role>,
    },
    /// Back to the client, perhaps with a cookie.
    Leave { url: String, cookie: Option<String> },
}

/// What somebody picked on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked<'a> {
    pub(super) ticket: &'a str,
    pub(super) method: Method,
    pub(super) person: Person,
    pub(super) mischief: Mischief,
}

impl Provider {
    /// Begins with a request that was heard.
    pub(super) fn begin(&self, asked: Asked, cookie: Option<&str>) -> Result<Next, NoAnswer> {
        let scripted = self.memory().scripted.front().cloned();
        if let Some(error) = scripted.as_ref().and_then(|next| next.mischief.error()) {
            self.memory().scripted.pop_front();
            return Ok(self.refuse(&asked.refused(error, "A tester asked for this answer.")));
        }
        if let Some(session) = scripted.and_then(|next| self.session_as_scripted(&asked, &next).transpose()) {
            return self.role_or_code(asked, session?, Mischief::Honest);
        }
        match cookie.and_then(|cookie| self.usable_session(&asked, cookie)) {
            Some(session) => self.role_or_code(asked, session, Mischief::Honest),
            None if asked.prompt == Prompt::Nothing => {
                Ok(self.refuse(&asked.refused("login_required", "The request requires login.")))
            }
            None => {
                let ticket = self.fresh()?;
                let waiting = Waiting {
                    asked: asked.clone(),
                    session: None,
                    mischief: Mischief::Honest,
                };
                self.memory().wait(ticket.clone(), waiting);
                Ok(Next::Method { ticket, asked })
            }
        }
    }

    /// Goes on with the person who was picked; `None` if the request is forgotten or the person has no such thing.
    pub(super) fn picked(&self, picked: Picked<'_>) -> Result<Option<Next>, NoAnswer> {
        let Some(waiting) = self.memory().waiting(picked.ticket).cloned() else {
            return Ok(None);
        };
        let Some(authenticator) = first_of(picked.person, picked.method, &waiting.asked) else {
            return Ok(None);
        };
        let session = self.new_session(picked.person, authenticator)?;
        self.role_or_code(waiting.asked, session, picked.mischief)
            .map(Some)
    }

    /// Goes on with the role that was chosen; `None` if the request is forgotten or it is not one of the person's.
    pub(super) fn chosen(&self, ticket: &str, role: &str) -> Result<Option<Next>, NoAnswer> {
        let waiting = self.memory().waiting(ticket).cloned();
        let Some((waiting, session)) = waiting.and_then(|w| w.session.clone().map(|session| (w, session)))
        else {
            return Ok(None);
        };
        let roles = session.person.roles();
        if !roles.iter().any(|known| known.person_roleid == role) {
            return Ok(None);
        }
        self.code(waiting.asked, session, Some(role.to_owned()), waiting.mischief)
            .map(Some)
    }

    /// The person went away.
    pub(super) fn cancelled(&self, ticket: &str) -> Option<Next> {
        let waiting = self.memory().waiting(ticket).cloned()?;
        let answer = waiting
            .asked
            .refused("access_denied", "Resource Owner did not authorize the request");
        Some(self.refuse(&answer))
    }

    /// The answer that says no.
    pub(super) fn refuse(&self, answer: &ErrorAnswer) -> Next {
        Next::Leave {
            url: error_url(self.shape, &self.issuer(), answer),
            cookie: None,
        }
    }

    /// Signs in whom a script names.
    fn session_as_scripted(&self, asked: &Asked, next: &NextAnswer) -> Result<Option<Session>, NoAnswer> {
        let Some(person) = next.person.as_deref().and_then(|key| self.shape.person(key)) else {
            return Ok(None);
        };
        let mut held = person.authenticators().iter().copied();
        let fits = held.find(|held| asked.acr.allows(*held));
        let Some(authenticator) = next.authenticator.or(fits) else {
            return Ok(None);
        };
        self.new_session(person, authenticator).map(Some)
    }

    fn new_session(&self, person: Person, authenticator: Authenticator) -> Result<Session, NoAnswer> {
        Ok(Session {
            cookie: self.fresh()?,
            sid: self.fresh_guid()?,
            person,
            authenticator,
            since: self.now(),
            role: None,
            clients: Vec::new(),
        })
    }

    /// The session of this browser, if the request can be answered from it.
    fn usable_session(&self, asked: &Asked, cookie: &str) -> Option<Session> {
        let now = self.now();
        let session = self.memory().session_of(cookie).cloned()?;
        let is_young = asked
            .max_age
            .is_none_or(|seconds| (now - session.since).whole_seconds() <= seconds);
        let usable = asked.prompt != Prompt::Login && is_young && asked.acr.allows(session.authenticator);
        usable.then_some(session)
    }

    /// Asks which role, if one is wanted and there is a choice; else gives the code.
    fn role_or_code(&self, asked: Asked, session: Session, mischief: Mischief) -> Result<Next, NoAnswer> {
        let scripted = self.memory().scripted.front().and_then(|next| next.role.clone());
        let roles = session.person.roles();
        let role = match roles.as_slice() {
            _ if !asked.needs_role() => None,
            [] => None,
            [only] => Some(only.person_roleid.clone()),
            _ if scripted.is_some() => scripted,
            _ if session.role.is_some() && !asked.has_scope("changedrole") => session.role.clone(),
            _ if asked.prompt == Prompt::Nothing => {
                let answer = asked.refused("interaction_required", "A role has to be chosen.");
                return Ok(self.refuse(&answer));
            }
            _ => return self.ask_role(asked, session, mischief),
        };
        self.code(asked, session, role, mischief)
    }

    fn ask_role(&self, asked: Asked, session: Session, mischief: Mischief) -> Result<Next, NoAnswer> {
        let ticket = self.fresh()?;
        let (cookie, roles) = (session.cookie.clone(), session.person.roles());
        let waiting = Waiting {
            asked,
            session: Some(session.clone()),
            mischief,
        };
        let mut memory = self.memory();
        memory.keep_session(session);
        memory.wait(ticket.clone(), waiting);
        drop(memory);
        Ok(Next::Role {
            ticket,
            cookie,
            roles,
        })
    }

    /// Gives a code: as scripted, else with the mischief that was picked.
    fn code(
        &self,
        asked: Asked,
        mut session: Session,
        role: Option<String>,
        picked: Mischief,
    ) -> Result<Next, NoAnswer> {
        let scripted = self.memory().scripted.pop_front();
        let mischief = scripted.as_ref().map_or(picked, |next| next.mischief);
        if let Some(error) = mischief.error() {
            return Ok(self.refuse(&asked.refused(error, "A tester asked for this answer.")));
        }
        let standing = self.memory().manner;
        let value = self.fresh()?;
        session.role.clone_from(&role);
        if !session.clients.contains(&asked.client_id) {
            session.clients.push(asked.client_id.clone());
        }
        let grant = Grant {
            selected_role: selected(&asked, &session.person, role),
            manner: scripted.and_then(|next| next.manner).unwrap_or(standing),
            issued: self.now(),
            session: session.clone(),
            asked,
            mischief,
        };
        let url = code_url(self.shape, &self.issuer(), &grant, &value);
        let cookie = session.cookie.clone();
        let mut memory = self.memory();
        memory.keep_session(session);
        memory.keep_code(Code {
            value,
            spent: mischief == Mischief::CodeUsedTwice,
            grant,
        });
        drop(memory);
        Ok(Next::Leave {
            url,
            cookie: Some(cookie),
        })
    }
}

/// The first thing of the method's that the person has and the request allows.
fn first_of(person: Person, method: Method, asked: &Asked) -> Option<Authenticator> {
    let mut held = person.authenticators().iter().copied();
    held.find(|held| method.authenticators.contains(held) && asked.acr.allows(*held))
}

/// What `selected_roleid` says; absent if no role was asked for or there is none.
fn selected(asked: &Asked, person: &Person, role: Option<String>) -> Option<String> {
    if !asked.needs_role() {
        return None;
    }
    match person.selection() {
        Selection::Chosen => role,
        Selection::Blank => Some(String::new()),
        Selection::Unlisted => Some(UNLISTED_ROLE.to_owned()),
    }
}
