//! What a case is, and how it is put before both readings of the judge.

use crate::upstream::judgement::explanation::Outcome;
use crate::upstream::oidc_rp::rules;
use crate::upstream::oidc_rp::rules::tests::draft::Draft;

/// The rule before which no signature may have been verified.
const FIRST_DEAR_RULE: &str = "token-signature";

/// One attack or fault, the rule that refuses it, and the token that differs from it in that one thing only.
pub(super) struct Refused {
    /// What is wrong, as a sentence without its full stop.
    pub(super) because: &'static str,
    /// The rule at which the judge stops.
    pub(super) by: &'static str,
    /// The other rules that `explain` says refuse it too, in order.
    pub(super) also: &'static [&'static str],
    /// The token.
    pub(super) token: fn() -> Draft,
    /// Its good twin.
    pub(super) twin: fn() -> Draft,
}

/// Puts every case before the judge; says all that went wrong at once.
pub(super) fn refuse_all(cases: &[Refused]) {
    let wrong: Vec<String> = cases.iter().filter_map(Refused::wrong).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

impl Refused {
    fn wrong(&self) -> Option<String> {
        let said = [
            self.judge_goes_wrong(),
            self.explain_goes_wrong(),
            self.twin_goes_wrong(),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| format!("{}:\n    {}", self.because, said.join("\n    ")))
    }

    fn judge_goes_wrong(&self) -> Option<String> {
        let draft = (self.token)();
        match draft.judged() {
            Ok(()) => return Some("it is accepted".to_owned()),
            Err(refusal) if refusal.rule != self.by => {
                return Some(format!("refused by {refusal:?} instead of {}", self.by));
            }
            Err(_) => {}
        }
        let mut before = rules::all(draft.list()).take_while(|rule| rule.id != FIRST_DEAR_RULE);
        let is_cheap = before.any(|rule| rule.id == self.by);
        (is_cheap && draft.costs_mathematics()).then(|| "a key was used before it was refused".to_owned())
    }

    fn explain_goes_wrong(&self) -> Option<String> {
        let draft = (self.token)();
        let mut refusing = draft.explained().1;
        let expected: Vec<&str> = rules::all(draft.list())
            .map(|rule| rule.id)
            .filter(|id| *id == self.by || self.also.contains(id))
            .collect();
        if refusing != expected {
            refusing.retain(|id| *id != self.by);
            return Some(format!("explain says that these refuse too: {refusing:?}"));
        }
        None
    }

    fn twin_goes_wrong(&self) -> Option<String> {
        let twin = (self.twin)();
        if let Err(refusal) = twin.judged() {
            return Some(format!("its twin is refused: {refusal:?}"));
        }
        let (verdict, refusing) = twin.explained();
        (verdict != Outcome::Accept).then(|| format!("explain refuses its twin: {refusing:?}"))
    }
}
