//! What a case is, and how it is put before both readings of the judge.

use crate::upstream::saml_sp::case::{Case, Scratch};
use crate::upstream::saml_sp::explanation::{Explanation, Outcome, explain};
use crate::upstream::saml_sp::finding::Finding;
use crate::upstream::saml_sp::judge::{Accepted, Refusal, judge};
use crate::upstream::saml_sp::rules::tests::ground::EVE;
use crate::upstream::saml_sp::rules::tests::letter::Letter;
use crate::upstream::saml_sp::rules::{self, Rule};

/// The rule before which no asymmetric operation may have happened.
const FIRST_DEAR_RULE: &str = "response-signature-verifies";

/// One attack or fault, the rule that refuses it, and the message that differs from it in that one thing only.
pub(super) struct Refused {
    /// What is wrong, as a sentence without its full stop.
    pub(super) because: &'static str,
    /// The rule at which a sign-in stops.
    pub(super) by: &'static str,
    /// The other rules that `explain` says refuse it too, in order.
    pub(super) also: &'static [&'static str],
    /// The message.
    pub(super) message: fn() -> Letter,
    /// Its good twin.
    pub(super) twin: fn() -> Letter,
}

/// Puts every case before the judge; says all that went wrong at once.
pub(super) fn refuse_all(cases: &[Refused]) {
    let wrong: Vec<String> = cases.iter().filter_map(Refused::wrong).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

impl Refused {
    fn wrong(&self) -> Option<String> {
        let said = [
            self.sign_in_goes_wrong(),
            self.explain_goes_wrong(),
            self.twin_goes_wrong(),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| format!("{}:\n    {}", self.because, said.join("\n    ")))
    }

    fn sign_in_goes_wrong(&self) -> Option<String> {
        let letter = (self.message)();
        match decide(&letter) {
            Ok(_) => return Some("it is accepted".to_owned()),
            Err(refusal) if refusal.rule != self.by => {
                return Some(format!("refused by {refusal:?} instead of {}", self.by));
            }
            Err(_) => {}
        }
        let is_cheap = rules::all()
            .take_while(|rule| rule.id != FIRST_DEAR_RULE)
            .any(|rule| rule.id == self.by);
        (is_cheap && costs_mathematics(&letter)).then(|| "a key was used before it was refused".to_owned())
    }

    fn explain_goes_wrong(&self) -> Option<String> {
        let explained = explained(&(self.message)());
        let mut refusing: Vec<&str> = explained.refusing().collect();
        let expected: Vec<&str> = rules::all()
            .map(|rule| rule.id)
            .filter(|id| *id == self.by || self.also.contains(id))
            .collect();
        if refusing != expected {
            refusing.retain(|id| *id != self.by);
            return Some(format!("explain says that these refuse too: {refusing:?}"));
        }
        let name = explained.identity.and_then(|identity| identity.name_id);
        (name.as_deref() == Some(EVE)).then(|| "explain shows the forged name".to_owned())
    }

    fn twin_goes_wrong(&self) -> Option<String> {
        let twin = (self.twin)();
        let refusal = decide(&twin).err();
        let explained = explained(&twin);
        if let Some(refusal) = refusal {
            return Some(format!("its twin is refused: {refusal:?}"));
        }
        (explained.verdict != Outcome::Accept).then(|| {
            format!(
                "explain refuses its twin: {:?}",
                explained.refusing().collect::<Vec<_>>()
            )
        })
    }
}

/// As a sign-in judges it.
pub(super) fn decide(letter: &Letter) -> Result<Accepted, Box<Refusal>> {
    judge(letter.message(), &letter.terms())
}

/// As `explain` judges it.
pub(super) fn explained(letter: &Letter) -> Explanation {
    explain(letter.message(), &letter.terms())
}

/// True if a sign-in used a key of anyone before it was refused.
pub(super) fn costs_mathematics(letter: &Letter) -> bool {
    let (terms, scratch) = (letter.terms(), Scratch::default());
    let case = Case::new(letter.message(), &terms, &scratch);
    let refuses = |rule: &&Rule| matches!((rule.check)(&case), Finding::Refuses(_));
    let stopped = rules::all().find(refuses);
    assert!(stopped.is_some(), "only a message that is refused is asked about");
    case.has_used_a_key()
}
