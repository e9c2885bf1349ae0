//! Every rule's verdict on one message, for a tester, an administrator or a bug report.

use serde::Serialize;

use crate::upstream::judgement::{Finding, Who};

/// The judgement of one message, rule by rule. `I` is what it says about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation<I> {
    /// `accept` or `refuse`.
    pub verdict: Outcome,
    /// Every rule, in order.
    pub rules: Vec<RuleVerdict>,
    /// Who it is about; only when it was read from signed octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<I>,
}

/// Whether the message would be believed.
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

/// What the rule itself says, whatever the message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// The clause it enforces.
    pub(crate) clause: &'static str,
    /// Who must act when it refuses.
    pub(crate) who: Who,
    /// What they should do.
    pub(crate) remedy: &'static str,
}

impl RuleVerdict {
    /// The verdict of the rule `head`; `word` names a grant.
    pub(crate) fn of<G>(head: Head, finding: Finding<'_, G>, word: fn(G) -> &'static str) -> Self {
        let (verdict, note) = match finding {
            Finding::Holds(note) => (Word::Holds, Some(note)),
            Finding::Refuses(note) => (Word::Refuses, Some(note)),
            Finding::NotReached => (Word::NotReached, None),
        };
        let refuses = verdict == Word::Refuses;
        Self {
            id: head.id,
            clause: head.clause,
            verdict,
            element: note.as_ref().map(|note| note.element),
            expected: note.as_ref().map(|note| note.expected.clone().into_owned()),
            actual: note.as_ref().map(|note| note.actual.clone().into_owned()),
            remedy: refuses.then_some(head.remedy),
            who: refuses.then_some(head.who.as_str()),
            exception: note.and_then(|note| note.granted).map(word),
        }
    }
}

impl<I> Explanation<I> {
    /// Accepts if no rule refuses and there is somebody whom the message is about.
    pub(crate) fn of(rules: Vec<RuleVerdict>, identity: Option<I>) -> Self {
        let refused = rules.iter().any(|rule| rule.verdict == Word::Refuses);
        let verdict = if refused || identity.is_none() {
            Outcome::Refuse
        } else {
            Outcome::Accept
        };
        Self {
            verdict,
            rules,
            identity,
        }
    }

    /// The ids of the rules that refuse.
    pub fn refusing(&self) -> impl Iterator<Item = &'static str> {
        let refusing = self.rules.iter().filter(|rule| rule.verdict == Word::Refuses);
        refusing.map(|rule| rule.id)
    }
}
