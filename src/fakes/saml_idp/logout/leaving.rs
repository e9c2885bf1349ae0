//! Somebody leaves: each service of this browser is told in turn, then whoever asked first gets an answer.

use std::collections::VecDeque;

use crate::fakes::saml_idp::answer::NoAnswer;
use crate::fakes::saml_idp::idp::Idp;
use crate::fakes::saml_idp::logout::heard::{HeardLogout, name_of};
use crate::fakes::saml_idp::logout::letter::{Body, Letter, Sent};
use crate::fakes::saml_idp::question::Objection;
use crate::fakes::saml_idp::{Personality, RequestSignature, ServiceProvider};
use crate::platform::random::token;
use crate::protocol::saml::binding::ReceivedRedirect;
use crate::protocol::saml::logout::{LogoutKind, ReceivedLogout};
use crate::protocol::saml::names::{
    STATUS_PARTIAL_LOGOUT, STATUS_REQUESTER, STATUS_RESPONDER, STATUS_SUCCESS,
};
use crate::protocol::saml::response::Name;
use crate::protocol::saml::xml::{Reading, read};

/// One service at which somebody is signed in with a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fakes::saml_idp) struct SignedInAt {
    /// The browser, by the fake's own cookie.
    pub(in crate::fakes::saml_idp) browser: String,
    pub(in crate::fakes::saml_idp) personality: Personality,
    /// The entity ID of the service.
    pub(in crate::fakes::saml_idp) service: String,
    /// What the service was told.
    pub(in crate::fakes::saml_idp) name: Option<Name>,
    /// What the service was told.
    pub(in crate::fakes::saml_idp) session_index: Option<String>,
}

/// What arrived.
pub(in crate::fakes::saml_idp) struct LogoutArrived<'a> {
    pub(in crate::fakes::saml_idp) personality: Personality,
    pub(in crate::fakes::saml_idp) kind: LogoutKind,
    pub(in crate::fakes::saml_idp) message: &'a [u8],
    pub(in crate::fakes::saml_idp) redirect: Option<&'a ReceivedRedirect>,
    pub(in crate::fakes::saml_idp) relay_state: Option<&'a str>,
}

/// A logout under way.
#[derive(Debug, Clone)]
pub(in crate::fakes::saml_idp) struct Leaving {
    personality: Personality,
    /// Who asked first; nobody, where it began here.
    origin: Option<Origin>,
    /// Who has not been told yet.
    waiting: VecDeque<SignedInAt>,
    /// Who was.
    told: Vec<Told>,
}

#[derive(Debug, Clone)]
struct Origin {
    service: String,
    request_id: String,
    relay_state: Option<String>,
}

/// A service that was told, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fakes::saml_idp) struct Told {
    /// Its entity ID.
    pub(in crate::fakes::saml_idp) service: String,
    /// Whether its session is over.
    pub(in crate::fakes::saml_idp) is_over: bool,
}

/// What the browser gets.
#[derive(Debug)]
pub(in crate::fakes::saml_idp) enum Reaction {
    /// It brings a message.
    Send(Sent),
    /// Everything is over; these were told.
    Done(Vec<Told>),
    /// The identity provider says something on its own page.
    Objects(Objection),
}

impl Idp {
    /// Somebody signs out here: every service of this browser is told.
    pub(in crate::fakes::saml_idp) fn sign_out(
        &self,
        personality: Personality,
        browser: &str,
    ) -> Result<Reaction, NoAnswer> {
        let waiting = self.memory().sign_out(personality, browser);
        self.go_on(Leaving {
            personality,
            origin: None,
            waiting: waiting.into(),
            told: Vec::new(),
        })
    }

    /// A service says something about logging out.
    pub(in crate::fakes::saml_idp) fn hear_logout(
        &self,
        arrived: &LogoutArrived<'_>,
        browser: Option<&str>,
    ) -> Result<Reaction, NoAnswer> {
        let tree = read(arrived.message, &Reading::MESSAGE).ok();
        let message = tree
            .as_ref()
            .and_then(|tree| ReceivedLogout::read(tree.root()?, arrived.kind));
        let Some(message) = message else {
            return Ok(Reaction::Objects(unreadable(arrived.personality)));
        };
        let issuer = message.issuers.first().map(|(issuer, _)| issuer.as_str());
        let service = self.service(issuer.unwrap_or_default());
        let signature = signature(arrived, service.as_ref());
        let heard = HeardLogout::of(arrived, &message, signature, self.now());
        self.memory().hear_logout(heard);
        match arrived.kind {
            LogoutKind::Request => self.asked_to_sign_out(arrived, &message, signature, browser),
            LogoutKind::Response => self.answered(arrived, &message, signature),
        }
    }

    fn service(&self, entity_id: &str) -> Option<ServiceProvider> {
        let memory = self.memory();
        let mut services = memory.services.iter();
        services.find(|known| known.entity_id == entity_id).cloned()
    }

    fn asked_to_sign_out(
        &self,
        arrived: &LogoutArrived<'_>,
        message: &ReceivedLogout,
        signature: RequestSignature,
        browser: Option<&str>,
    ) -> Result<Reaction, NoAnswer> {
        let personality = arrived.personality;
        let issuer = message.issuers.first().map(|(issuer, _)| issuer.clone());
        let origin = Origin {
            service: issuer.unwrap_or_default(),
            request_id: message.id.clone().unwrap_or_default(),
            relay_state: arrived.relay_state.map(str::to_owned),
        };
        let sessions = browser.map(|browser| self.memory().sessions(personality, browser));
        let sessions = sessions.unwrap_or_default();
        if personality == Personality::Adfs {
            if signature != RequestSignature::Verified {
                // MSIS7084 in its log.
                return self.answer_logout(personality, &origin, &[STATUS_RESPONDER]);
            }
            if !sessions.iter().any(|session| is_meant(session, &origin, message)) {
                return self.answer_logout(personality, &origin, &[STATUS_REQUESTER]);
            }
        }
        let ended = browser.map(|browser| self.memory().sign_out(personality, browser));
        let others = ended.unwrap_or_default().into_iter();
        let waiting = others
            .filter(|session| session.service != origin.service)
            .collect();
        self.go_on(Leaving {
            personality,
            origin: Some(origin),
            waiting,
            told: Vec::new(),
        })
    }

