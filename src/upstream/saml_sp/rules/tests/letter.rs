//! From the honest message to one with a single thing wrong: what the identity provider says differently before it
//! signs, what somebody changes afterwards, and what it is judged by.

use time::Duration;

use crate::platform::random::SystemRandom;
use crate::protocol::saml::encryption::{ContentAlgorithm, DecryptionKey, seal};
use crate::protocol::saml::signature::{Layout, SignatureAlgorithm, SigningKey, VerificationKey, sign};
use crate::upstream::saml_sp::rules::tests::craft::Craft;
use crate::upstream::saml_sp::rules::tests::ground::{
    ACS, IDP, KEYS, NOW, QUESTION, SP, assertion, head, opening, trusted,
};
use crate::upstream::saml_sp::terms::{Grant, Grants, Question, Terms};

/// Where the signatures stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signed {
    Nothing,
    Assertion,
    Response,
    Both,
}

/// A message that is not posted yet.
pub(super) struct Draft {
    head: String,
    assertion: String,
    signed: Signed,
    key: &'static SigningKey,
    craft: Option<Craft>,
    sealed: Option<ContentAlgorithm>,
    recipient: &'static SigningKey,
    assertion_as: Option<fn(String) -> String>,
}

/// The honest message: its assertion is signed, as ADFS and Entra do by default.
pub(super) fn draft() -> Draft {
    Draft {
        head: head(),
        assertion: assertion(),
        signed: Signed::Assertion,
        key: &KEYS.idp,
        craft: None,
        sealed: None,
        recipient: &KEYS.ours,
        assertion_as: None,
    }
}

impl Draft {
    /// The identity provider says it so in the Response, outside the assertion.
    pub(super) fn response(mut self, from: &str, to: &str) -> Self {
        self.head = changed(&self.head, from, to);
        self
    }

    /// The identity provider says it so in the assertion.
    pub(super) fn assertion(mut self, from: &str, to: &str) -> Self {
        self.assertion = changed(&self.assertion, from, to);
        self
    }

    pub(super) fn signed(mut self, signed: Signed) -> Self {
        self.signed = signed;
        self
    }

    /// Signed with another key than the identity provider's.
    pub(super) fn with_key(mut self, key: &'static SigningKey) -> Self {
        self.key = key;
        self
    }

    /// The assertion's signature is made another way.
    pub(super) fn crafted(mut self, change: impl FnOnce(&mut Craft)) -> Self {
        let mut craft = self.craft.unwrap_or_default();
        change(&mut craft);
        self.craft = Some(craft);
        self
    }

    /// The assertion is encrypted for us.
    pub(super) fn sealed(mut self, algorithm: ContentAlgorithm) -> Self {
        self.sealed = Some(algorithm);
        self
    }

    /// The assertion is encrypted for the holder of this key.
    pub(super) fn sealed_for(mut self, recipient: &'static SigningKey) -> Self {
        self.sealed = Some(ContentAlgorithm::Aes256Gcm);
        self.recipient = recipient;
        self
    }

    /// What is encrypted, or signed with the Response, is made of the assertion after it was signed.
    pub(super) fn enclosing(mut self, instead: fn(String) -> String) -> Self {
        self.assertion_as = Some(instead);
        self
    }

    /// Signs, encrypts and posts it.
    pub(super) fn post(self) -> Letter {
        let mut text = [&self.head, self.assertion.as_str(), "</samlp:Response>"].concat();
        if matches!(self.signed, Signed::Assertion | Signed::Both) {
            text = self.sign(&text, "_assertion");
        }
        text = self.enclose(&text);
        if matches!(self.signed, Signed::Response | Signed::Both) {
            text = self.sign(&text, "_response");
        }
        Letter::new(text)
    }

    fn sign(&self, text: &str, id: &str) -> String {
        if let Some(craft) = &self.craft {
            return craft.sign(text, id, self.key);
        }
        let algorithm = SignatureAlgorithm {
            family: self.key.family(),
            ..SignatureAlgorithm::RSA_SHA256
        };
        sign(text, id, self.key, algorithm, Layout::Prefixed).unwrap()
    }

    fn enclose(&self, text: &str) -> String {
        let begin = text.find("<saml:Assertion").unwrap();
        let (before, rest) = text.split_at(begin);
        let (assertion, after) = rest.split_at(rest.len() - "</samlp:Response>".len());
        let mut inner = assertion.to_owned();
        if let Some(instead) = self.assertion_as {
            inner = instead(inner);
        }
        if let Some(algorithm) = self.sealed {
            let recipient = self.recipient.certificate_pem().unwrap();
            inner = seal(&inner, &recipient, algorithm, &SystemRandom).unwrap();
        }
        [before, &inner, after].concat()
    }
}

/// A message as it arrives, with what it is judged by.
pub(super) struct Letter {
    octets: Vec<u8>,
    keys: Vec<VerificationKey>,
    decryption: Vec<DecryptionKey>,
    terms: Terms<'static>,
}

impl Letter {
    fn new(text: String) -> Self {
        Self {
            octets: text.into_bytes(),
            keys: vec![trusted(&KEYS.idp)],
            decryption: vec![opening(&KEYS.ours)],
            terms: Terms {
                idp_entity_id: IDP,
                sp_entity_id: SP,
                acs_url: ACS,
                keys: &[],
                decryption: &[],
                question: Some(Question {
                    request_id: QUESTION.to_owned(),
                    forced_at: None,
                }),
                now: NOW,
                skew: Duration::seconds(120),
                max_response_age: Some(Duration::minutes(5)),
                grants: Grants::default(),
                second_judge: true,
            },
        }
    }

    /// Somebody changes it on the way.
    pub(super) fn altered(self, from: &str, to: &str) -> Self {
        self.rewritten(|text| changed(text, from, to))
    }

    /// Somebody writes it anew.
    pub(super) fn rewritten(mut self, how: impl FnOnce(&str) -> String) -> Self {
        self.octets = how(std::str::from_utf8(&self.octets).unwrap()).into_bytes();
        self
    }

    /// Somebody sends these octets instead.
    pub(super) fn octets(mut self, how: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Self {
        self.octets = how(self.octets);
        self
    }

    /// It is judged on other terms.
    pub(super) fn on_terms(mut self, change: impl FnOnce(&mut Terms<'static>)) -> Self {
        change(&mut self.terms);
        self
    }

    /// The connection grants these, and nothing else.
    pub(super) fn granting(self, grants: &[Grant]) -> Self {
        self.on_terms(|terms| terms.grants = grants.iter().copied().collect())
    }

    /// The metadata has these signing keys.
    pub(super) fn trusting(mut self, keys: &[&SigningKey]) -> Self {
        self.keys = keys.iter().map(|key| trusted(key)).collect();
        self
    }

    /// We have these keys to open with.
    pub(super) fn opened_by(mut self, keys: &[&SigningKey]) -> Self {
        self.decryption = keys.iter().map(|key| opening(key)).collect();
        self
    }

    pub(super) fn message(&self) -> &[u8] {
        &self.octets
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.octets).unwrap()
    }

    pub(super) fn terms(&self) -> Terms<'_> {
        Terms {
            keys: &self.keys,
            decryption: &self.decryption,
            ..self.terms.clone()
        }
    }
}

/// `text` with `to` in place of the one `from`; a change that changes nothing would prove nothing.
pub(super) fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "there is no {from} to change in {text}");
    text.replacen(from, to, 1)
}
