//! How strongly the person proved themselves: several factors or not, by which methods, at which level.
//!
//! An NHSmail account proves no identity, so no method and no context ever becomes an assurance level: CIS2 alone
//! states those. The other way round, the assurance level decides for a Care Identity:
//!
//! | CIS2 says | our level | several factors |
//! |---|---|---|
//! | AAL 1, or none we know | lowest, or one factor for 1 | no |
//! | AAL 2 | several factors | yes |
//! | AAL 3 | several factors, one of them a key in hardware | yes |

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::identity::names;
use crate::identity::stated::Stated;
use crate::upstream::verified::{Assurance, Door, VerifiedIdentity};

/// The value that says several factors were used (Entra and ADFS).
const SEVERAL_FACTORS: &str = "http://schemas.microsoft.com/claims/multipleauthn";
/// The same in the words of RFC 8176, as Entra writes it in `amr`.
const MFA: &str = "mfa";
/// More methods than this are not kept, nor longer ones: they end up in every token.
const MOST_METHODS: usize = 16;
const LONGEST_METHOD: usize = 200;

/// The proof a person gave their upstream, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// When they gave it; possibly long before this sign-in.
    #[serde(with = "crate::platform::instants")]
    pub(in crate::identity) instant: OffsetDateTime,
    pub(in crate::identity) is_instant_stated: bool,
    pub(in crate::identity) level: ContextLevel,
    pub(in crate::identity) methods: Vec<String>,
    pub(in crate::identity) several_factors: Option<bool>,
    pub(in crate::identity) assurance: Option<Assurance>,
    /// The upstream's upper bound on our session.
    #[serde(with = "crate::platform::instants::option")]
    pub(in crate::identity) session_not_on_or_after: Option<OffsetDateTime>,
}

impl Proof {
    /// When the person proved themselves to the upstream, at the latest.
    pub fn instant(&self) -> OffsetDateTime {
        self.instant
    }

    /// When the person proved themselves to the upstream; `None` if it did not say. Whoever asks how old a proof is must
    /// take one of unknown age for too old.
    pub fn proven_at(&self) -> Option<OffsetDateTime> {
        self.is_instant_stated.then_some(self.instant)
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

    /// How sure CIS2 is; `None` for a mailbox.
    pub fn assurance(&self) -> Option<Assurance> {
        self.assurance
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
const WORDS: [(&str, &str); 15] = [
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
    // CIS2. An iPad and an NHSmail account have no word that fits; a passkey may be in hardware or not.
    ("N3_SMARTCARD", "sc"),
    ("CIS2_SMARTCARD", "sc"),
    ("SMARTCARD", "sc"),
    ("FIDO2", "hwk"),
    ("PASSKEY", "pop"),
    ("TOTP", "otp"),
    ("USERPASS", "pwd"),
];

/// How `identity` was proven.
pub(in crate::identity) fn proof(identity: &VerifiedIdentity, stated: Stated<'_>) -> Proof {
    let authentication = identity.authentication();
    let attributes = stated.under(&names::AUTHN_METHODS);
    let references: Vec<&str> = authentication
        .methods
        .iter()
        .map(String::as_str)
        .chain(attributes)
        .collect();
    // The `acr` of an OpenID provider names what was asked for, not what was done.
    let context = authentication.context_class.as_deref();
    let context = context.filter(|_| identity.open_id().is_none());
    let assurance = match identity.door() {
        Door::Cis2 => authentication.assurance,
        Door::Nhsmail => None,
    };
    Proof {
        instant: authentication.instant,
        is_instant_stated: authentication.is_instant_stated,
        level: assurance.map_or_else(|| level_of(context), level_of_assurance),
        methods: methods(&references, context),
        several_factors: match identity.door() {
            Door::Cis2 => assurance.map(|assurance| assurance.aal >= 2),
            Door::Nhsmail => several_factors(&references),
        },
        assurance,
        session_not_on_or_after: authentication.session_not_on_or_after,
    }
}

/// The level of an assurance level.
fn level_of_assurance(assurance: Assurance) -> ContextLevel {
    match assurance.aal {
        1 => ContextLevel::OneFactor,
        2 | 3 => ContextLevel::SeveralFactors,
        _unknown => ContextLevel::Lowest,
    }
}

/// The level of a stated context (`AuthnContextClassRef`).
fn level_of(context: Option<&str>) -> ContextLevel {
    let known = LEVELS.iter().find(|(name, _)| Some(*name) == context);
    known.map_or(ContextLevel::Lowest, |(_, level)| *level)
}

/// Whether several factors were used: only the upstream's own list of methods can say so.
fn several_factors(references: &[&str]) -> Option<bool> {
    let say_so = |method: &&str| [SEVERAL_FACTORS, MFA].contains(method);
    (!references.is_empty()).then(|| references.iter().any(say_so))
}

/// The words of RFC 8176 for `references` and `context`, then both as the upstream wrote them.
fn methods(references: &[&str], context: Option<&str>) -> Vec<String> {
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
mod tests;
