//! What `doctor` finds at a neighbour: what was asked, how it is, what that means, the mend and who must act.
//!
//! A check may reach out and changes nothing anywhere: it sends GET, without a cookie and without a proof of ours.

pub(crate) mod reach;

use std::borrow::Cow;

use serde::Serialize;

use crate::platform::problem::Problem;
use crate::upstream::judgement::Who;
use crate::upstream::judgement::explanation::RuleVerdict;

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// People are signed in, and somebody should see to it.
    Warning,
    /// Somebody is kept out.
    Trouble,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its stable name, in kebab case.
    pub id: &'static str,
    /// What was asked, without a secret.
    pub asked: String,
    /// How it is.
    pub verdict: Verdict,
    /// What that means.
    pub means: String,
    /// What to do, unless all is well.
    pub mend: Option<Cow<'static, str>>,
    /// Who should do it, unless all is well.
    pub who: Option<&'static str>,
    /// The rules that judged, where it is a judgement.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleVerdict>,
}

/// What is looked at, before it is known how it is.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    id: &'static str,
    asked: String,
}

/// What to do, and who should.
#[derive(Debug, Clone)]
pub(crate) struct Mend {
    who: Who,
    text: Cow<'static, str>,
}

impl Check {
    /// What the settings show by themselves.
    pub fn of_settings(verdict: Verdict, problem: Problem) -> Self {
        let mend = Mend::ours(format!("Write this instead: {}", problem.instead));
        Asked::new("settings", problem.at).found(verdict, problem.what, Some(mend))
    }
}

impl Mend {
    /// The administrator of this bridge should do `text`.
    pub(crate) fn ours(text: impl Into<Cow<'static, str>>) -> Self {
        Self::by(Who::BridgeAdmin, text)
    }

    /// `who` should do `text`.
    pub(crate) fn by(who: Who, text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { who, text }
    }
}

impl Asked {
    /// The check `id`, which asks this.
    pub(crate) fn new(id: &'static str, asked: impl Into<String>) -> Self {
        let asked = asked.into();
        Self { id, asked }
    }

    /// All is well.
    pub(crate) fn ok(self, means: impl Into<String>) -> Check {
        self.found(Verdict::Ok, means.into(), None)
    }

    /// Somebody should see to it.
    pub(crate) fn warning(self, means: impl Into<String>, mend: Mend) -> Check {
        self.found(Verdict::Warning, means.into(), Some(mend))
    }

    /// Somebody is kept out.
    pub(crate) fn trouble(self, means: impl Into<String>, mend: Mend) -> Check {
        self.found(Verdict::Trouble, means.into(), Some(mend))
    }

    fn found(self, verdict: Verdict, means: String, mend: Option<Mend>) -> Check {
        let (mend, who) = mend.map(|mend| (mend.text, mend.who.as_str())).unzip();
        Check {
            id: self.id,
            asked: self.asked,
            verdict,
            means,
            mend,
            who,
            rules: Vec::new(),
        }
    }
}
