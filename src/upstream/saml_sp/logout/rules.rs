//! The rules for messages of single logout, in the order of work.
//!
//! One rule, one function, one id that never changes. Absence is a refusal, and the first refusal stops. What stands in
//! [`PROVEN`] shows that the message is the identity provider's and meant for us; only then is it worth an answer.

use crate::protocol::saml::logout::ReceivedLogout;
pub(crate) use crate::upstream::judgement::Who;
use crate::upstream::saml_sp::finding::{Finding, Note};
use crate::upstream::saml_sp::logout::case::LogoutCase;
use crate::upstream::saml_sp::logout::judge::Advice;

mod answer;
mod parties;
mod signature;
mod structure;
mod subject;
mod times;

/// One rule.
pub(crate) struct Rule {
    /// Its name for ever, in kebab case.
    pub(crate) id: &'static str,
    /// The clause it enforces.
    pub(crate) clause: &'static str,
    /// Who must act when it refuses.
    pub(crate) who: Who,
    /// What they should do.
    pub(crate) remedy: &'static str,
    /// Looks.
    pub(crate) check: for<'c, 'a> fn(&'c LogoutCase<'a>) -> Finding<'c>,
}

impl Rule {
    /// What it says whatever the message.
    pub(crate) fn advice(&self) -> Advice {
        Advice {
            clause: self.clause,
            who: self.who.as_str(),
            remedy: self.remedy,
        }
    }
}

/// Some rules, group by group.
pub(crate) type List = &'static [&'static [Rule]];

/// What every message must be before anything in it counts.
pub(crate) const PROVEN: List = &[structure::RULES, signature::RULES, parties::RULES];

/// What a `LogoutRequest` must say (SAML Core 3.7.1, Profiles 4.4.4.1).
pub(crate) const REQUEST: List = &[times::RULES, times::REQUEST_RULES, subject::RULES];

/// What a `LogoutResponse` must say (SAML Core 3.7.2, Profiles 4.4.4.2).
pub(crate) const RESPONSE: List = &[times::RULES, answer::RULES];

/// Every rule of a list, one after the other.
pub(crate) fn all(list: List) -> impl Iterator<Item = &'static Rule> {
    list.iter().flat_map(|group| group.iter())
}

/// What a rule finds in the believed message; nothing where it is not believed.
fn on_believed<'c>(
    case: &'c LogoutCase<'_>,
    look: impl FnOnce(&'c ReceivedLogout) -> Finding<'c>,
) -> Finding<'c> {
    case.believed().map_or(Finding::NotReached, look)
}

/// A note of what was wanted, which is also what is there if it is there.
fn is_so<'c>(element: &'static str, expected: &'static str, actual: &'static str) -> Finding<'c> {
    Note::on(element, expected, actual).holds_if(expected == actual)
}

#[cfg(test)]
#[cfg(all(feature = "fakes", feature = "second-judge"))]
mod tests;
