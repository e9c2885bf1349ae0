//! The judge: asks the rules, and stops at the first refusal.

use crate::protocol::jose::key_set::NoKey;
use crate::upstream::oidc_rp::accepted::{IdToken, LogoutToken, UserInfo, signed};
use crate::upstream::oidc_rp::case::{About, Case};
use crate::upstream::oidc_rp::finding::{Finding, Note};
use crate::upstream::oidc_rp::rules::{self, List};
use crate::upstream::oidc_rp::terms::{ClientAssertionTerms, IdTokenTerms, LogoutTokenTerms, UserInfoTerms};

/// The first rule that did not let the token through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: {element} should be {expected} and is {actual}")]
pub struct Refusal {
    /// The rule's id.
    pub rule: &'static str,
    /// Where it looked.
    pub element: &'static str,
    /// What it wanted.
    pub expected: String,
    /// What it saw. Never a name or a value of a person.
    pub actual: String,
    /// What can be done about it.
    pub ground: Ground,
}

/// Of what kind a refusal is, for whoever has something to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The key set has no key of this name: it may be older than the key, so it may be fetched again, once.
    UnknownKey,
    /// The person proved themselves less well, or was proofed less well, than is asked here.
    AssuranceTooLow,
    /// The person proved themselves too long ago.
    AuthenticationTooOld,
    /// The token is not what it should be.
    Faulty,
}

/// Judges an ID token for a sign-in.
///
/// # Errors
/// [`Refusal`], the first rule of the list that refuses.
pub fn judge_id_token(token: &str, terms: &IdTokenTerms<'_>) -> Result<IdToken, Box<Refusal>> {
    let case = Case::new(token.as_bytes(), About::IdToken(terms));
    judged(&case, rules::ID_TOKEN)?;
    IdToken::of(&case).ok_or_else(|| Box::new(unread()))
}

/// Judges an answer of the UserInfo endpoint: plain JSON, or a signed token.
///
/// # Errors
/// [`Refusal`], the first rule of the list that refuses.
pub fn judge_userinfo(octets: &[u8], terms: &UserInfoTerms<'_>) -> Result<UserInfo, Box<Refusal>> {
    let case = Case::new(octets, About::UserInfo(terms));
    judged(&case, rules::USER_INFO)?;
    UserInfo::of(&case).ok_or_else(|| Box::new(unread()))
}

/// Judges a logout token. The caller still asks whether its `jti` is new, and for sessions that are not younger.
///
/// # Errors
/// [`Refusal`], the first rule of the list that refuses.
pub fn judge_logout_token(token: &str, terms: &LogoutTokenTerms<'_>) -> Result<LogoutToken, Box<Refusal>> {
    let case = Case::new(token.as_bytes(), About::LogoutToken(terms));
    judged(&case, rules::LOGOUT_TOKEN)?;
    LogoutToken::of(&case).ok_or_else(|| Box::new(unread()))
}

/// Judges a client assertion of ours as the token endpoint would.
///
/// # Errors
/// [`Refusal`], the first rule of the list that refuses.
pub fn judge_client_assertion(token: &str, terms: &ClientAssertionTerms<'_>) -> Result<(), Box<Refusal>> {
    let case = Case::new(token.as_bytes(), About::ClientAssertion(terms));
    judged(&case, rules::CLIENT_ASSERTION)?;
    signed(&case).map(|_claims| ()).ok_or_else(|| Box::new(unread()))
}

fn judged(case: &Case<'_>, list: List) -> Result<(), Box<Refusal>> {
    for rule in rules::all(list) {
        if let Finding::Refuses(note) = (rule.check)(case) {
            return Err(Box::new(refusal(rule.id, note, case)));
        }
    }
    Ok(())
}

fn refusal(rule: &'static str, note: Note<'_>, case: &Case<'_>) -> Refusal {
    Refusal {
        rule,
        element: note.element,
        expected: note.expected.into_owned(),
        actual: note.actual.into_owned(),
        ground: match rule {
            "token-key" if matches!(case.key(), Some(Err(NoKey::Unknown))) => Ground::UnknownKey,
            "id-token-identity-assurance" | "id-token-authentication-assurance" => Ground::AssuranceTooLow,
            "id-token-auth-age" => Ground::AuthenticationTooOld,
            _ => Ground::Faulty,
        },
    }
}

/// Every rule held, so there are signed claims; without them the token is refused all the same.
fn unread() -> Refusal {
    Refusal {
        rule: "token-signature",
        element: "signature",
        expected: "verifies".to_owned(),
        actual: "was not verified".to_owned(),
        ground: Ground::Faulty,
    }
}
