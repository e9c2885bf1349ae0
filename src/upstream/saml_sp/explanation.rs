//! Every rule's verdict on one message, for a tester, an administrator or a bug report.

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;

use crate::protocol::saml::response::Assertion;
use crate::upstream::saml_sp::case::{Case, Scratch};
use crate::upstream::saml_sp::finding::Finding;
use crate::upstream::saml_sp::rules;
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::terms::{Grant, Grants, Question, Terms};

/// The judgement of one message, rule by rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// `accept` or `refuse`.
    pub verdict: Outcome,
    /// Every rule, in order.
    pub rules: Vec<RuleVerdict>,
    /// Who it is about; only when it was read from signed octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

/// Whether a session would begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Every rule that concerns the message holds.
    Accept,
    /// One rule at least refuses it.
    Refuse,
}

/// What one rule says. In JSON every key is there, null where there is nothing to say; `exception` alone comes and
/// goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleVerdict {
    /// The rule's stable name.
    pub id: &'static str,
    /// The clause it enforces.
    pub clause: &'static str,
    /// `holds`, `refuses` or `not-reached`.
    pub verdict: Word,
    /// Where it looked.
    pub element: Option<&'static str>,
    /// What it wanted.
    pub expected: Option<String>,
    /// What it saw.
    pub actual: Option<String>,
    /// What to do, when it refuses.
    pub remedy: Option<&'static str>,
    /// Who should do it, when it refuses.
    pub who: Option<&'static str>,
    /// The exception without which it would refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<&'static str>,
}

/// The verdict of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It lets the message through.
    Holds,
    /// It does not.
    Refuses,
    /// It has nothing to look at.
    NotReached,
}

/// What the signed octets say about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The value of `NameID`; null when absent or hidden.
    pub name_id: Option<String>,
    /// The `Format` of `NameID`.
    pub name_id_format: Option<String>,
    /// `SessionIndex`; null when absent or hidden.
    pub session_index: Option<String>,
    /// `AuthnContextClassRef`.
    pub authn_context: Option<String>,
    /// Every attribute with its values, in order; null in place of a value that is hidden.
    pub attributes: BTreeMap<String, Vec<Option<String>>>,
}

/// Asks every rule about `octets`, not only up to the first refusal.
pub fn explain(octets: &[u8], terms: &Terms<'_>) -> Explanation {
    let scratch = Scratch::default();
    let case = Case::new(octets, terms, &scratch);
    let rules: Vec<RuleVerdict> = rules::all()
        .map(|rule| verdict(rule, (rule.check)(&case)))
        .collect();
    let refused = rules.iter().any(|rule| rule.verdict == Word::Refuses);
    let identity = case.believed().map(|assertion| identity(assertion, &case));
    let verdict = if refused || identity.is_none() {
        Outcome::Refuse
    } else {
        Outcome::Accept
    };
    Explanation {
        verdict,
        rules,
        identity,
    }
}

impl ServiceProvider {
    /// Explains an answer on the terms of this connection at `now`, with `more` granted than it is configured to.
    pub fn explain(
        &self,
        octets: &[u8],
        question: Option<Question>,
        more: Grants,
        now: OffsetDateTime,
    ) -> Explanation {
        let trust = self.trust();
        let mut terms = self.terms(&trust, question, now);
        terms.grants = terms.grants.with(more);
        explain(octets, &terms)
    }
}

impl Explanation {
    /// The same without values that belong to a person.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        if let Some(identity) = &mut self.identity {
            identity.name_id = None;
            identity.session_index = None;
            identity
                .attributes
                .values_mut()
                .flatten()
                .for_each(|value| *value = None);
        }
        self
    }

    /// The ids of the rules that refuse.
    pub fn refusing(&self) -> impl Iterator<Item = &'static str> {
        self.rules
            .iter()
            .filter(|rule| rule.verdict == Word::Refuses)
            .map(|rule| rule.id)
    }
}

fn verdict(rule: &rules::Rule, finding: Finding<'_>) -> RuleVerdict {
    let (verdict, note) = match finding {
        Finding::Holds(note) => (Word::Holds, Some(note)),
        Finding::Refuses(note) => (Word::Refuses, Some(note)),
        Finding::NotReached => (Word::NotReached, None),
    };
    let refuses = verdict == Word::Refuses;
    RuleVerdict {
        id: rule.id,
        clause: rule.clause,
        verdict,
        element: note.as_ref().map(|note| note.element),
        expected: note.as_ref().map(|note| note.expected.clone().into_owned()),
        actual: note.as_ref().map(|note| note.actual.clone().into_owned()),
        remedy: refuses.then_some(rule.remedy),
        who: refuses.then_some(rule.who.as_str()),
        exception: note.and_then(|note| note.granted).map(Grant::as_str),
    }
}

fn identity(assertion: &Assertion, case: &Case<'_>) -> Identity {
    let identifier = assertion
        .subjects
        .first()
        .and_then(|subject| subject.identifiers.first());
    let name = identifier.and_then(|identifier| identifier.opened(case.terms.decryption));
    let statement = assertion.authn_statements.first();
    let mut attributes: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for attribute in &assertion.attributes {
        let values = attributes.entry(attribute.name.clone()).or_default();
        values.extend(attribute.values.iter().cloned().map(Some));
    }
    Identity {
        name_id_format: name.as_ref().and_then(|name| name.format.clone()),
        name_id: name.map(|name| name.value),
        session_index: statement.and_then(|s| s.session_index.clone()),
        authn_context: statement.and_then(|s| s.context_class.clone()),
        attributes,
    }
}
