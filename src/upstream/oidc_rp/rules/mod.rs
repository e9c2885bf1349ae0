//! The rules, one list for each kind of token, in the order of work.
//!
//! One rule, one function, one id that never changes. Absence is a refusal. A sign-in stops at the first refusal;
//! `explain` asks them all. What is cheap stands before what is dear: no key is looked for, and no signature
//! verified, before the token says what we expect.

pub(crate) use crate::upstream::judgement::Who;
use crate::upstream::judgement::explanation::Head;
use crate::upstream::oidc_rp::case::Case;
use crate::upstream::oidc_rp::finding::Finding;

mod assurance;
mod authentication;
mod client_assertion;
mod client_assertion_audience;
mod hashes;
mod id_token;
mod logout_token;
mod parties;
mod signature;
mod times;
mod token;
mod userinfo;

pub(in crate::upstream::oidc_rp) use assurance::{AUTHENTICATION, IDENTITY};
pub(in crate::upstream::oidc_rp) use client_assertion::looks_like_api_key;

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

impl Rule {
    /// What it says whatever the token.
    pub(crate) fn head(&self) -> Head {
        Head {
            id: self.id,
            clause: self.clause,
            who: self.who,
            remedy: self.remedy,
        }
    }
}

/// The rules of one kind of token, group by group.
pub(crate) type List = &'static [&'static [Rule]];

/// OpenID Connect Core 3.1.3.7 and what NHS CIS2 asks of its clients beside it.
pub(crate) const ID_TOKEN: List = &[
    token::RULES,
    id_token::KIND_RULES,
    parties::RULES,
    id_token::RULES,
    times::EXPIRES,
    times::ISSUED,
    times::NOT_BEFORE,
    signature::RULES,
    hashes::RULES,
    authentication::RULES,
    assurance::RULES,
    id_token::LAST_RULES,
];

/// OpenID Connect Core 5.3.2 and 5.3.4. In plain JSON only the last group has something to look at.
pub(crate) const USER_INFO: List = &[
    userinfo::FORM_RULES,
    token::RULES,
    userinfo::SIGNED_RULES,
    signature::RULES,
    userinfo::RULES,
];

/// OpenID Connect Back-Channel Logout 2.6.
pub(crate) const LOGOUT_TOKEN: List = &[
    token::RULES,
    logout_token::RULES,
    parties::RULES,
    times::ISSUED,
    logout_token::TIME_RULES,
    times::NOT_BEFORE,
    signature::RULES,
];

/// RFC 7523 3, as the token endpoint of CIS2 applies it.
pub(crate) const CLIENT_ASSERTION: List = &[
    token::RULES,
    client_assertion::RULES,
    client_assertion_audience::RULES,
    times::EXPIRES,
    client_assertion::LIFE_RULES,
    times::NOT_BEFORE,
    client_assertion::KEY_RULES,
    signature::RULES,
];

/// Every rule of a list, one after the other.
pub(crate) fn all(list: List) -> impl Iterator<Item = &'static Rule> {
    list.iter().flat_map(|group| group.iter())
}

#[cfg(test)]
#[cfg(feature = "second-judge")]
mod tests;
