//! One token before the judge: what is found in it, each thing found once and only when a rule asks.
//!
//! The order of the rules decides the order of the work, so a token that is refused early costs little.

use std::cell::{Cell, OnceCell};

use serde_json::{Map, Value};

use crate::protocol::jose::Algorithm;
use crate::protocol::jose::compact::{Compact, TokenFlaw};
use crate::protocol::jose::json::{JsonFlaw, strict_object};
use crate::protocol::jose::key_set::NoKey;
use crate::protocol::jose::public_key::VerificationKey;
use crate::upstream::oidc_rp::terms::{
    ClientAssertionTerms, IdTokenTerms, Keys, LogoutTokenTerms, Terms, UserInfoForm, UserInfoTerms,
};

/// The most octets of an answer of the UserInfo endpoint in plain JSON.
const LARGEST_JSON: usize = 256 * 1024;

/// What kind of token is judged, and by which terms.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About<'a> {
    /// An ID token.
    IdToken(&'a IdTokenTerms<'a>),
    /// An answer of the UserInfo endpoint.
    UserInfo(&'a UserInfoTerms<'a>),
    /// A logout token.
    LogoutToken(&'a LogoutTokenTerms<'a>),
    /// A client assertion.
    ClientAssertion(&'a ClientAssertionTerms<'a>),
}

/// Why what arrived cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// No token in compact form.
    #[error(transparent)]
    Token(#[from] TokenFlaw),
    /// No object in JSON.
    #[error(transparent)]
    Json(#[from] JsonFlaw),
    /// More than 256 KiB of JSON.
    #[error("the answer is larger than 256 KiB")]
    TooLarge,
}

enum Reading {
    Token(Box<Compact>),
    Json(Map<String, Value>),
}

/// A token, the terms it is judged by, and what has been found in it so far.
pub(crate) struct Case<'a> {
    octets: &'a [u8],
    about: About<'a>,
    reading: OnceCell<Result<Reading, Unreadable>>,
    signed: OnceCell<Option<bool>>,
    refused: Cell<bool>,
}

impl<'a> Case<'a> {
    /// `octets` as they arrived.
    pub(crate) fn new(octets: &'a [u8], about: About<'a>) -> Self {
        Self {
            octets,
            about,
            reading: OnceCell::new(),
            signed: OnceCell::new(),
            refused: Cell::new(false),
        }
    }

    /// What every token is judged by.
    pub(crate) fn terms(&self) -> &'a Terms<'a> {
        match self.about {
            About::IdToken(terms) => &terms.token,
            About::UserInfo(terms) => &terms.token,
            About::LogoutToken(terms) => &terms.token,
            About::ClientAssertion(terms) => &terms.token,
        }
    }

    /// The terms of an ID token, if it is judged as one.
    pub(crate) fn id_token(&self) -> Option<&'a IdTokenTerms<'a>> {
        if let About::IdToken(terms) = self.about {
            Some(terms)
        } else {
            None
        }
    }

    /// The terms of an answer of the UserInfo endpoint, if it is judged as one.
    pub(crate) fn userinfo(&self) -> Option<&'a UserInfoTerms<'a>> {
        if let About::UserInfo(terms) = self.about {
            Some(terms)
        } else {
            None
        }
    }

    /// The terms of a logout token, if it is judged as one.
    pub(crate) fn logout_token(&self) -> Option<&'a LogoutTokenTerms<'a>> {
        if let About::LogoutToken(terms) = self.about {
            Some(terms)
        } else {
            None
        }
    }

    /// The terms of a client assertion, if it is judged as one.
    pub(crate) fn client_assertion(&self) -> Option<&'a ClientAssertionTerms<'a>> {
        if let About::ClientAssertion(terms) = self.about {
            Some(terms)
        } else {
            None
        }
    }

    /// True for an answer of the UserInfo endpoint that came as plain JSON, which is no token.
    pub(crate) fn is_plain(&self) -> bool {
        self.userinfo()
            .is_some_and(|terms| terms.came == UserInfoForm::Json)
    }

    /// Says that a rule has refused, so that whoever is asked last need not be asked.
    pub(crate) fn note_refusal(&self) {
        self.refused.set(true);
    }

    /// True if a rule has refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.refused.get()
    }

    fn reading(&self) -> Result<&Reading, Unreadable> {
        let reading = self.reading.get_or_init(|| self.read());
        reading.as_ref().map_err(|flaw| *flaw)
    }

    fn read(&self) -> Result<Reading, Unreadable> {
        if self.is_plain() {
            if self.octets.len() > LARGEST_JSON {
                return Err(Unreadable::TooLarge);
            }
            return Ok(Reading::Json(strict_object(self.octets)?));
        }
        // What is no text is no base64url either.
        let token = str::from_utf8(self.octets).map_err(|_cause| TokenFlaw::NotBase64Url)?;
        Ok(Reading::Token(Box::new(Compact::read(token)?)))
    }

    /// Why what arrived cannot be read.
    pub(crate) fn flaw(&self) -> Option<Unreadable> {
        self.reading().err()
    }

    /// The token in compact form; `None` also for an answer in plain JSON.
    pub(crate) fn token(&self) -> Option<&Compact> {
        match self.reading() {
            Ok(Reading::Token(token)) => Some(token),
            Ok(Reading::Json(_)) | Err(_) => None,
        }
    }

    /// The token as it arrived.
    pub(crate) fn text(&self) -> Option<&'a str> {
        str::from_utf8(self.octets).ok()
    }

    /// The claims, whether anybody signed them or not.
    pub(crate) fn claims(&self) -> Option<&Map<String, Value>> {
        match self.reading() {
            Ok(Reading::Token(token)) => Some(token.claims()),
            Ok(Reading::Json(claims)) => Some(claims),
            Err(_) => None,
        }
    }

    /// The algorithm that the token names, if it is agreed and of the family of the keys.
    pub(crate) fn algorithm(&self) -> Option<Algorithm> {
        let named = self.token()?.algorithm()?;
        let terms = self.terms();
        let is_hmac = matches!(named, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512);
        let of_family = is_hmac == matches!(terms.keys, Keys::Shared(_));
        (of_family && terms.algorithms.contains(&named)).then_some(named)
    }

    /// The key that the token names; `None` where that cannot be said.
    pub(crate) fn key(&self) -> Option<Result<VerificationKey<'a>, NoKey>> {
        let algorithm = self.algorithm()?;
        match self.terms().keys {
            Keys::Published(set) => {
                let found = set.find(self.token()?.kid(), algorithm);
                Some(found.map(VerificationKey::Public))
            }
            Keys::Shared(secret) => Some(Ok(VerificationKey::Shared(secret))),
            Keys::NotGiven | Keys::Unreadable => None,
        }
    }

    /// Whether the key that the token names made its signature; `None` where there is no such key.
    pub(crate) fn is_signed(&self) -> Option<bool> {
        *self.signed.get_or_init(|| {
            let key = self.key()?.ok()?;
            Some(self.token()?.is_signed_by(key, self.algorithm()?))
        })
    }

    /// True if a signature has been verified.
    #[cfg(test)]
    pub(crate) fn has_used_a_key(&self) -> bool {
        self.signed.get().is_some_and(Option::is_some)
    }
}
