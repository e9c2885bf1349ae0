//! Every rule's verdict on one message, for a tester, an administrator or a bug report.

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;

use crate::protocol::saml::response::Assertion;
use crate::upstream::judgement::explanation::{self, Head};
pub use crate::upstream::judgement::explanation::{Outcome, RuleVerdict, Word};
use crate::upstream::saml_sp::case::{Case, Scratch};
use crate::upstream::saml_sp::finding::Finding;
use crate::upstream::saml_sp::rules;
use crate::upstream::saml_sp::service_provider::ServiceProvider;
use crate::upstream::saml_sp::terms::{Grant, Grants, Question, Terms};

/// The judgement of one message, rule by rule.
pub type Explanation = explanation::Explanation<Identity>;

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
    let identity = case.believed().map(|assertion| identity(assertion, &case));
    Explanation::of(rules, identity)
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
}

fn verdict(rule: &rules::Rule, finding: Finding<'_>) -> RuleVerdict {
    let head = Head {
        id: rule.id,
        clause: rule.clause,
        who: rule.who,
        remedy: rule.remedy,
    };
    RuleVerdict::of(head, finding, Grant::as_str)
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
