//! The rules of the Web Browser SSO profile and of XML Signature as SAML profiles it, in the order of work.
//!
//! One rule, one function, one id that never changes. Absence is a refusal. Sign-in stops at the first refusal;
//! `explain` asks them all. What is cheap stands before what is dear: no asymmetric operation happens before the
//! message has the one shape that we verify and answers a question that this browser asked.

pub(crate) use crate::upstream::judgement::Who;
use crate::upstream::saml_sp::case::Case;
use crate::upstream::saml_sp::finding::Finding;

mod attributes;
mod authn;
mod conditions;
mod document;
mod encryption;
mod response;
mod signature;
mod structure;
mod subject;

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
    pub(crate) check: for<'c, 'a> fn(&'c Case<'a>) -> Finding<'c>,
}

/// Every rule, in order.
pub(crate) const RULES: &[&[Rule]] = &[
    document::RULES,
    structure::RULES,
    response::STATUS_RULES,
    structure::SIGNED_PARTS,
    signature::SHAPE_RULES,
    response::RULES,
    signature::RESPONSE_RULES,
    encryption::RULES,
    signature::ASSERTION_RULES,
    subject::RULES,
    conditions::RULES,
    authn::RULES,
    attributes::RULES,
];

/// Every rule, one after the other.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().flat_map(|group| group.iter())
}

#[cfg(test)]
#[cfg(all(feature = "fakes", feature = "second-judge"))]
mod tests;
