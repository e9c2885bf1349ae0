//! The judge: asks the rules, stops at the first refusal or goes on to the end.

use std::borrow::Cow;

use time::OffsetDateTime;

use crate::protocol::saml::response::{Assertion, Name};
use crate::upstream::saml_sp::case::{Case, Scratch};
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::rules::{self, Rule};
use crate::upstream::saml_sp::terms::{Grant, Terms};
use crate::upstream::verified::{Authentication, NameId, Statement, UpstreamAttribute};

/// A message that every rule let through, as it was read from signed octets.
#[derive(Debug)]
pub(in crate::upstream) struct Accepted {
    /// Who the assertion is about and what it says of them.
    pub(in crate::upstream) statement: Statement,
    /// The assertion's own identifier.
    pub(in crate::upstream) assertion_id: String,
    /// Until when a second use of it must be noticed.
    pub(in crate::upstream) remember_until: OffsetDateTime,
    /// The exceptions without which it would have been refused.
    pub(in crate::upstream) granted: Vec<Grant>,
}

/// The first rule that did not let the message through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule's id.
    pub rule: &'static str,
    /// Where it looked.
    pub element: &'static str,
    /// What it wanted.
    pub expected: String,
    /// What it saw. Never a name or an attribute value of a person.
    pub actual: String,
    /// The status codes, when the identity provider itself said no.
    pub status: Option<Status>,
}

/// What the identity provider said instead of vouching for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The status codes, outermost first.
    pub codes: Vec<String>,
    /// Its own words. For the person's page only in part, and never for the log.
    pub message: Option<String>,
}

/// Judges a message for a sign-in: the rules in order, up to the first refusal.
pub(in crate::upstream) fn judge(octets: &[u8], terms: &Terms<'_>) -> Result<Accepted, Box<Refusal>> {
    let scratch = Scratch::default();
    let case = Case::new(octets, terms, &scratch);
    let mut granted = Vec::new();
    for rule in rules::all() {
        match (rule.check)(&case) {
            Finding::Refuses(note) => return Err(Box::new(refusal(rule, &note, &case))),
            Finding::Holds(note) => granted.extend(note.granted),
            Finding::NotReached => {}
        }
    }
    // Every rule holds, so there is a believed assertion; without one the message is refused all the same.
    accepted(&case, granted).ok_or_else(|| {
        Box::new(Refusal {
            rule: "assertion-believed",
            element: "Assertion",
            expected: "read from signed octets".to_owned(),
            actual: "nothing that was signed".to_owned(),
            status: None,
        })
    })
}

fn refusal(rule: &Rule, note: &Note<'_>, case: &Case<'_>) -> Refusal {
    let status = (rule.id == "response-status")
        .then(|| case.response())
        .flatten()
        .map(|response| Status {
            codes: response
                .status_codes()
                .into_iter()
                .map(ToOwned::to_owned)
                .collect(),
            message: response.status_message().map(Cow::into_owned),
        });
    Refusal {
        rule: rule.id,
        element: note.element,
        expected: note.expected.clone().into_owned(),
        actual: note.actual.clone().into_owned(),
        status,
    }
}

fn accepted(case: &Case<'_>, granted: Vec<Grant>) -> Option<Accepted> {
    let assertion = case.believed()?;
    Some(Accepted {
        statement: statement(assertion, case)?,
        assertion_id: assertion.id.clone()?,
        remember_until: remember_until(assertion, case.terms)?,
        granted,
    })
}

/// A second use is refused for being late after the last instant that any rule would allow; until then it must
/// be remembered.
fn remember_until(assertion: &Assertion, terms: &Terms<'_>) -> Option<OffsetDateTime> {
    let confirmations = assertion
        .subjects
        .iter()
        .flat_map(|subject| &subject.confirmations);
    let last = confirmations
        .filter_map(|c| c.data.as_ref()?.not_on_or_after.at())
        .max()?;
    let stale = terms
        .max_response_age
        .and_then(|age| Some(assertion.issue_instant.at()? + age + terms.skew));
    Some(
        stale
            .map_or(last, |stale| stale.min(last))
            .saturating_add(terms.skew),
    )
}

pub(super) fn statement(assertion: &Assertion, case: &Case<'_>) -> Option<Statement> {
    let subject = assertion.subjects.first()?;
    let statement = assertion.authn_statements.first()?;
    let ends = assertion
        .authn_statements
        .iter()
        .filter_map(|s| s.session_not_on_or_after.at());
    let name = subject
        .identifiers
        .first()
        .and_then(|identifier| identifier.opened(case.terms.decryption));
    Some(Statement {
        name_id: name.map(name_id),
        issued_at: assertion.issue_instant.at(),
        open_id: None,
        care_identity: None,
        attributes: assertion
            .attributes
            .iter()
            .map(|a| UpstreamAttribute {
                name: a.name.clone(),
                values: a.values.clone(),
            })
            .collect(),
        authentication: Authentication {
            // An identity provider whose clock is ahead never makes a sign-in younger than it is.
            instant: statement.instant.at()?.min(case.terms.now),
            is_instant_stated: true,
            context_class: statement.context_class.clone(),
            methods: Vec::new(),
            assurance: None,
            session_index: statement.session_index.clone(),
            session_not_on_or_after: ends.min(),
        },
    })
}

pub(super) fn name_id(name: Name) -> NameId {
    let Name {
        value,
        format,
        name_qualifier,
        sp_name_qualifier,
    } = name;
    NameId {
        value,
        format,
        name_qualifier,
        sp_name_qualifier,
    }
}
