//! How strongly the person proved themselves: several factors or not, by which methods, at which level.
//!
//! An NHSmail account proves no identity, so nothing here is an authentication assurance level of CIS2.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The value that says several factors were asked for (Entra and ADFS).
const SEVERAL_FACTORS: &str = "http://schemas.microsoft.com/claims/multipleauthn";
/// More methods than this are not kept, nor longer ones: they end up in every token.
const MOST_METHODS: usize = 16;
const LONGEST_METHOD: usize = 200;

/// The proof a person gave their upstream, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When they gave it; possibly long before this sign-in.
    #[serde(with = "time::serde::rfc3339")]
    pub(in crate::identity) instant: OffsetDateTime,
    pub(in crate::identity) level: ContextLevel,
    pub(in crate::identity) methods: Vec<String>,
    pub(in crate::identity) several_factors: Option<bool>,
    /// The upstream's upper bound on our session.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(in crate::identity) session_not_on_or_after: Option<OffsetDateTime>,
}

impl Proof {
    /// When the person proved themselves to the upstream.
    pub fn instant(&self) -> OffsetDateTime {
        self.instant
    }

    /// The level our table gives the stated context.
    pub fn level(&self) -> ContextLevel {
        self.level
    }

    /// The methods: words of RFC 8176 where they fit, then the upstream's own.
    pub fn methods(&self) -> &[String] {
        &self.methods
    }

    /// Whether several factors were used; `None` if the upstream did not say.
    pub fn several_factors(&self) -> Option<bool> {
        self.several_factors
    }

    /// The upstream's upper bound on our session.
    pub fn session_not_on_or_after(&self) -> Option<OffsetDateTime> {
        self.session_not_on_or_after
    }
}

/// What an authentication context is worth to us, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextLevel {
    /// Not stated, not known to us, or says nothing.
    Lowest,
    /// One secret or one machine's word.
    OneFactor,
    /// A key the person holds.
    HeldKey,
    /// Several factors.
    SeveralFactors,
}

/// Contexts we know. Whatever is not here is worth the lowest level, so a new or misspelt one grants nothing.
const LEVELS: [(&str, ContextLevel); 14] = [
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
        ContextLevel::OneFactor,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        ContextLevel::OneFactor,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:SecureRemotePassword",
        ContextLevel::OneFactor,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos",
        ContextLevel::OneFactor,
    ),
    ("urn:federation:authentication:windows", ContextLevel::OneFactor),
    (
        "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
        ContextLevel::OneFactor,
    ),
    (
        "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows",
        ContextLevel::OneFactor,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient",
        ContextLevel::HeldKey,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
        ContextLevel::HeldKey,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
        ContextLevel::HeldKey,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
        ContextLevel::SeveralFactors,
    ),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
        ContextLevel::SeveralFactors,
    ),
    ("https://refeds.org/profile/mfa", ContextLevel::SeveralFactors),
    (SEVERAL_FACTORS, ContextLevel::SeveralFactors),
];

/// Methods with a word in RFC 8176.
const WORDS: [(&str, &str); 8] = [
    (SEVERAL_FACTORS, "mfa"),
    (
        "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
        "pwd",
    ),
    ("urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "pwd"),
    (
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "pwd",
    ),
    (
        "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows",
        "wia",
    ),
    ("urn:federation:authentication:windows", "wia"),
    ("urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard", "sc"),
    ("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", "sc"),
];

/// The level of a stated context (`AuthnContextClassRef`).
pub(in crate::identity) fn level_of(context: Option<&str>) -> ContextLevel {
    let known = LEVELS.iter().find(|(name, _)| Some(*name) == context);
    known.map_or(ContextLevel::Lowest, |(_, level)| *level)
}

/// Whether several factors were used: only the upstream's own list of methods can say so.
pub(in crate::identity) fn several_factors(references: &[&str]) -> Option<bool> {
    (!references.is_empty()).then(|| references.contains(&SEVERAL_FACTORS))
}

/// The words of RFC 8176 for `references` and `context`, then both as the upstream wrote them.
pub(in crate::identity) fn methods(references: &[&str], context: Option<&str>) -> Vec<String> {
    let stated = || references.iter().copied().chain(context);
    let words = stated().filter_map(|method| WORDS.iter().find(|(name, _)| *name == method));
    let mut kept: Vec<String> = Vec::new();
    for method in words.map(|(_, word)| *word).chain(stated()) {
        let fits = method.len() <= LONGEST_METHOD && !method.chars().any(char::is_control);
        if fits && kept.len() < MOST_METHODS && !kept.iter().any(|known| known == method) {
            kept.push(method.to_owned());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sp_30_an_unknown_context_is_worth_the_lowest_level() {
        let known = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
        assert_eq!(level_of(Some(known)), ContextLevel::OneFactor);
        assert_eq!(level_of(Some(SEVERAL_FACTORS)), ContextLevel::SeveralFactors);
        for unknown in [
            None,
            Some(""),
            Some("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"),
            Some("urn:oasis:names:tc:SAML:2.0:ac:classes:passwordprotectedtransport"),
            Some("https://refeds.org/profile/mfa "),
        ] {
            assert_eq!(level_of(unknown), ContextLevel::Lowest, "{unknown:?}");
        }
        assert!(LEVELS.iter().all(|(_, level)| *level > ContextLevel::Lowest));
    }

    #[test]
    fn several_factors_are_believed_only_from_the_list_of_methods() {
        let password = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password";
        assert_eq!(several_factors(&[password, SEVERAL_FACTORS]), Some(true));
        assert_eq!(several_factors(&[password]), Some(false));
        assert_eq!(several_factors(&[]), None);
    }

    #[test]
    fn methods_keep_the_word_and_the_upstreams_own_once_each_and_in_bounds() {
        let context = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
        let kept = methods(&[SEVERAL_FACTORS], Some(context));
        assert_eq!(kept, ["mfa", "pwd", SEVERAL_FACTORS, context]);

        let many: Vec<String> = (0..100).map(|n| format!("urn:method:{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(methods(&many, None).len(), MOST_METHODS);
        assert!(methods(&[&"x".repeat(201), "a\nb"], None).is_empty());
    }
}
