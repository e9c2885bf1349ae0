//! The judge of logout messages: asks the rules and stops at the first refusal.

use time::OffsetDateTime;

use crate::protocol::saml::logout::{LogoutKind, ReceivedLogout};
use crate::protocol::saml::names::{STATUS_PARTIAL_LOGOUT, STATUS_SUCCESS};
use crate::upstream::saml_sp::finding::Finding;
use crate::upstream::saml_sp::judge::{Refusal, name_id};
use crate::upstream::saml_sp::logout::arrival::Arrival;
use crate::upstream::saml_sp::logout::case::LogoutCase;
use crate::upstream::saml_sp::logout::rules::{self, List, Who};
use crate::upstream::saml_sp::logout::terms::LogoutTerms;
use crate::upstream::saml_sp::terms::Grant;
use crate::upstream::verified::NameId;

/// A session that the identity provider ended: every rule holds. Prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Order {
    /// Whose session.
    pub name_id: NameId,
    /// Which of theirs; empty: all.
    pub session_indexes: Vec<String>,
    /// When the identity provider said so, by its own clock.
    pub issued_at: OffsetDateTime,
    /// Until when a second use of the same request must be noticed.
    pub remember_until: OffsetDateTime,
    /// What an answer must name.
    pub request: Request,
}

/// A request that is known to be the identity provider's and meant for us: it is worth an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its `ID`.
    pub id: String,
    /// Its `RelayState`, to be sent back as it came (SAML Bindings 3.4.3).
    pub relay_state: Option<String>,
}

/// What became of a request of ours, in the identity provider's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The session there is over.
    Everywhere,
    /// The session there is over, but not every service could be told (SAML Core 3.2.2.2).
    Partly,
    /// It refused or could not: its status codes.
    NotThere(Vec<String>),
}

/// What a rule that refused says whatever the message, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// The clause it enforces.
    pub clause: &'static str,
    /// Who must act.
    pub who: &'static str,
    /// What they should do.
    pub remedy: &'static str,
}

/// Why a message is not believed, or not obeyed.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The first rule that refused.
    pub(crate) refusal: Refusal,
    /// What to do about it.
    pub(crate) advice: Advice,
    /// The request, if it was refused for something that its sender may hear.
    pub(crate) request: Option<Request>,
}

/// A verdict, and the exceptions without which it would have been a refusal.
#[derive(Debug)]
pub(crate) struct Believed<T> {
    pub(crate) what: T,
    pub(crate) granted: Vec<Grant>,
}

/// Judges a `LogoutRequest`.
pub(crate) fn judge_request(
    arrival: &Arrival,
    terms: &LogoutTerms<'_>,
) -> Result<Believed<Order>, Box<Refused>> {
    let case = LogoutCase::new(arrival, terms);
    let mut granted = holds(&case, rules::PROVEN)?;
    let request = case.believed().and_then(|message| request_of(message, arrival));
    granted.extend(holds(&case, rules::REQUEST).map_err(|mut refused| {
        refused.request = request;
        refused
    })?);
    // Every rule holds, so it can be read; a message that cannot is refused all the same.
    let order = case.believed().and_then(|message| order(message, arrival, terms));
    let what = order.ok_or_else(unread)?;
    Ok(Believed { what, granted })
}

/// Judges a `LogoutResponse` to the request that `terms` name.
pub(crate) fn judge_response(
    arrival: &Arrival,
    terms: &LogoutTerms<'_>,
) -> Result<Believed<Outcome>, Box<Refused>> {
    let case = LogoutCase::new(arrival, terms);
    let mut granted = holds(&case, rules::PROVEN)?;
    granted.extend(holds(&case, rules::RESPONSE)?);
    let what = case.believed().map(outcome).ok_or_else(unread)?;
    Ok(Believed { what, granted })
}

fn holds(case: &LogoutCase<'_>, list: List) -> Result<Vec<Grant>, Box<Refused>> {
    let mut granted = Vec::new();
    for rule in rules::all(list) {
        match (rule.check)(case) {
            Finding::Holds(note) => granted.extend(note.granted),
            Finding::NotReached => {}
            Finding::Refuses(note) => {
                let refusal = Refusal {
                    rule: rule.id,
                    element: note.element,
                    expected: note.expected.into_owned(),
                    actual: note.actual.into_owned(),
                    status: None,
                };
                return Err(Box::new(Refused {
                    refusal,
                    advice: rule.advice(),
                    request: None,
                }));
            }
        }
    }
    Ok(granted)
}

fn unread() -> Box<Refused> {
    Box::new(Refused {
        refusal: Refusal {
            rule: "logout-believed",
            element: "the message",
            expected: "read from signed octets".to_owned(),
            actual: "nothing that was signed".to_owned(),
            status: None,
        },
        advice: Advice {
            clause: "LO-03",
            who: Who::BridgeAdmin.as_str(),
            remedy: "Keep the message and report it.",
        },
        request: None,
    })
}

fn request_of(message: &ReceivedLogout, arrival: &Arrival) -> Option<Request> {
    (arrival.kind() == LogoutKind::Request).then_some(Request {
        id: message.id.clone()?,
        relay_state: arrival.relay_state().map(str::to_owned),
    })
}

fn order(message: &ReceivedLogout, arrival: &Arrival, terms: &LogoutTerms<'_>) -> Option<Order> {
    let name = message.identifiers.first()?.opened(terms.decryption)?;
    let issued_at = message.issue_instant.at()?;
    let stale = terms.max_age + terms.skew + terms.skew;
    Some(Order {
        name_id: name_id(name),
        session_indexes: message.session_indexes.clone(),
        issued_at,
        remember_until: issued_at.saturating_add(stale),
        request: request_of(message, arrival)?,
    })
}

fn outcome(message: &ReceivedLogout) -> Outcome {
    let codes = &message.status_codes;
    if codes.iter().any(|code| code == STATUS_PARTIAL_LOGOUT) {
        Outcome::Partly
    } else if codes.first().is_some_and(|code| code == STATUS_SUCCESS) {
        Outcome::Everywhere
    } else {
        Outcome::NotThere(codes.clone())
    }
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Order(…)")
    }
}