    fn answered(
        &self,
        arrived: &LogoutArrived<'_>,
        message: &ReceivedLogout,
        signature: RequestSignature,
    ) -> Result<Reaction, NoAnswer> {
        let ticket = arrived.relay_state.unwrap_or_default();
        let leaving = self.memory().take_leaving(ticket);
        let Some(mut leaving) = leaving else {
            return Ok(Reaction::Objects(unsolicited(arrived.personality)));
        };
        let is_signed = signature == RequestSignature::Verified || arrived.personality == Personality::Entra;
        let is_success = message
            .status_codes
            .first()
            .is_some_and(|code| code == STATUS_SUCCESS);
        if let Some(last) = leaving.told.last_mut() {
            last.is_over = is_success && is_signed;
        }
        self.go_on(leaving)
    }

    /// Tells the next service, or answers whoever asked first.
    fn go_on(&self, mut leaving: Leaving) -> Result<Reaction, NoAnswer> {
        while let Some(session) = leaving.waiting.pop_front() {
            let address = self
                .service(&session.service)
                .and_then(|service| service.logout_url);
            leaving.told.push(Told {
                service: session.service.clone(),
                is_over: false,
            });
            let (Some(address), Some(name)) = (address, &session.name) else {
                continue;
            };
            let ticket = token(&*self.random)?;
            let body = Body::Request {
                name,
                session_index: session.session_index.as_deref(),
            };
            let sent = self.send(leaving.personality, &address, body, Some(&ticket))?;
            self.memory().leave(ticket, leaving);
            return Ok(Reaction::Send(sent));
        }
        let Some(origin) = leaving.origin else {
            return Ok(Reaction::Done(leaving.told));
        };
        if leaving.told.iter().all(|told| told.is_over) {
            return self.answer_logout(leaving.personality, &origin, &[STATUS_SUCCESS]);
        }
        let partly = [STATUS_RESPONDER, STATUS_PARTIAL_LOGOUT];
        self.answer_logout(leaving.personality, &origin, &partly)
    }

    /// Without a registered address both show a page of their own.
    fn answer_logout(
        &self,
        personality: Personality,
        origin: &Origin,
        status: &[&str],
    ) -> Result<Reaction, NoAnswer> {
        let address = self
            .service(&origin.service)
            .and_then(|service| service.logout_url);
        let Some(address) = address else {
            return Ok(Reaction::Done(Vec::new()));
        };
        let body = Body::Response {
            in_response_to: &origin.request_id,
            status,
        };
        let sent = self.send(personality, &address, body, origin.relay_state.as_deref())?;
        Ok(Reaction::Send(sent))
    }

    fn send(
        &self,
        personality: Personality,
        address: &str,
        body: Body<'_>,
        relay_state: Option<&str>,
    ) -> Result<Sent, NoAnswer> {
        let next = self.memory().take_next_logout();
        if next.mischief == super::LogoutMischief::Replay {
            return self.memory().last_sent().ok_or(NoAnswer::NothingToReplay);
        }
        let letter = Letter {
            personality,
            address,
            body,
            relay_state,
            next,
            at: self.now(),
        };
        let sent = letter.send(&self.keys, &*self.random)?;
        self.memory().sent(sent.clone());
        Ok(sent)
    }
}

/// ADFS compares every part octet for octet.
fn is_meant(session: &SignedInAt, origin: &Origin, message: &ReceivedLogout) -> bool {
    let indexes: Vec<&str> = message.session_indexes.iter().map(String::as_str).collect();
    let own: Vec<&str> = session.session_index.as_deref().into_iter().collect();
    session.service == origin.service && session.name == name_of(message) && own == indexes
}

fn signature(arrived: &LogoutArrived<'_>, service: Option<&ServiceProvider>) -> RequestSignature {
    let Some(redirect) = arrived.redirect.filter(|redirect| redirect.is_signed()) else {
        return RequestSignature::Unsigned;
    };
    let keys = service.map(ServiceProvider::request_keys).unwrap_or_default();
    match (keys.is_empty(), redirect.verify(&keys)) {
        (true, _) => RequestSignature::Unchecked,
        (false, Ok(())) => RequestSignature::Verified,
        (false, Err(_)) => RequestSignature::Broken,
    }
}

fn unreadable(personality: Personality) -> Objection {
    let (code, words) = match personality {
        Personality::Entra => (
            "AADSTS75005",
            "The request is not a valid SAML 2.0 protocol message.",
        ),
        Personality::Adfs => ("MSIS0018", "The SAML protocol message cannot be read."),
    };
    Objection {
        code,
        words: words.to_owned(),
    }
}

fn unsolicited(personality: Personality) -> Objection {
    let (code, words) = match personality {
        Personality::Entra => (
            "AADSTS50070",
            "Sign out has failed. The sign out was not initiated here.",
        ),
        Personality::Adfs => ("MSIS7082", "Unsolicited SAML logout response received."),
    };
    Objection {
        code,
        words: words.to_owned(),
    }
}
