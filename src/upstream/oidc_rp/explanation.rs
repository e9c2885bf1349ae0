//! Every rule's verdict on one token, for a tester, an administrator or a bug report.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::upstream::judgement::explanation::{self, RuleVerdict};
use crate::upstream::oidc_rp::accepted::{signed, texts};
use crate::upstream::oidc_rp::case::{About, Case};
use crate::upstream::oidc_rp::finding::Finding;
use crate::upstream::oidc_rp::rules::{self, AUTHENTICATION, IDENTITY, List};
use crate::upstream::oidc_rp::stated::{level, text};
use crate::upstream::oidc_rp::terms::{
    ClientAssertionTerms, Grant, IdTokenTerms, LogoutTokenTerms, UserInfoTerms,
};

/// The judgement of one token, rule by rule.
pub type Explanation = explanation::Explanation<Identity>;

/// What the signed claims say about a person. In JSON every key is there, null where nothing is stated or it is
/// hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// `sub`.
    pub subject: Option<String>,
    /// `sid`.
    pub sid: Option<String>,
    /// `acr`.
    pub acr: Option<String>,
    /// `amr`.
    pub amr: Vec<String>,
    /// `authentication_assurance_level`.
    pub aal: Option<u8>,
    /// `id_assurance_level`.
    pub ial: Option<u8>,
    /// Every claim; null in place of a value that is hidden.
    pub claims: BTreeMap<String, Option<Value>>,
}

/// Asks every rule about an ID token.
pub fn explain_id_token(token: &[u8], terms: &IdTokenTerms<'_>) -> Explanation {
    explained(&Case::new(token, About::IdToken(terms)), rules::ID_TOKEN)
}

/// Asks every rule about an answer of the UserInfo endpoint.
pub fn explain_userinfo(octets: &[u8], terms: &UserInfoTerms<'_>) -> Explanation {
    explained(&Case::new(octets, About::UserInfo(terms)), rules::USER_INFO)
}

/// Asks every rule about a logout token.
pub fn explain_logout_token(token: &[u8], terms: &LogoutTokenTerms<'_>) -> Explanation {
    explained(&Case::new(token, About::LogoutToken(terms)), rules::LOGOUT_TOKEN)
}

/// Asks every rule about a client assertion.
pub fn explain_client_assertion(token: &[u8], terms: &ClientAssertionTerms<'_>) -> Explanation {
    let case = Case::new(token, About::ClientAssertion(terms));
    explained(&case, rules::CLIENT_ASSERTION)
}

impl Explanation {
    /// The same without values that belong to a person.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        if let Some(identity) = &mut self.identity {
            identity.subject = None;
            identity.sid = None;
            identity.claims.values_mut().for_each(|value| *value = None);
        }
        self
    }
}

fn explained(case: &Case<'_>, list: List) -> Explanation {
    let verdict = |rule: &rules::Rule| {
        let finding = (rule.check)(case);
        if matches!(finding, Finding::Refuses(_)) {
            case.note_refusal();
        }
        RuleVerdict::of(rule.head(), finding, Grant::as_str)
    };

    let rules = rules::all(list).map(verdict).collect();
    // Plain JSON of the UserInfo endpoint is believed for the connection that it came over.
    let believed = if case.is_plain() {
        case.claims()
    } else {
        signed(case)
    };
    Explanation::of(rules, believed.map(identity))
}

fn identity(claims: &Map<String, Value>) -> Identity {
    let owned = |name| text(claims, name).value().map(ToOwned::to_owned);
    Identity {
        subject: owned("sub"),
        sid: owned("sid"),
        acr: owned("acr"),
        amr: texts(claims, "amr"),
        aal: level(claims, AUTHENTICATION).value(),
        ial: level(claims, IDENTITY).value(),
        claims: claims
            .iter()
            .map(|(name, value)| (name.clone(), Some(value.clone())))
            .collect(),
    }
}
